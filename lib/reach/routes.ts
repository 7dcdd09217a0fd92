import { tagOfEndpoint } from "../catalog/service-endpoints.ts";
import type { Evidence } from "../model/evidence.ts";
import type { NetworkFact, Route, ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { allOf, type Truth } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { type Found, factAt, factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { knownAddresses } from "../net/known-addresses.ts";
import { type BehindGateway, together } from "./gateway-connections.ts";
import { behindGatewaysIn, behindUsedGateways } from "./gateways.ts";
import { hasRouteServer, type Peer, peersOf, spaceOf } from "./peers.ts";
import { routesOfTable } from "./route-table.ts";
import { privateSpace } from "./spaces.ts";
import { whyUnread } from "./unread.ts";

/** One row of the table that Azure works out for the interfaces in a subnet. */
export interface EffectiveRoute {
  readonly source: "Default" | "User" | "VirtualNetworkGateway";
  /** As ARM spells it, also values that its enumeration lacks: `VnetLocal`, `VNetPeering`, `VirtualNetworkServiceEndpoint`. */
  readonly nextHopType: string;
  readonly nextHopIpAddress: string | undefined;
  /** One by one: the longest that holds an address decides. */
  readonly prefixes: readonly IpSet[];
  /** It stands for others, of any length within its prefixes: which ones is not known. */
  readonly isOpen: boolean;
  /** What the prefixes are called together: the name of a service tag. */
  readonly tag: string | undefined;
  /** Of equal prefixes the lowest is taken. */
  readonly rank: number;
  /** Why it may not be there, or be there for other addresses; undefined for a route that is certain. */
  readonly because: string | undefined;
  /** What says so; undefined for what every subnet has. */
  readonly at: Evidence | undefined;
  /** Of the user's route, of the peering, or of the gateway's connection. */
  readonly name: string | undefined;
  /** Folded name of the service endpoint that made the route. */
  readonly endpoint: string | undefined;
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default */
const reserved = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((text) => knownAddresses(text));
const everything = [IpSet.ipv4, IpSet.ipv6];
const anywhere = { prefixes: everything, isOpen: true };

/**
 * Every route that applies in a subnet, and those that may.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
 */
export function routesOf(subnet: SubnetFact, snapshot: Snapshot): readonly EffectiveRoute[] {
  return [
    ...userRoutes(subnet, snapshot),
    ...endpointRoutes(subnet, snapshot),
    ...networkRoutes(subnet, snapshot),
    route({ nextHopType: "Internet", rank: ranks.internet, prefixes: everything }),
  ];
}

const ranks = {
  explicit: 0,
  regionalTag: 1,
  tag: 2,
  gateway: 5,
  endpoint: 6,
  peering: 7,
  network: 8,
  reserved: 9,
  internet: 10,
};

function route(
  given: Partial<EffectiveRoute> & Pick<EffectiveRoute, "nextHopType" | "rank" | "prefixes">,
): EffectiveRoute {
  return {
    source: "Default",
    nextHopIpAddress: undefined,
    isOpen: false,
    tag: undefined,
    because: undefined,
    at: undefined,
    name: undefined,
    endpoint: undefined,
    ...given,
  };
}

/** Those that its table has, or may have. */
export function userRoutes(subnet: SubnetFact, snapshot: Snapshot): readonly EffectiveRoute[] {
  const { table, routes, because } = routesOfTable(subnet, snapshot);
  const unread = because.map((reason) =>
    route({ ...anywhere, source: "User", nextHopType: "unknown", rank: ranks.explicit, because: reason }),
  );
  return [
    ...unread,
    ...routes.map((one) =>
      userRoute(one, { resource: table?.id ?? subnet.id, pointer: one.pointer, value: one.raw }, snapshot),
    ),
  ];
}

/** Why a route may be for any address. */
export function misread({ name, addressPrefix = "" }: Route): string {
  return `the prefix \`${addressPrefix}\` of the route \`${name}\` cannot be understood`;
}

function userRoute(one: Route, at: Evidence, snapshot: Snapshot): EffectiveRoute {
  const { destination, nextHopType, nextHopIpAddress, addressPrefix = "" } = one;
  const typeBecause = nextHopType.kind === "unknown" ? nextHopType.because : undefined;
  const hop = {
    source: "User",
    nextHopType: nextHopType.kind === "known" ? String(nextHopType.raw) : "unknown",
    nextHopIpAddress,
    at,
    name: one.name,
    because: typeBecause,
  } as const;
  if (destination !== undefined) return route({ ...hop, rank: ranks.explicit, prefixes: [destination] });
  if (!isTagName(addressPrefix)) {
    return route({ ...hop, ...anywhere, rank: ranks.explicit, because: misread(one) });
  }
  const isAzureCloud = addressPrefix.toLowerCase().startsWith("azurecloud");
  const rank = (addressPrefix.includes(".") ? ranks.regionalTag : ranks.tag) + (isAzureCloud ? 2 : 0);
  const prefixes = snapshot.serviceTags.prefixesOf(addressPrefix);
  if (prefixes !== undefined) return route({ ...hop, rank, prefixes, tag: addressPrefix });
  const because = typeBecause ?? `the addresses of \`${addressPrefix}\` in the route \`${one.name}\` are not known`;
  return route({ ...hop, ...anywherePublic, rank, tag: addressPrefix, because });
}

/** What a tag that is in no list may stand for. */
const anywherePublic = { prefixes: [IpSet.all.minus(privateSpace)], isOpen: true };

/**
 * On the endpoint's subnet only, for the addresses of the service in the endpoint's regions; of IPv6 the documents say
 * nothing: https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
 */
function endpointRoutes({ id, serviceEndpoints }: SubnetFact, snapshot: Snapshot): readonly EffectiveRoute[] {
  if (serviceEndpoints.kind === "unknown") {
    return [
      route({
        nextHopType: "VirtualNetworkServiceEndpoint",
        rank: ranks.endpoint,
        ...anywherePublic,
        because: serviceEndpoints.because,
        endpoint: "",
      }),
    ];
  }
  return serviceEndpoints.value.flatMap((endpoint) => {
    const at = { resource: id, pointer: endpoint.pointer, value: endpoint.raw };
    return routesOfEndpoint(endpoint, at, snapshot);
  });
}

export function routesOfEndpoint(
  endpoint: ServiceEndpoint,
  at: Evidence,
  snapshot: Snapshot,
): readonly EffectiveRoute[] {
  const { service = "", locations, isSettled } = endpoint;
  const tag = tagOfEndpoint(service);
  const hop = { nextHopType: "VirtualNetworkServiceEndpoint", rank: ranks.endpoint, at, endpoint: service } as const;
  const unsettled = isSettled ? undefined : `the service endpoint \`${service}\` is not in the state Succeeded`;
  const unknown = (name: string) =>
    route({
      ...hop,
      ...anywherePublic,
      tag: name,
      because: `the addresses of the service tag \`${name}\` are not known`,
    });
  if (tag === undefined) return [unknown(service)];
  return (locations.length === 0 ? ["*"] : locations).flatMap((location) => {
    const name = location === "*" ? tag : `${tag}.${location}`;
    const prefixes = snapshot.serviceTags.prefixesOf(name);
    if (prefixes !== undefined) {
      const [v4, v6] = [prefixes.filter(isIpv4), prefixes.filter((prefix) => !isIpv4(prefix))];
      const because = unsettled ?? "whether service endpoints carry IPv6 is not documented";
      return [
        ...(v4.length === 0 ? [] : [route({ ...hop, tag: name, prefixes: v4, because: unsettled })]),
        ...(v6.length === 0 ? [] : [route({ ...hop, tag: name, prefixes: v6, because })]),
      ];
    }
    const whole = snapshot.serviceTags.prefixesOf(tag);
    if (whole === undefined) return [unknown(name)];
    return [
      route({
        ...hop,
        tag: name,
        prefixes: whole,
        because: `the addresses of the service tag \`${name}\` are not known`,
      }),
    ];
  });
}

function isIpv4(prefix: IpSet): boolean {
  return prefix.countIpv4 > 0;
}

/** The network's own ranges, those of its peers, what gateways lead to, and what is dropped. */
function networkRoutes(subnet: SubnetFact, snapshot: Snapshot): readonly EffectiveRoute[] {
  const network = subnet.id.parent;
  if (network === undefined) return [];
  const own = spaceOf(network, snapshot);
  const found = snapshot.get(network);
  const fact = factIn(found, "network");
  const [because] = own.because;
  const local = { nextHopType: "VnetLocal", rank: ranks.network };
  const ranges = fact?.addressSpace.kind === "known" ? fact.addressSpace.value : [];
  return [
    ...(ranges.length === 0 ? [] : [route({ ...local, prefixes: ranges, at: spaceEvidence(fact) })]),
    ...(because === undefined ? [] : [route({ ...local, ...anywhere, because })]),
    ...(fact === undefined ? unreadPeers(network.text, found) : peeringRoutes(subnet, fact, snapshot)),
    ...gatewayRoutes(subnet, snapshot),
    ...reservedRoutes(subnet, own.must, snapshot),
  ];
}

/**
 * What Azure drops: the reserved ranges, but for those that the network includes. A default route of the user takes them all
 * away: "Azure removed the routes […] when the user-defined route for the 0.0.0.0/0 address prefix was added".
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#routing-example
 */
function reservedRoutes(subnet: SubnetFact, own: IpSet, snapshot: Snapshot): readonly EffectiveRoute[] {
  const { routes, because: unread } = routesOfTable(subnet, snapshot);
  if (routes.some(({ destination }) => destination?.equals(IpSet.ipv4))) return [];
  const unclear = routes.filter(({ destination, addressPrefix = "" }) => !destination && !isTagName(addressPrefix));
  const [because] = [...unread, ...unclear.map(misread)];
  const prefixes = reserved.filter((prefix) => !prefix.isSubsetOf(own));
  return [route({ nextHopType: "None", rank: ranks.reserved, prefixes, because })];
}

function spaceEvidence(network: NetworkFact | undefined): Evidence | undefined {
  if (network === undefined) return undefined;
  const { pointer, raw } = network.addressSpace;
  return { resource: network.id, pointer, value: raw };
}

function unreadPeers(network: string, found: Found): readonly EffectiveRoute[] {
  const because =
    found.kind === "unreadable" || found.kind === "notRead" ? whyUnread(found, `\`${network}\``) : undefined;
  if (because === undefined) return [];
  return [route({ ...anywhere, nextHopType: "VNetPeering", rank: ranks.peering, because })];
}

/**
 * A peer that this side does not let in is not kept away by that: see `Peer.isAccessible`. The subnet's table may take all of
 * these routes away: https://learn.microsoft.com/rest/api/virtualnetwork/route-tables/get
 */
function peeringRoutes(subnet: SubnetFact, network: NetworkFact, snapshot: Snapshot): readonly EffectiveRoute[] {
  const disabled = routesOfTable(subnet, snapshot).table?.disablePeeringRoute;
  if (disabled?.kind === "known" && disabled.value === "all") return [];
  const unclear = disabled?.kind === "unknown" ? disabled.because : undefined;
  const { peers, because } = peersOf(network, snapshot);
  return [
    ...peers.flatMap((peer) => peeringRoute(network, peer, snapshot, unclear)),
    ...because.map((reason) =>
      route({ ...anywhere, nextHopType: "VNetPeering", rank: ranks.peering, because: reason }),
    ),
  ];
}

function peeringRoute(
  network: NetworkFact,
  peer: Peer,
  snapshot: Snapshot,
  unclear: string | undefined,
): readonly EffectiveRoute[] {
  const { isConnected, isAccessible, ranges, families, peering } = peer;
  if (!isConnected.may) return [];
  const truth: Truth = allOf([isConnected, isAccessible]);
  const closed = `\`${peering.name}\` does not let the peer in, which need not stop packets`;
  const because = truth.must ? (ranges.because[0] ?? unclear) : (truth.because[0] ?? closed);
  const known = peering.remoteAddressSpace.kind === "known" ? peering.remoteAddressSpace.value : [];
  const all = known.length > 0 ? known : prefixesOfPeer(peer, snapshot);
  const prefixes = (all ?? [ranges.may]).filter((prefix) => prefix.overlaps(families.may));
  if (prefixes.length === 0) return [];
  return [
    route({
      nextHopType: isGlobal(network, peer, snapshot) ? "VNetGlobalPeering" : "VNetPeering",
      rank: ranks.peering,
      prefixes,
      isOpen: all === undefined,
      at: peering.at,
      name: peering.name,
      because,
    }),
  ];
}

/** Undefined where they are not known. */
function prefixesOfPeer({ network }: Peer, snapshot: Snapshot): readonly IpSet[] | undefined {
  const space = factAt(network, "network", snapshot)?.addressSpace;
  return space?.kind === "known" ? space.value : undefined;
}

function isGlobal({ location }: NetworkFact, peer: Peer, snapshot: Snapshot): boolean {
  const [own, other] = [regionOf(location), regionOf(factAt(peer.network, "network", snapshot)?.location)];
  return own !== undefined && other !== undefined && own !== other;
}

/**
 * What gateways and route servers lead to, in the network and in peers whose it uses: the prefixes of their settings, and what
 * they learn over BGP, which may be anything. A table that keeps out what gateways propagate does so for both:
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#border-gateway-protocol,
 * https://learn.microsoft.com/azure/route-server/route-injection-in-spokes
 */
export function gatewayRoutes(subnet: SubnetFact, snapshot: Snapshot): readonly EffectiveRoute[] {
  const network = subnet.id.parent;
  const stop = routesOfTable(subnet, snapshot).table?.disableBgpRoutePropagation;
  if (network === undefined || (stop?.kind === "known" && stop.value)) return [];
  const unclear = stop?.kind === "unknown" ? stop.because : undefined;
  const { learned, because: open } = behindGatewaysOf(network, snapshot);
  const [because] = open;
  const hop = {
    source: "VirtualNetworkGateway",
    nextHopType: "VirtualNetworkGateway",
    rank: ranks.gateway,
  } as const;
  return [
    ...learned.map(({ prefixes, name, at, because: doubt }) =>
      route({ ...hop, prefixes, name, at, because: doubt ?? unclear }),
    ),
    ...(because === undefined ? [] : [route({ ...hop, ...anywhere, because })]),
  ];
}

/** Behind its own gateways and those that it uses over its peerings; what route servers announce is not known. */
function behindGatewaysOf(id: ResourceId, snapshot: Snapshot): BehindGateway {
  return snapshot.once(`behind the gateways that ${id.key} uses`, () => {
    const network = factAt(id, "network", snapshot);
    const used = network === undefined ? [] : behindUsedGateways(network, snapshot);
    const hosts = [id, ...used.flatMap(({ peering }) => peering.network ?? [])];
    return together([
      behindGatewaysIn(id, snapshot),
      ...used,
      ...hosts.map((host) => ({ learned: [], because: announcedIn(host, snapshot) })),
    ]);
  });
}

function announcedIn(network: ResourceId, snapshot: Snapshot): readonly string[] {
  const { must, because } = hasRouteServer(network, snapshot);
  return must ? [`what the route server of \`${network.text}\` announces is not known`] : because;
}
