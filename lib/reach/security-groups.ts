import { isTagOfEndpoint } from "../catalog/service-endpoints.ts";
import type { SecurityGroupFact, SecurityRule, SubnetFact } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type NetworkView, networkViewOf } from "./network-view.ts";
import { addressesIn, interfacesIn, untoldInterfaces } from "./places.ts";
import { managerOf } from "./security-admin-rules.ts";
import { anyOfThem, type Decision, decide, type Filter, type Question } from "./security-rules.ts";
import { everyone, everyPort, termOf } from "./security-terms.ts";
import { whyUnread } from "./unread.ts";

/**
 * What a network manager's rules, the group that is attached to a subnet, and those of the interfaces that send it let out
 * of the subnet.
 */
export function outOf(subnet: SubnetFact, question: Question, snapshot: Snapshot): Decision {
  const groups = groupOf(subnet, "outbound", snapshot);
  const view = networkViewOf(subnet, snapshot);
  const ask = (sources: IpSet, own: readonly Filter[]) =>
    throughFilters([...groups, ...own], subnet, view, { ...question, sources }, snapshot);
  const guarded = guardedIn(subnet, question.sources, snapshot);
  const plain = question.sources.minus(IpSet.union(guarded.map(({ addresses }) => addresses)));
  const refused = refusedInterfaces(subnet, snapshot);
  const others = plain.isEmpty && guarded.length > 0 ? [] : [ask(plain, refused)];
  return anyOfThem([...others, ...guarded.map(({ addresses, own }) => ask(addresses, own))]);
}

/** Folded tags of services with service endpoints that any of those rules names as its destination. */
export function tagsNamedOutOf(subnet: SubnetFact, snapshot: Snapshot): readonly string[] {
  const own = guardedIn(subnet, IpSet.all, snapshot).flatMap((guarded) => guarded.own);
  const ofManager = managerOf(subnet, "outbound", snapshot)?.filters ?? [];
  const filters = [...groupOf(subnet, "outbound", snapshot), ...own, ...ofManager];
  const rules = filters.flatMap((filter) => ("because" in filter ? [] : filter));
  const tags = new Set(rules.flatMap(({ destinations }) => destinations.tags.map(fold)).filter(isTagOfEndpoint));
  return tags.size === 0 ? none : [...tags];
}

const none: readonly never[] = [];

/** Interfaces that nobody recorded are taken to have no groups; those that Azure did not tell of may have any. */
function refusedInterfaces(subnet: SubnetFact, snapshot: Snapshot): readonly Filter[] {
  const because = untoldInterfaces(subnet, snapshot);
  return because === undefined ? none : [{ because }];
}

interface Guarded {
  readonly addresses: IpSet;
  readonly own: readonly Filter[];
}

/** Interfaces with a security group of their own, of those that were read. */
function guardedIn(subnet: SubnetFact, sources: IpSet, snapshot: Snapshot): readonly Guarded[] {
  return interfacesIn(subnet, snapshot).flatMap((nic): readonly Guarded[] => {
    const { networkSecurityGroup: group } = nic;
    if (group.kind === "known" && group.value === undefined) return [];
    const addresses = addressesIn(subnet, [nic]).intersect(sources);
    if (addresses.isEmpty) return [];
    if (group.kind === "unknown") return [{ addresses, own: [{ because: group.because }] }];
    return group.value === undefined ? [] : [{ addresses, own: [rulesOfGroup(group.value, "outbound", snapshot)] }];
  });
}

/** What the group that is attached to a subnet lets pass: for private endpoints, to which a network manager's rules do not apply. */
export function throughOwnGroup(subnet: SubnetFact, question: Question, snapshot: Snapshot): Decision {
  return decide(groupOf(subnet, question.direction, snapshot), networkViewOf(subnet, snapshot), question);
}

/** What a network manager's rules for a subnet and all of some groups let pass; everything where there are none. */
export function throughFilters(
  groups: readonly Filter[],
  subnet: SubnetFact,
  view: NetworkView,
  question: Question,
  snapshot: Snapshot,
): Decision {
  const manager = managerOf(subnet, question.direction, snapshot);
  if (manager === undefined) return decide(groups, view, question);
  return decide([...manager.filters, ...groups], view, question, manager.join);
}

function groupOf(
  { networkSecurityGroup: group }: SubnetFact,
  direction: SecurityRule["direction"],
  snapshot: Snapshot,
): readonly Filter[] {
  if (group.kind === "unknown") return [{ because: group.because }];
  return group.value === undefined ? [] : [rulesOfGroup(group.value, direction, snapshot)];
}

/** The rules of a group, with the default ones. */
export function rulesOfGroup(group: ResourceId, direction: SecurityRule["direction"], snapshot: Snapshot): Filter {
  const found = snapshot.get(group);
  if (found.kind === "absent") return { because: `\`${group.text}\` does not exist` };
  if (found.kind !== "fact") return { because: whyUnread(found, `\`${group.text}\``) };
  if (found.fact.kind !== "securityGroup") return { because: `\`${group.text}\` is no network security group` };
  const rules = found.fact[direction];
  if (rules.kind === "unknown") return { because: rules.because };
  const known = withDefaults.get(rules.value) ?? [...rules.value, ...defaultRulesOf(found.fact, direction)];
  withDefaults.set(rules.value, known);
  return known;
}

/** By the rules that somebody wrote. */
const withDefaults = new WeakMap<readonly SecurityRule[], readonly SecurityRule[]>();

const defaults = [
  ["AllowVnetInBound", 65000, "inbound", "VirtualNetwork", "VirtualNetwork", "allow"],
  ["AllowAzureLoadBalancerInBound", 65001, "inbound", "AzureLoadBalancer", "*", "allow"],
  ["DenyAllInBound", 65500, "inbound", "*", "*", "deny"],
  ["AllowVnetOutBound", 65000, "outbound", "VirtualNetwork", "VirtualNetwork", "allow"],
  ["AllowInternetOutBound", 65001, "outbound", "*", "Internet", "allow"],
  ["DenyAllOutBound", 65500, "outbound", "*", "*", "deny"],
] as const;

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
function defaultRulesOf({ id }: SecurityGroupFact, asked: SecurityRule["direction"]): readonly SecurityRule[] {
  return defaults.flatMap(([name, priority, direction, source, destination, access]): SecurityRule[] => {
    if (direction !== asked) return [];
    const at = { resource: id, pointer: "/properties/defaultSecurityRules", value: name };
    const [sources, destinations] = [terms[source], terms[destination]];
    const ports = { sourcePorts: everyPort, destinationPorts: everyPort };
    return [{ at, name, priority, direction, access, protocol: "any", sources, destinations, ...ports }];
  });
}

const terms = {
  "*": everyone,
  VirtualNetwork: termOf(IpSet.empty, "VirtualNetwork"),
  AzureLoadBalancer: termOf(IpSet.empty, "AzureLoadBalancer"),
  Internet: termOf(IpSet.empty, "Internet"),
};
