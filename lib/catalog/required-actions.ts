import { readTypes } from "./api-versions.ts";

/** The custom role with all that Cordon needs, and no more. */
export const roleFile = "infra/cordon-reader.role.json";

/** Counts where it is assigned for a management group: https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants */
export const descendantsAction = "Microsoft.Management/managementGroups/descendants/read";

/** The actions of Azure roles that reading a subscription takes, each with what is missing without it. */
export const requiredActions: ReadonlyMap<string, string> = new Map([
  ["Microsoft.Resources/subscriptions/read", "which subscriptions there are"],
  ["Microsoft.Authorization/permissions/read", "what Cordon may read, so that it cannot tell hidden from absent"],
  ...readTypes.map((type): [string, string] => [`${type}/read`, `every \`${type}\``]),
  ["Microsoft.Network/locations/serviceTags/read", "the addresses behind service tags"],
  ["Microsoft.Network/locations/availableDelegations/read", "which services subnets can be delegated to (NI403)"],
  [
    "Microsoft.Network/networkInterfaces/effectiveRouteTable/action",
    "the effective routes of network interfaces (NI208)",
  ],
  [
    "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action",
    "the security admin rules of network managers",
  ],
]);
