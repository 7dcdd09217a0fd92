import { requiredActions } from "../catalog/required-actions.ts";

/**
 * The custom role with the least rights that suffice, for `az role definition create`.
 * https://learn.microsoft.com/azure/role-based-access-control/custom-roles
 */
export function readerRole() {
  return {
    Name: "Cordon Reader",
    IsCustom: true,
    Description: "Reads what decides who can reach which service. Changes nothing, and reads no data and no keys.",
    Actions: [...requiredActions.keys()].sort(),
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: ["/providers/Microsoft.Management/managementGroups/<management group>"],
  };
}
