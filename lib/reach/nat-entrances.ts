import type { AzureFirewallFact, FirewallRule, NatRule } from "../model/azure-firewall-fact.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { entrancesOf } from "./firewall-addresses.ts";
import { publishedBy } from "./firewall-nat.ts";
import { firewallsNear, holds, type NearFirewall } from "./firewall-networks.ts";
import { ofKind, type RulesInForce, rulesInForce } from "./firewall-policies.ts";
import { networkViewOf } from "./network-view.ts";
import { addressesIn, placesIn } from "./places.ts";
import { rulesOfGroup, throughFilters } from "./security-groups.ts";
import { unreadBecause } from "./unread.ts";

/** A way from the internet into a subnet, over the address of a firewall. */
export interface NatEntrance {
  /** "the NAT rule `rdp` of `afw`", for the sentence of a verdict. */
  readonly way: string;
  readonly isOpen: Truth;
}

/** Over the NAT rules of the firewalls in the subnet's network and in the networks that it is peered with. */
export function natEntrancesOf(subnet: SubnetFact, snapshot: Snapshot): readonly NatEntrance[] {
  const network = subnet.id.parent;
  if (network === undefined) return [];
  const { firewalls, because } = firewallsNear(network, snapshot);
  return [
    ...firewalls.flatMap((near) => entrancesOver(near, subnet, snapshot)),
    ...because.map((reason) => ({ way: "", isOpen: perhaps([reason]) })),
  ];
}

function entrancesOver(near: NearFirewall, subnet: SubnetFact, snapshot: Snapshot): readonly NatEntrance[] {
  const { firewall, isConnected } = near;
  const { inherited, own, because } = rulesOf(firewall, snapshot);
  const { firewallPolicy: policy } = firewall;
  const at = policy.kind === "known" && policy.value === undefined ? [] : evidenceOf(firewall.id, policy);
  if (because.length > 0) return [{ way: "", isOpen: onEvidence(allOf([isConnected, perhaps(because)]), at) }];
  const rules = ofKind("nat", own);
  const before = ofKind("nat", inherited);
  const { destinations } = entrancesOf([firewall.id], [], snapshot);
  return rules.flatMap((rule) => {
    if (leadsInto(rule, subnet) === false) return [];
    const ways = (["tcp", "udp"] as const).map((protocol) => {
      const leads = (other: NatRule) => other === rule && leadsInto(rule, subnet);
      const published = publishedBy(protocol, leads, { before, rules, destinations }, snapshot);
      if (published.may.isEmpty) return certainly(false);
      const evidence = [...published.evidence, ...at];
      const isPublished = published.must.isEmpty ? perhaps(published.because, evidence) : certainly(true, evidence);
      return allOf([isPublished, isConnected, isLetIn(rule, protocol, near, subnet, snapshot)]);
    });
    const isOpen = anyOf(ways);
    return isOpen.may ? [{ way: `the NAT rule \`${rule.name}\` of \`${firewall.id.name}\``, isOpen }] : [];
  });
}

/** Classic rules, or those of the policy and of what it inherits from. */
function rulesOf(firewall: AzureFirewallFact, snapshot: Snapshot): RulesInForce {
  const { firewallPolicy: policy } = firewall;
  if (policy.kind === "unknown" || policy.value === undefined) return rulesInForce(firewall, snapshot);
  const found = snapshot.get(policy.value);
  if (found.kind === "fact" && found.fact.kind === "firewallPolicy") return rulesInForce(found.fact, snapshot);
  const nothing: readonly FirewallRule[] = [];
  const unread = unreadBecause(found, `\`${policy.value.text}\``);
  return { inherited: nothing, own: nothing, because: [unread ?? `\`${policy.value.text}\` does not exist`] };
}

function leadsInto({ at, translatedTo, translatedAddresses: addresses }: NatRule, subnet: SubnetFact) {
  if (addresses !== undefined) return holds(subnet, addresses);
  if (translatedTo !== undefined) return `the address of \`${translatedTo}\`, to which a NAT rule leads, is not known`;
  return `\`${at.pointer}\` of \`${at.resource.text}\` does not say to which address it leads`;
}

/**
 * Connections over the firewall's public address come from one of its private addresses: "SNAT on inbound connections".
 * https://learn.microsoft.com/azure/firewall/firewall-known-issues
 */
function isLetIn(
  { translatedAddresses, translatedPorts = PortSet.all }: NatRule,
  protocol: "tcp" | "udp",
  { subnet: own }: NearFirewall,
  subnet: SubnetFact,
  snapshot: Snapshot,
): Truth {
  const view = networkViewOf(subnet, snapshot);
  const sources = own.addressPrefixes.kind === "known" ? IpSet.union(own.addressPrefixes.value) : IpSet.ipv4;
  const ways = placesIn(subnet, snapshot).map((place) => {
    const addresses = addressesIn(subnet, place.interfaces);
    const destinations = translatedAddresses === undefined ? addresses : addresses.intersect(translatedAddresses);
    if (destinations.isEmpty) return certainly(false);
    const groups = place.groups.map((group) => rulesOfGroup(group, "inbound", snapshot));
    const { must, may, because, parts } = throughFilters(
      groups,
      subnet,
      view,
      {
        direction: "inbound",
        protocol,
        sources,
        destinations,
        destinationPorts: translatedPorts,
        sourcePorts: PortSet.all,
        of: "sources",
        other: "any",
      },
      snapshot,
    );
    const evidence = [
      ...parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at),
      ...place.evidence,
    ];
    if (may.isEmpty) return certainly(false);
    if (place.because.length > 0) return perhaps(place.because, evidence);
    if (sources.isSubsetOf(must)) return certainly(true, evidence);
    return perhaps(because.length > 0 ? because : [whichAddress], evidence);
  });
  return anyOf(ways);
}

const whichAddress = "which of its private addresses a firewall uses is not known";
