import type { Evidence } from "../model/evidence.ts";
import type { PrivateEndpointFact, ServicePorts, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import { clientPorts } from "./endpoint-filter.ts";
import { isFoundIn } from "./endpoint-lookup.ts";
import { eachOf } from "./endpoint-path.ts";
import { type FirewallHop, forComers } from "./firewall-hop.ts";
import { type InForce, inForceOn } from "./firewall-in-force.ts";
import { passageToEndpoint } from "./firewall-passage.ts";
import type { HostName } from "./host-names.ts";
import { spaceIn } from "./places.ts";
import { type Delivery, deliveryOf, policyIsOn } from "./private-delivery.ts";
import { routesOfTable } from "./route-table.ts";
import { outOf, throughOwnGroup } from "./security-groups.ts";
import type { Decision, Question } from "./security-rules.ts";

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
  if (route.firewall !== undefined) {
    const hop = space.isSubsetOf(spaceIn(from)) ? route.firewall : forComers(route.firewall, space, snapshot);
    return throughFirewall(flow, hop, to, inbound, snapshot);
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
  const decision = passageToEndpoint(destination, to, isFound, inForce, snapshot).on(space, port);
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
