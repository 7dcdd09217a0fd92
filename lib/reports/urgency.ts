import { type Severity, severities } from "../model/policy.ts";

interface Ranked {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly status: "fail" | "undetermined";
}

/** The worst first, failed before undetermined, then by rule. */
export function byUrgency(a: Ranked, b: Ranked): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    Number(a.status === "undetermined") - Number(b.status === "undetermined") ||
    compareTexts(a.rule, b.rule) ||
    compareTexts(a.id, b.id)
  );
}

/** By code units, in every language of the machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
