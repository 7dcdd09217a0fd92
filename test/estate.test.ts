import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Evaluation, evaluate, subjectsOf } from "../lib/analyze.ts";
import { Estate } from "../lib/estate.ts";
import { project } from "../lib/facts/project.ts";
import { digestOf } from "../lib/model/finding-digest.ts";
import { SnapshotBuilder } from "../lib/model/snapshot-builder.ts";
import type { Reading } from "../lib/readers/reader.ts";
import { rules } from "../lib/rules/index.ts";
import { anyEdit, type Edit, EditedEstate } from "./support/edit-script.ts";
import { anyStart, demanding, type Start } from "./support/material.ts";
import { today } from "./support/world.ts";

const expectations = { policy: demanding, rules, today };
const numRuns = Number(process.env.CORDON_RUNS ?? 40);

/** As an audit does it. */
function tell(snapshot: SnapshotBuilder, readings: readonly Reading[]): void {
  for (const reading of readings) {
    if (reading.kind === "resource") {
      const { projected } = project(reading.body);
      if (projected !== undefined) snapshot.add(projected, reading.at);
    }
    if (reading.kind === "absent") snapshot.addAbsent(reading.id, reading.at);
    if (reading.kind === "unreadable") snapshot.addUnreadable(reading.id, reading.unreadable);
    if (reading.kind === "list") snapshot.addList(reading.scope, reading.type, reading.completeness, reading.at);
    if (reading.kind === "serviceTags") snapshot.addServiceTags(reading.list);
  }
}

/** Everything that there is, evaluated without a past. */
function fullRun(readings: readonly Reading[]): readonly Evaluation[] {
  const snapshot = new SnapshotBuilder();
  tell(snapshot, readings);
  snapshot.close("is not in the recording");
  return subjectsOf(snapshot, expectations.policy).map((subject) => evaluate(subject, snapshot, expectations));
}

/** What was found, in substance: a text for each finding, and for who reaches each service. */
function substance(evaluations: readonly Evaluation[]): readonly string[] {
  return evaluations.flatMap(({ subject, findings, reach }) => [
    `${subject.kind} ${subject.id.key}`,
    ...findings.map((finding) => `${finding.id} ${digestOf(finding)}`).sort(),
    ...(reach === undefined
      ? []
      : [
          `${reach.atLeast} to ${reach.atMost}: ${reach.addresses.toPrefixes()} ` +
            `${[...reach.subnets, ...reach.privateEndpoints].map(({ key }) => key).sort()} ${[...reach.exceptions].sort()}`.toLowerCase(),
        ]),
  ]);
}

/** An estate at its beginning, and what holds the truth about it. */
function begin({ material, first, said }: Start) {
  const azure = new EditedEstate(material, said);
  const snapshot = new SnapshotBuilder();
  tell(snapshot, [...said, ...first.resources.flatMap((body) => azure.put({ ...body }))]);
  snapshot.close("is not in the recording");
  return { azure, estate: new Estate(snapshot, expectations) };
}

const anyScript = fc.array(fc.array(anyEdit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });

describe("an estate that follows changes", () => {
  it("finds after every change what a full run finds, whatever the path", { timeout: 60_000 * numRuns }, () => {
    fc.assert(
      fc.property(anyStart, anyScript, (start, script) => {
        const { azure, estate } = begin(start);
        estate.catchUp();
        for (const batch of script) {
          tell(
            estate.snapshot,
            batch.flatMap((edit: Edit) => azure.do(edit)),
          );
          estate.catchUp();
          expect(substance(estate.evaluations)).toEqual(substance(fullRun(azure.everything)));
        }
      }),
      { numRuns },
    );
  });
});
