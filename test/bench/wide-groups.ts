import type { Body } from "./estate-bodies.ts";
import { randomNumbers } from "./random.ts";

const subscription = "/subscriptions/00000000-0000-4000-8000-000000000001";
const networks = `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network`;
const random = randomNumbers(6);

/** Security groups of so many rules each, and networks of twenty subnets that they stand before. */
export function* wideGroups(groups: number, rulesEach: number): Generator<Body> {
  for (let network = 0; network < groups / 20; network++) yield networkOf(network);
  for (let group = 0; group < groups; group++) yield wideGroup(group, rulesEach);
}

export function wideGroup(group: number, rules: number): Body {
  const id = `${networks}/networkSecurityGroups/nsg-${group}`;
  return {
    id,
    name: `nsg-${group}`,
    type: "Microsoft.Network/networkSecurityGroups",
    location: "westeurope",
    properties: {
      provisioningState: "Succeeded",
      securityRules: Array.from({ length: rules }, (_, rule) => securityRule(id, rule)),
      defaultSecurityRules: [],
    },
  };
}

/** About 900 bytes; one in three is for a service that only its own network may call. */
function securityRule(id: string, rule: number) {
  const octets = [10 + random(20), random(256), random(256)];
  return {
    id: `${id}/securityRules/allow-workload-${rule}`,
    name: `allow-workload-${rule}`,
    type: "Microsoft.Network/networkSecurityGroups/securityRules",
    etag: 'W/"00000000-0000-4000-8000-000000000077"',
    properties: {
      provisioningState: "Succeeded",
      description: `requested by team ${rule % 60} in change CHG00${10_000 + rule}, approved until the next review`,
      protocol: ["Tcp", "Udp", "*"][rule % 3],
      sourcePortRange: "*",
      destinationPortRange: portsOf(rule),
      sourceAddressPrefix: rule % 3 === 0 ? "VirtualNetwork" : `${octets.join(".")}.0/24`,
      destinationAddressPrefix: "*",
      access: random(5) === 0 ? "Deny" : "Allow",
      priority: 100 + rule,
      direction: rule % 4 === 3 ? "Outbound" : "Inbound",
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  };
}

/** One rule in twenty is for every port, one in five for a hundred of them, the others for one. */
function portsOf(rule: number): string {
  const first = 1 + random(30_000);
  if (rule % 20 === 0) return "*";
  return rule % 5 === 0 ? `${first}-${first + 99}` : String(first);
}

function networkOf(network: number): Body {
  const id = `${networks}/virtualNetworks/vnet-${network}`;
  const subnets = Array.from({ length: 20 }, (_, subnet) => ({
    id: `${id}/subnets/snet-${subnet}`,
    name: `snet-${subnet}`,
    properties: {
      addressPrefix: `10.${network % 256}.${subnet}.0/24`,
      networkSecurityGroup: { id: `${networks}/networkSecurityGroups/nsg-${20 * network + subnet}` },
      serviceEndpoints: [],
      delegations: [],
    },
  }));
  return {
    id,
    name: `vnet-${network}`,
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    properties: {
      addressSpace: { addressPrefixes: [`10.${network % 256}.0.0/16`] },
      subnets,
      virtualNetworkPeerings: [],
    },
  };
}
