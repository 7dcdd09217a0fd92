import { type Address, formatPrefix, holds, type Prefix, parseAddress, parsePrefix } from "./addresses.ts";
import { gatewayPrefixes } from "./gateways.ts";
import {
  type Answer,
  at,
  type Body,
  find,
  listAt,
  oncePerWorld,
  type Place,
  placeOf,
  prefixesAt,
  same,
  tagPrefixes,
  textAt,
  type World,
} from "./world.ts";

export interface Hop {
  /** As ARM spells it; "unknown" where the documents leave it open. */
  readonly type: string;
  readonly address?: string;
  readonly prefix: string;
  readonly source: "Default" | "User" | "VnetPeering" | "ServiceEndpoint" | "VirtualNetworkGateway";
}

export interface Route extends Hop {
  /** Whether the route is there and its prefix holds the address. */
  readonly holds: (address: Address) => Answer;
  readonly length: number;
  /** Among equal prefixes the lowest is taken. */
  readonly rank: number;
  /** The service whose endpoint made the route. */
  readonly service?: string;
}

export interface Peer {
  readonly id: string;
  readonly ranges: readonly Prefix[];
  readonly isAccessible: boolean;
}

// https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default
const reserved = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Addresses that Azure does not route to the internet, and unique local IPv6 addresses. */
export function isPrivate(address: Address): boolean {
  return [...reserved, "fc00::/7"].flatMap((text) => parsePrefix(text) ?? []).some((range) => holds(range, address));
}

export function rangesOf(network: Body): readonly Prefix[] {
  return prefixesAt(network, "properties.addressSpace.addressPrefixes");
}

/**
 * The networks that are connected with this one. Connected means that both sides have made the peering; peerings are
 * not transitive; the peer's space is the one that was synchronised last:
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 * The access flag is for the way from this network to the peer; each side has its own:
 * https://learn.microsoft.com/rest/api/virtualnetwork/virtual-network-peerings/get
 */
export function peersOf(world: World, network: Body): readonly Peer[] {
  const peerings = listAt(network, "properties.virtualNetworkPeerings");
  return peerings
    .filter((peering) => same(at(peering, "properties.peeringState"), "Connected"))
    .map((peering) => {
      const id = textAt(peering, "properties.remoteVirtualNetwork.id");
      const peer = find(world, id);
      const synchronised = prefixesAt(peering, "properties.remoteAddressSpace.addressPrefixes");
      const ranges = synchronised.length > 0 || peer === undefined ? synchronised : rangesOf(peer);
      return { id, ranges, isAccessible: at(peering, "properties.allowVirtualNetworkAccess") === true };
    });
}

/**
 * A user route may name a service tag: a route for each of its prefixes. Among equal prefixes an explicit one comes first,
 * then regional tags, other tags, AzureCloud by region, AzureCloud:
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#exact-match
 */
export function userRoutes(world: World, subnet: unknown): readonly Route[] {
  return routesIn(world, textAt(subnet, "properties.routeTable.id"));
}

const routesIn = oncePerWorld((world, tableId): readonly Route[] => {
  return listAt(find(world, tableId), "properties.routes").flatMap((route) => {
    const name = textAt(route, "properties.addressPrefix");
    const address = textAt(route, "properties.nextHopIpAddress");
    const type = textAt(route, "properties.nextHopType");
    const hop = { type, ...(address === "" ? {} : { address }), source: "User" } as const;
    const explicit = parsePrefix(name);
    if (explicit !== undefined) return certain([explicit], { ...hop, rank: 0 });
    const rank = (name.includes(".") ? 1 : 2) + (name.toLowerCase().startsWith("azurecloud") ? 2 : 0);
    const prefixes = tagPrefixes(world, name);
    return prefixes ? certain(prefixes, { ...hop, rank }) : [unlisted(name, { ...hop, rank })];
  });
});

const endpointTags: Readonly<Record<string, string>> = {
  "microsoft.storage": "Storage",
  "microsoft.storage.global": "Storage",
  "microsoft.sql": "Sql",
  "microsoft.keyvault": "AzureKeyVault",
  "microsoft.web": "AppService",
};

/**
 * On the endpoint's subnet only, for the prefixes of the service's tag:
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#optional-default-routes
 * A location stands for the tag of its region. An endpoint that is not yet (or no longer) in force, and IPv6, of which
 * the documents say nothing, are doubtful: https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
 */
function endpointRoutes(world: World, { subnet }: Place): readonly Route[] {
  return listAt(subnet, "properties.serviceEndpoints").flatMap((endpoint) => {
    const service = textAt(endpoint, "service");
    const tag = endpointTags[service.toLowerCase()];
    if (tag === undefined) return [];
    const hop = { type: "VirtualNetworkServiceEndpoint", source: "ServiceEndpoint", rank: 5, service } as const;
    const state = at(endpoint, "provisioningState");
    const inForce = state === undefined || same(state, "Succeeded");
    const locations = listAt(endpoint, "locations");
    return (locations.length === 0 ? ["*"] : locations).flatMap((location) => {
      const name = location === "*" ? tag : `${tag}.${location}`;
      const prefixes = tagPrefixes(world, name);
      if (prefixes !== undefined) return prefixes.flatMap((one) => certain([one], hop, inForce && one.family === 4));
      return tagPrefixes(world, tag)?.flatMap((one) => certain([one], hop, false)) ?? [unlisted(name, hop)];
    });
  });
}

/**
 * Whether a peer is routed to although allowVirtualNetworkAccess is false is left open: it "doesn't fully prevent traffic
 * flow across the peer connection": https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 */
function peeringRoutes(world: World, { network }: Place): readonly Route[] {
  const hop = { type: "VNetPeering", source: "VnetPeering", rank: 6 } as const;
  return peersOf(world, network).flatMap(({ ranges, isAccessible }) => certain(ranges, hop, isAccessible));
}

/**
 * A table keeps what gateways propagate out of its subnets, "both static routes and BGP routes":
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#border-gateway-protocol
 */
function gatewayRoutes(world: World, { network, subnet }: Place): readonly Route[] {
  const table = find(world, textAt(subnet, "properties.routeTable.id"));
  if (at(table, "properties.disableBgpRoutePropagation") === true) return [];
  const hop = { type: "VirtualNetworkGateway", source: "VirtualNetworkGateway", rank: 4.5 } as const;
  return certain(gatewayPrefixes(world, network), hop);
}

/**
 * A reserved prefix has no route of its own where a range of the network includes it, and none has where the user has a
 * default route: https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#routing-example
 */
function systemRoutes(world: World, { network, subnet }: Place): readonly Route[] {
  const own = rangesOf(network);
  const isIncluded = ({ family, first, last }: Prefix) =>
    own.some((range) => holds(range, { family, value: first }) && holds(range, { family, value: last }));
  const prefixes = (texts: readonly string[]) => texts.flatMap((text) => parsePrefix(text) ?? []);
  const table = find(world, textAt(subnet, "properties.routeTable.id"));
  const hasDefault = listAt(table, "properties.routes").some(
    (route) => textAt(route, "properties.addressPrefix") === "0.0.0.0/0",
  );
  const dropped = hasDefault ? [] : prefixes(reserved).filter((prefix) => !isIncluded(prefix));
  return [
    ...certain(own, { type: "VnetLocal", source: "Default", rank: 7 }),
    ...certain(dropped, { type: "None", source: "Default", rank: 8 }),
    ...certain(prefixes(["0.0.0.0/0", "::/0"]), { type: "Internet", source: "Default", rank: 9 }),
  ];
}

const routesFrom = oncePerWorld((world, subnetId): readonly Route[] => {
  const place = placeOf(world, subnetId);
  if (place === undefined) return [];
  const learned = gatewayRoutes(world, place);
  const peered = peeringRoutes(world, place);
  const systems = [...learned, ...endpointRoutes(world, place), ...peered, ...systemRoutes(world, place)];
  return [...userRoutes(world, place.subnet), ...systems];
});

type Via = Omit<Route, "prefix" | "length" | "holds">;

function certain(prefixes: readonly Prefix[], via: Via, isCertain = true): readonly Route[] {
  return prefixes.map((one) => ({
    ...via,
    prefix: formatPrefix(one),
    length: one.length,
    holds: (address) => holds(one, address) && (isCertain || "unknown"),
  }));
}

/** The prefixes of a tag that is not listed may be any public ones, of any length. */
function unlisted(tag: string, via: Via): Route {
  return { ...via, prefix: tag, length: 129, holds: (address) => !isPrivate(address) && "unknown" };
}

/** The longest prefix; among equal ones user routes before system routes. */
function preferred(routes: readonly Route[]): Route | undefined {
  return routes.toSorted((one, other) => other.length - one.length || one.rank - other.rank)[0];
}

/**
 * The routes that a packet may take; several where the documents leave it open. They disagree on whether a user route
 * with as long a prefix as a service endpoint's route, or a longer one, comes before it: "User-defined route, BGP route,
 * System route" (virtual-networks-udr-overview#how-azure-selects-a-route), "Service endpoint routes override any BGP or
 * UDR routes" (virtual-network-service-endpoints-overview#logging-and-troubleshooting, 2019). System routes for networks,
 * peerings and service endpoints are preferred "even if BGP routes are more specific": of static ones the page does not say.
 */
export function possibleRoutes(world: World, subnetId: string, destination: string): readonly Route[] {
  const address = parseAddress(destination);
  if (address === undefined) return [];
  const routes = routesFrom(world, subnetId);
  const sure = routes.filter((route) => route.holds(address) === true);
  const doubtful = routes.filter((route) => route.holds(address) === "unknown");
  const best = preferred(sure);
  const contesting = sure.filter((route) => route !== best && isContested(route, best));
  const possible = doubtful.filter((route) => preferred([...sure, route]) === route || isContested(route, best));
  return [best, ...contesting, ...possible].filter((route) => route !== undefined);
}

function isContested(route: Route, best: Route | undefined): boolean {
  if (best === undefined || best.length < route.length) return false;
  if (best.source === "User") return route.source === "ServiceEndpoint";
  return best.source === "VirtualNetworkGateway" && isPreferred(route);
}

function isPreferred({ source, type }: Route): boolean {
  return source === "ServiceEndpoint" || source === "VnetPeering" || (source === "Default" && type === "VnetLocal");
}

/**
 * Where a packet from the subnet goes next. The /32 that a private endpoint adds is left to `reachesPrivateEndpoint`.
 * Known on no page: IPv6 has the system route ::/0 like IPv4's, and drops nothing.
 */
export function nextHop(world: World, subnetId: string, destination: string): Hop {
  const [first, ...others] = possibleRoutes(world, subnetId, destination);
  if (first === undefined) return { type: "unknown", prefix: "", source: "Default" };
  const { type, address, prefix, source } = first;
  const isSettled = others.every((other) => other.type === type && other.address === address);
  if (!isSettled) return { type: "unknown", prefix, source };
  return { type, ...(address === undefined ? {} : { address }), prefix, source };
}
