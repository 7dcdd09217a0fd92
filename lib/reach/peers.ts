import type { NetworkFact, Peering } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import { isSetTo } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, anything, exactly } from "./addressed.ts";
import { whyUnread } from "./unread.ts";

/** A network that this one is peered with. Peerings are not transitive, so nobody walks further than one. */
export interface Peer {
  /** Undefined where the peering names none that can be understood. */
  readonly network: ResourceId | undefined;
  readonly peering: Peering;
  readonly ranges: Addressed;
  /** Of the addresses in those ranges: with IPv6 alone peered, those of IPv4 are not. */
  readonly families: Addressed;
  /** Both sides have made the peering. */
  readonly isConnected: Truth;
  /**
   * This side counts the other network as its own. Without that the other is not in the VirtualNetwork tag; the documents
   * do not say that packets stop: https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
   */
  readonly isAccessible: Truth;
}

export interface Peers {
  readonly peers: readonly Peer[];
  /** Why there may be more. */
  readonly because: readonly string[];
}

export function peersOf(network: NetworkFact, snapshot: Snapshot): Peers {
  const { peerings, id } = network;
  if (peerings.kind === "unknown") return { peers: [], because: [peerings.because] };
  const peers = peerings.value.map((peering) => ({
    network: peering.network,
    peering,
    ...rangesOf(peering, snapshot),
    isConnected: isSetTo(id, peering.state, "connected"),
    isAccessible: isSetTo(id, peering.allowVirtualNetworkAccess, true),
  }));
  return { peers, because: [] };
}

function rangesOf(peering: Peering, snapshot: Snapshot): Pick<Peer, "ranges" | "families"> {
  const { isIpv6Only } = peering;
  const ranges = syncedRanges(peering, snapshot);
  if (isIpv6Only.kind === "known" && !isIpv6Only.value) return { ranges, families: everyFamily };
  const families = isIpv6Only.kind === "known" ? ipv6 : { ...ipv6, may: IpSet.all, because: [isIpv6Only.because] };
  return {
    ranges: {
      must: ranges.must.intersect(families.must),
      may: ranges.may.intersect(families.may),
      because: [...ranges.because, ...families.because],
    },
    families,
  };
}

/** Azure routes to the ranges as they were when the two networks were last in step. */
function syncedRanges({ remoteAddressSpace: space, network, at }: Peering, snapshot: Snapshot): Addressed {
  if (space.kind === "unknown") return anything(space.because);
  if (space.value.length > 0) return exactly(IpSet.union(space.value));
  if (network === undefined) return anything(`\`${at.pointer}\` of \`${at.resource.text}\` names no network`);
  return spaceOf(network, snapshot);
}

/** The ranges of a network, as far as it was read. */
export function spaceOf(network: ResourceId, snapshot: Snapshot): Addressed {
  const found = snapshot.get(network);
  if (found.kind === "absent") return exactly(IpSet.empty);
  if (found.kind !== "fact") return anything(whyUnread(found, `\`${network.text}\``));
  if (found.fact.kind !== "network") return anything(`\`${network.text}\` is no network`);
  const { addressSpace } = found.fact;
  return addressSpace.kind === "known" ? exactly(IpSet.union(addressSpace.value)) : anything(addressSpace.because);
}

const everyFamily = exactly(IpSet.all);
/** https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering */
const ipv6 = exactly(IpSet.ipv6);

/** A route server stands in the network, over which appliances announce routes to it as over a gateway. */
export function hasRouteServer(network: ResourceId, snapshot: Snapshot): Truth {
  const id = network.child("subnets", "RouteServerSubnet");
  const found = snapshot.get(id);
  if (found.kind === "absent") return certainly(false);
  if (found.kind !== "fact") return perhaps([whyUnread(found, `\`${id.text}\``)]);
  if (found.fact.kind !== "subnet") return certainly(false);
  const { ipConfigurations } = found.fact;
  if (ipConfigurations.kind === "unknown") return perhaps([ipConfigurations.because]);
  return certainly(ipConfigurations.value.length > 0);
}

/** The networks that a hub is peered with, by its own body or by theirs. */
export function spokesOf(hub: ResourceId, snapshot: Snapshot): readonly ResourceId[] {
  return snapshot.once(`spokes of ${hub.key}`, () => {
    const own = factAt(hub, "network", snapshot)?.peerings;
    const peerings = own?.kind === "known" ? own.value : [];
    const naming = snapshot.namers(hub, "network");
    return distinctIds([...peerings.flatMap(({ network }) => network ?? []), ...naming.map(({ id }) => id)]);
  });
}
