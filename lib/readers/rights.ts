import * as z from "zod/mini";
import { armAnswers } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";

/** https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group */
const permissionList = z.object({
  value: z.array(z.object({ actions: z.array(z.string()), notActions: z.optional(z.array(z.string())) })),
});

export type Permissions = z.infer<typeof permissionList>["value"];

/** What the caller may do in a whole subscription; undefined where even that may not be read. */
export async function permissionsIn(connection: ArmConnection, subscription: string): Promise<Permissions | undefined> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Authorization/permissions`;
  const all: Permissions = [];
  for await (const { status, body } of armAnswers(connection, { path, apiVersion: "2022-04-01" })) {
    const parsed = z.safeParse(permissionList, body);
    if (status !== 200 || !parsed.success) return undefined;
    all.push(...parsed.data.value);
  }
  return all;
}

/**
 * One assignment that grants an action is enough; what it excludes another may grant.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
export function isGranted(action: string, permissions: Permissions): boolean {
  const holds = (pattern: string) => matches(pattern, action);
  return permissions.some(({ actions, notActions = [] }) => actions.some(holds) && !notActions.some(holds));
}

/** `*` stands for any characters, slashes included; case does not matter. */
function matches(pattern: string, action: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "i").test(action);
}
