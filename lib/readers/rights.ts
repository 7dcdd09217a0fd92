import * as z from "zod/mini";
import { readTypes } from "../catalog/api-versions.ts";
import { requiredActions, roleFile } from "../catalog/required-actions.ts";
import { armAnswers } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";

/** The same for a subscription as https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group */
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

/** Answers each subscription once; `undefined` as `permissionsIn` does. */
export type RightsIn = (subscription: string) => Promise<Permissions | undefined>;

/** What the caller lacks in a subscription of the rights that Cordon needs there. */
export interface MissingRights {
  readonly subscription: string;
  /** Not empty, in the order of `requiredActions`. */
  readonly actions: readonly string[];
}

/** Reads the rights when they are first asked for, and tells at once of what is missing. */
export function rightsOf(connection: ArmConnection, onMissing?: (missing: MissingRights) => void): RightsIn {
  const answers = new Map<string, ReturnType<RightsIn>>();
  const ask: RightsIn = async (subscription) => {
    const permissions = await permissionsIn(connection, subscription);
    const actions = missingActions(permissions);
    if (actions.length > 0) onMissing?.({ subscription, actions });
    return permissions;
  };
  return (subscription) => {
    const answer = answers.get(subscription) ?? ask(subscription);
    answers.set(subscription, answer);
    return answer;
  };
}

const permissionsRead = "Microsoft.Authorization/permissions/read";

/** Of the actions that Cordon needs; where the rights are not known, that is the one that is missing. */
export function missingActions(permissions: Permissions | undefined): readonly string[] {
  if (permissions === undefined) return [permissionsRead];
  return [...requiredActions.keys()].filter((action) => !isGranted(action, permissions));
}

/** Whether nothing that is audited may be read in a whole subscription; in a resource group of it something may. */
export function isBlind(permissions: Permissions | undefined): boolean {
  return permissions !== undefined && !readTypes.some((type) => isGranted(`${type}/read`, permissions));
}

const namedAtMost = 3;

/** One sentence, without a final period. */
export function lacksText({ subscription, actions }: MissingRights): string {
  const named = actions.slice(0, namedAtMost).map((action) => `\`${action}\``);
  const more = actions.length > namedAtMost ? [`${actions.length - namedAtMost} more`] : [];
  const all = [...named, ...more];
  const list = all.length === 1 ? all.join() : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
  return `Cordon lacks ${actions.length} of ${requiredActions.size} rights in subscription \`${subscription}\`: ${list} (${roleFile} has them all)`;
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
