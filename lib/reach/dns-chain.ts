import type { PrivateEndpointFact } from "../model/fact.ts";
import { allOf, anyOf, not, perhaps, type Truth } from "../model/must-may.ts";
import type { Policy } from "../model/policy.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { isLinked, type LinkedZone, type LinkedZones, zonesLinkedTo } from "./dns-links.ts";
import { asksOwnDnsServers } from "./dns-servers.ts";
import { type GroupedZone, zonesInGroupsOf } from "./dns-zone-groups.ts";
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
  /** Why there may be more networks or zones than these. */
  readonly because: readonly string[];
}

export interface ChainNetwork {
  readonly network: ResourceId;
  readonly isUnlinked: Truth;
}

export interface ChainZone {
  readonly zone: ResourceId;
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
  const zoneName = fold(group.zoneName);
  const grouped = zonesInGroupsOf(endpoint, zoneName, snapshot);
  const kept = grouped.zones.filter((one) => one.exists.may);
  const own = endpoint.subnet?.parent;
  const links = distinctIds(own === undefined ? policy.dnsNetworks : [own, ...policy.dnsNetworks]).map((network) =>
    linksOf(network, linkedZones(network, kept, zoneName, snapshot)),
  );
  const finds = links.map((link) => ({ ...link, truth: findsNames(link, links, policy, snapshot) }));
  const noNetwork = own === undefined ? [`\`${endpoint.id.text}\` names no subnet that can be understood`] : [];
  const isGrouped = anyOf([...grouped.zones.map((one) => one.exists), ...open(grouped.because)]);
  const networks = finds.map(({ network, truth }) => {
    const others = finds.filter((one) => one.network !== network).map((one) => one.truth);
    return { network, isUnlinked: allOf([anyOf([isGrouped, ...others, ...open(noNetwork)]), not(truth)]) };
  });
  return {
    group,
    isMissing: not(anyOf([isGrouped, ...finds.map((one) => one.truth), ...open(noNetwork)])),
    isUnlinked: anyOf([...networks.map((one) => one.isUnlinked), ...open([...noNetwork, ...grouped.because])]),
    networks,
    zones:
      kept.length > 0 ? kept.map(groupedZone) : links.flatMap(({ zones }) => zones.map(linkedZone(not(isGrouped)))),
    because: [...grouped.because, ...noNetwork, ...links.flatMap((link) => link.because)],
  };
}

function open(because: readonly string[]): readonly Truth[] {
  return because.map((one) => perhaps([one]));
}

interface NetworkLinks extends LinkedZones {
  readonly network: ResourceId;
  readonly isLinked: Truth;
}

function linksOf(network: ResourceId, linked: LinkedZones): NetworkLinks {
  return { ...linked, network, isLinked: anyOf([...linked.zones.map((one) => one.isLinked), ...open(linked.because)]) };
}

/** Where a zone group says which zone it is, no other one will do: nobody writes the records there. */
function linkedZones(
  network: ResourceId,
  kept: readonly GroupedZone[],
  zoneName: string,
  snapshot: Snapshot,
): LinkedZones {
  if (kept.length === 0) return zonesLinkedTo(network, zoneName, snapshot);
  const zones = kept.map(({ zone, exists }) => ({
    zone,
    isLinked: allOf([exists, isLinked(zone, network, snapshot)]),
  }));
  return { zones, because: [] };
}

/** Clients of a network with DNS servers of its own find what the network of those servers is linked to. */
function findsNames(
  { network, isLinked: isLinkedItself }: NetworkLinks,
  links: readonly NetworkLinks[],
  policy: Policy,
  snapshot: Snapshot,
): Truth {
  if (isLinkedItself.must) return isLinkedItself;
  const asksOthers = asksOwnDnsServers(network, snapshot);
  const isDeclared = (id: ResourceId) => policy.dnsNetworks.some((one) => one.key === id.key);
  const elsewhere = links.filter((one) => one.network !== network && isDeclared(one.network));
  const because = `where the DNS servers of \`${network.text}\` look names up is not known`;
  return anyOf([
    isLinkedItself,
    allOf([asksOthers, anyOf([...elsewhere.map((one) => one.isLinked), perhaps([because])])]),
  ]);
}

function groupedZone({ zone, exists, recordNames }: GroupedZone): ChainZone {
  return { zone, counts: exists, recordNames };
}

/** A zone that a network sees counts as long as no zone group says otherwise. */
function linkedZone(isAlone: Truth) {
  return ({ zone, isLinked: sees }: LinkedZone): ChainZone => ({
    zone,
    counts: allOf([sees, isAlone]),
    recordNames: [],
  });
}

function distinctIds(ids: readonly ResourceId[]): readonly ResourceId[] {
  return [...new Map(ids.map((id) => [id.key, id])).values()];
}
