import * as z from "zod/mini";
import { descendantsAction } from "../catalog/required-actions.ts";
import { CordonError } from "../model/cordon-error.ts";
import { armAnswers } from "./arm.ts";
import type { ArmConnection } from "./arm-connection.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** Which subscriptions to look at. */
export type Scope =
  | { readonly kind: "subscriptions"; readonly ids: readonly string[] }
  | { readonly kind: "managementGroup"; readonly name: string };

export interface SubscriptionsInScope {
  /** In lower case, in the order of their ids. */
  readonly readable: readonly string[];
  /** Why others in the scope are not read: a sentence for each, without a final period. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** https://learn.microsoft.com/rest/api/resources/subscriptions/list */
const subscriptionList = z.object({ value: z.array(z.object({ subscriptionId: z.string(), state: z.string() })) });

/** https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants */
const descendants = z.object({ value: z.array(z.object({ name: z.string(), type: z.string() })) });

/** In these a subscription can be read: https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states */
const readableStates = new Set(["enabled", "warned", "pastdue"]);

/** Throws where the scope itself cannot be read; a subscription that cannot is told. */
export async function subscriptionsIn(connection: ArmConnection, scope: Scope): Promise<SubscriptionsInScope> {
  const asked = scope.kind === "subscriptions" ? scope.ids : await membersOf(connection, scope.name);
  const states = await statesOf(connection);
  const readable: string[] = [];
  const unreadable = new Map<string, string>();
  for (const id of [...new Set(asked.map((one) => one.toLowerCase()))].sort()) {
    const state = states.get(id);
    if (state === undefined) unreadable.set(id, `subscription \`${id}\` is not there, or Cordon may not see it`);
    else if (readableStates.has(state.toLowerCase())) readable.push(id);
    else unreadable.set(id, `subscription \`${id}\` is in the state ${state}`);
  }
  return { readable, unreadable };
}

async function statesOf(connection: ArmConnection): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  for await (const answer of armAnswers(connection, { path: "/subscriptions", apiVersion: "2022-12-01" })) {
    for (const { subscriptionId, state } of understood(answer, subscriptionList).value) {
      states.set(subscriptionId.toLowerCase(), state);
    }
  }
  return states;
}

async function membersOf(connection: ArmConnection, name: string): Promise<readonly string[]> {
  const path = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(name)}/descendants`;
  const members: string[] = [];
  for await (const answer of armAnswers(connection, { path, apiVersion: "2020-05-01" })) {
    const { value } = understood(answer, descendants, descendantsAction);
    members.push(...value.filter(({ type }) => type.toLowerCase().endsWith("/subscriptions")).map((one) => one.name));
  }
  return members;
}

function understood<T>({ status, url, body }: RecordedAnswer, schema: z.ZodMiniType<T>, action?: string): T {
  if (status !== 200) {
    const hint = action === undefined ? "" : `, which takes the right \`${action}\` there`;
    throw new CordonError("ERR_SCOPE_UNREADABLE", `cannot read the scope: ${status} reading \`${url}\`${hint}`);
  }
  const parsed = z.safeParse(schema, body);
  if (parsed.success) return parsed.data;
  throw new CordonError("ERR_SCOPE_UNREADABLE", `cannot understand the answer to \`${url}\``, parsed.error);
}
