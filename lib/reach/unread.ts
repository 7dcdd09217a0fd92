import type { Completeness, Found } from "../model/snapshot.ts";

/** Why there may be more than was seen; undefined where nothing is left open. */
export function unreadBecause(seen: Found | Completeness, what: string): string | undefined {
  if (seen.kind === "unreadable") return seen.because;
  return seen.kind === "notRead" ? `${what} was not read yet` : undefined;
}
