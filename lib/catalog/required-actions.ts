import { readTypes } from "./api-versions.ts";

/** The actions of Azure roles that reading takes, each with what is missing without it. Cordon needs no other. */
export const requiredActions: ReadonlyMap<string, string> = new Map([
  ["Microsoft.Resources/subscriptions/read", "which subscriptions there are"],
  ["Microsoft.Management/managementGroups/descendants/read", "which subscriptions are in a management group"],
  ["Microsoft.Authorization/permissions/read", "what Cordon may read, so that it cannot tell hidden from absent"],
  ...readTypes.map((type): [string, string] => [`${type}/read`, `every \`${type}\``]),
  ["Microsoft.Network/locations/serviceTags/read", "the addresses behind service tags"],
  [
    "Microsoft.Network/networkInterfaces/effectiveRouteTable/action",
    "the effective routes of network interfaces (NI208)",
  ],
  [
    "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action",
    "the security admin rules of network managers",
  ],
]);
