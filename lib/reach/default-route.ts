import type { Route, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";

/**
 * Routes of the subnet's own table lead whatever would leave for the internet to an appliance or a gateway, or drop it.
 * Exceptions for single destinations do not count against that.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
 */
export function leadsAway({ id, routeTable }: SubnetFact, snapshot: Snapshot): Truth {
  const evidence = evidenceOf(id, routeTable);
  if (routeTable.kind === "unknown") return perhaps([routeTable.because], evidence);
  if (routeTable.value === undefined) return certainly(false, evidence);
  const found = snapshot.get(routeTable.value);
  if (found.kind === "absent") return certainly(false, evidence);
  if (found.kind === "unreadable") return perhaps([found.because], evidence);
  if (found.kind === "notRead") return perhaps([`\`${routeTable.value.text}\` was not read yet`], evidence);
  if (found.fact.kind !== "routeTable") return perhaps([`\`${routeTable.value.text}\` is no route table`], evidence);
  const { routes } = found.fact;
  const all = [...evidence, ...evidenceOf(found.fact.id, routes)];
  if (routes.kind === "unknown") return perhaps([routes.because], all);
  const away = routes.value.map((route) => whatLeadsAway(routeTable.value, route));
  if (IpSet.ipv4.isSubsetOf(IpSet.union(away.map(({ must }) => must)))) return certainly(true, all);
  if (!IpSet.ipv4.isSubsetOf(IpSet.union(away.map(({ may }) => may)))) return certainly(false, all);
  return perhaps(reasonsOfAll(away), all);
}

/** Default outbound access has an address of IPv4 only, so the other family does not matter. */
function whatLeadsAway(table: ResourceId | undefined, { pointer, destination, nextHopType }: Route) {
  const nothing = { must: IpSet.empty, may: IpSet.empty, because: [] };
  if (nextHopType.kind === "unknown") {
    return { ...nothing, may: destination ?? IpSet.all, because: [nextHopType.because] };
  }
  if (nextHopType.value === "internet" || nextHopType.value === "network") return nothing;
  if (destination !== undefined) return { must: destination, may: destination, because: [] };
  return {
    ...nothing,
    may: IpSet.all,
    because: [`the destination of \`${pointer}\` of \`${table?.text}\` is not known`],
  };
}
