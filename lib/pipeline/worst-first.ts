import type { Evaluation } from "../analyze.ts";
import type { Finding } from "../model/finding.ts";
import { severities } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";

/** Subjects in the order of what is worst of each: only of the first findings fixes are looked for. */
export function worstFirst(subjects: readonly ResourceId[], evaluations: readonly Evaluation[]): readonly ResourceId[] {
  const ranks = new Map(evaluations.map(({ subject, findings }) => [subject.id.key, rankOf(findings)]));
  const rank = ({ key }: ResourceId) => ranks.get(key) ?? rankOf([]);
  return subjects.toSorted((a, b) => rank(a) - rank(b));
}

function rankOf(findings: readonly Finding[]): number {
  const told = findings.filter(({ status, waived }) => status === "fail" && waived === undefined);
  return Math.min(severities.length, ...told.map(({ severity }) => severities.indexOf(severity)));
}
