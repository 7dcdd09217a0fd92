import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { fold } from "./resource-id.ts";

/**
 * What a finding says, as one text: two findings with the same id are the same in substance exactly when their digests are
 * equal. Spelling, order, waivers and the words of the rule have no part in it.
 */
export function digestOf(finding: Finding): string {
  const { status, severity, services, message, because, assumptions, evidence } = finding;
  return JSON.stringify([
    status,
    severity,
    setOf(services.map(({ key }) => key)),
    fold(message ?? ""),
    setOf(because.map(fold)),
    setOf(assumptions.map(fold)),
    setOf(evidence.map(textOf)),
  ]);
}

function setOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** Where something stands in an array says nothing: `/properties/ipRules/3` is any of the rules. */
function textOf({ resource, pointer, value }: Evidence): string {
  return `${resource.key} ${fold(pointer.replace(/\/\d+(?=\/|$)/g, "/*"))} ${canonical(value, 8)}`;
}

/** What lies deeper than any value that a rule looks at is left out, as it is in reports. */
function canonical(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(fold(value));
  if (typeof value !== "object" || value === null) return `${value}`;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth - 1)).sort()}]`;
  const properties = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(fold(name))}:${canonical(one, depth - 1)}`,
  );
  return `{${properties.sort()}}`;
}
