import type { PrivateEndpointFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { Policy } from "../model/policy.ts";
import { distinctIds, fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { forwardingOf } from "./dns-forwarding.ts";
import { isAnsweredBefore, isLinked, type LinkedZone, type LinkedZones, zonesLinkedTo } from "./dns-links.ts";
import { asksDnsServersElsewhere, asksOwnDnsServers } from "./dns-servers.ts";
import { existence, type GroupedZone, type GroupedZones, zonesInGroupsOf } from "./dns-zone-groups.ts";
import { addressesOf } from "./endpoint-addresses.ts";
import { type LinkedGroup, linkedGroupsOf } from "./private-link-groups.ts";

/** How clients find one group of a service behind a private endpoint: zone group → zone → record, and zone → link. */
export interface DnsChain {
  readonly group: LinkedGroup;
  /** No zone group keeps the names in a zone, and no network is linked to one that could hold them. */
  readonly isMissing: Truth;
  /** There is a zone, and clients of one of the networks do not find it. */
  readonly isUnlinked: Truth;
  /** The networks whose clients must find the names: that of the endpoint, and those of the policy. */
  readonly networks: readonly ChainNetwork[];
  /** The zones that hold the names. */
  readonly zones: readonly ChainZone[];
  /** There may be more networks or zones than these. */
  readonly hasOthers: Truth;
  /** What was taken for granted about networks whose clients do not find the zone. */
  readonly assumptions: readonly string[];
}

export interface ChainNetwork {
  readonly network: ResourceId;
  readonly isUnlinked: Truth;
}

export interface ChainZone {
  readonly zone: ResourceId;
  /** What to call it: its name, and where it lies if another one of that name counts, too. */
  readonly title: string;
  /** Somebody looks the names up in this zone, or should. */
  readonly counts: Truth;
  /** Folded names of the records that Azure wrote into the zone for the endpoint; empty where it wrote none. */
  readonly recordNames: readonly string[];
}

export interface DnsChains {
  readonly chains: readonly DnsChain[];
  /** Why the endpoint may lead to more groups than these. */
  readonly because: readonly string[];
}

export function dnsChainsOf(endpoint: PrivateEndpointFact, policy: Policy, snapshot: Snapshot): DnsChains {
  const { groups, because } = linkedGroupsOf(endpoint, snapshot);
  return { chains: groups.map((group) => dnsChain(endpoint, group, policy, snapshot)), because };
}

function dnsChain(endpoint: PrivateEndpointFact, group: LinkedGroup, policy: Policy, snapshot: Snapshot): DnsChain {
  if (group.isElsewhere.may) return unknownChain(group);
  const zoneName = fold(group.zoneName);
  const grouped = zonesKeptFor(endpoint, group, snapshot);
  const kept = grouped.zones.filter((one) => one.exists.may);
  const own = endpoint.subnet?.parent;
  const links = networksOf(own, group, policy).map((network) =>
    linksOf(network, linkedZones(network, kept, zoneName, snapshot), policy, snapshot),
  );
  const names = () => namesOf(endpoint, group, snapshot);
  const finds = links.map((link) => {
    const isBefore = isAnsweredBefore(zoneName, link.network, names, snapshot);
    const found = findsNames(link, links, names, policy, snapshot);
    return { ...link, ...found, truth: isBefore.may ? isBefore : found.truth };
  });
  const noNetwork = own === undefined ? [`\`${endpoint.id.text}\` names no subnet that can be understood`] : [];
  const isGrouped = anyOf([...grouped.zones.map((one) => one.exists), ...open(grouped.because)]);
  const networks = finds.map(({ network, truth }) => {
    if (truth.must) return { network, isUnlinked: certainly(false) };
    const others = finds.filter((one) => one.network !== network).map((one) => one.truth);
    return { network, isUnlinked: allOf([anyOf([isGrouped, ...others, ...open(noNetwork)]), not(truth)]) };
  });
  return {
    group,
    isMissing: asNamed(not(anyOf([isGrouped, ...finds.map((one) => one.truth), ...open(noNetwork)])), group),
    isUnlinked: asNamed(anyOf([...networks.map((one) => one.isUnlinked), ...open(noNetwork)]), group),
    networks,
    zones: distinctZones([...kept.map(groupedZone), ...links.flatMap(({ zones }) => zones.map(linkedZone))]),
    hasOthers: anyOf(open([...grouped.because, ...noNetwork, ...links.flatMap((link) => link.because)])),
    assumptions: [...new Set(finds.flatMap(({ assumptions }) => assumptions))],
  };
}

/** Which zone it is about rests on what the service says, where it is named after that. */
function asNamed(truth: Truth, { ownZone }: LinkedGroup): Truth {
  return ownZone === undefined ? truth : onEvidence(truth, [...truth.evidence, ...ownZone.evidence]);
}

/** Those of the policy need no zone where public DNS leads to the private address, and may be ones that must not have it. */
function networksOf(own: ResourceId | undefined, { ownZone }: LinkedGroup, policy: Policy): readonly ResourceId[] {
  const others = ownZone?.isPublicToo ? [] : policy.dnsNetworks;
  const all = distinctIds(own === undefined ? others : [own, ...others]);
  return all.filter(({ key }) => !ownZone?.notIn.some((one) => one.key === key));
}

/** By a zone group, or by the service itself. */
function zonesKeptFor(endpoint: PrivateEndpointFact, group: LinkedGroup, snapshot: Snapshot): GroupedZones {
  const grouped = zonesInGroupsOf(endpoint, fold(group.zoneName), snapshot);
  const { zone, recordName = "" } = group.ownZone ?? {};
  if (zone === undefined) return grouped;
  const kept = { zone, exists: existence(zone, group.evidence, snapshot), recordNames: [recordName] };
  return { ...grouped, zones: [kept, ...grouped.zones] };
}

function unknownChain(group: LinkedGroup): DnsChain {
  const { isElsewhere: isOpen } = group;
  return { group, isMissing: isOpen, isUnlinked: isOpen, networks: [], zones: [], hasOthers: isOpen, assumptions: [] };
}

function open(because: readonly string[]): readonly Truth[] {
  return because.map((one) => perhaps([one]));
}

interface NetworkLinks extends LinkedZones {
  readonly network: ResourceId;
  readonly isLinked: Truth;
}

/** Links count for clients that ask Azure's own DNS, or servers in the network, as those of a network of the policy are taken to. */
function linksOf(network: ResourceId, linked: LinkedZones, policy: Policy, snapshot: Snapshot): NetworkLinks {
  const counts = policy.isDnsNetwork(network) ? certainly(true) : not(asksDnsServersElsewhere(network, snapshot));
  const zones = linked.zones.map(({ zone, isLinked: sees }) => ({ zone, isLinked: allOf([sees, counts]) }));
  const isLinkedItself = anyOf([...zones.map((one) => one.isLinked), ...open(linked.because)]);
  return { zones, because: linked.because, network, isLinked: isLinkedItself };
}

/**
 * The zone that a zone group names, or another one of that name: clients ask the one that their network is linked to, and it can
 * be linked to no second one. Whether their names are in it is another question.
 * https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/createorupdatevirtualnetworklinkfailed-error
 */
function linkedZones(
  network: ResourceId,
  kept: readonly GroupedZone[],
  zoneName: string,
  snapshot: Snapshot,
): LinkedZones {
  const zones = kept.map(({ zone, exists }) => ({
    zone,
    isLinked: allOf([exists, isLinked(zone, network, snapshot)]),
  }));
  if (zones.some((one) => one.isLinked.must)) return { zones, because: [] };
  const named = zonesLinkedTo(network, zoneName, snapshot);
  const others = named.zones.filter(({ zone }) => !kept.some((one) => one.zone.key === zone.key));
  return { zones: [...zones, ...others], because: named.because };
}

/** The names that clients ask for, and the domains that these are in. */
export function namesOf(
  endpoint: PrivateEndpointFact,
  { groupId, zoneName, ownZone }: LinkedGroup,
  snapshot: Snapshot,
): readonly string[] {
  const fqdns = ownZone === undefined ? addressesOf(endpoint, groupId, snapshot).fqdns : [ownZone.fqdn];
  const zone = fold(zoneName);
  return [zone, zone.replace(/^privatelink\./, ""), ...fqdns.map(fold)];
}

/** Clients whose queries go to DNS servers elsewhere find what the network of those servers is linked to. */
function findsNames(
  { network, isLinked: isLinkedItself }: NetworkLinks,
  links: readonly NetworkLinks[],
  names: () => readonly string[],
  policy: Policy,
  snapshot: Snapshot,
): { readonly truth: Truth; readonly assumptions: readonly string[] } {
  if (isLinkedItself.must) return { truth: isLinkedItself, assumptions: [] };
  const { isForwarded, assumptions } = forwardingOf(network, names(), snapshot);
  const asksOthers = anyOf([asksOwnDnsServers(network, snapshot), isForwarded]);
  const elsewhere = links.filter((one) => one.network !== network && policy.isDnsNetwork(one.network));
  const because = `where the DNS servers that \`${network.text}\` asks look names up is not known: \`dnsNetworks\` of the policy says it`;
  const isFoundElsewhere = allOf([asksOthers, anyOf([...elsewhere.map((one) => one.isLinked), perhaps([because])])]);
  return { truth: anyOf([isLinkedItself, isFoundElsewhere]), assumptions };
}

function groupedZone({ zone, exists, recordNames }: GroupedZone): Untitled {
  return { zone, counts: exists, recordNames };
}

function linkedZone({ zone, isLinked: sees }: LinkedZone): Untitled {
  return { zone, counts: sees, recordNames: [] };
}

type Untitled = Omit<ChainZone, "title">;

/** Each zone once: for whatever reason it counts, with the names that were written into it. */
function distinctZones(zones: readonly Untitled[]): readonly ChainZone[] {
  const all = new Map<string, Untitled>();
  for (const one of zones) {
    const known = all.get(one.zone.key);
    if (known === undefined) all.set(one.zone.key, one);
    else if (!known.counts.must) all.set(one.zone.key, { ...known, counts: anyOf([known.counts, one.counts]) });
  }
  return [...all.values()].map((one) => ({ ...one, title: titleOf(one.zone, all.size) }));
}

function titleOf({ name, parent }: ResourceId, count: number): string {
  return count === 1 || parent === undefined ? `\`${name}\`` : `\`${name}\` in \`${parent.name}\``;
}
