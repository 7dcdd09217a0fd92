import type { NetworkFact, Peering } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, anything, exactly } from "./addressed.ts";
import { whyUnread } from "./unread.ts";

/** A network that this one is peered with. Peerings are not transitive, so nobody walks further than one. */
export interface Peer {
  /** Undefined where the peering names none that can be understood. */
  readonly network: ResourceId | undefined;
  readonly peering: Peering;
  readonly ranges: Addressed;
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
    ranges: rangesOf(peering, snapshot),
    isConnected: isSetTo(id, peering.state, "connected"),
    isAccessible: isSetTo(id, peering.allowVirtualNetworkAccess, true),
  }));
  return { peers, because: [] };
}

/** Azure routes to the ranges as they were when the two networks were last in step. */
function rangesOf({ remoteAddressSpace: space, network, at }: Peering, snapshot: Snapshot): Addressed {
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

/** A gateway stands in the network: what lies behind it is not known. */
export function hasGateway(network: ResourceId, snapshot: Snapshot): Truth {
  return isOccupied(network.child("subnets", "GatewaySubnet"), snapshot);
}

/** A route server stands in the network, over which appliances announce routes to it as over a gateway. */
export function hasRouteServer(network: ResourceId, snapshot: Snapshot): Truth {
  return isOccupied(network.child("subnets", "RouteServerSubnet"), snapshot);
}

function isOccupied(id: ResourceId, snapshot: Snapshot): Truth {
  const found = snapshot.get(id);
  if (found.kind === "absent") return certainly(false);
  if (found.kind !== "fact") return perhaps([whyUnread(found, `\`${id.text}\``)]);
  if (snapshot.namers(id, "networkGateway").length > 0) return certainly(true);
  if (found.fact.kind !== "subnet") return certainly(false);
  const { ipConfigurations } = found.fact;
  if (ipConfigurations.kind === "unknown") return perhaps([ipConfigurations.because]);
  return certainly(ipConfigurations.value.length > 0);
}
