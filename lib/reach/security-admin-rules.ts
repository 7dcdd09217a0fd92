import type { SecurityAdminRule, SecurityRule, SubnetFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import type { NetworkView } from "./network-view.ts";
import { type Decision, decide, type Question } from "./security-rules.ts";

/** Where a snapshot keeps the security admin rules that are in force in a network. */
export function adminRulesId(network: ResourceId): ResourceId {
  return network.child("effectiveSecurityAdminRules", "current");
}

/**
 * What passes once the rules of a network manager were asked before the security groups: Deny and AlwaysAllow are final.
 * Where nobody read them there are taken to be none.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
 */
export function afterAdminRules(
  subnet: SubnetFact,
  decision: Decision,
  view: NetworkView,
  question: Question,
  snapshot: Snapshot,
): Decision {
  const network = subnet.id.parent;
  const found = network === undefined ? undefined : snapshot.get(adminRulesId(network));
  if (found?.kind !== "fact" || found.fact.kind !== "securityAdminRules") return decision;
  const rules = found.fact[question.direction];
  const asked = question[question.of];
  if (rules.kind === "unknown") {
    return { must: IpSet.empty, may: asked, because: [rules.because], parts: decision.parts };
  }
  if (rules.value.length === 0) return decision;
  const ask = (passes: (rule: SecurityAdminRule) => boolean, byDefault: SecurityRule["access"]) => {
    const all = rules.value.map((one): SecurityRule => ({ ...one.rule, access: passes(one) ? "allow" : "deny" }));
    return decide([...all, endOfList(byDefault, found.fact.id, question)], view, question);
  };
  const notDenied = ask(({ access }) => access !== "deny", "allow");
  const always = ask(({ access }) => access === "alwaysAllow", "deny");
  const must = always.must.union(notDenied.must.intersect(decision.must));
  const may = always.may.union(notDenied.may.intersect(decision.may));
  const because = [...notDenied.because, ...always.because, ...decision.because];
  return {
    must,
    may,
    because: must.equals(may) ? [] : [...new Set(because)],
    parts: [
      ...always.parts.filter(({ access }) => access === "allow"),
      ...notDenied.parts.filter(({ access }) => access === "deny"),
      ...decision.parts,
    ],
  };
}

const everyone = {
  must: IpSet.all,
  may: IpSet.all,
  tags: [],
  applicationSecurityGroups: [],
  isClear: true,
  because: undefined,
};
const everyPort = { must: PortSet.all, may: PortSet.all, because: undefined };

/** No rule of a network manager: what is so where none of them matches. */
function endOfList(access: SecurityRule["access"], resource: ResourceId, { direction }: Question): SecurityRule {
  const at = { resource, pointer: "/properties/value", value: undefined };
  const sides = { sources: everyone, sourcePorts: everyPort, destinations: everyone, destinationPorts: everyPort };
  return { at, name: "no rule", priority: Number.MAX_SAFE_INTEGER, direction, access, protocol: "any", ...sides };
}
