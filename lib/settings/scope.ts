import { fold } from "../model/resource-id.ts";
import { quote } from "../model/wording.ts";
import type { Given } from "./given.ts";

/** Which subscriptions are audited. */
export type Scope =
  | { readonly kind: "subscriptions"; readonly ids: readonly string[] }
  | { readonly kind: "managementGroup"; readonly name: string };

const subscriptions = "CORDON_SUBSCRIPTIONS";
const managementGroup = "CORDON_MANAGEMENT_GROUP";
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function readScope(given: Given): Scope | undefined {
  const written = given.optional(subscriptions);
  const name = given.optional(managementGroup);
  if (written !== undefined && name !== undefined) {
    return given.refuse(managementGroup, `and \`${subscriptions}\` exclude each other`);
  }
  if (name !== undefined) return readManagementGroup(name, given);
  if (written === undefined) {
    return given.refuse(subscriptions, `is missing: name subscriptions, or a group in \`${managementGroup}\``);
  }
  const ids = written.split(/[\s,;]+/).filter((id) => id !== "");
  const strange = ids.filter((id) => !guid.test(id));
  if (strange.length > 0) {
    return given.refuse(subscriptions, `must be ids of subscriptions, which ${strange.map(quote).join(", ")} is not`);
  }
  return { kind: "subscriptions", ids: [...new Set(ids.map(fold))] };
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagement */
export function isManagementGroup(name: string): boolean {
  return /^[\w().-]{1,90}$/.test(name);
}

function readManagementGroup(name: string, given: Given): Scope | undefined {
  return isManagementGroup(name)
    ? { kind: "managementGroup", name }
    : given.refuse(managementGroup, `is ${quote(name)}, which is not the id of a management group`);
}
