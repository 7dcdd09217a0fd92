import type { Evaluation } from "../../lib/analyze.ts";
import { type Audit, audit } from "../../lib/audit.ts";
import { project } from "../../lib/facts/project.ts";
import type { Finding } from "../../lib/model/finding.ts";
import { Policy, type PolicySettings } from "../../lib/model/policy.ts";
import { SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import type { Reader, Reading } from "../../lib/readers/reader.ts";
import { rules } from "../../lib/rules/index.ts";
import type { Rule } from "../../lib/rules/rule.ts";
import type { Given } from "./builders.ts";

export const today = "2026-11-22";

export function policyWith(settings: Partial<PolicySettings>): Policy {
  return new Policy({
    approvedExceptions: [],
    nearlyInternet: 0.25,
    sites: [],
    severities: new Map(),
    waivers: [],
    ...settings,
  });
}

/** A reader that brings just what a test gives it; what that leaves out is not in the recording. */
export function readerOf(given: Given): Reader {
  return {
    async *readAll() {
      yield readingsOf(given);
      yield [{ kind: "end", because: "is not in the recording" }];
    },
    async *read() {},
  };
}

export function* readingsOf(given: Given): Generator<Reading> {
  if (isList(given)) for (const one of given) yield* readingsOf(one);
  else if (isReading(given)) yield given;
  else yield { kind: "resource", body: given, where: "test" };
}

function isList(given: Given): given is readonly Given[] {
  return Array.isArray(given);
}

function isReading(given: Exclude<Given, readonly Given[]>): given is Reading {
  return (
    "kind" in given &&
    ["absent", "unreadable", "list", "problem", "resource", "serviceTags", "end"].includes(String(given.kind))
  );
}

export async function auditOf(given: Given, policy = Policy.default, only: readonly Rule[] = rules): Promise<Audit> {
  return await audit(readerOf(given), { policy, rules: only, today });
}

export async function findingsOf(rule: Rule, given: Given, policy = Policy.default): Promise<readonly Finding[]> {
  const { evaluations } = await auditOf(given, policy, [rule]);
  return evaluations.flatMap((evaluation: Evaluation) => evaluation.findings);
}

/** All that a reader brings at first. */
export async function everythingOf(reader: Reader): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for await (const portion of reader.readAll()) readings.push(...portion);
  return readings;
}

/** What an audit knows when it evaluates: what the test does not give is not in the recording. */
export function snapshotOf(given: Given): SnapshotBuilder {
  const snapshot = new SnapshotBuilder();
  for (const reading of readingsOf(given)) {
    if (reading.kind === "resource") {
      const { projected } = project(reading.body);
      if (projected !== undefined) snapshot.add(projected);
    }
    if (reading.kind === "serviceTags") snapshot.addServiceTags(reading.list);
    if (reading.kind === "absent") snapshot.addAbsent(reading.id);
    if (reading.kind === "unreadable") snapshot.addUnreadable(reading.id, reading.unreadable);
    if (reading.kind === "list") snapshot.addList(reading.scope, reading.type, reading.completeness);
  }
  snapshot.close("is not in the recording");
  return snapshot;
}
