import type { Fact } from "./fact.ts";
import { fold, ResourceId } from "./resource-id.ts";

/** A text that is the same for two facts of which rules see the same; spelling and the order of properties make none. */
export function fingerprint(fact: Fact): string {
  return fold(JSON.stringify(fact, (_, value) => canonical(value)));
}

function canonical(value: unknown): unknown {
  if (value instanceof ResourceId) return value.key;
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
