import type { Glob } from "../model/glob.ts";
import { type Severity, severities } from "../model/policy.ts";
import { counted } from "../model/wording.ts";
import type { Report } from "../reports/schema.ts";

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

export function outcomeOf({ findings, problems, summary }: Report, { failOn, isStrict, services }: Demands): Outcome {
  const isEmpty = summary.subjects === 0 || summary.resources === 0; // sites of the policy are there in any case
  if (isEmpty || (services.length > 0 && summary.services === 0)) {
    const globs = services.map(({ text }) => `\`${text}\``).join(" or ");
    const wanted = globs === "" ? "nothing to audit" : `no service that matches ${globs}`;
    return { code: 2, error: `${wanted} among ${counted(summary.resources, "resource")}` };
  }
  if (isStrict && summary.unreadable > 0) {
    return {
      code: 2,
      error: `${counted(summary.unreadable, "input")} could not be read, which \`--strict\` does not allow`,
    };
  }
  const counts = findings.some(({ status, severity, waived }) => {
    if (waived !== undefined) return false;
    return status === "fail" ? severities.indexOf(severity) <= severities.indexOf(failOn) : isStrict;
  });
  if (!counts && summary.services === 0 && problems.length > 0) {
    return { code: 2, error: `no service was read, and ${counted(problems.length, "input")} could not be understood` };
  }
  const lost = problems.filter(({ isLost }) => isLost === true).length;
  if (!counts && lost > 0) {
    const inputs = counted(lost, "input");
    return {
      code: 2,
      error: `no finding in what was read, but ${inputs} broken or cut off: what is lost was not audited`,
    };
  }
  return { code: counts ? 1 : 0 };
}
