import type { NetworkFact, Peering, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { isFirewall, isHopPast } from "./firewall-bypass.ts";
import { behindGatewaysIn } from "./gateways.ts";
import { nextHopsOf } from "./next-hops.ts";
import { getsThrough } from "./peering-stops.ts";
import { hasRouteServer, spaceOf, spokesOf } from "./peers.ts";
import { type EffectiveRoute, gatewayRoutes, routesOf, userRoutes } from "./routes.ts";
import { unreadBecause } from "./unread.ts";

/** A way by which packets of another network get into this one. */
export interface Meeting {
  /** Undefined where it is not known which. */
  readonly network: ResourceId | undefined;
  /** "over the peering `to-hub`", for the sentence of a verdict. */
  readonly way: string;
  readonly isOpen: Truth;
}

/** Which networks count; the others are not looked at. */
type IsAsked = (network: ResourceId) => boolean;

/**
 * Peerings are not transitive: packets come directly from a peer, or through a hub in which an appliance, a gateway or a router
 * forwards what routes of the other network lead to it. Ways through more than one hub are not looked for.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
 */
export function meetingsOf(
  network: NetworkFact,
  isAsked: IsAsked,
  firewalls: IpSet,
  snapshot: Snapshot,
): readonly Meeting[] {
  const { peerings, id } = network;
  if (peerings.kind === "unknown") {
    const isOpen = perhaps([peerings.because], evidenceOf(id, peerings));
    return [{ network: undefined, way: "", isOpen }];
  }
  return peerings.value.flatMap((peering): readonly Meeting[] => {
    const { network: peer } = peering;
    if (peer === undefined) return [];
    if (isAsked(peer)) return [direct(network, peer, peering, firewalls, snapshot)];
    const link = linkOf(network, peering, snapshot);
    if (!link.isConnected.may) return [];
    const isOther = (one: ResourceId) => one.key !== id.key && isAsked(one);
    return spokesOf(peer, snapshot)
      .filter(isOther)
      .map((spoke) => ledFrom(spoke, peer, firewalls, snapshot))
      .filter(({ unread, ways }) => unread !== undefined || ways.length > 0) // as nearly never
      .flatMap((one) => throughHub(network, peering, link, peer, one, firewalls, snapshot));
  });
}

function direct(
  network: NetworkFact,
  peer: ResourceId,
  peering: Peering,
  firewalls: IpSet,
  snapshot: Snapshot,
): Meeting {
  const { isConnected, back } = linkOf(network, peering, snapshot);
  const { subnetNames } = peering;
  const some = subnetNames.kind === "known" ? subnetNames.value : undefined;
  const only =
    some === undefined
      ? ""
      : `, which is for the subnets named ${[...new Set([...some.own, ...some.others])].map((name) => `\`${name}\``).join(" and ")}`;
  return {
    network: peer,
    way: `over the peering \`${peering.name}\`${only}`,
    isOpen: allOf([isConnected, getsThrough(network, peer, back, firewalls, snapshot)]),
  };
}

interface Link {
  /** Packets pass in both directions. */
  readonly isConnected: Truth;
  /** The other network's side; undefined where it was not read. */
  readonly back: Peering | undefined;
}

/** Both sides of a peering. */
function linkOf(network: NetworkFact, peering: Peering, snapshot: Snapshot): Link {
  const own = sideOf(network.id, peering);
  const { network: peer } = peering;
  const found = peer === undefined ? undefined : snapshot.get(peer);
  if (!own.may || peer === undefined || found === undefined) return { isConnected: own, back: undefined };
  const unread = unreadBecause(found, `\`${peer.text}\``);
  if (unread !== undefined) return { isConnected: allOf([own, perhaps([unread])]), back: undefined };
  if (found.kind !== "fact" || found.fact.kind !== "network") return { isConnected: certainly(false), back: undefined };
  const { peerings } = found.fact;
  if (peerings.kind === "unknown") return { isConnected: allOf([own, perhaps([peerings.because])]), back: undefined };
  const back = peeringsByNetwork(peer, peerings.value, snapshot).get(network.id.key);
  if (back === undefined) return { isConnected: certainly(false), back };
  return { isConnected: allOf([own, sideOf(peer, back)]), back };
}

/**
 * Without access "traffic might still flow if explicitly allowed through a network security group".
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 */
function sideOf(owner: ResourceId, { at, state, allowVirtualNetworkAccess: access }: Peering): Truth {
  const isConnected = isSetTo(owner, state, "connected");
  if (access.kind === "unknown") return allOf([isConnected, perhaps([access.because], evidenceOf(owner, access))]);
  if (access.value) return isConnected;
  const because = `\`${at.pointer}\` of \`${owner.text}\` does not allow access, but security groups may let packets pass`;
  return allOf([isConnected, perhaps([because], evidenceOf(owner, access))]);
}

/** A hub has as many peerings as there are networks that ask for theirs. */
function peeringsByNetwork(
  owner: ResourceId,
  peerings: readonly Peering[],
  snapshot: Snapshot,
): ReadonlyMap<string | undefined, Peering> {
  return snapshot.once(`peerings of ${owner.key}`, () => {
    snapshot.get(owner); // what is remembered rests on the network, too
    return new Map(peerings.toReversed().map((one) => [one.network?.key, one])); // the first of several
  });
}

/** Whether packets from a spoke may go on through its hub. */
interface Led {
  readonly spoke: ResourceId;
  /** Why nothing more is known of it. */
  readonly unread: string | undefined;
  readonly ways: readonly LedWay[];
}

interface LedWay {
  readonly other: NetworkFact;
  readonly fromSpoke: Peering;
  readonly link: Link;
  /** Those with user routes to an appliance or a gateway. */
  readonly subnets: readonly SubnetFact[];
  /** Whether some subnet takes routes that the hub announces. */
  readonly isAnnounced: Truth;
}

/** The same for every network behind the hub. */
function ledFrom(spoke: ResourceId, hub: ResourceId, firewalls: IpSet, snapshot: Snapshot): Led {
  return snapshot.once(`led from ${spoke.key} through ${hub.key} past ${nameOf(firewalls)}`, () =>
    findLed(spoke, hub, firewalls, snapshot),
  );
}

function nameOf(firewalls: IpSet): string {
  const known = names.get(firewalls) ?? firewalls.toRanges().join();
  names.set(firewalls, known);
  return known;
}

/** Of the firewalls of a policy. */
const names = new WeakMap<IpSet, string>();

function findLed(spoke: ResourceId, hub: ResourceId, firewalls: IpSet, snapshot: Snapshot): Led {
  const found = snapshot.get(spoke);
  const other = factIn(found, "network");
  if (other === undefined) return { spoke, unread: unreadBecause(found, `\`${spoke.text}\``), ways: [] };
  if (other.peerings.kind === "unknown") return { spoke, unread: other.peerings.because, ways: [] };
  const hubSpace = spaceOf(hub, snapshot).may;
  const mayLead = (route: EffectiveRoute) =>
    leadsToAppliance(route, hubSpace, firewalls).may || leadsToGateway(route).may;
  const all = subnetsOf(spoke, snapshot);
  const subnets = all.filter((subnet) => userRoutes(subnet, snapshot).some(mayLead));
  const isAnnounced = allOf([announces(hub, snapshot), anyOf(all.map((subnet) => isTold(subnet, snapshot)))]);
  if (subnets.length === 0 && !isAnnounced.may) return { spoke, unread: undefined, ways: [] };
  const toHub = other.peerings.value.filter(({ network }) => network?.key === hub.key);
  const ways = toHub.map((fromSpoke) => {
    return { other, fromSpoke, link: linkOf(other, fromSpoke, snapshot), subnets, isAnnounced };
  });
  return { spoke, unread: undefined, ways: ways.filter(({ link }) => link.isConnected.may) };
}

/** A gateway in the hub learns routes that its settings do not hold, or a route server does; of a virtual hub Azure shows no network. */
function announces(hub: ResourceId, snapshot: Snapshot): Truth {
  const unread = unreadBecause(snapshot.get(hub), `\`${hub.text}\``);
  if (unread !== undefined) return perhaps([unread]);
  const { because } = behindGatewaysIn(hub, snapshot);
  return anyOf([because.length === 0 ? certainly(false) : perhaps(because), hasRouteServer(hub, snapshot)]);
}

/** What is announced may be for any network, and its prefixes longer than those of user routes. */
function isTold(subnet: SubnetFact, snapshot: Snapshot): Truth {
  const because = gatewayRoutes(subnet, snapshot).find((route) => route.because !== undefined)?.because;
  return because === undefined ? certainly(false) : perhaps([because], evidenceOf(subnet.id, subnet.routeTable));
}

/** From the spoke through the hub into the network. */
function throughHub(
  network: NetworkFact,
  toHub: Peering,
  { isConnected, back: hubSide }: Link,
  hub: ResourceId,
  { spoke, unread, ways }: Led,
  firewalls: IpSet,
  snapshot: Snapshot,
): readonly Meeting[] {
  if (unread !== undefined) {
    const isOpen = allOf([isConnected, isSetTo(network.id, toHub.allowForwardedTraffic, true), perhaps([unread])]);
    return [{ network: spoke, way: `through \`${hub.name}\``, isOpen }];
  }
  const space = spaceOf(network.id, snapshot).may;
  const hubSpace = spaceOf(hub, snapshot).may;
  return ways.flatMap(({ other, fromSpoke, link, subnets, isAnnounced }): readonly Meeting[] => {
    const isLinked = allOf([isConnected, link.isConnected]);
    if (!isLinked.may) return [];
    const led = (judge: (route: EffectiveRoute) => Truth) =>
      anyOf(subnets.map((subnet) => leads(subnet, space, judge, snapshot)));
    const byAppliance = led((route) => leadsToAppliance(route, hubSpace, firewalls));
    const byGateway = led(leadsToGateway);
    const isForwarded = isSetTo(network.id, toHub.allowForwardedTraffic, true);
    const isUser = isTransit(network, toHub, hubSide);
    const isOtherUser = isTransit(other, fromSpoke, link.back);
    return [
      {
        network: spoke,
        way: `through an appliance in \`${hub.name}\``,
        isOpen: allOf([isLinked, byAppliance, isForwarded]),
      },
      {
        network: spoke,
        way: `through the gateway of \`${hub.name}\``,
        isOpen: allOf([isLinked, byGateway, isUser, isOtherUser]),
      },
      {
        network: spoke,
        way: `over routes that \`${hub.name}\` announces`,
        isOpen: allOf([
          isLinked,
          isAnnounced,
          isOtherUser,
          anyOf([isUser, allOf([hasRouteServer(hub, snapshot), isForwarded])]),
        ]),
      },
    ];
  });
}

function subnetsOf(network: ResourceId, snapshot: Snapshot): readonly SubnetFact[] {
  const { facts } = snapshot.list(network, "Microsoft.Network/virtualNetworks/subnets");
  return facts.filter((fact) => fact.kind === "subnet");
}

/** Whether user routes of the subnet lead packets for some of the addresses there. */
function leads(
  subnet: SubnetFact,
  addresses: IpSet,
  judge: (route: EffectiveRoute) => Truth,
  snapshot: Snapshot,
): Truth {
  const truths = nextHopsOf(routesOf(subnet, snapshot), addresses).map((hop) => {
    if (!hop.routes.some((route) => route.source === "User" && judge(route).may)) return certainly(false);
    const truth = isHopPast(hop, hop.routes.map(judge));
    return onEvidence(truth, [...hop.routes.flatMap(({ at }) => at ?? []), ...truth.evidence]);
  });
  return anyOf(truths);
}

/**
 * "A VPN gateway can forward traffic between virtual networks that are peered with its own": that takes user routes to it,
 * and that both use it over their peerings, whether or not those allow forwarded traffic.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 */
function leadsToGateway({ nextHopType, because }: EffectiveRoute): Truth {
  if (nextHopType.toLowerCase() === "unknown" && because !== undefined) return perhaps([because]);
  return certainly(nextHopType.toLowerCase() === "virtualnetworkgateway");
}

/** A network uses its hub's gateway where both sides of the peering say so. */
function isTransit({ id }: NetworkFact, { useRemoteGateways }: Peering, hubSide: Peering | undefined): Truth {
  const isUsed = isSetTo(id, useRemoteGateways, true);
  if (hubSide === undefined) return isUsed;
  return allOf([isUsed, isSetTo(hubSide.at.resource, hubSide.allowGatewayTransit, true)]);
}

/** What an appliance that is no firewall of the policy lets pass is not known; a firewall is there to tell packets apart. */
function leadsToAppliance(
  { nextHopType, nextHopIpAddress, because }: EffectiveRoute,
  hub: IpSet,
  firewalls: IpSet,
): Truth {
  if (nextHopType.toLowerCase() === "unknown" && because !== undefined) return perhaps([because]);
  if (!nextHopType.toLowerCase().startsWith("virtualappliance")) return certainly(false);
  const address = nextHopIpAddress === undefined ? undefined : parseAddresses(nextHopIpAddress);
  if (isFirewall(nextHopIpAddress, firewalls) || (address !== undefined && !address.overlaps(hub))) {
    return certainly(false);
  }
  return perhaps([`what the appliance ${nextHopIpAddress ?? "without an address"} lets pass is not known`]);
}
