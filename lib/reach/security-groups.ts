import type { SecurityGroupFact, SecurityRule, SubnetFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { type NetworkView, networkViewOf } from "./network-view.ts";
import { managerOf } from "./security-admin-rules.ts";
import { type Decision, decide, type Filter, type Question } from "./security-rules.ts";
import { whyUnread } from "./unread.ts";

/** What a network manager's rules and the group that is attached to a subnet let pass. */
export function throughSubnet(subnet: SubnetFact, question: Question, snapshot: Snapshot): Decision {
  const groups = groupOf(subnet, question.direction, snapshot);
  return throughFilters(groups, subnet, networkViewOf(subnet, snapshot), question, snapshot);
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
  return [...rules.value, ...defaultRulesOf(found.fact, direction)];
}

const defaults = [
  ["AllowVnetInBound", 65000, "inbound", "VirtualNetwork", "VirtualNetwork", "allow"],
  ["AllowAzureLoadBalancerInBound", 65001, "inbound", "AzureLoadBalancer", "*", "allow"],
  ["DenyAllInBound", 65500, "inbound", "*", "*", "deny"],
  ["AllowVnetOutBound", 65000, "outbound", "VirtualNetwork", "VirtualNetwork", "allow"],
  ["AllowInternetOutBound", 65001, "outbound", "*", "Internet", "allow"],
  ["DenyAllOutBound", 65500, "outbound", "*", "*", "deny"],
] as const;

const everyPort = { must: PortSet.all, may: PortSet.all, because: undefined };

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
function defaultRulesOf({ id }: SecurityGroupFact, asked: SecurityRule["direction"]): readonly SecurityRule[] {
  return defaults.flatMap(([name, priority, direction, source, destination, access], index): SecurityRule[] => {
    if (direction !== asked) return [];
    const at = { resource: id, pointer: `/properties/defaultSecurityRules/${index}`, value: name };
    const [sources, destinations] = [terms[source], terms[destination]];
    const ports = { sourcePorts: everyPort, destinationPorts: everyPort };
    return [{ at, name, priority, direction, access, protocol: "any", sources, destinations, ...ports }];
  });
}

const terms = {
  "*": term(IpSet.all),
  VirtualNetwork: term(IpSet.empty, "VirtualNetwork"),
  AzureLoadBalancer: term(IpSet.empty, "AzureLoadBalancer"),
  Internet: term(IpSet.empty, "Internet"),
};

function term(addresses: IpSet, ...tags: readonly string[]) {
  return { must: addresses, may: addresses, tags, applicationSecurityGroups: [], isClear: true, because: undefined };
}
