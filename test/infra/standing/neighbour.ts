import { type Standing, withProperties } from "./body.ts";

const group =
  "/subscriptions/c0de0000-0000-4000-8000-000000000001/resourceGroups/rg-neighbour/providers/Microsoft.Network";
const neighbourId = `${group}/virtualNetworks/vnet-neighbour`;

/** A network of the customer's that is peered with Cordon's, with a subnet of machines and no rules of its own. */
export function withNeighbour(bodies: readonly Standing[]): readonly Standing[] {
  const network = bodies.find(({ type }) => type === "Microsoft.Network/virtualNetworks");
  if (network === undefined) throw new Error("there is no network to be next to");
  const { addressSpace } = network.properties;
  const peered = withProperties(network, {
    virtualNetworkPeerings: [peering(network.id, neighbourId, neighbourSpace)],
  });
  const neighbour: Standing = {
    id: neighbourId,
    name: "vnet-neighbour",
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    properties: {
      provisioningState: "Succeeded",
      addressSpace: neighbourSpace,
      subnets: [
        {
          id: `${neighbourId}/subnets/snet-work`,
          name: "snet-work",
          properties: { addressPrefix: "10.1.0.0/24", defaultOutboundAccess: false, delegations: [] },
        },
      ],
      virtualNetworkPeerings: [peering(neighbourId, network.id, Object(addressSpace))],
    },
  };
  return [...bodies.map((body) => (body === network ? peered : body)), neighbour];
}

const neighbourSpace = { addressPrefixes: ["10.1.0.0/16"] };

function peering(from: string, to: string, remoteAddressSpace: object) {
  return {
    id: `${from}/virtualNetworkPeerings/to-other`,
    name: "to-other",
    properties: {
      remoteVirtualNetwork: { id: to },
      remoteAddressSpace,
      remoteVirtualNetworkAddressSpace: remoteAddressSpace,
      peeringState: "Connected",
      peeringSyncLevel: "FullyInSync",
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      peerCompleteVnets: true,
    },
  };
}
