import * as z from "zod/mini";
import { readTypes } from "../catalog/api-versions.ts";
import { requiredActions, roleFile } from "../catalog/required-actions.ts";
import { Glob } from "../model/glob.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** The same for a subscription as https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group */
const permissionList = z.object({
  value: z.array(z.object({ actions: z.array(z.string()), notActions: z.optional(z.array(z.string())) })),
});

/** What somebody may do in a whole subscription. */
export type Permissions = z.infer<typeof permissionList>["value"];

/** One page of the list; undefined where it is none. */
export function permissionsOf({ status, body }: Pick<RecordedAnswer, "status" | "body">): Permissions | undefined {
  const parsed = z.safeParse(permissionList, body);
  return status === 200 && parsed.success ? parsed.data.value : undefined;
}

/** What the caller lacks in a subscription of the rights that Cordon needs there. */
export interface MissingRights {
  readonly subscription: string;
  /** Not empty, in the order of `requiredActions`. */
  readonly actions: readonly string[];
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
  const holds = (pattern: string) => new Glob(pattern).matchesText(action);
  return permissions.some(({ actions, notActions = [] }) => actions.some(holds) && !notActions.some(holds));
}
