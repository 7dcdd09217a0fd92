import { idAt, isSame, listAt, type Properties, type Standing, withProperties } from "./body.ts";
import type { Endpoint } from "./endpoints.ts";

/** Networks and what stands in their bodies: ids, defaults, and who uses a subnet. */
export function withSubnets(bodies: readonly Standing[], endpoints: readonly Endpoint[]): readonly Standing[] {
  const subnets = bodies.flatMap((body) => subnetsOf(body, bodies, endpoints));
  return bodies.map((body) => {
    switch (body.type) {
      case "Microsoft.Network/virtualNetworks":
        return withProperties(body, {
          subnets: subnetsOf(body, bodies, endpoints),
          virtualNetworkPeerings: [],
          enableDdosProtection: false,
        });
      case "Microsoft.Network/networkSecurityGroups":
        return withProperties(body, {
          securityRules: withIds(body, "securityRules"),
          defaultSecurityRules: [],
          subnets: subnets
            .filter(({ properties }) => isSame(idAt(properties, "networkSecurityGroup"), body.id))
            .map(({ id }) => ({ id })),
        });
      default:
        return body;
    }
  });
}

/** https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy */
const defaults = {
  privateEndpointNetworkPolicies: "Disabled",
  privateLinkServiceNetworkPolicies: "Enabled",
  delegations: [],
};

function subnetsOf(network: Standing, bodies: readonly Standing[], endpoints: readonly Endpoint[]) {
  if (network.type !== "Microsoft.Network/virtualNetworks") return [];
  return listAt(network.properties, "subnets").map(({ name, properties }) => {
    const id = `${network.id}/subnets/${name}`;
    const inside = endpoints.filter(({ subnet }) => isSame(subnet, id));
    const apps = bodies.filter((body) => isSame(String(body.properties.virtualNetworkSubnetId ?? ""), id));
    const users = {
      ...(inside.length > 0 && {
        privateEndpoints: inside.map((one) => ({ id: one.id })),
        ipConfigurations: inside.map(({ interfaceId }) => ({
          id: `${interfaceId}/ipConfigurations/privateEndpointIpConfig`,
        })),
      }),
      ...(apps.length > 0 && { serviceAssociationLinks: [associationOf(id)] }),
    };
    return {
      id,
      name,
      type: "Microsoft.Network/virtualNetworks/subnets",
      properties: { ...defaults, ...Object(properties), ...users, provisioningState: "Succeeded" } as Properties,
    };
  });
}

/** What an app that is integrated with a subnet leaves there. */
function associationOf(subnet: string): Properties {
  return {
    id: `${subnet}/serviceAssociationLinks/AppServiceLink`,
    name: "AppServiceLink",
    properties: {
      provisioningState: "Succeeded",
      linkedResourceType: "Microsoft.App/environments",
      allowDelete: false,
    },
  };
}

function withIds({ id, properties }: Standing, list: string): readonly Properties[] {
  return listAt(properties, list).map((one) => ({ ...one, id: `${id}/${list}/${one.name}` }));
}
