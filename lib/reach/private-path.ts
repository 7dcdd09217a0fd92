import type { Evidence } from "../model/evidence.ts";
import type { PrivateEndpointFact, ServicePorts, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import type { Addressed } from "./addressed.ts";
import { clientPorts } from "./endpoint-filter.ts";
import { isFoundIn } from "./endpoint-lookup.ts";
import { eachOf } from "./endpoint-path.ts";
import { type FirewallHop, firewallAhead } from "./firewall-hop.ts";
import { type InForce, inForceOn } from "./firewall-in-force.ts";
import { passageToEndpoint } from "./firewall-passage.ts";
import type { HostName } from "./host-names.ts";
import { lengthOf, type NextHop, nextHopsOf } from "./next-hops.ts";
import { type Peer, peersOf } from "./peers.ts";
import { spaceIn } from "./places.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, misread, routesOf } from "./routes.ts";
import { outOf, throughOwnGroup } from "./security-groups.ts";
import type { Decision, Question } from "./security-rules.ts";
import { unreadBecause } from "./unread.ts";

/** The ways from a subnet to a private endpoint, of which one is enough. */
export interface PrivatePath {
  readonly from: SubnetFact;
  /** Those that come in over a gateway in the subnet; absent where they are in it. */
  readonly comers?: Comers;
  /** Whether the endpoint answers those; absent where they are in the subnet. */
  readonly isAnswered?: Truth;
  /** All addresses of the subnet, or behind the gateway. */
  readonly space: IpSet;
  /** The addresses of the subnet from which packets get there. */
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** The way of which the most can be said for those who were asked about; undefined where the families differ. */
  readonly best: PrivateFlow | undefined;
}

/** Callers behind a gateway. */
export interface Comers {
  readonly gateway: ResourceId;
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** What says so. */
  readonly evidence: readonly Evidence[];
}

/** Packets to one address of the endpoint, and one port. */
export interface PrivateFlow {
  readonly destination: IpSet;
  readonly port: PortSet;
  readonly space: IpSet;
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly outbound: Decision;
  readonly inbound: Decision;
  readonly route: Delivery;
  /** Undefined where no Azure Firewall is on the way. */
  readonly through: EndpointThrough | undefined;
}

/** The part of a flow that leads through an Azure Firewall, which sends the packets on with an address of its own. */
export interface EndpointThrough {
  readonly hop: FirewallHop;
  readonly inForce: InForce;
  readonly decision: Decision;
  /** From the firewall's subnet. */
  readonly onward: Delivery;
}

/** Where an endpoint stands, and under which addresses it answers. */
export interface EndpointPlace {
  readonly endpoint: PrivateEndpointFact;
  readonly subnet: SubnetFact;
  readonly addresses: IpSet;
  readonly ports: ServicePorts;
  /** The names that clients ask for it by. */
  readonly hosts: readonly HostName[];
}

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

/** Each flow by itself: where one filter lets only one port pass, and the next only another, nobody gets through. */
export function privatePath(
  from: SubnetFact,
  to: EndpointPlace,
  snapshot: Snapshot,
  asked: IpSet = IpSet.all,
): PrivatePath {
  const { addressPrefixes: prefixes } = from;
  const isKnown = prefixes.kind === "known";
  const space = isKnown ? IpSet.union(prefixes.value) : IpSet.all;
  const flows = flowsTo(to, from, space, snapshot);
  return pathOf(from, space, isKnown ? flows : flows.map((flow) => somewhere(flow, prefixes.because)), asked);
}

/** The same for callers that come in over a gateway in the subnet: its routes lead them on. */
export function pathOfComers(
  comers: Comers,
  from: SubnetFact,
  to: EndpointPlace,
  snapshot: Snapshot,
  asked: IpSet = IpSet.all,
): PrivatePath {
  const isAnswered = answersGateways(to, snapshot);
  const reasons = [...comers.because, ...isAnswered.because];
  const certain = isAnswered.must ? comers.must : IpSet.empty;
  const flows = flowsTo(to, from, comers.may, snapshot).map((flow) => ({
    ...flow,
    must: flow.must.intersect(certain),
    because: [...reasons, ...flow.because],
  }));
  return { ...pathOf(from, comers.may, flows, asked), comers, isAnswered };
}

/** Where no route leads replies back: whether a private endpoint needs one is not documented. */
function answersGateways({ subnet }: EndpointPlace, snapshot: Snapshot): Truth {
  const { table, because } = routesOfTable(subnet, snapshot);
  if (table === undefined) {
    return because.length === 0 ? certainly(true) : perhaps(because, evidenceOf(subnet.id, subnet.routeTable));
  }
  const { id, disableBgpRoutePropagation: stop } = table;
  if (stop.kind === "known" && !stop.value) return certainly(true);
  const undocumentedReply = `whether an endpoint in \`${subnet.id.name}\` answers callers behind a gateway whose routes its table keeps out is not documented`;
  return perhaps([stop.kind === "unknown" ? stop.because : undocumentedReply], evidenceOf(id, stop));
}

function flowsTo(to: EndpointPlace, from: SubnetFact, space: IpSet, snapshot: Snapshot): readonly PrivateFlow[] {
  return to.addresses
    .singles(addressesAtMost)
    .flatMap((destination) => eachOf(to.ports.may).map((port) => flowTo(to, destination, port, from, space, snapshot)))
    .filter((flow) => !flow.space.isEmpty)
    .map((flow) => (flow.port.isSubsetOf(to.ports.must) ? flow : onPortInDoubt(flow, to.ports.because)));
}

function pathOf(from: SubnetFact, space: IpSet, flows: readonly PrivateFlow[], asked: IpSet): PrivatePath {
  const must = IpSet.union(flows.map((flow) => flow.must));
  const may = IpSet.union(flows.map((flow) => flow.may));
  const reasons = flows.flatMap(({ because }) => because);
  const best =
    flows.find((flow) => flow.must.overlaps(asked)) ??
    flows.find((flow) => flow.may.overlaps(asked)) ??
    flows.find((flow) => flow.space.overlaps(asked)) ??
    flows[0];
  return { from, space, must, may, because: must.equals(may) ? [] : [...new Set(reasons)], best };
}

/** From a subnet whose addresses are not known. */
function somewhere(flow: PrivateFlow, because: string): PrivateFlow {
  const outbound = { ...flow.outbound, must: IpSet.empty, because: [because, ...flow.outbound.because] };
  return { ...flow, must: IpSet.empty, because: [because, ...flow.because], outbound };
}

/** Nobody may answer on the port. */
function onPortInDoubt(flow: PrivateFlow, because: readonly string[]): PrivateFlow {
  const reasons = flow.may.isEmpty ? [] : [...flow.because, ...because];
  return { ...flow, must: IpSet.empty, because: reasons };
}

/** An endpoint has a handful of addresses. */
export const addressesAtMost = 1000;

function flowTo(
  to: EndpointPlace,
  destination: IpSet,
  port: PortSet,
  from: SubnetFact,
  all: IpSet,
  snapshot: Snapshot,
): PrivateFlow {
  const space = all.intersect(destination.countIpv4 > 0 ? IpSet.ipv4 : IpSet.ipv6);
  const question = {
    protocol: "tcp",
    sources: space,
    destinations: destination,
    destinationPorts: port,
    of: "sources",
    other: "any",
  } as const;
  const outbound = outOf(from, { ...question, direction: "outbound", sourcePorts: clientPorts }, snapshot);
  const inbound = entering(to, question, snapshot);
  const route = deliveryOf(from, to, destination, snapshot);
  const flow = { destination, port, space, outbound, route } as const;
  if (route.firewall !== undefined && space.isSubsetOf(spaceIn(from))) {
    return throughFirewall(flow, route.firewall, to, inbound, snapshot);
  }
  const must = route.must ? outbound.must.intersect(inbound.must) : IpSet.empty;
  const may = route.may ? outbound.may.intersect(inbound.may) : IpSet.empty;
  const because = must.equals(may) ? [] : [...outbound.because, ...inbound.because, ...route.because];
  return { ...flow, must, may, because, inbound, through: undefined };
}

/** "Source ports are not looked at": https://learn.microsoft.com/azure/private-link/private-endpoint-overview#network-security-group */
function entering(
  to: EndpointPlace,
  question: Omit<Question, "direction" | "sourcePorts">,
  snapshot: Snapshot,
): Decision {
  const { sources } = question;
  const filtered = policyIsOn(to.subnet, "securityGroup");
  const group = filtered.may
    ? throughOwnGroup(to.subnet, { ...question, direction: "inbound", sourcePorts: undefined }, snapshot)
    : { must: sources, may: sources, because: [], parts: [] };
  return filtered.must ? group : { ...group, may: sources, because: [...group.because, ...filtered.because] };
}

/**
 * What the firewall translates comes to the endpoint with one of the addresses of the firewall's subnet, and what it does not with
 * its own, as far as it comes there at all. https://learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall
 */
function throughFirewall(
  flow: Pick<PrivateFlow, "destination" | "port" | "space" | "outbound" | "route">,
  hop: FirewallHop,
  to: EndpointPlace,
  untranslated: Decision,
  snapshot: Snapshot,
): PrivateFlow {
  const { destination, port, space, outbound } = flow;
  const inForce = inForceOn(hop.firewall, snapshot);
  const network = hop.subnet.id.parent;
  const isFound = () => (network === undefined ? certainly(false) : isFoundIn(network, to.endpoint, snapshot));
  const decision = passageToEndpoint(destination, to.hosts, isFound, inForce, snapshot).on(space, port);
  const onward = deliveryOf(hop.subnet, to, destination, snapshot);
  const sources = spaceIn(hop.subnet).intersect(IpSet.ipv4);
  const inbound = entering(
    to,
    { protocol: "tcp", sources, destinations: destination, destinationPorts: port, of: "sources", other: "any" },
    snapshot,
  );
  const isCertain = hop.isConnected.must && onward.must && sources.isSubsetOf(inbound.must);
  const isPossible = hop.isConnected.may && onward.may;
  const isKept = inForce.untranslated.may.overlaps(destination);
  const entered = !inbound.may.isEmpty ? space : isKept ? untranslated.may : IpSet.empty;
  const must = isCertain ? outbound.must.intersect(decision.must) : IpSet.empty;
  const may = isPossible ? outbound.may.intersect(decision.may).intersect(entered) : IpSet.empty;
  const reasons = [outbound, hop.isConnected, decision, onward, inbound].flatMap((part) => part.because);
  const partly = "the security group of the endpoint lets some of the firewall's addresses in, and not others";
  const because = reasons.length > 0 ? reasons : [partly];
  const through = { hop, inForce, decision, onward };
  return { ...flow, must, may, because: must.equals(may) ? [] : because, inbound, through };
}

/**
 * Whether the policies of the endpoint's subnet are on for security groups, or for route tables:
 * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
 */
function policyIsOn({ privateEndpointNetworkPolicies: policy }: SubnetFact, of: "securityGroup" | "routeTable"): Truth {
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

function deliveryOf(from: SubnetFact, to: EndpointPlace, destinations: IpSet, snapshot: Snapshot): Delivery {
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
