import type { Completeness, Found, Unreadable } from "../model/snapshot.ts";

/** Why there may be more than was seen; undefined where nothing is left open. */
export function unreadBecause(seen: Found | Completeness, what: string): string | undefined {
  return seen.kind === "unreadable" || seen.kind === "notRead" ? whyUnread(seen, what) : undefined;
}

export function whyUnread(unread: Unreadable | { readonly kind: "notRead" }, what: string): string {
  return unread.kind === "unreadable" ? unread.because : `${what} was not read yet`;
}
