import { expect } from "vitest";
import type { Evaluation, Expectations } from "../../lib/analyze.ts";
import { auditSnapshot } from "../../lib/audit.ts";
import { auditedEstate, findingsOf } from "../../lib/fix/estate.ts";
import { fixOf } from "../../lib/fix.ts";
import type { ClosingRecord } from "../../lib/model/closing-record.ts";
import type { Finding } from "../../lib/model/finding.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { fixAnswer } from "../../lib/reports/fix-answer.ts";
import type { FixAnswer } from "../../lib/reports/fix-schema.ts";
import { rules } from "../../lib/rules/index.ts";
import { type Answer, applied } from "../fix/applied.ts";
import { type Given, idOf } from "./builders.ts";
import { readerOf, readingsOf, today } from "./world.ts";

/** What an audit finds, and for each certain finding what `cordon fix` answers. */
export async function fixesOf(given: Given, policy: Policy, isMeant: (finding: Finding) => boolean = () => true) {
  const expectations: Expectations = { policy, rules, today };
  const reader = readerOf(given);
  const { snapshot } = await auditSnapshot(reader, expectations);
  const estate = auditedEstate(snapshot, expectations);
  const before = findingsOf(estate);
  const answers: FixAnswer[] = [];
  for (const finding of before.filter((one) => one.status === "fail" && isMeant(one))) {
    const { fix, bodies } = await fixOf(finding, estate, reader);
    answers.push(
      fixAnswer(
        finding,
        rules.find(({ id }) => id === finding.rule),
        fix,
        bodies,
      ),
    );
  }
  return { before, answers, expectations };
}

/** Applies every fix to what was given, audits that anew, and compares. */
export async function expectFixesToHold(given: Given, policy: Policy, isMeant?: (finding: Finding) => boolean) {
  const { before, answers, expectations } = await fixesOf(given, policy, isMeant);
  for (const { id, fix, milder, rejected, alternatives = [] } of answers) {
    for (const closing of [fix, milder, rejected, ...alternatives.slice(0, 3)]) {
      if (closing === undefined) continue;
      const after = await auditSnapshot(readerOf(fixedReadings(given, closing)), expectations);
      expectDifferences(id, closing, before, after.evaluations);
    }
  }
  return answers;
}

function expectDifferences(
  id: string,
  { edits, goes, comes, turns }: ClosingRecord,
  before: readonly Finding[],
  evaluations: readonly Evaluation[],
): void {
  const old = new Map(before.map((finding) => [finding.id, finding.status]));
  const now = new Map(evaluations.flatMap(({ findings }) => findings.map((one) => [one.id, one.status] as const)));
  const said = {
    goes: goes.map((one) => one.id),
    comes: comes.map((one) => one.id),
    turns: turns.map((one) => one.id),
  };
  expect({ isGone: !now.has(id), ...said }, `${id} after ${JSON.stringify(edits)}`).toEqual({
    isGone: true,
    goes: [...old.keys()].filter((one) => !now.has(one)).sort(),
    comes: [...now.keys()].filter((one) => !old.has(one)).sort(),
    turns: [...now].flatMap(([one, status]) => ((old.get(one) ?? status) === status ? [] : [one])).sort(),
  });
}

function fixedReadings(given: Given, closing: ClosingRecord): readonly Reading[] {
  const readings = [...readingsOf(given)];
  const answers = readings.flatMap((reading): Answer[] =>
    reading.kind === "resource" ? [{ url: "", status: 200, body: reading.body }] : [],
  );
  const bodies = applied(answers, closing).flatMap(({ status, body }): readonly unknown[] => {
    if (status === 404) return [];
    const { value } = Object(body);
    return Array.isArray(value) && Object(body).id === undefined ? value : [body];
  });
  const gone = [...closing.edits, ...closing.follows].filter(({ path, new: value }) => path === "" && value === null);
  const made = closing.edits.filter(({ path, old }) => path === "" && old === null);
  const isMade = ({ kind, ...reading }: Reading) =>
    (kind === "absent" || kind === "unreadable") &&
    made.some(({ resource }) => "id" in reading && Object(reading.id).key === idOf(resource).key);
  return [
    ...readings.filter((reading) => reading.kind !== "resource" && !isMade(reading)),
    ...bodies.map((body): Reading => ({ kind: "resource", body, where: "test" })),
    ...gone.map(({ resource }): Reading => ({ kind: "absent", id: idOf(resource) })),
    ...made.flatMap(({ resource }) => listsOf(resource)),
  ];
}

/** Nobody has put anything else into what was made just now. */
function listsOf(resource: string): readonly Reading[] {
  const id = idOf(resource);
  if (id.type !== "microsoft.network/privatednszones") return [];
  return ["virtualnetworklinks", "a", "aaaa"].map((type): Reading => {
    return { kind: "list", scope: id, type: `${id.type}/${type}`, completeness: { kind: "complete" } };
  });
}
