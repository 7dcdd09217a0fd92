import { armAnswers } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { type MissingRights, missingActions, type Permissions, permissionsOf } from "./permissions.ts";

/** What the caller may do in a whole subscription; undefined where even that may not be read. */
async function permissionsIn(connection: ArmConnection, subscription: string): Promise<Permissions | undefined> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Authorization/permissions`;
  const all: Permissions = [];
  for await (const answer of armAnswers(connection, { path, apiVersion: "2022-04-01" })) {
    connection.onAnswer?.(answer);
    const permissions = permissionsOf(answer);
    if (permissions === undefined) return undefined;
    all.push(...permissions);
  }
  return all;
}

/** Answers each subscription once; `undefined` as `permissionsIn` does. */
export type RightsIn = (subscription: string) => Promise<Permissions | undefined>;

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
