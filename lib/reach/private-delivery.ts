import type { SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import type { Addressed } from "./addressed.ts";
import { type FirewallHop, firewallAhead } from "./firewall-hop.ts";
import { lengthOf, type NextHop, nextHopsOf } from "./next-hops.ts";
import { type Peer, peersOf } from "./peers.ts";
import type { EndpointPlace } from "./private-path.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, misread, routesOf } from "./routes.ts";
import { unreadBecause } from "./unread.ts";

/** Whether packets are brought to the endpoint. */
export interface Delivery {
  readonly must: boolean;
  readonly may: boolean;
  readonly because: readonly string[];
  readonly hops: readonly NextHop[];
  /** The endpoint's own route brings them there, which Azure calls InterfaceEndpoint. */
  readonly isDirect: boolean;
  /** The Azure Firewall that they all go to instead. */
  readonly firewall: FirewallHop | undefined;
}

/**
 * Whether the policies of the endpoint's subnet are on for security groups, or for route tables:
 * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
 */
export function policyIsOn(
  { privateEndpointNetworkPolicies: policy }: SubnetFact,
  of: "securityGroup" | "routeTable",
): Truth {
  if (policy.kind === "unknown") return { must: false, may: true, because: [policy.because], evidence: [] };
  const isOn = policy.value === "enabled" || policy.value === of;
  return { must: isOn, may: isOn, because: [], evidence: [] };
}

/** The route of one address that an endpoint puts into the tables of subnets. */
export interface PrivateRoute {
  /** Whether it is there at all: in the endpoint's own network, and in those directly peered with it. */
  readonly neighbour: Neighbour;
  /** Whether a user's route takes its place. */
  readonly isReplaced: boolean | "unknown";
  /** Why that is not known. */
  readonly because: readonly string[];
}

/**
 * Only a user's route that is at least as long as the network's range takes its place, and only with the policy for route
 * tables; what the user's own route for just this address does without that policy is not documented:
 * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
 */
export function privateRouteOf(
  from: SubnetFact,
  to: Pick<EndpointPlace, "subnet">,
  destinations: IpSet,
  snapshot: Snapshot,
): PrivateRoute {
  const neighbour = neighbourOf(from, to, destinations, snapshot);
  const policy = policyIsOn(to.subnet, "routeTable");
  const lengths = lengthsOfUserRoutes(from, destinations, snapshot);
  const range = rangeLength(to, destinations, snapshot);
  const isLonger = lengths.some((length) => range === undefined || length >= range);
  const isExact = lengths.includes(destinations.countIpv4 > 0 ? 32 : 128);
  if (policy.must && isLonger) return { neighbour, isReplaced: true, because: [] };
  const { because, routes } = routesOfTable(from, snapshot);
  const unclear = routes.filter(({ destination, addressPrefix = "" }) => !destination && !isTagName(addressPrefix));
  const unread = [...because, ...unclear.map(misread)];
  if (unread.length > 0) return { neighbour, isReplaced: "unknown", because: unread };
  if (policy.must) return { neighbour, isReplaced: false, because: [] };
  if (policy.may && isLonger) return { neighbour, isReplaced: "unknown", because: policy.because };
  return isExact
    ? { neighbour, isReplaced: "unknown", because: [undocumented] }
    : { neighbour, isReplaced: false, because: [] };
}

const undocumented = "whether the user's route or that of the endpoint comes first is not documented";

/** Whether packets from a subnet are brought to some addresses of an endpoint. */
export function deliveryOf(from: SubnetFact, to: EndpointPlace, destinations: IpSet, snapshot: Snapshot): Delivery {
  const hops = nextHopsOf(routesOf(from, snapshot), destinations);
  const { neighbour, isReplaced } = privateRouteOf(from, to, destinations, snapshot);
  const ordinary = hops.map((hop) => ordinaryDelivery(hop, neighbour));
  const byItself = neighbour.may ? [neighbour] : [];
  const isOrdinary = !neighbour.may || isReplaced === true;
  const ways = isOrdinary ? ordinary : isReplaced === "unknown" ? [...byItself, ...ordinary] : byItself;
  const must = ways.length > 0 && ways.every((way) => way.must);
  const may = ways.some((way) => way.may);
  const reasons = [...new Set(ways.flatMap(({ because }) => because))];
  const because = must === may ? [] : reasons.length > 0 ? reasons : [undocumented];
  const isIpv4 = destinations.countIpv4 > 0;
  const routes = hops.flatMap((hop) => hop.routes);
  const firewall = isOrdinary && isIpv4 ? firewallAhead(routes, from, snapshot) : undefined;
  return { must, may, because, hops, isDirect: ways === byItself && ways.length > 0, firewall };
}

/** A way that packets may take there. */
interface Leg {
  readonly must: boolean;
  readonly may: boolean;
  readonly because: readonly string[];
}

export interface Neighbour extends Leg {
  readonly isOwn: boolean;
}

/** The endpoint is in the same network, or in one that is directly peered with it. */
function neighbourOf(
  from: SubnetFact,
  to: Pick<EndpointPlace, "subnet">,
  destinations: IpSet,
  snapshot: Snapshot,
): Neighbour {
  const [network, target] = [from.id.parent, to.subnet.id.parent];
  if (network !== undefined && network.key === target?.key) return { isOwn: true, must: true, may: true, because: [] };
  const found = network === undefined ? undefined : snapshot.get(network);
  const unread = found === undefined ? "a subnet outside of any network" : unreadBecause(found, `\`${network?.text}\``);
  if (unread !== undefined) return { isOwn: false, must: false, may: true, because: [unread] };
  if (found?.kind !== "fact" || found.fact.kind !== "network")
    return { isOwn: false, must: false, may: false, because: [] };
  const { peers, because } = peersOf(found.fact, snapshot);
  const peer = peers.find((one) => one.network?.key === target?.key);
  if (peer === undefined) return { isOwn: false, must: false, may: because.length > 0, because };
  const { isAccessible, families } = peer;
  const isConnected = allOf([peer.isConnected, isOfFamily(destinations, families), isPeered(from, to, peer)]);
  const truth = allOf([isConnected, isAccessible]);
  const closed = `\`${peer.peering.name}\` does not let the peer in, which need not stop packets`;
  const reasons = truth.must ? [] : truth.because.length > 0 ? truth.because : [closed];
  const { table } = routesOfTable(from, snapshot);
  const isKept =
    table === undefined || (table.disablePeeringRoute.kind === "known" && table.disablePeeringRoute.value === "none");
  if (isConnected.may && !isKept) return { isOwn: false, must: false, may: true, because: [...reasons, keptRoute] };
  return { isOwn: false, must: truth.must, may: isConnected.may, because: isConnected.may ? reasons : [] };
}

/** Asked without a destination, for all that a peer may have, either family will do. */
function isOfFamily(destinations: IpSet, { must, may, because }: Addressed): Truth {
  if (destinations.isEmpty || destinations.overlaps(must)) return certainly(true);
  return destinations.overlaps(may) ? perhaps(because) : certainly(false);
}

/**
 * Where some subnets are peered, others send packets that are "dropped" before they reach a machine; of private endpoints the
 * page says nothing: https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering
 */
function isPeered(from: SubnetFact, { subnet }: Pick<EndpointPlace, "subnet">, { peering }: Peer): Truth {
  const { subnetNames: names } = peering;
  if (names.kind === "unknown") return perhaps([names.because]);
  if (names.value === undefined) return certainly(true);
  const has = (list: readonly string[], { id }: SubnetFact) => list.some((name) => fold(name) === fold(id.name));
  if (has(names.value.own, from) && has(names.value.others, subnet)) return certainly(true);
  const because = `\`${peering.name}\` is for other subnets, and whether packets for private endpoints pass there is not documented`;
  return perhaps([because]);
}

const keptRoute =
  "whether a peer's private endpoint keeps its route in a table without peering routes is not documented";

/** What an appliance or a gateway does with the packet cannot be told. */
function ordinaryDelivery({ routes, isCertain }: NextHop, neighbour: Neighbour): Leg {
  const ways = routes.map((route) => wayOf(route, neighbour));
  const must = isCertain && ways.every((way) => way.must);
  const may = ways.some((way) => way.may);
  const open = routes.flatMap(({ because }) => because ?? []);
  return { must, may, because: must === may ? [] : [...ways.flatMap(({ because }) => because), ...open] };
}

function wayOf({ nextHopType, source }: EffectiveRoute, neighbour: Neighbour): Leg {
  const never = { must: false, may: false, because: [] };
  if (nextHopType === "None" || nextHopType === "Internet") return never;
  if (nextHopType === "VNetPeering" || nextHopType === "VNetGlobalPeering") return neighbour;
  if (source === "Default") return neighbour.isOwn ? neighbour : never;
  const isLocal = nextHopType.toLowerCase() === "vnetlocal" && neighbour.isOwn;
  if (isLocal) return neighbour;
  return { must: false, may: true, because: [`what the next hop ${nextHopType} does with the packet is not known`] };
}

function lengthsOfUserRoutes(from: SubnetFact, destinations: IpSet, snapshot: Snapshot): readonly number[] {
  const { routes } = routesOfTable(from, snapshot);
  const holding = routes.flatMap(({ destination, addressPrefix = "" }) => {
    const prefixes = destination === undefined ? (snapshot.serviceTags.prefixesOf(addressPrefix) ?? []) : [destination];
    return prefixes.filter((prefix) => prefix.overlaps(destinations));
  });
  return holding.map(lengthOf);
}

/** Of the range of the endpoint's network that holds its addresses. */
function rangeLength(
  { subnet }: Pick<EndpointPlace, "subnet">,
  destinations: IpSet,
  snapshot: Snapshot,
): number | undefined {
  const space = factAt(subnet.id.parent, "network", snapshot)?.addressSpace;
  const range = space?.kind === "known" ? space.value.find((one) => one.overlaps(destinations)) : undefined;
  return range === undefined ? undefined : lengthOf(range);
}
