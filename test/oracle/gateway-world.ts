import fc from "fast-check";
import { aGateway, aSite, aVpnConnection, gatewaySubnet, siteId } from "../support/gateways.ts";
import { networkId } from "./bodies.ts";
import { randomWorld } from "./random-world.ts";
import { at, type Body, listAt, same, textAt, type World } from "./world.ts";

/** What owners say of their sites: within and around the ranges of networks here, public ones, and the internet in halves. */
const sites = [
  ...[["172.16.0.0/24"], ["192.168.200.0/24", "203.0.113.0/24"], ["10.3.0.0/24"], ["10.0.0.0/8"], ["10.0.0.0/15"]],
  ...[["100.64.0.0/12"], ["0.0.0.0/1", "128.0.0.0/1"], ["52.239.1.0/24"], ["10.1.0.0/16", "fd00::/16"]],
];

const anyGateway = fc.record({
  sites: fc.uniqueArray(fc.constantFrom(...sites), { maxLength: 2, selector: String }),
  usedBy: fc.subarray(["b", "c", "d"]),
  keepsOut: fc.boolean(),
});

/** The network `a` has a VPN gateway without BGP, which some of its peers use, and one table may keep its routes out. */
export function gatewayWorld(): fc.Arbitrary<World> {
  return fc.tuple(randomWorld(), anyGateway).map(([world, { sites: prefixes, usedBy, keepsOut }]) => {
    const users = usedBy.map(networkId);
    const resources = world.resources.map((body) => {
      if (same(body.type, "Microsoft.Network/virtualNetworks")) return withGateway(body, users);
      const isKeeper = keepsOut && body.id.endsWith("/rt-0");
      return isKeeper ? withProperties(body, { disableBgpRoutePropagation: true }) : body;
    });
    const names = prefixes.map((_, index) => `site-${index}`);
    return {
      ...world,
      resources: [
        ...resources,
        aGateway({ inside: networkId("a") }),
        ...prefixes.map((some, index) => aSite(some, names[index])),
        ...names.map((name) => aVpnConnection({ localNetworkGateway2: { id: siteId(name) } }, `cn-${name}`)),
      ],
    };
  });
}

function withGateway(network: Body, users: readonly string[]): Body {
  const isHub = same(network.id, networkId("a"));
  const isUser = users.some((user) => same(user, network.id));
  const virtualNetworkPeerings = listAt(network, "properties.virtualNetworkPeerings").map((peering) => {
    const peer = textAt(peering, "properties.remoteVirtualNetwork.id");
    return withProperties(Object(peering), {
      allowGatewayTransit: isHub && users.some((user) => same(user, peer)),
      useRemoteGateways: isUser && same(peer, networkId("a")),
    });
  });
  const [range = ""] = listAt(network, "properties.addressSpace.addressPrefixes").map(String);
  const prefix = `${range.split(".").slice(0, 2).join(".")}.3.0/27`;
  const { name, properties } = gatewaySubnet(prefix);
  const standing = { id: `${network.id}/subnets/${name}`, name, properties: { ...properties, delegations: [] } };
  const subnets = [...listAt(network, "properties.subnets"), ...(isHub ? [standing] : [])];
  return withProperties(network, { virtualNetworkPeerings, subnets });
}

function withProperties(body: Body, properties: object): Body {
  return { ...body, properties: { ...Object(at(body, "properties")), ...properties } };
}
