import { requiredActions, roleFile } from "../catalog/required-actions.ts";
import type { MissingRights } from "../readers/permissions.ts";
import { cut } from "./warnings.ts";

/** What somebody should know before an audit who lacks rights, and how they are granted; a line each. */
export function rightsWarning({ subscription, actions }: MissingRights): readonly string[] {
  return [
    `in subscription \`${subscription}\` you lack ${actions.length} of the ${requiredActions.size} rights that an audit takes; what they would show is unknown:`,
    ...cut(
      "rights",
      actions.map((action) => `  ${action}: ${requiredActions.get(action)}`),
    ),
    `they are all in ${roleFile}; once its AssignableScopes name your subscriptions or their management group:`,
    `  az role definition create --role-definition ${roleFile}`,
    `  az role assignment create --role "Cordon Reader" --scope /subscriptions/${subscription} --assignee <you>`,
  ];
}
