import type { PrivateEndpointFact, ServicePorts, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import type { Addressed } from "./addressed.ts";
import { placeOf } from "./endpoint-callers.ts";
import { type Bypass, isFirewall, isHopPast, isOtherAppliance } from "./firewall-bypass.ts";
import { letOutOfSubnet } from "./let-out.ts";
import { type NextHop, nextHopsOf } from "./next-hops.ts";
import { type Peer, type Peers, peersOf, spaceOf } from "./peers.ts";
import { privateRouteOf } from "./private-delivery.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, routesOf } from "./routes.ts";
import { privateSpace } from "./spaces.ts";
import { unreadBecause } from "./unread.ts";

interface Asked {
  readonly subnet: SubnetFact;
  readonly firewalls: IpSet;
  readonly snapshot: Snapshot;
}

/**
 * Private endpoints in the own network and its peers that the owner's routes lead elsewhere than to a firewall. What was
 * not read of them counts where such a route could be for it.
 */
export function endpointBypasses(subnet: SubnetFact, firewalls: IpSet, snapshot: Snapshot): readonly Bypass[] {
  const { routes } = routesOfTable(subnet, snapshot);
  const isShort = (destination: IpSet | undefined) =>
    destination?.equals(IpSet.ipv4) === true || destination?.equals(IpSet.ipv6) === true;
  if (routes.every(({ destination }) => isShort(destination))) return [];
  const asked = { subnet, firewalls, snapshot };
  const { networks, unseen } = nearOf(subnet, snapshot);
  return [
    ...networks.flatMap((network) => endpointsIn(network, snapshot).map((one) => endpointBypass(one, network, asked))),
    ...unseen.map((one) => unseenBypass(one, asked)),
  ].filter(({ isPast }) => isPast.may);
}

/** A network whose private endpoints have routes in the table. */
interface Near {
  readonly id: ResourceId;
  readonly ranges: IpSet;
}

/** Where there may be private endpoints that were not read; the network is undefined where it may be any. */
interface Unseen {
  readonly network: ResourceId | undefined;
  readonly ranges: IpSet;
  readonly because: string;
}

/** The own network, and those that it is peered with. */
function nearOf({ id }: SubnetFact, snapshot: Snapshot) {
  const network = id.parent;
  if (network === undefined) return { networks: [], unseen: [] };
  const { peers, because } = peersIn(network, snapshot);
  const connected = peers.filter(({ isConnected }) => isConnected.may);
  const networks: readonly Near[] = [
    { id: network, ranges: rangesOf(spaceOf(network, snapshot)) },
    ...connected.flatMap(({ network: peer, ranges }) => (peer ? [{ id: peer, ranges: rangesOf(ranges) }] : [])),
  ];
  const all = "the list of all private endpoints";
  const incomplete = unreadBecause(snapshot.everywhere("microsoft.network/privateendpoints"), all);
  const unlisted = incomplete === undefined ? [] : networks.map((near) => ({ ...near, because: incomplete }));
  const unseen: readonly Unseen[] = [
    ...because.map((reason) => ({ network: undefined, ranges: privateSpace, because: reason })),
    ...connected.flatMap((peer) => unseenPeer(peer, snapshot)),
    ...unlisted.map(({ id: near, ranges, because: reason }) => ({ network: near, ranges, because: reason })),
  ];
  return { networks, unseen };
}

function peersIn(network: ResourceId, snapshot: Snapshot): Peers {
  const found = snapshot.get(network);
  const fact = factIn(found, "network");
  if (fact !== undefined) return peersOf(fact, snapshot);
  const unread = unreadBecause(found, `\`${network.text}\``);
  return { peers: [], because: unread === undefined ? [] : [unread] };
}

/** The private endpoints of a network that was not read are in nobody's list. */
function unseenPeer({ network, peering: { at }, ranges }: Peer, snapshot: Snapshot): readonly Unseen[] {
  const nameless = `\`${at.pointer}\` of \`${at.resource.text}\` names no network`;
  const because = network ? unreadBecause(snapshot.get(network), `\`${network.text}\``) : nameless;
  return because === undefined ? [] : [{ network, ranges: rangesOf(ranges), because }];
}

/** Private ones where they are not known. */
function rangesOf({ may, because }: Addressed): IpSet {
  return because.length > 0 ? privateSpace : may;
}

function endpointsIn({ id }: Near, snapshot: Snapshot): readonly PrivateEndpointFact[] {
  const endpoints = snapshot.naming(id, "privateEndpoint");
  return endpoints.filter(({ subnet }) => subnet?.parent?.key === id.key);
}

function endpointBypass(endpoint: PrivateEndpointFact, near: Near, asked: Asked): Bypass {
  const { id: resource, subnet } = endpoint;
  const isPast = isEndpointPast(endpoint, near, asked);
  const at = { resource, pointer: "/properties/subnet/id", value: subnet?.text };
  return { to: [`the private endpoint ${resource.name}`], isPast: onEvidence(isPast, [...isPast.evidence, at]) };
}

const everyPort: ServicePorts = { must: PortSet.all, may: PortSet.all, because: [] };

function isEndpointPast(endpoint: PrivateEndpointFact, { ranges }: Near, asked: Asked): Truth {
  const place = placeOf(endpoint, everyPort, [], asked.snapshot);
  if (!("because" in place)) return isTakenPast(place.subnet, place.addresses, anyOf, asked);
  const subnet = factAt(endpoint.subnet, "subnet", asked.snapshot);
  if (subnet === undefined) return allOf([mayBePast(ranges, asked), perhaps(place.because)]);
  const within = spaceOfSubnet(subnet, ranges);
  const isAlwaysPast = isTakenPast(subnet, within, allOf, asked);
  if (isAlwaysPast.must) return isAlwaysPast;
  return allOf([isTakenPast(subnet, within, anyOf, asked), perhaps(place.because)]);
}

/** Packets to an endpoint in a subnet, under any or all of these addresses, take one of the owner's routes past the firewall. */
function isTakenPast(
  target: SubnetFact,
  addresses: IpSet,
  together: typeof anyOf,
  { subnet, firewalls, snapshot }: Asked,
): Truth {
  const past = nextHopsOf(routesOf(subnet, snapshot), addresses).map((hop) => {
    const isElsewhere = leadsElsewhere(hop, firewalls);
    if (!isElsewhere.may) return isElsewhere;
    const { isReplaced, because } = privateRouteOf(subnet, { subnet: target }, hop.addresses, snapshot);
    const isTaken = isReplaced === "unknown" ? perhaps(because) : certainly(isReplaced);
    if (!isTaken.may) return isTaken;
    const { isAny, isEach } = letOutOfSubnet(subnet, hop.addresses, snapshot);
    const isLetOut = together === anyOf ? isAny : isEach;
    return onEvidence(allOf([isElsewhere, isTaken, isLetOut]), [...placesOf(hop), ...isLetOut.evidence]);
  });
  const isPast = past.length === 0 ? certainly(false) : together(past);
  const policy = evidenceOf(target.id, target.privateEndpointNetworkPolicies);
  return onEvidence(isPast, [...isPast.evidence, ...policy]);
}

function unseenBypass(unseen: Unseen, asked: Asked): Bypass {
  const isPast = allOf([unseenPast(unseen, asked), perhaps([unseen.because])]);
  return { to: ["private endpoints that were not read"], isPast };
}

/** Where all subnets of the network are known, so are their policies, most of which let no route take such packets. */
function unseenPast({ network, ranges }: Unseen, asked: Asked): Truth {
  const isPossible = mayBePast(ranges, asked);
  if (!isPossible.may || network === undefined) return isPossible;
  const { facts, completeness } = asked.snapshot.list(network, "Microsoft.Network/virtualNetworks/subnets");
  if (completeness.kind !== "complete") return isPossible;
  const subnets = facts.filter((fact) => fact.kind === "subnet");
  return anyOf(subnets.map((target) => isTakenPast(target, spaceOfSubnet(target, ranges), anyOf, asked)));
}

function spaceOfSubnet({ addressPrefixes: prefixes }: SubnetFact, otherwise: IpSet): IpSet {
  return prefixes.kind === "known" ? IpSet.union(prefixes.value) : otherwise;
}

/** One of the owner's routes could take packets to some endpoint in these ranges past the firewall. */
function mayBePast(ranges: IpSet, { subnet, firewalls, snapshot }: Asked): Truth {
  const hops = nextHopsOf(routesOf(subnet, snapshot), ranges);
  return anyOf(hops.map((hop) => onEvidence(leadsElsewhere(hop, firewalls), placesOf(hop))));
}

function placesOf({ routes }: NextHop) {
  return routes.flatMap(({ at }) => at ?? []);
}

function leadsElsewhere(hop: NextHop, firewalls: IpSet): Truth {
  const past = hop.routes.map((route) => isElsewhere(route, firewalls));
  return isHopPast(hop, past);
}

/** Every next hop but the firewall and the network itself is another than the endpoint's own. */
function isElsewhere(route: EffectiveRoute, firewalls: IpSet): Truth {
  if (route.source !== "User") return certainly(false);
  switch (route.nextHopType.toLowerCase()) {
    case "vnetlocal":
      return certainly(false);
    case "virtualappliance":
    case "virtualapplianceecmp":
    case "unknown":
      return isOtherAppliance(route, firewalls);
    default:
      return certainly(!isFirewall(route.nextHopIpAddress, firewalls));
  }
}
