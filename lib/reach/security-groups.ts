import type { SecurityGroupFact, SecurityRule, SubnetFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { type NetworkView, networkViewOf } from "./network-view.ts";
import { afterAdminRules } from "./security-admin-rules.ts";
import { type Decision, decide, type Question } from "./security-rules.ts";
import { whyUnread } from "./unread.ts";

/** What a network manager's rules and the group that is attached to a subnet let pass. */
export function throughSubnet(subnet: SubnetFact, question: Question, snapshot: Snapshot): Decision {
  const decision = throughOwnGroup(subnet, question, snapshot);
  return afterAdminRules(subnet, decision, networkViewOf(subnet, snapshot), question, snapshot);
}

/** What the group that is attached to a subnet lets pass: for private endpoints, to which a network manager's rules do not apply. */
export function throughOwnGroup(subnet: SubnetFact, question: Question, snapshot: Snapshot): Decision {
  const { networkSecurityGroup: group } = subnet;
  if (group.kind === "unknown") return unknown(question[question.of], group.because);
  return throughGroup(group.value, networkViewOf(subnet, snapshot), question, snapshot);
}

/** What the group that is attached somewhere lets pass; everything where none is attached. */
export function throughGroup(
  group: ResourceId | undefined,
  view: NetworkView,
  question: Question,
  snapshot: Snapshot,
): Decision {
  const asked = question[question.of];
  if (group === undefined) return { must: asked, may: asked, because: [], parts: [] };
  const found = snapshot.get(group);
  if (found.kind !== "fact") {
    return unknown(
      asked,
      found.kind === "absent" ? `\`${group.text}\` does not exist` : whyUnread(found, `\`${group.text}\``),
    );
  }
  if (found.fact.kind !== "securityGroup") return unknown(asked, `\`${group.text}\` is no network security group`);
  const rules = found.fact[question.direction];
  if (rules.kind === "unknown") return unknown(asked, rules.because);
  return decide([...rules.value, ...defaultRulesOf(found.fact, question.direction)], view, question);
}

function unknown(asked: IpSet, because: string): Decision {
  return { must: IpSet.empty, may: asked, because: [because], parts: [] };
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
