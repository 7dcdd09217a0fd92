import { expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { readSet } from "../net/read-set.ts";
import type { Given } from "../support/builders.ts";
import { fixesOf } from "../support/fixed.ts";
import { policyWith } from "../support/world.ts";

export const where = "--resource-group rg --subscription 00000000-0000-4000-8000-000000000001";

export const whereZones = where.replace("rg", "rg-dns");

export interface Row {
  readonly when: string;
  readonly finding: string;
  readonly given: Given;
  readonly policy?: Policy;
  /** Undefined where Cordon knows of nothing. */
  readonly want: readonly string[] | undefined;
}

export const approved = policyWith({ approvedAddresses: readSet("203.0.113.0/31") });

export const someApproved = policyWith({ approvedAddresses: readSet("203.0.113.2", "203.0.113.7") });

export const oneApproved = policyWith({ approvedAddresses: readSet("203.0.113.7") });

export const openRules = [
  ["0.0.0.0", "255.255.255.255"],
  ["0.0.0.0", "0.0.0.0"],
] as const;

/** Each row is a test: the fix of its finding has these command lines. */
export function testCommands(rows: readonly Row[]): void {
  test.each(rows)("when $when", async ({ finding, given, policy = Policy.default, want }) => {
    const { answers } = await fixesOf(given, policy, ({ id }) => id.toLowerCase() === finding.toLowerCase());
    expect(answers.map(({ fix }) => fix?.commands)).toEqual([want]);
  });
}
