import { readTypes } from "../catalog/api-versions.ts";
import { roleFile } from "../catalog/required-actions.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { isGranted, lacksText, missingActions, type Permissions } from "./permissions.ts";
import type { Reading } from "./reader.ts";
import type { SubscriptionsInScope } from "./subscriptions.ts";

const actionsOfTypes = new Set(readTypes.map((type) => `${type}/read`));

/** What may not be read: Resource Graph leaves it out, and says nothing. */
export function* shortOfRights(subscription: string, permissions: Permissions | undefined): Generator<Reading> {
  const actions = missingActions(permissions);
  if (actions.length === 0) return;
  yield { kind: "gap", because: lacksText({ subscription, actions }) };
  for (const action of actions.filter((one) => !actionsOfTypes.has(one))) {
    yield { kind: "gap", because: lacking(action, subscription) };
  }
  for (const type of readTypes) {
    const because = whyHidden(type, subscription, permissions);
    if (because !== undefined) yield* unlisted(subscription, type.toLowerCase(), because);
  }
}

/** A sentence, without a final period. */
export function lacking(action: string, subscription: string): string {
  return `Cordon lacks the right \`${action}\` in subscription \`${subscription}\``;
}

const canonicalTypes = new Map(readTypes.map((type) => [fold(type), type]));

/** Why resources of a type, in any case, may be there that the caller does not see; undefined where it sees all. */
export function whyHidden(
  type: string,
  subscription: string,
  permissions: Permissions | undefined,
): string | undefined {
  if (permissions === undefined) return lacking("Microsoft.Authorization/permissions/read", subscription);
  const action = `${canonicalTypes.get(fold(type)) ?? type}/read`;
  return isGranted(action, permissions) ? undefined : lacking(action, subscription);
}

/** Of a subscription in the scope that cannot be read. */
export function* outOfReach(subscription: string, { unreadable }: SubscriptionsInScope): Generator<Reading> {
  const because = unreadable.get(subscription);
  if (because !== undefined) yield* unreadableSubscription(subscription, because);
}

/** Of a subscription in which nothing is granted and nothing was seen. */
export function mayReadNothing(subscription: string): Iterable<Reading> {
  const because = `Cordon may read nothing in subscription \`${subscription}\`: assign it the role in ${roleFile}`;
  return unreadableSubscription(subscription, because);
}

function* unreadableSubscription(subscription: string, because: string): Generator<Reading> {
  const id = ResourceId.parse(`/subscriptions/${subscription}`);
  if (id !== undefined)
    yield { kind: "unreadable", id, unreadable: { kind: "unreadable", why: "outOfScope", because } };
}

export function unlisted(subscription: string, type: string, because: string): readonly Reading[] {
  const scope = ResourceId.parse(`/subscriptions/${subscription}`);
  if (scope === undefined) return [];
  return [{ kind: "list", scope, type, completeness: { kind: "unreadable", why: "refused", because } }];
}
