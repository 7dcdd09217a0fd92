import { fold } from "../model/resource-id.ts";
import { catalog, retiredServices, serviceOfType } from "./index.ts";
import { placements } from "./placements.ts";

const network = "2025-09-01";
const privateDns = "2024-06-01";
const dnsResolver = "2025-05-01";

/** Canonical type → the newest stable api-version, for every type whose bodies are judged. */
const apiVersions: readonly (readonly [string, string])[] = [
  ["Microsoft.Network/virtualNetworks", network],
  ["Microsoft.Network/virtualNetworks/subnets", network],
  ["Microsoft.Network/routeTables", network],
  ["Microsoft.Network/serviceEndpointPolicies", network],
  ["Microsoft.Network/networkSecurityGroups", network],
  ["Microsoft.Network/publicIPAddresses", network],
  ["Microsoft.Network/publicIPPrefixes", network],
  ["Microsoft.Network/natGateways", network],
  ["Microsoft.Network/virtualNetworkGateways", network],
  ["Microsoft.Network/connections", network],
  ["Microsoft.Network/localNetworkGateways", network],
  ["Microsoft.Network/privateEndpoints", network],
  ["Microsoft.Network/privateEndpoints/privateDnsZoneGroups", network],
  ["Microsoft.Network/networkInterfaces", network],
  ["Microsoft.Network/privateDnsZones", privateDns],
  ["Microsoft.Network/privateDnsZones/virtualNetworkLinks", privateDns],
  ["Microsoft.Network/privateDnsZones/A", privateDns],
  ["Microsoft.Network/privateDnsZones/AAAA", privateDns],
  ["Microsoft.Network/dnsForwardingRulesets", dnsResolver],
  ["Microsoft.Network/dnsForwardingRulesets/forwardingRules", dnsResolver],
  ["Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks", dnsResolver],
  ["Microsoft.Network/expressRouteCircuits", network],
  ["Microsoft.Network/expressRouteCircuits/peerings", network],
  ["Microsoft.Network/azureFirewalls", network],
  ["Microsoft.Network/firewallPolicies", network],
  ["Microsoft.Network/firewallPolicies/ruleCollectionGroups", network],
  ["Microsoft.Network/ipGroups", network],
  ["Microsoft.Network/networkSecurityPerimeters", network],
  ["Microsoft.Network/networkSecurityPerimeters/profiles", network],
  ["Microsoft.Network/networkSecurityPerimeters/resourceAssociations", network],
  ["Microsoft.Network/networkSecurityPerimeters/profiles/accessRules", network],
  ...retiredServices.map(({ type, apiVersion }) => [type, apiVersion] as const),
  ...placements
    .filter(({ type }) => serviceOfType(fold(type)) === undefined)
    .map(({ type, apiVersion }) => [type, apiVersion] as const),
  ...catalog.flatMap(({ type, apiVersion, children }) => [
    [type, apiVersion] as const,
    ...children.map((child) => [`${type}/${child.type}`, child.apiVersion] as const),
  ]),
];

const byType = new Map(apiVersions.map(([type, apiVersion]) => [fold(type), apiVersion]));

/** `type` is folded; undefined for a type whose bodies are not judged. */
export function apiVersionOf(type: string): string | undefined {
  return byType.get(type);
}

/** The canonical types whose bodies are read. */
export const readTypes: readonly string[] = apiVersions.map(([type]) => type);
