import type { Glob } from "../model/glob.ts";
import { type Severity, severities } from "../model/policy.ts";
import { counted } from "../model/wording.ts";
import type { Comparison } from "../reports/comparison.ts";
import type { FindingEntry, Report } from "../reports/schema.ts";

/** 0: nothing to object to; 1: findings; 2: the audit does not answer the question. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  /** Why the code is 2. */
  readonly error?: string;
}

export interface Demands {
  /** The mildest severity that counts. */
  readonly failOn: Severity;
  /** What is not known counts as well. */
  readonly isStrict: boolean;
  /** What services were asked for; all where there is none. */
  readonly services: readonly Glob[];
}

export function outcomeOf(report: Report, { failOn, isStrict, services }: Demands): Outcome {
  const { findings, problems, summary } = report;
  if (isEmpty(report) || (services.length > 0 && summary.services === 0)) {
    const globs = services.map(({ text }) => `\`${text}\``).join(" or ");
    const wanted = globs === "" ? "nothing to audit" : `no service that matches ${globs}`;
    return { code: 2, error: `${wanted} among ${counted(summary.resources, "resource")}` };
  }
  if (isStrict && summary.unreadable > 0) {
    return { code: 2, error: notStrict(report) };
  }
  const counts = findings.some((finding) => finding.waived === undefined && isAtLeast(finding, failOn, isStrict));
  if (!counts && summary.services === 0 && problems.length > 0) {
    return { code: 2, error: `no service was read, and ${counted(problems.length, "input")} could not be understood` };
  }
  const lost = counts ? undefined : whatIsLost(report);
  if (lost !== undefined) return { code: 2, error: `nothing to object to in what was read, but ${lost}` };
  return { code: counts ? 1 : 0 };
}

/** 1: something got worse, or others get in; 2: the later audit does not answer the question. */
export function outcomeOfComparison(
  { opened, worse, reached }: Comparison,
  after: Report,
  { failOn, isStrict }: Omit<Demands, "services">,
): Outcome {
  if (isEmpty(after)) return { code: 2, error: "the later report is of an audit that found nothing to audit" };
  if (isStrict && after.summary.unreadable > 0) return { code: 2, error: notStrict(after) };
  const isHarm =
    [...opened, ...worse].some((finding) => isAtLeast(finding, failOn, isStrict)) ||
    reached.some(({ wider }) => wider === "yes" || (isStrict && wider === "unknown"));
  const lost = isHarm ? undefined : whatIsLost(after);
  if (lost !== undefined) return { code: 2, error: `nothing got worse in what the later audit read, but ${lost}` };
  return { code: isHarm ? 1 : 0 };
}

function isAtLeast({ status, severity }: FindingEntry, failOn: Severity, isStrict: boolean): boolean {
  return status === "fail" ? severities.indexOf(severity) <= severities.indexOf(failOn) : isStrict;
}

/** Sites of the policy are there in any case. */
function isEmpty({ summary }: Report): boolean {
  return summary.subjects === 0 || summary.resources === 0;
}

function notStrict({ summary }: Report): string {
  return `${counted(summary.unreadable, "input")} could not be read, which \`--strict\` does not allow`;
}

/** Input that may have held services. */
function whatIsLost({ problems }: Report): string | undefined {
  const lost = problems.filter(({ isLost }) => isLost === true).length;
  return lost === 0 ? undefined : `${counted(lost, "input")} broken or cut off: what is lost was not audited`;
}
