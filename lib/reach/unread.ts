import type { ResourceId } from "../model/resource-id.ts";
import type { Completeness, Found, Snapshot, Unreadable } from "../model/snapshot.ts";

/** Why there may be more than was seen; undefined where nothing is left open. */
export function unreadBecause(seen: Found | Completeness, what: string): string | undefined {
  return seen.kind === "unreadable" || seen.kind === "notRead" ? whyUnread(seen, what) : undefined;
}

/** Why it is not known what is there, where nothing of the kind that others say was found. */
export function whyNone(found: Found, { text }: ResourceId): string {
  if (found.kind === "absent") return `\`${text}\` does not exist`;
  return unreadBecause(found, `\`${text}\``) ?? `\`${text}\` is of another kind than what names it says`;
}

/**
 * Why there may be resources of a type in the subscription of another one of which Azure did not tell; undefined also where nobody
 * recorded them.
 */
export function untoldAround({ parent: group }: ResourceId, type: string, snapshot: Snapshot): string | undefined {
  const subscription = group?.parent;
  if (subscription === undefined) return undefined;
  return snapshot.once(`untold ${type} in ${subscription.key}`, () => {
    const { completeness } = snapshot.list(subscription, type);
    const isUntold = completeness.kind === "unreadable" && completeness.why !== "notRecorded";
    return { because: isUntold ? completeness.because : undefined };
  }).because;
}

export function whyUnread(unread: Unreadable | { readonly kind: "notRead" }, what: string): string {
  return unread.kind === "unreadable" ? unread.because : `${what} was not read yet`;
}
