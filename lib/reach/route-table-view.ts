import type { ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { allAddressesOf } from "./endpoint-addresses.ts";
import { hasIpv6 } from "./firewall-bypass.ts";
import { comesBeforeGateways, contested, contestedByGateway, isPreferred } from "./next-hops.ts";
import { privateRouteOf } from "./private-delivery.ts";
import { isApprovedOf } from "./private-link-groups.ts";
import { addressesAtMost } from "./private-path.ts";
import { type EffectiveRoute, routesOf, routesOfEndpoint } from "./routes.ts";
import { unreadBecause } from "./unread.ts";

/** What the portal shows as the effective routes of an interface in a subnet. */
export interface RouteTableView {
  readonly rows: readonly RouteRow[];
  /** Why there may be more rows. */
  readonly because: readonly string[];
}

export interface RouteRow {
  readonly source: EffectiveRoute["source"];
  /** Invalid: another route has the same prefix and comes first. */
  readonly state: "Active" | "Invalid" | "Unknown";
  /** Why the state is not known. */
  readonly because: string | undefined;
  /** One, or those of a service tag; none where they are not known. */
  readonly prefixes: readonly IpSet[];
  readonly nextHopType: string;
  readonly nextHopIpAddress: string | undefined;
  /** Of the user's route, of the peering, or of the private endpoint. */
  readonly name: string | undefined;
  readonly tag: string | undefined;
  /** Only there because of the endpoints that the subnet does not have. */
  readonly isAdded: boolean;
}

/** Rows for a subnet as if it had some service endpoints more. */
export function routeTableOf(
  subnet: SubnetFact,
  snapshot: Snapshot,
  more: readonly ServiceEndpoint[] = [],
): RouteTableView {
  const added = routesOfNewEndpoints(subnet, snapshot, more);
  const routes = [...routesOf(subnet, snapshot).flatMap(shownIn(subnet)), ...added];
  const rivals = rivalsAmong(routes);
  const rows = routes.flatMap((route) => rowsOf(route, rivals, snapshot, added.includes(route)));
  const privateEndpoints = rowsOfPrivateEndpoints(subnet, snapshot);
  const unread = unreadBecause(snapshot.everywhere("microsoft.network/privateendpoints"), "the private endpoints");
  return { rows: [...rows, ...privateEndpoints], because: unread === undefined ? [] : [unread] };
}

/**
 * An interface without IPv6 has none of the platform's own routes for it, as in what Azure answered here:
 * https://github.com/Azure/azure-powershell/issues/23091
 */
function shownIn(subnet: SubnetFact): (route: EffectiveRoute) => readonly EffectiveRoute[] {
  if (hasIpv6(subnet).may) return (route) => [route];
  return (route) => {
    if (route.source !== "Default" || route.tag !== undefined) return [route];
    const prefixes = route.prefixes.filter((prefix) => prefix.countIpv4 > 0);
    if (prefixes.length === route.prefixes.length) return [route];
    return prefixes.length === 0 ? [] : [{ ...route, prefixes }];
  };
}

export function routesOfNewEndpoints(
  { id }: SubnetFact,
  snapshot: Snapshot,
  endpoints: readonly ServiceEndpoint[],
): readonly EffectiveRoute[] {
  return endpoints.flatMap((endpoint) => {
    return routesOfEndpoint(endpoint, { resource: id, pointer: endpoint.pointer, value: endpoint.raw }, snapshot);
  });
}

interface Rivals {
  readonly byPrefix: ReadonlyMap<string, readonly EffectiveRoute[]>;
  /** Routes that stand for others of any length. */
  readonly unbounded: readonly { readonly route: EffectiveRoute; readonly prefix: IpSet }[];
  /** Of all service endpoints. */
  readonly ofEndpoints: readonly IpSet[];
  /** Of what comes before routes that a gateway learns over BGP. */
  readonly preferred: readonly IpSet[];
}

function rivalsAmong(routes: readonly EffectiveRoute[]): Rivals {
  const all = routes.flatMap((route) => route.prefixes.map((prefix) => ({ route, prefix })));
  const isOpen = ({ route }: (typeof all)[number]) => route.isOpen;
  const bounded = Map.groupBy(
    all.filter((one) => !isOpen(one)),
    ({ prefix }) => textOf(prefix),
  );
  return {
    byPrefix: new Map([...bounded].map(([text, ones]) => [text, ones.map(({ route }) => route)])),
    unbounded: all.filter(isOpen),
    ofEndpoints: routes.flatMap(({ endpoint, prefixes }) => (endpoint === undefined ? [] : prefixes)),
    preferred: routes.filter(isPreferred).flatMap(({ prefixes }) => prefixes),
  };
}

function textOf(prefix: IpSet): string {
  return prefix.toPrefixes().join(" ");
}

interface Standing {
  readonly state: RouteRow["state"];
  readonly because?: string;
}

function rowsOf(route: EffectiveRoute, rivals: Rivals, snapshot: Snapshot, isAdded: boolean): readonly RouteRow[] {
  const { source, nextHopType, nextHopIpAddress, name, tag } = route;
  const row = { source, nextHopType, nextHopIpAddress, name, tag, isAdded };
  const isKnown = tag === undefined || snapshot.serviceTags.prefixesOf(tag) !== undefined;
  if (!isKnown || route.isOpen) {
    return [{ ...row, state: "Unknown", because: route.because, prefixes: [] }];
  }
  const standings = route.prefixes.map((prefix) => ({ prefix, ...standingOf(route, prefix, rivals) }));
  if (tag === undefined) {
    return standings.map(({ prefix, state, because }) => ({ ...row, state, because, prefixes: [prefix] }));
  }
  const alike = Map.groupBy(standings, ({ state, because }) => `${state} ${because}`);
  return [...alike.values()].map((ones): RouteRow => {
    const [first] = ones;
    return {
      ...row,
      state: first?.state ?? "Unknown",
      because: first?.because,
      prefixes: ones.map(({ prefix }) => prefix),
    };
  });
}

/** The order of precedence is that of `nextHopsOf`. */
function standingOf(route: EffectiveRoute, prefix: IpSet, rivals: Rivals): Standing {
  if (route.because !== undefined) return { state: "Unknown", because: route.because };
  const better = (other: EffectiveRoute) => other.rank < route.rank && !isBeaten(other, route);
  const same = (rivals.byPrefix.get(textOf(prefix)) ?? []).filter(better);
  if (same.some((other) => other.because === undefined && contestOf(route, other) === undefined)) {
    return { state: "Invalid" };
  }
  const [contest] = same.flatMap((other) => contestOf(route, other) ?? []);
  if (contest !== undefined) return { state: "Unknown", because: contest };
  const open = same.find(({ because }) => because !== undefined);
  if (open !== undefined) return { state: "Unknown", because: open.because ?? contested };
  const unbounded = rivals.unbounded.find((other) => better(other.route) && prefix.isSubsetOf(other.prefix));
  if (unbounded !== undefined) return { state: "Unknown", because: unbounded.route.because ?? contested };
  const isWithin = (other: IpSet) => prefix.isSubsetOf(other);
  if (route.source === "User" && rivals.ofEndpoints.some(isWithin)) return { state: "Unknown", because: contested };
  if (route.source === "VirtualNetworkGateway" && rivals.preferred.some(isWithin)) {
    return { state: "Unknown", because: contestedByGateway };
  }
  return { state: "Active" };
}

/** What a gateway may learn never comes before the other route. */
function isBeaten(learned: EffectiveRoute, route: EffectiveRoute): boolean {
  return learned.because !== undefined && comesBeforeGateways(route, learned);
}

/** Why it is not known which of the two comes first, though the second one has the lower rank. */
function contestOf(route: EffectiveRoute, other: EffectiveRoute): string | undefined {
  if (route.endpoint !== undefined && other.source === "User") return contested;
  return comesBeforeGateways(route, other) ? contestedByGateway : undefined;
}

/**
 * "Only private endpoints in an approved state can be used to send traffic", and no page says whether one that waits, was
 * rejected or disconnected keeps its interface's route: https://learn.microsoft.com/azure/private-link/private-endpoint-overview
 */
const notApproved = "whether a private endpoint has a route while its connection is not approved is not documented";

/** Each endpoint has a route for each of its addresses in the tables of its own network and of those peered with it. */
function rowsOfPrivateEndpoints(subnet: SubnetFact, snapshot: Snapshot): readonly RouteRow[] {
  return snapshot.ofKind("privateEndpoint").flatMap((endpoint): readonly RouteRow[] => {
    const holder = factAt(endpoint.subnet, "subnet", snapshot);
    if (holder === undefined) return [];
    const place = { subnet: holder };
    const { addresses, because: open } = allAddressesOf(endpoint, snapshot);
    const isApproved = isApprovedOf(endpoint);
    const doubts = isApproved.must ? [] : [isApproved.because[0] ?? notApproved];
    const row = {
      source: "Default",
      nextHopType: "InterfaceEndpoint",
      nextHopIpAddress: undefined,
      name: endpoint.id.name,
      tag: undefined,
      isAdded: false,
    } as const;
    if (addresses === undefined) {
      const { neighbour } = privateRouteOf(subnet, place, IpSet.empty, snapshot);
      return neighbour.may ? [{ ...row, state: "Unknown", because: open[0], prefixes: [] }] : [];
    }
    return addresses.singles(addressesAtMost).flatMap((address): readonly RouteRow[] => {
      const { neighbour, isReplaced, because } = privateRouteOf(subnet, place, address, snapshot);
      if (!neighbour.may) return [];
      const why = [...doubts, ...(neighbour.must ? [] : neighbour.because), ...because][0];
      const isCertain = isApproved.must && neighbour.must && isReplaced !== "unknown";
      const state = isApproved.must && isReplaced === true ? "Invalid" : isCertain ? "Active" : "Unknown";
      return [{ ...row, state, because: state === "Unknown" ? why : undefined, prefixes: [address] }];
    });
  });
}
