import { describe, expect, it } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import type { Rule } from "../../lib/rules/rule.ts";
import type { Given } from "./builders.ts";
import { findingsOf } from "./world.ts";

/** One row of a rule's table; `want` is one outcome, or one for each part. */
export interface RuleRow {
  readonly when: string;
  readonly given: Given;
  readonly policy?: Policy;
  readonly want: Outcome | Readonly<Record<string, Outcome>>;
  /** Texts that the message, the reasons or the evidence of the finding must hold. */
  readonly says?: readonly string[];
}

/** "pass" stands for "does not apply" too: in both cases there is no finding. */
export type Outcome = "pass" | "fail" | "undetermined";

/** The outcomes that the meta-test asks every rule's table for. */
export const tables = new Map<string, readonly RuleRow[]>();

export function ruleTable(rule: Rule, rows: readonly RuleRow[]): void {
  tables.set(rule.id, rows);
  describe(`${rule.id} ${rule.name}`, () => {
    it.each(rows)("$want when $when", async ({ given, policy = Policy.default, want, says = [] }) => {
      const findings = await findingsOf(rule, given, policy);
      const outcomes = Object.fromEntries(findings.map(({ part, status }) => [part ?? "", status]));
      const wanted = typeof want === "string" ? { "": want } : want;
      const failing = Object.entries(wanted).filter(([, outcome]) => outcome !== "pass");
      expect(outcomes).toEqual(Object.fromEntries(failing));
      const text = JSON.stringify(findings.map(({ message, because, evidence }) => ({ message, because, evidence })));
      for (const phrase of says) expect(text).toContain(phrase);
    });
  });
}
