import type {
  ApplicationRule,
  FirewallAddressTerm,
  FirewallProtocol,
  FirewallRule,
  NetworkRule,
} from "../model/azure-firewall-fact.ts";

/**
 * Rules of several lists may be for the same packets, and some of these allow and some deny: the order of the lists matters.
 * Documents give it by priority, and none says what comes first among equals: https://learn.microsoft.com/azure/firewall/rule-processing
 */
export function sayOtherwise(lists: readonly (readonly FirewallRule[])[]): boolean {
  return lists.some((list, index) => {
    const others = lists.slice(index + 1).flat();
    return list.some((rule) => others.some((other) => contradict(rule, other)));
  });
}

/** NAT rules have lists of their own, in which nothing is denied; network rules come before application rules. */
function contradict(one: FirewallRule, other: FirewallRule): boolean {
  if (one.kind === "network" && other.kind === "network") {
    return one.access !== other.access && mayMeet(one, other) && mayGoTheSameWay(one, other);
  }
  if (one.kind !== "application" || other.kind !== "application") return false;
  return one.access !== other.access && mayMeet(one, other);
}

function mayMeet(one: NetworkRule | ApplicationRule, other: NetworkRule | ApplicationRule): boolean {
  return one.destinationPorts.may.overlaps(other.destinationPorts.may) && mayHoldTheSame(one.sources, other.sources);
}

function mayGoTheSameWay(one: NetworkRule, other: NetworkRule): boolean {
  const isVague = ({ protocols }: NetworkRule) => protocols.some((protocol) => vague.includes(protocol));
  const isSameProtocol = isVague(one) || isVague(other) || one.protocols.some((name) => other.protocols.includes(name));
  return isSameProtocol && mayHoldTheSame(one.destinations, other.destinations);
}

const vague: readonly FirewallProtocol[] = ["any", "unknown"];

/** Tags and groups may hold any address. */
function mayHoldTheSame(one: FirewallAddressTerm, other: FirewallAddressTerm): boolean {
  const isNamed = ({ tags, ipGroups }: FirewallAddressTerm) => tags.length > 0 || ipGroups.length > 0;
  return isNamed(one) || isNamed(other) || one.may.overlaps(other.may);
}
