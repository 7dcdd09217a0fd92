import { type Address, holds, parseAddress, parsePrefix } from "./addresses.ts";
import { atomsIn } from "./atoms.ts";
import { firewallSources } from "./egress.ts";
import { configurationsOf, nsgDecision, type Packet, subnetHolds, type Verdict } from "./filters.ts";
import {
  type Connection,
  firewallAt,
  isConnected,
  isOnward,
  letsPass,
  type Standing,
  sentToEndpoint,
  sentToInternet,
} from "./firewalls.ts";
import { gatewayPrefixes } from "./gateways.ts";
import { admitsBesidePerimeter, perimeterOf } from "./perimeter.ts";
import { admitsByRoute, admitsFromInternet, admitsSources, type Door, doorOf } from "./public-door.ts";
import { peersOf, possibleRoutes, type Route, rangesOf, userRoutes } from "./routes.ts";
import type { World } from "./world.ts";
import {
  type Answer,
  all,
  any,
  at,
  eitherWay,
  find,
  listAt,
  ofType,
  type Place,
  placeOf,
  same,
  textAt,
} from "./world.ts";

export { type Decision, type Direction, filtersAllow, nsgDecision, type Packet, type Verdict } from "./filters.ts";
export { type Hop, nextHop } from "./routes.ts";
export type { Answer, Body, ServiceTag, World } from "./world.ts";

// A naive walk of one packet through a world of raw ARM bodies, after Azure's documents, to judge the engine by. It shares
// no code with lib/. Where it says "unknown", the documents leave the answer open or disagree: no answer is wrong there.

/** A port as clients take it for their side of a connection. */
const clientPort = 50_000;

function tcp(source: string, destination: string, destinationPort: number, sourcePort: number): Packet {
  return { protocol: "Tcp", source, sourcePort, destination, destinationPort };
}

/** The answer with the steps that settle it: those that refuse, else those that cannot be told, else all. */
function verdict(steps: Readonly<Record<string, Answer>>): Verdict {
  const allowed = all(Object.values(steps));
  const decisive = Object.keys(steps).filter((step) => steps[step] === allowed);
  return { allowed, why: decisive.join(", ") };
}

/** The subnet's own group only: which interface has the address is not asked. */
/** Both the group of the subnet and that of the interface that has the source must allow. */
function leaves(world: World, { subnet }: Place, packet: Packet): Answer {
  const subnetId = textAt(subnet, "id");
  const senders = ofType(world, "Microsoft.Network/networkInterfaces").filter((nic) =>
    configurationsOf(nic).some((one) => {
      const isHere = same(at(one, "properties.subnet.id"), subnetId);
      return isHere && textAt(one, "properties.privateIPAddress") === packet.source;
    }),
  );
  const groups = [subnet, ...senders].map((one) => textAt(one, "properties.networkSecurityGroup.id"));
  return all(
    groups.map((group) => group === "" || isAllowed(nsgDecision(world, group, "Outbound", packet, { subnetId }))),
  );
}

function isAllowed({ access }: { readonly access: string }): Answer {
  return access === "unknown" ? "unknown" : access === "Allow";
}

/** Whether a connection from the subnet gets to one of the endpoint's addresses. */
export function reachesPrivateEndpoint(
  world: World,
  fromSubnetId: string,
  fromAddress: string,
  privateEndpointId: string,
  port: number,
  sourcePort = clientPort,
): Verdict {
  const endpoint = find(world, privateEndpointId);
  const from = placeOf(world, fromSubnetId);
  const to = placeOf(world, textAt(endpoint, "properties.subnet.id"));
  const source = parseAddress(fromAddress);
  if (from === undefined || to === undefined) return { allowed: "unknown", why: "a subnet is not in this world" };
  if (source === undefined || !sends(world, from, to, source)) return { allowed: false, why: "no such source" };
  const nics = listAt(endpoint, "properties.networkInterfaces").map((nic) => find(world, textAt(nic, "id")));
  const addresses = nics.flatMap(configurationsOf).map((one) => textAt(one, "properties.privateIPAddress"));
  const verdicts = addresses
    .filter((text) => parseAddress(text)?.family === source.family)
    .map((address) => {
      const packet = tcp(fromAddress, address, port, sourcePort);
      const ways = waysToEndpoint(world, from, to, endpoint, packet);
      return verdict({
        "connection state": isApproved(endpoint),
        "outbound filter": leaves(world, from, packet),
        route: all([hasReply(world, from, to, source), eitherWay(ways.map(({ route }) => route))]),
        "inbound filter": eitherWay(ways.map(({ inbound }) => inbound)),
      });
    });
  const none = {
    allowed: nics.includes(undefined) || nics.length === 0 ? "unknown" : false,
    why: "no address",
  } as const;
  const allowed = any(verdicts.map((one) => one.allowed));
  return verdicts.find((one) => one.allowed === allowed) ?? none;
}

/** Through an Azure Firewall packets come with one of its own addresses, or with theirs, and else with theirs. */
function waysToEndpoint(world: World, from: Place, to: Place, endpoint: unknown, packet: Packet) {
  const { source, destination, destinationPort: port } = packet;
  const [address, target] = [parseAddress(source), parseAddress(destination)];
  return routesToEndpoint(world, from, to, destination).map(({ delivers, route }) => {
    const standing = route && same(route.type, "VirtualAppliance") ? firewallAt(world, from, route.address) : undefined;
    const links = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
    const [link] = links.flatMap((list) => listAt(endpoint, `properties.${list}`));
    const service = find(world, textAt(link, "properties.privateLinkServiceId"));
    const direct = { route: delivers, inbound: entersEndpoint(world, to, packet) };
    if (standing === undefined || service === undefined || address?.family !== 4 || target === undefined) return direct;
    const connection = { source: address, destination: target, port, service };
    const isSent = sentToEndpoint(world, standing, connection);
    const senders = atomsIn(world, textAt(standing.place.subnet, "properties.addressPrefix"));
    const sources = isSent("network", "") === true ? senders : [...senders, source];
    const isThere = [
      isConnected(world, from, standing, address, subnetHolds(from.subnet, address) ? "peers" : "gateway"),
      letsPass(world, standing, connection, isSent),
      eitherWay(routesToEndpoint(world, standing.place, to, destination).map((one) => one.delivers)),
    ];
    const inbound = eitherWay(sources.map((one) => entersEndpoint(world, to, { ...packet, source: one })));
    return { route: all(isThere), inbound };
  });
}

/** Callers behind a gateway come in over its subnet; they get replies where the endpoint's network has routes to them. */
function sends(world: World, { subnet, network }: Place, to: Place, source: Address): boolean {
  if (subnetHolds(subnet, source)) return true;
  if (!textAt(subnet, "id").endsWith("/subnets/GatewaySubnet")) return false;
  return [network, to.network].every((one) => gatewayPrefixes(world, one).some((prefix) => holds(prefix, source)));
}

/** Whether an endpoint needs a route back is not documented, where the table of its subnet keeps those of gateways out. */
function hasReply(world: World, from: Place, to: Place, source: Address): Answer {
  const table = find(world, textAt(to.subnet, "properties.routeTable.id"));
  const isKeptOut = at(table, "properties.disableBgpRoutePropagation") === true;
  return subnetHolds(from.subnet, source) || !isKeptOut || "unknown";
}

/**
 * "Only private endpoints in an approved state can be used to send traffic":
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-endpoint-properties
 */
function isApproved(endpoint: unknown): boolean {
  const connections = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
  return connections
    .flatMap((list) => listAt(endpoint, `properties.${list}`))
    .some((one) => same(at(one, "properties.privateLinkServiceConnectionState.status"), "Approved"));
}

/**
 * Whether the policies of the endpoint's subnet are on for groups, or for route tables; off is the default:
 * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
 */
function policyIsOn({ subnet }: Place, policy: "NetworkSecurityGroupEnabled" | "RouteTableEnabled"): Answer {
  const value = at(subnet, "properties.privateEndpointNetworkPolicies") ?? "Disabled";
  if (same(value, "Enabled") || same(value, policy)) return true;
  const off = ["Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"];
  return off.some((one) => same(value, one)) ? false : "unknown";
}

/**
 * Source ports are not looked at on the way to a private endpoint:
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#network-security-group
 */
function entersEndpoint(world: World, to: Place, packet: Packet): Answer {
  const policy = policyIsOn(to, "NetworkSecurityGroupEnabled");
  const group = textAt(to.subnet, "properties.networkSecurityGroup.id");
  if (policy === false || group === "") return true;
  const subnetId = textAt(to.subnet, "id");
  const allowed = isAllowed(nsgDecision(world, group, "Inbound", packet, { subnetId, ignoresSourcePort: true }));
  return policy === true ? allowed : eitherWay([true, allowed]);
}

/** Whether packets are brought to the endpoint, and by which route; by the endpoint's own there is none. */
interface Delivery {
  readonly delivers: Answer;
  readonly route?: Route;
}

/**
 * An endpoint puts a /32 for itself into its own network and those directly peered with it. Only a user route with at
 * least as long a prefix as the network's range invalidates it, and only with the policy for route tables:
 * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
 * What a user's own /32 does without the policy is left open: by longest prefix it would win, too.
 */
function routesToEndpoint(world: World, from: Place, to: Place, text: string): readonly Delivery[] {
  const address = parseAddress(text);
  if (address === undefined) return [{ delivers: "unknown" }];
  const isOwn = same(from.network.id, to.network.id);
  const peer = peersOf(world, from.network).find(({ id }) => same(id, to.network.id));
  const isNeighbour = isOwn || (peer !== undefined && (peer.isAccessible || "unknown"));
  const routes = possibleRoutes(world, textAt(from.subnet, "id"), text);
  const ordinary = routes.map((route) => ({ delivers: delivers(route, isOwn, isNeighbour !== false), route }));
  if (isNeighbour === false) return ordinary;
  const range = rangesOf(to.network).find((one) => holds(one, address));
  const lengths = userRoutes(world, from.subnet).flatMap((one) => (one.holds(address) === true ? one.length : []));
  const isLonger = lengths.some((length) => length >= (range?.length ?? 0));
  const isExact = lengths.includes(address.family === 4 ? 32 : 128);
  const policy = policyIsOn(to, "RouteTableEnabled");
  if (policy === true && isLonger) return ordinary;
  const isOpen = policy === "unknown" ? isLonger : isExact;
  return isOpen ? [{ delivers: isNeighbour }, ...ordinary] : [{ delivers: isNeighbour }];
}

/** What an appliance or a gateway does with the packet cannot be told. */
function delivers({ type, source }: Route, isOwn: boolean, isNeighbour: boolean): Answer {
  if (same(type, "None") || same(type, "Internet")) return false;
  if (source === "VnetPeering") return isNeighbour;
  if (source === "Default") return isOwn;
  return same(type, "VnetLocal") && isOwn ? true : "unknown";
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry: not globally reachable. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

function isPrivate(address: Address): boolean {
  return privateRanges.some((prefix) => {
    const range = parsePrefix(prefix);
    return range !== undefined && holds(range, address);
  });
}

export type From =
  | { readonly kind: "internet"; readonly address: string }
  | { readonly kind: "subnet"; readonly subnetId: string; readonly address: string };

/**
 * Whether a packet gets in at the public endpoint by the service's own network rules. Trusted services, resource
 * instances are not asked about: they admit by identity.
 */
export function reachesPublicDoor(
  world: World,
  from: From,
  serviceId: string,
  serviceAddress: string,
  port: number,
  sourcePort = clientPort,
  site?: string,
): Verdict {
  const service = find(world, serviceId);
  const door = service && doorOf(world, service, site);
  const address = parseAddress(from.address);
  if (door === undefined || address === undefined) return { allowed: "unknown", why: "not in this world" };
  if (from.kind === "internet" && isPrivate(address)) return { allowed: false, why: "no such address out there" };
  const perimeter = service && perimeterOf(world, service);
  const isHeard = address.family === 4 || door.hasIpv6;
  if (perimeter !== undefined) {
    if (from.kind === "subnet") return { allowed: "unknown", why: "a perimeter, and a caller in a network" };
    const own = all([door.isOpen === true, admitsFromInternet(world, door, address)]);
    return verdict({ family: isHeard, perimeter: admitsBesidePerimeter(perimeter, address, own) });
  }
  if (door.isOpen === "unknown") return { allowed: "unknown", why: "public access that a perimeter is to decide" };
  if (from.kind === "internet") {
    return verdict({
      "public access": door.isOpen,
      family: isHeard,
      "address rules": admitsFromInternet(world, door, address),
    });
  }
  const place = placeOf(world, from.subnetId);
  if (place === undefined) return { allowed: "unknown", why: "the subnet is not in this world" };
  if (!subnetHolds(place.subnet, address)) return { allowed: false, why: "no such source" };
  if (parseAddress(serviceAddress)?.family !== address.family) return { allowed: false, why: "two families" };
  const routes = possibleRoutes(world, from.subnetId, serviceAddress);
  return verdict({
    "public access": door.isOpen,
    family: isHeard,
    "outbound filter": leaves(world, place, tcp(from.address, serviceAddress, port, sourcePort)),
    "route and rules": eitherWay(
      routes.map((route) => {
        const standing = same(route.type, "VirtualAppliance") ? firewallAt(world, place, route.address) : undefined;
        if (standing === undefined || address.family === 6) return admitsByRoute(world, door, route, place, address);
        const destination = parseAddress(serviceAddress);
        if (service === undefined || destination === undefined) return "unknown";
        const connection = { source: address, destination, port, service };
        return getsThrough(world, door, place, standing, connection, serviceAddress);
      }),
    ),
    "endpoint policies": eitherWay(
      routes.map((route) => route.source !== "ServiceEndpoint" || letByPolicies(world, place.subnet, serviceId)),
    ),
  });
}

/**
 * Past the rules, and on by one of the routes of the firewall's own subnet. "You can choose to enable service endpoints in the Azure
 * Firewall subnet and disable them on the connected spoke virtual networks":
 * https://learn.microsoft.com/azure/firewall/firewall-faq#how-do-i-set-up-azure-firewall-with-my-service-endpoints
 */
function getsThrough(
  world: World,
  door: Door,
  from: Place,
  standing: Standing,
  connection: Connection,
  destination: string,
): Answer {
  const { firewall, place } = standing;
  const [first] = listAt(firewall, "properties.ipConfigurations");
  const own = parseAddress(textAt(first, "properties.privateIPAddress")) ?? connection.source;
  const onward = possibleRoutes(world, textAt(place.subnet, "id"), destination);
  const isLetPast = (isDirect: boolean) =>
    letsPass(world, standing, connection, sentToInternet(world, standing, connection, isDirect));
  return all([
    isConnected(world, from, standing, connection.source),
    eitherWay(
      onward.map((route) => {
        if (route.source !== "ServiceEndpoint") {
          return all([
            isLetPast(same(route.type, "Internet")),
            admitsThrough(world, door, standing, from),
            isOnward(route),
          ]);
        }
        const isNamed = admitsByRoute(world, door, route, place, own);
        return all([isLetPast(false), isNamed, letByPolicies(world, place.subnet, connection.service.id)]);
      }),
    ),
  ]);
}

/** With the firewall's addresses. Whether the region that counts is the firewall's or the subnet's is not documented. */
function admitsThrough(world: World, door: Door, { firewall, place }: Standing, from: Place): Answer {
  const sources = firewallSources(world, firewall, place);
  const isAdmitted = eitherWay([place, from].map((one) => admitsSources(world, door, sources, one, { family: 4 })));
  return all([isAdmitted, sources !== "unknown" || "unknown"]);
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview: for storage alone. */
function letByPolicies(world: World, subnet: unknown, serviceId: string): Answer {
  const named = listAt(subnet, "properties.serviceEndpointPolicies").map((one) => textAt(one, "id"));
  if (named.length === 0 || !/\/storageAccounts\/[^/]+$/i.test(serviceId)) return true;
  const policies = named.map((id) => find(world, id));
  const listed = policies.flatMap((policy) =>
    listAt(policy, "properties.serviceEndpointPolicyDefinitions").flatMap((one) =>
      listAt(one, "properties.serviceResources").map((resource) => `${resource}/`.toLowerCase()),
    ),
  );
  if (listed.some((resource) => `${serviceId}/`.toLowerCase().startsWith(resource))) return true;
  const isGlobal = listAt(subnet, "properties.serviceEndpoints").some(
    (one) => textAt(one, "service").toLowerCase() === "microsoft.storage.global",
  );
  return policies.includes(undefined) || isGlobal ? "unknown" : false;
}
