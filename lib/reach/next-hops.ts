import { IpSet } from "../net/ip-set.ts";
import type { EffectiveRoute } from "./routes.ts";

/** Destinations that packets go to in one way. */
export interface NextHop {
  readonly addresses: IpSet;
  /** The one that is taken first, then those that may be taken instead: the documents or the recording leave it open. */
  readonly routes: readonly [EffectiveRoute, ...EffectiveRoute[]];
  /** Every one of the routes leads to the same place. */
  readonly isCertain: boolean;
}

/** Prefixes of one length that belong to one route. */
interface Entry {
  readonly route: EffectiveRoute;
  readonly length: number;
  readonly addresses: IpSet;
}

interface Open {
  readonly addresses: IpSet;
  readonly doubts: readonly EffectiveRoute[];
}

/**
 * Where packets to each of the destinations go: the longest prefix that holds them, of equal ones the user's before the
 * gateway's before the system's. System routes for networks, peerings and service endpoints come before any that a
 * gateway announces: https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
 */
export function nextHopsOf(routes: readonly EffectiveRoute[], destinations: IpSet): readonly NextHop[] {
  const entries = routes.flatMap((route) => entriesOf(route, destinations)).sort(byPreference);
  const endpoints = entries.some(({ route }) => route.source === "User") ? rivalsIn(routes, entries, isOfEndpoint) : [];
  const isStatic = ({ route }: Entry) => route.source === "VirtualNetworkGateway" && route.because === undefined;
  const preferred = entries.some(isStatic) ? rivalsIn(routes, entries, isPreferred) : [];
  const hops: NextHop[] = [];
  let open: readonly Open[] = [{ addresses: destinations, doubts: [] }];
  for (const { route, addresses } of entries) {
    open = open.flatMap((one) => {
      const inside = one.addresses.intersect(addresses);
      if (inside.isEmpty) return [one];
      const outside = one.addresses.minus(addresses);
      const rest = outside.isEmpty ? [] : [{ ...one, addresses: outside }];
      if (route.because !== undefined) return [{ addresses: inside, doubts: [...one.doubts, route] }, ...rest];
      hops.push(...decided(route, inside, one.doubts, route.source === "User" ? endpoints : preferred));
      return rest;
    });
    if (open.length === 0) break;
  }
  return hops;
}

/** A route that may come before another one with as long a prefix or a longer one, and what of the destinations it is for. */
interface Rival {
  readonly route: EffectiveRoute;
  readonly addresses: IpSet;
}

/** The same for every route that they may come before: an endpoint has thousands of prefixes. */
function rivalsIn(
  routes: readonly EffectiveRoute[],
  entries: readonly Entry[],
  isRival: (route: EffectiveRoute) => boolean,
): readonly Rival[] {
  const byRoute = Map.groupBy(
    entries.filter(({ route }) => isRival(route)),
    ({ route }) => route,
  );
  return routes.flatMap((route) => {
    const own = byRoute.get(route);
    return own === undefined ? [] : [{ route, addresses: IpSet.union(own.map(({ addresses }) => addresses)) }];
  });
}

function isOfEndpoint({ endpoint }: EffectiveRoute): boolean {
  return endpoint !== undefined;
}

/** What of the destinations a route is for, by the length of its prefixes. What is not known comes before everything. */
function entriesOf(route: EffectiveRoute, destinations: IpSet): readonly Entry[] {
  const byLength = Map.groupBy(
    route.prefixes.filter((prefix) => prefix.overlaps(destinations)),
    (prefix) => (route.isOpen ? 129 : lengthOf(prefix)),
  );
  return [...byLength].map(([length, prefixes]) => ({
    route,
    length,
    addresses: IpSet.union(prefixes.map((prefix) => prefix.intersect(destinations))),
  }));
}

/** Of IPv4 from 0 to 32, of IPv6 to 128: the two are never compared with each other. */
export function lengthOf(prefix: IpSet): number {
  const { countIpv4 } = prefix;
  return countIpv4 > 0 ? 32 - Math.round(Math.log2(countIpv4)) : 129 - prefix.countIpv6.toString(2).length;
}

function byPreference(a: Entry, b: Entry): number {
  return b.length - a.length || a.route.rank - b.route.rank;
}

/**
 * The documents disagree on whether a user's route with as long a prefix as that of a service endpoint, or a longer one,
 * comes before it: "User-defined route, BGP route, System route", and "service endpoint routes override any BGP or UDR
 * routes". Routes that a gateway learns over BGP never come before those of networks, peerings and service endpoints; of those
 * that its settings give it the documents do not say.
 */
function decided(
  route: EffectiveRoute,
  addresses: IpSet,
  doubts: readonly EffectiveRoute[],
  rivals: readonly Rival[],
): readonly NextHop[] {
  const others = doubts.filter((doubt) => !comesBeforeGateways(route, doubt));
  if (route.source === "Default") return [nextHop(addresses, [route, ...others])];
  let rest = addresses;
  const parts = rivals.flatMap(({ route: rival, addresses: its }) => {
    const part = rest.intersect(its);
    rest = rest.minus(part);
    if (part.isEmpty) return [];
    return [nextHop(part, [withDoubt(route), ...others.filter((one) => one !== rival), rival])];
  });
  return rest.isEmpty ? parts : [...parts, nextHop(rest, [route, ...others])];
}

function withDoubt(route: EffectiveRoute): EffectiveRoute {
  return route.source === "User" ? route : { ...route, because: contestedByGateway };
}

/** Why it is not known which of the two is taken: see `decided`. */
export const contested = "whether the user's route or that of the service endpoint comes first is not documented";
export const contestedByGateway =
  "whether the route of the gateway or that of the network, peering or service endpoint comes first is not documented";

/** The first is a route for a network, a peering or a service endpoint, and the second one that a gateway announces. */
export function comesBeforeGateways(route: EffectiveRoute, { source }: EffectiveRoute): boolean {
  return source === "VirtualNetworkGateway" && isPreferred(route);
}

/** Even before more specific ones that a gateway announces. */
export function isPreferred({ source, nextHopType }: EffectiveRoute): boolean {
  if (source !== "Default") return false;
  return ["VnetLocal", "VNetPeering", "VNetGlobalPeering", "VirtualNetworkServiceEndpoint"].includes(nextHopType);
}

function nextHop(addresses: IpSet, routes: NextHop["routes"]): NextHop {
  const [first, ...others] = routes;
  const isSame = (other: EffectiveRoute) =>
    other.nextHopType === first.nextHopType && other.nextHopIpAddress === first.nextHopIpAddress;
  return { addresses, routes, isCertain: first.nextHopType !== "unknown" && others.every(isSame) };
}
