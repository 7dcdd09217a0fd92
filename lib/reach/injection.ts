import { placementOfType } from "../catalog/placements.ts";
import type { PlacedFact, ServiceFact } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "./unread.ts";

/**
 * Whether a service is in a virtual network: by a subnet that it names, or that the environment is in in which it runs. The
 * integration of a plan is documented for managed instances of App Service alone, and not how it shows that it is for its apps:
 * https://learn.microsoft.com/cli/azure/appservice/plan/managed-instance/network
 */
export function isInjected(fact: PlacedFact | ServiceFact, snapshot: Snapshot): Truth {
  const { id, subnets, host } = fact;
  const own = evidenceOf(id, subnets);
  if (placementOfType(id.type)?.isAlwaysInjected) return certainly(true, own);
  if (subnets.kind === "unknown") return perhaps([subnets.because], own);
  const named = subnets.value.map(({ pointer, raw: value, subnet }) => {
    const evidence = [{ resource: id, pointer, value }];
    if (subnet !== undefined) return certainly(true, evidence);
    return perhaps([`\`${pointer}\` of \`${id.text}\` names no subnet that can be understood`], evidence);
  });
  const environment = fact.kind === "placed" ? fact.environment : undefined;
  const around = environment === undefined ? [] : [isHolderInjected(environment, snapshot)];
  const below = host === undefined ? [] : [mayBeByPlan(host, snapshot)];
  return anyOf([certainly(false, own), ...named, ...around, ...below]);
}

function mayBeByPlan(plan: ResourceId, snapshot: Snapshot): Truth {
  const { may, must, because, evidence } = isHolderInjected(plan, snapshot);
  if (!must) return may ? perhaps(because, evidence) : certainly(false);
  return perhaps([`whether the subnet of \`${plan.text}\` is that of its apps is not documented`], evidence);
}

function isHolderInjected(holder: ResourceId, snapshot: Snapshot): Truth {
  if (placementOfType(holder.type)?.isAlwaysInjected) return certainly(true);
  const found = snapshot.get(holder);
  if (found.kind === "fact" && found.fact.kind === "placed") return isInjected(found.fact, snapshot);
  const because = unreadBecause(found, `\`${holder.text}\``);
  return because === undefined ? certainly(false) : perhaps([because]);
}
