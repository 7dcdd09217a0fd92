import { type Address, parseAddress, parsePrefix, type Range } from "./addresses.ts";
import { configurationsOf } from "./filters.ts";
import { type Answer, at, type Body, find, listAt, ofType, type Place, same, textAt, type World } from "./world.ts";

/**
 * The public addresses with which packets from an address in a subnet get to the internet; "unknown" where nothing says so.
 * "NAT gateway takes precedence over other outbound connectivity methods, including a load balancer, instance-level public
 * IP addresses": https://learn.microsoft.com/azure/nat-gateway/nat-overview
 */
export function publicSources(world: World, place: Place, address: Address): readonly Address[] | "unknown" {
  const gatewayId = natGatewayOf(place);
  return gatewayId === "" ? ownSource(world, place, address) : gatewaySources(world, gatewayId, place, address);
}

/**
 * Of an Azure Firewall: "randomly selects" one of its own, and with a NAT gateway on its subnet those of that. Whether it takes
 * the one of its network is not documented: https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway
 */
export function firewallSources(world: World, firewall: Body, place: Place): readonly Address[] | "unknown" {
  const gatewayId = textAt(place.subnet, "properties.natGateway.id");
  if (gatewayId !== "") return gatewaySources(world, gatewayId, place, { family: 4, value: 0n });
  if (natGatewayOf(place) !== "") return "unknown";
  const ids = listAt(firewall, "properties.ipConfigurations").map((one) =>
    textAt(one, "properties.publicIPAddress.id"),
  );
  const ranges = ids.filter((id) => id !== "").map((id) => rangeOf(find(world, id)));
  if (ranges.length === 0 || ranges.includes(undefined)) return "unknown";
  return ranges.filter((range) => range !== undefined).flatMap(each);
}

function gatewaySources(
  world: World,
  gatewayId: string,
  place: Place,
  address: Address,
): readonly Address[] | "unknown" {
  const gateway = find(world, gatewayId);
  const suffix = address.family === 6 ? "V6" : "";
  const ids = ["publicIpAddresses", "publicIpPrefixes"].flatMap((list) =>
    idsAt(gateway, `properties.${list}${suffix}`),
  );
  if (gateway !== undefined && address.family === 6 && ids.length === 0) return ownSource(world, place, address);
  const ranges = ids.map((id) => rangeOf(find(world, id)));
  if (ranges.length === 0 || ranges.includes(undefined)) return "unknown";
  return ranges.filter((range) => range !== undefined).flatMap(each);
}

/** Out of a private subnet, and over IPv6, there is no way but these; a load balancer may be another. */
export function hasWayOut(world: World, place: Place, address: Address): Answer {
  if (publicSources(world, place, address) !== "unknown") return true;
  if (address.family === 6) return "unknown";
  const isPrivateSubnet = at(place.subnet, "properties.defaultOutboundAccess") === false;
  return isPrivateSubnet && natGatewayOf(place) === "" ? "unknown" : true;
}

/** That of the subnet, or that of the network for all subnets: https://learn.microsoft.com/azure/nat-gateway/manage-nat-gateway-v2 */
function natGatewayOf({ subnet, network }: Place): string {
  return textAt(subnet, "properties.natGateway.id") || textAt(network, "properties.defaultPublicNatGateway.id");
}

/** The public address on the interface's own configuration. */
function ownSource(world: World, { subnet }: Place, address: Address): readonly Address[] | "unknown" {
  const own = ofType(world, "Microsoft.Network/networkInterfaces")
    .flatMap(configurationsOf)
    .filter((one) => same(at(one, "properties.subnet.id"), textAt(subnet, "id")))
    .find((one) => parseAddress(textAt(one, "properties.privateIPAddress"))?.value === address.value);
  const range = rangeOf(find(world, textAt(own, "properties.publicIPAddress.id")));
  return range?.family === address.family ? each(range) : "unknown";
}

function idsAt(body: unknown, path: string): readonly string[] {
  return listAt(body, path).map((one) => textAt(one, "id"));
}

function rangeOf(body: unknown): Range | undefined {
  return parsePrefix(textAt(body, "properties.ipAddress") || textAt(body, "properties.ipPrefix"));
}

/** A prefix has at most sixteen. */
function each({ family, first, last }: Range): readonly Address[] {
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({ family, value: first + BigInt(index) }));
}
