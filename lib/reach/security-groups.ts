import type { SecurityGroupFact, SecurityRule } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import type { NetworkView } from "./network-view.ts";
import { type Decision, decide, type Question } from "./security-rules.ts";
import { whyUnread } from "./unread.ts";

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
  return decide([...rules.value, ...defaultRulesOf(found.fact)], view, question);
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
function defaultRulesOf({ id }: SecurityGroupFact): readonly SecurityRule[] {
  return defaults.map(([name, priority, direction, source, destination, access], index) => ({
    at: { resource: id, pointer: `/properties/defaultSecurityRules/${index}`, value: name },
    name,
    priority,
    direction,
    access,
    protocol: "any",
    sources: terms[source],
    sourcePorts: everyPort,
    destinations: terms[destination],
    destinationPorts: everyPort,
  }));
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
