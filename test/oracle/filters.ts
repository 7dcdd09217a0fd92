import { type Address, holds, parseAddress, parsePrefix } from "./addresses.ts";
import { gatewayPrefixes } from "./gateways.ts";
import { isPrivate, peersOf, rangesOf, userRoutes } from "./routes.ts";
import {
  type Answer,
  all,
  any,
  at,
  find,
  listAt,
  ofType,
  type Place,
  placeOf,
  places,
  prefixesAt,
  same,
  tagPrefixes,
  textAt,
  textsAt,
  type World,
} from "./world.ts";

export type Direction = "Inbound" | "Outbound";

/** Addresses as the filters see them: after inbound and before outbound translation, so never a public one of ours. */
export interface Packet {
  readonly protocol: "Tcp" | "Udp" | "Icmp";
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

export interface Decision {
  readonly access: "Allow" | "Deny" | "unknown";
  /** The rule that decides; of several that may, by the narrowest reading of VirtualNetwork. */
  readonly rule: string;
}

export interface Verdict {
  readonly allowed: Answer;
  readonly why: string;
}

export interface Asked {
  /** Where the group is attached; if absent, the subnet of those with this group that holds the near address. */
  readonly subnetId?: string;
  readonly ignoresSourcePort?: boolean;
}

/** How to read what the documents leave open about VirtualNetwork and Internet. */
interface Reading {
  readonly includesDefaultRoutes: boolean;
  readonly internetExcludesUserRoutes: boolean;
}

const readings: readonly Reading[] = [
  { includesDefaultRoutes: false, internetExcludesUserRoutes: false },
  { includesDefaultRoutes: false, internetExcludesUserRoutes: true },
  { includesDefaultRoutes: true, internetExcludesUserRoutes: false },
  { includesDefaultRoutes: true, internetExcludesUserRoutes: true },
];

interface View {
  readonly world: World;
  /** Undefined for a group that is attached to nothing. */
  readonly place: Place | undefined;
  readonly reading: Reading;
}

// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
const host = "168.63.129.16";

// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
const defaultRules = [
  ["AllowVnetInBound", 65000, "Inbound", "VirtualNetwork", "VirtualNetwork", "Allow"],
  ["AllowAzureLoadBalancerInBound", 65001, "Inbound", "AzureLoadBalancer", "*", "Allow"],
  ["DenyAllInBound", 65500, "Inbound", "*", "*", "Deny"],
  ["AllowVnetOutBound", 65000, "Outbound", "VirtualNetwork", "VirtualNetwork", "Allow"],
  ["AllowInternetOutBound", 65001, "Outbound", "*", "Internet", "Allow"],
  ["DenyAllOutBound", 65500, "Outbound", "*", "*", "Deny"],
].map(([name, priority, direction, sourceAddressPrefix, destinationAddressPrefix, access]) => {
  const everything = { protocol: "*", sourcePortRange: "*", destinationPortRange: "*" };
  return {
    name,
    properties: { priority, direction, sourceAddressPrefix, destinationAddressPrefix, access, ...everything },
  };
});

/**
 * What a group decides; "unknown" where it depends on the reading, or on a rule that cannot be told. The platform's own
 * DHCP, DNS and metadata traffic is not subject to groups; this answers for the rules alone.
 */
export function nsgDecision(
  world: World,
  nsgId: string,
  direction: Direction,
  packet: Packet,
  asked: Asked = {},
): Decision {
  const near = direction === "Inbound" ? packet.destination : packet.source;
  const place = asked.subnetId === undefined ? placeWith(world, nsgId, near) : placeOf(world, asked.subnetId);
  const rules = rulesOf(world, nsgId, direction);
  const isPlain = userRoutes(world, place?.subnet).length === 0;
  const decisions = readings.slice(0, isPlain ? 1 : undefined).map((reading) => {
    const view = { world, place, reading };
    return firstMatch(rules, (rule) => ruleMatches(view, rule, packet, asked.ignoresSourcePort === true));
  });
  const [first = { access: "unknown", rule: "" }, ...others] = decisions;
  return others.every(({ access }) => access === first.access) ? first : { access: "unknown", rule: first.rule };
}

/** In the order of priority: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
function rulesOf(world: World, nsgId: string, direction: Direction): readonly unknown[] {
  const group = find(world, nsgId);
  if (group === undefined) return [];
  const priority = (rule: unknown) => Number(at(rule, "properties.priority"));
  return [...listAt(group, "properties.securityRules"), ...defaultRules]
    .filter((rule) => same(at(rule, "properties.direction"), direction))
    .toSorted((one, other) => priority(one) - priority(other));
}

/** The first rule that matches decides, unless a doubtful one before it says otherwise. */
function firstMatch(rules: readonly unknown[], matches: (rule: unknown) => Answer): Decision {
  const doubtful: Decision[] = [];
  for (const rule of rules) {
    const answer = matches(rule);
    if (answer === false) continue;
    const access = (["Allow", "Deny"] as const).find((one) => same(at(rule, "properties.access"), one)) ?? "unknown";
    const decision: Decision = { access, rule: textAt(rule, "name") };
    if (answer === "unknown") {
      doubtful.push(decision);
      continue;
    }
    const contrary = doubtful.find((one) => one.access !== access);
    return contrary === undefined ? decision : { access: "unknown", rule: contrary.rule };
  }
  return { access: "unknown", rule: "" };
}

/** Where the group is attached, to the subnet itself or to an interface in it. */
function placeWith(world: World, nsgId: string, near: string): Place | undefined {
  const address = parseAddress(near);
  const interfaces = ofType(world, "Microsoft.Network/networkInterfaces");
  const withGroup = interfaces.filter((nic) => same(at(nic, "properties.networkSecurityGroup.id"), nsgId));
  const subnetIds = withGroup.flatMap((nic) => configurationsOf(nic).map((one) => textAt(one, "properties.subnet.id")));
  const attached = places(world).filter(({ subnet }) => {
    const isOnSubnet = same(at(subnet, "properties.networkSecurityGroup.id"), nsgId);
    return isOnSubnet || subnetIds.some((id) => same(at(subnet, "id"), id));
  });
  return attached.find(({ subnet }) => address && subnetHolds(subnet, address)) ?? attached[0];
}

export function subnetHolds(subnet: unknown, address: Address): boolean {
  const ranges = prefixesAt(subnet, "properties.addressPrefixes", "properties.addressPrefix");
  return ranges.some((range) => holds(range, address));
}

export function configurationsOf(nic: unknown): readonly unknown[] {
  return listAt(nic, "properties.ipConfigurations");
}

function ruleMatches(view: View, rule: unknown, packet: Packet, ignoresSourcePort: boolean): Answer {
  return all([
    protocolMatches(textAt(rule, "properties.protocol"), packet.protocol),
    sideMatches(view, rule, "source", packet.source),
    ignoresSourcePort || portsMatch(rule, "source", packet.sourcePort, packet.protocol),
    sideMatches(view, rule, "destination", packet.destination),
    portsMatch(rule, "destination", packet.destinationPort, packet.protocol),
  ]);
}

function protocolMatches(protocol: string, wanted: string): Answer {
  if (protocol === "*" || same(protocol, wanted)) return true;
  return ["tcp", "udp", "icmp", "esp", "ah"].includes(protocol.toLowerCase()) ? false : "unknown";
}

/** ICMP has no ports; whether a rule with particular ports matches it is written nowhere. */
function portsMatch(rule: unknown, side: string, port: number, protocol: string): Answer {
  const field = `properties.${side}PortRange`;
  const answers = textsAt(rule, `${field}s`, field).map((text): Answer => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    if (text === "*" || (first === "0" && last === "65535")) return true;
    if (first === undefined || protocol === "Icmp") return "unknown";
    return Number(first) <= port && port <= Number(last);
  });
  return filled(rule, field, answers);
}

/**
 * Application security groups stand for the addresses of their members:
 * https://learn.microsoft.com/azure/virtual-network/application-security-groups
 */
function sideMatches(view: View, rule: unknown, side: string, text: string): Answer {
  const address = parseAddress(text);
  if (address === undefined) return "unknown";
  const groups = listAt(rule, `properties.${side}ApplicationSecurityGroups`);
  if (groups.length > 0) return groups.some((group) => isMember(view.world, textAt(group, "id"), address));
  const field = `properties.${side}AddressPrefix`;
  const answers = textsAt(rule, `${field}es`, field).map((value) => valueHolds(view, value, address));
  return filled(rule, field, answers);
}

/** A rule has the singular or the plural field: what both or neither would mean is written nowhere. */
function filled(rule: unknown, singular: string, answers: readonly Answer[]): Answer {
  if (answers.length === 0) return "unknown";
  const hasSingular = textAt(rule, singular) !== "";
  return hasSingular && answers.length > 1 ? any(answers) && "unknown" : any(answers);
}

/** Private endpoints can be members too: https://learn.microsoft.com/azure/private-link/configure-asg-private-endpoint */
function isMember(world: World, groupId: string, address: Address): boolean {
  const isNamed = (value: unknown) =>
    listAt(value, "properties.applicationSecurityGroups").some((group) => same(at(group, "id"), groupId));
  return ofType(world, "Microsoft.Network/networkInterfaces").some((nic) => {
    const endpoint = find(world, textAt(nic, "properties.privateEndpoint.id"));
    const members = configurationsOf(nic).filter((one) => isNamed(one) || isNamed(endpoint));
    return members.some((one) =>
      prefixesAt(one, "-", "properties.privateIPAddress").some((own) => holds(own, address)),
    );
  });
}

/**
 * One value of an address field. "0.0.0.0/0 represents all IP addresses", so what it says of IPv6 is open:
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
 */
function valueHolds(view: View, value: string, address: Address): Answer {
  if (value === "*" || same(value, "Any")) return true;
  if (value === "0.0.0.0/0" && address.family === 6) return "unknown";
  const prefix = parsePrefix(value);
  if (prefix !== undefined) return holds(prefix, address);
  if (same(value, "VirtualNetwork")) return any([isInNetwork(view, address), isInUserRoute(view, address)]);
  if (same(value, "Internet")) return isOnInternet(view, address);
  if (same(value, "AzureLoadBalancer")) return isHost(address);
  return tagPrefixes(view.world, value)?.some((one) => holds(one, address)) ?? "unknown";
}

function isHost(address: Address): boolean {
  return address.family === 4 && address.value === parseAddress(host)?.value;
}

/**
 * The network's ranges, the host, those of peers where allowVirtualNetworkAccess is set on this side, and "all connected
 * on-premises address spaces": https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering,
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
function isInNetwork({ world, place }: Pick<View, "world" | "place">, address: Address): boolean {
  if (place === undefined || isHost(address)) return isHost(address);
  const peers = peersOf(world, place.network).filter(({ isAccessible }) => isAccessible);
  const behind = gatewayPrefixes(world, place.network, true);
  const ranges = [...rangesOf(place.network), ...peers.flatMap((peer) => peer.ranges), ...behind];
  return ranges.some((range) => holds(range, address));
}

/**
 * VirtualNetwork also holds the "address prefixes used on user-defined routes" and "might also contain default routes":
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
function isInUserRoute({ world, place, reading }: View, address: Address): Answer {
  const routes = userRoutes(world, place?.subnet);
  return any(
    routes.filter(({ length }) => length > 0 || reading.includesDefaultRoutes).map((one) => one.holds(address)),
  );
}

/** Addresses that are neither private nor anybody's: this host, loopback, link-local, multicast, reserved. */
const unroutable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/3", "4000::/2", "8000::/1"];

/**
 * Internet is what is "outside the virtual network and reachable by the public internet", Azure's own addresses included:
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
function isOnInternet(view: View, address: Address): Answer {
  if (isPrivate(address) || isInNetwork(view, address)) return false;
  const isReachable = unroutable.every((text) => valueHolds(view, text, address) === false) || "unknown";
  if (!view.reading.internetExcludesUserRoutes) return isReachable;
  const isRouted = isInUserRoute(view, address);
  return all([isReachable, isRouted === "unknown" ? isRouted : !isRouted]);
}

/**
 * Both groups must allow; inbound the subnet's is asked first, outbound the interface's:
 * https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
 * Of a subnet only its own group is asked. Without any group everything is allowed, except from the internet to a
 * Standard public address: https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
 */
export function filtersAllow(world: World, subnetOrNicId: string, direction: Direction, packet: Packet): Verdict {
  const near = direction === "Inbound" ? packet.destination : packet.source;
  const nic = ofType(world, "Microsoft.Network/networkInterfaces").find(({ id }) => same(id, subnetOrNicId));
  const configurations = configurationsOf(nic);
  const configuration =
    configurations.find((one) => same(at(one, "properties.privateIPAddress"), near)) ?? configurations[0];
  const subnetId = nic === undefined ? subnetOrNicId : textAt(configuration, "properties.subnet.id");
  const place = placeOf(world, subnetId);
  if (place === undefined) return { allowed: "unknown", why: "the subnet is not in this world" };
  const attached = [place.subnet, nic].map((one) => textAt(one, "properties.networkSecurityGroup.id"));
  const groups = (direction === "Inbound" ? attached : attached.toReversed()).filter((id) => id !== "");
  const decisions = groups.map((id) => nsgDecision(world, id, direction, packet, { subnetId }));
  const refusal =
    decisions.find(({ access }) => access === "Deny") ?? decisions.find(({ access }) => access !== "Allow");
  if (refusal !== undefined) return { allowed: refusal.access !== "Deny" && "unknown", why: refusal.rule };
  if (decisions.length > 0) return { allowed: true, why: decisions.map(({ rule }) => rule).join(", ") };
  const source = parseAddress(packet.source);
  const isWithin = source && (isPrivate(source) || isInNetwork({ world, place }, source));
  if (direction === "Outbound" || isWithin) return { allowed: true, why: "no group is attached" };
  const sku = textAt(find(world, textAt(configuration, "properties.publicIPAddress.id")), "sku.name");
  return { allowed: same(sku, "Basic") || (same(sku, "Standard") ? false : "unknown"), why: `public address ${sku}` };
}
