import { closingRecordOf } from "../fix/closing-record.ts";
import type { Bodies } from "../fix/edit.ts";
import type { Fix } from "../fix/smallest-fix.ts";
import type { Finding } from "../model/finding.ts";
import { recordOf } from "../model/finding-record.ts";
import type { RuleText } from "../rules/rule.ts";
import type { FixAnswer } from "./fix-schema.ts";

/** What `cordon fix` answers for a finding that there is. */
export function fixAnswer(finding: Finding, rule: RuleText | undefined, fix: Fix, bodies: Bodies): FixAnswer {
  const answer = { id: finding.id, because: [], finding: recordOf(finding, rule) };
  if (fix.kind === "none") {
    const { because, rejected } = fix;
    const none: FixAnswer = { ...answer, outcome: "none", because: [because] };
    return rejected === undefined ? none : { ...none, rejected: closingRecordOf(rejected, bodies) };
  }
  const { closing, isMinimal, alternatives, milder } = fix;
  return {
    ...answer,
    outcome: "fix",
    fix: closingRecordOf(closing, bodies),
    isMinimal,
    ...(milder === undefined ? {} : { milder: closingRecordOf(milder, bodies) }),
    alternatives: alternatives.map((one) => closingRecordOf(one, bodies)),
  };
}

/** For one of which it is not known whether anything is wrong. */
export function undeterminedAnswer(finding: Finding, rule: RuleText | undefined): FixAnswer {
  const { id, because } = finding;
  return { id, outcome: "undetermined", because: [...because], finding: recordOf(finding, rule) };
}
