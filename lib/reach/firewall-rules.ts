import type {
  ApplicationRule,
  FirewallAddressTerm,
  FirewallProtocol,
  NatRule,
  NetworkRule,
} from "../model/azure-firewall-fact.ts";
import type { AddressTerm, SecurityRule } from "../model/fact.ts";
import { reasonsOfAll } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, anything, exactly } from "./addressed.ts";
import type { NetworkView } from "./network-view.ts";
import { everyone, everyPort, termOf } from "./security-terms.ts";
import { publicSpace } from "./spaces.ts";
import { whyUnread } from "./unread.ts";

/** A question about firewall rules is put like one about security rules: tags and groups are looked up beforehand. */
export const plainView: NetworkView = {
  readings: [
    {
      meaningOf: ({ must, may, because }) => ({ must, may, because: because === undefined ? [] : [because] }),
    },
  ],
  because: [],
};

/** As a security rule for TCP or UDP; undefined where the rule has nothing to say of it. `Any` with ports means both. */
export function securityRuleOf(
  rule: NetworkRule | ApplicationRule | NatRule,
  protocol: "tcp" | "udp",
  snapshot: Snapshot,
): SecurityRule | undefined {
  const { at, name, destinationPorts } = rule;
  const its = protocolOf(rule, protocol);
  if (its === undefined) return undefined;
  return {
    at,
    name,
    priority: 0,
    direction: "outbound",
    access: rule.kind === "nat" ? "allow" : rule.access,
    protocol: its,
    sources: lookedUp(rule.sources, snapshot),
    sourcePorts: everyPort,
    destinations: destinationsOf(rule, snapshot),
    destinationPorts,
  };
}

export function protocolOf(
  rule: NetworkRule | ApplicationRule | NatRule,
  protocol: "tcp" | "udp",
): SecurityRule["protocol"] | undefined {
  if (rule.kind === "application") return protocol === "tcp" ? "tcp" : undefined;
  const fitting: readonly FirewallProtocol[] = ["any", protocol];
  if (rule.protocols.some((one) => fitting.includes(one))) return protocol;
  return rule.protocols.includes("unknown") ? "unknown" : undefined;
}

/** The names of hosts stand for a few addresses, which nothing here depends on. */
function destinationsOf(rule: NetworkRule | ApplicationRule | NatRule, snapshot: Snapshot): AddressTerm {
  if (rule.kind !== "application") return lookedUp(rule.destinations, snapshot);
  return rule.isForEveryHost ? everyone : termOf(IpSet.empty);
}

/** One side of a rule, with what its groups hold; tags are left to whoever reads it. */
export function addressTermOf(term: FirewallAddressTerm, snapshot: Snapshot): AddressTerm {
  const groups = term.ipGroups.map((group) => inGroup(group, snapshot));
  const must = IpSet.union([term.must, ...groups.map((group) => group.must)]);
  const may = IpSet.union([term.may, ...groups.map((group) => group.may)]);
  const because = term.because ?? groups.flatMap((group) => group.because)[0];
  return { ...termOf(must, ...term.tags), may, because: must.equals(may) ? undefined : because };
}

/** Everything that one side of a rule stands for. */
function lookedUp(term: FirewallAddressTerm, snapshot: Snapshot): AddressTerm {
  const stated = { must: term.must, may: term.may, because: term.because === undefined ? [] : [term.because] };
  const parts = [
    stated,
    ...term.tags.map((tag) => tagged(tag, snapshot)),
    ...term.ipGroups.map((group) => inGroup(group, snapshot)),
  ];
  const must = IpSet.union(parts.map((part) => part.must));
  const may = IpSet.union(parts.map((part) => part.may));
  const [because] = reasonsOfAll(parts);
  return { ...termOf(must), may, because: must.equals(may) ? undefined : because };
}

/**
 * A tag that is in no list stands for addresses of Azure all the same: a few in a hundred of the internet, too few to
 * decide whether a rule is for all of it. https://learn.microsoft.com/azure/firewall/service-tags
 */
function tagged(tag: string, snapshot: Snapshot): Addressed {
  return exactly(snapshot.serviceTags.addressesOf(tag) ?? (fold(tag) === "internet" ? publicSpace : IpSet.empty));
}

function inGroup(group: ResourceId, snapshot: Snapshot): Addressed {
  const found = snapshot.get(group);
  if (found.kind === "absent") return anything(`the IP group \`${group.text}\` does not exist`);
  if (found.kind !== "fact") return anything(whyUnread(found, `\`${group.text}\``));
  if (found.fact.kind !== "ipGroup") return anything(`\`${group.text}\` is no IP group`);
  const { addresses } = found.fact;
  return addresses.kind === "known" ? exactly(addresses.value) : anything(addresses.because);
}
