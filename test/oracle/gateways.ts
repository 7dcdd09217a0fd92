import type { Prefix } from "./addresses.ts";
import { at, type Body, find, listAt, ofType, prefixesAt, same, textAt, type World } from "./world.ts";

/**
 * What the VPN gateways that stand in a network lead to over connections without BGP: the prefixes that the owner gave the
 * site. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq
 */
function prefixesBehind(world: World, networkId: string): readonly Prefix[] {
  const gateways = ofType(world, "Microsoft.Network/virtualNetworkGateways").filter((gateway) =>
    listAt(gateway, "properties.ipConfigurations").some((one) =>
      same(at(one, "properties.subnet.id"), `${networkId}/subnets/GatewaySubnet`),
    ),
  );
  const connections = ofType(world, "Microsoft.Network/connections").filter((connection) =>
    gateways.some(({ id }) => same(at(connection, "properties.virtualNetworkGateway1.id"), id)),
  );
  return connections.flatMap((connection) => {
    const site = find(world, textAt(connection, "properties.localNetworkGateway2.id"));
    return prefixesAt(site, "properties.localNetworkAddressSpace.addressPrefixes");
  });
}

/**
 * Its own, and those of the peers whose gateways it uses:
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
 */
export function gatewayPrefixes(world: World, network: Body, onlyAccessible = false): readonly Prefix[] {
  const used = listAt(network, "properties.virtualNetworkPeerings").filter(
    (peering) =>
      same(at(peering, "properties.peeringState"), "Connected") &&
      at(peering, "properties.useRemoteGateways") === true &&
      (!onlyAccessible || at(peering, "properties.allowVirtualNetworkAccess") === true),
  );
  const hosts = [network.id, ...used.map((peering) => textAt(peering, "properties.remoteVirtualNetwork.id"))];
  return hosts.flatMap((id) => prefixesBehind(world, id));
}
