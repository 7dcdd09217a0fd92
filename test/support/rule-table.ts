import { describe, expect, it, test } from "vitest";
import { recordOf } from "../../lib/model/finding-record.ts";
import { Policy } from "../../lib/model/policy.ts";
import { unreadEvidence } from "../../lib/pipeline/unreadable-finding.ts";
import type { Rule } from "../../lib/rules/rule.ts";
import type { Given } from "./builders.ts";
import { expectFixesToHold } from "./fixed.ts";
import { refusalsOf } from "./refusals.ts";
import { auditOf, findingsOf, readingsOf } from "./world.ts";

/** One row of a rule's table; `want` is one outcome, or one for each part. */
export interface RuleRow {
  readonly when: string;
  /** Set where a careless check would get it wrong, to what such a check would say. */
  readonly looks?: "fine" | "wrong";
  readonly given: Given;
  readonly policy?: Policy;
  readonly want: Outcome | Readonly<Record<string, Outcome>>;
  /** Texts that the message, the reasons or the evidence of the finding must hold. */
  readonly says?: readonly string[];
}

/** "pass" stands for "does not apply" too: in both cases there is no finding. */
export type Outcome = "pass" | "fail" | "undetermined";

/** Runs a rule's table, and checks of the table itself that it asks enough. */
export function ruleTable(rule: Rule, rows: readonly RuleRow[]): void {
  describe(`${rule.id} ${rule.name}`, () => {
    it.each(rows)("$want when $when", async ({ given, policy = Policy.default, want, says = [] }) => {
      const findings = await findingsOf(rule, given, policy);
      const outcomes = Object.fromEntries(findings.map(({ part, status }) => [part ?? "", status]));
      const wanted = typeof want === "string" ? { "": want } : want;
      const failing = Object.entries(wanted).filter(([, outcome]) => outcome !== "pass");
      expect(outcomes).toEqual(Object.fromEntries(failing));
      const text = JSON.stringify(findings.map(({ message, because, evidence }) => ({ message, because, evidence })));
      for (const phrase of says) expect(text).toContain(phrase);
      for (const { status, because, id } of findings) {
        expect(because.length > 0, `${id} is ${status} and gives ${because.length} reasons`).toBe(status !== "fail");
      }
    });

    const wrong = rows.filter((row) => outcomesOf(row).includes("fail"));
    it.each(wrong)("what Cordon proposes when $when closes it", async ({ given, policy = Policy.default }) => {
      await expectFixesToHold(given, policy, (finding) => finding.rule === rule.id);
    });

    const found = rows.filter((row) => outcomesOf(row).some((outcome) => outcome !== "pass"));
    it.each(found)("no refusal passes for a fix when $when", async ({ given, policy = Policy.default }) => {
      expect(await hiddenByRefusals(rule, given, policy)).toEqual([]);
    });

    test("the table asks enough", () => {
      const outcomes = rows.flatMap(outcomesOf);
      for (const outcome of ["pass", "fail", "undetermined"] as const) {
        expect(outcomes, `add a row that wants "${outcome}" to the table of ${rule.name}`).toContain(outcome);
      }
      const traps = rows.filter(({ looks }) => looks !== undefined);
      const advice = `mark at least two rows of ${rule.name} with \`looks\`: what a careless check would get wrong`;
      expect(traps.length, advice).toBeGreaterThanOrEqual(2);
      for (const row of traps) {
        const isTrap = outcomesOf(row).some((outcome) => (outcome === "pass") === (row.looks === "wrong"));
        expect(isTrap, `"${row.when}" looks ${row.looks} and is just that: drop its \`looks\``).toBe(true);
      }
      const names = rows.map(({ when }) => when);
      expect(names, `two rows of ${rule.name} have the same \`when\``).toEqual([...new Set(names)]);
    });
  });
}

/** The findings that an audit takes for fixed when it is refused something of what was given. */
export async function hiddenByRefusals(rule: Rule, given: Given, policy: Policy): Promise<readonly string[]> {
  const readings = [...readingsOf(given)];
  const first = await auditOf(readings, policy, [rule]);
  const before = first.evaluations.flatMap(({ findings }) => findings);
  const hidden: string[] = [];
  for (const finding of before) {
    const unread = await unreadEvidence({ finding: recordOf(finding, rule) }, first);
    if (unread !== undefined) hidden.push(`${finding.id} has evidence that nobody can read: ${unread}`);
  }
  for (const refusal of refusalsOf(readings)) {
    const audit = await auditOf(refusal.of(readings), policy, [rule]);
    const ids = new Set(audit.evaluations.flatMap(({ findings }) => findings.map(({ id }) => id)));
    const evaluated = new Set(audit.evaluations.map(({ subject }) => subject.id.key));
    for (const finding of before.filter(({ id }) => !ids.has(id))) {
      const isLost = !evaluated.has(finding.resource.key) && (await audit.find(finding.resource)).kind === "unreadable";
      if (isLost || (await unreadEvidence({ finding: recordOf(finding, rule) }, audit)) !== undefined) continue;
      hidden.push(`${finding.id} without ${refusal.what}`);
    }
  }
  return hidden;
}

function outcomesOf({ want }: RuleRow): readonly Outcome[] {
  return typeof want === "string" ? [want] : Object.values(want);
}
