import { isSubjectKind } from "../analyze.ts";
import { project } from "../facts/project.ts";
import { type BodyRecord, recordsOf, touchedBy } from "../model/body-record.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { substanceOf } from "../model/same-fact.ts";
import { SnapshotBuilder } from "../model/snapshot-builder.ts";
import type { Change } from "./change.ts";
import type { Bodies } from "./edit.ts";
import { editedBy } from "./estate.ts";

/** What changes would touch, if somebody made them. */
export interface TouchedByChanges {
  /** What has another answer afterwards, as `dependencyOf` has it. */
  readonly questions: ReadonlySet<string>;
  /** The keys of subjects that would say something else, come or go. */
  readonly subjects: readonly string[];
}

export function touchedByChanges(changes: readonly Change[], bodies: Bodies): TouchedByChanges {
  const edited = [...editedBy(changes, bodies).values()];
  const records = edited.map(({ id, body }) => ({ before: recordOf(id, bodies(id)), after: recordOf(id, body) }));
  const { questions, facts } = touchedBy(records);
  const all = records.flatMap(({ before, after }) => [...(before?.facts ?? []), ...(after?.facts ?? [])]);
  const kinds = new Map(all.map(({ key, kind }) => [key, kind]));
  const isSubject = (key: string) => {
    const kind = kinds.get(key);
    return kind !== undefined && isSubjectKind(kind);
  };
  return { questions, subjects: [...facts].filter(isSubject) };
}

function recordOf(id: ResourceId, body: ReturnType<Bodies>): BodyRecord | undefined {
  const projected = body === undefined ? undefined : project(body).projected;
  if (projected === undefined) return undefined;
  const alone = new SnapshotBuilder();
  alone.add(projected);
  return recordsOf(alone.entries(), substanceOf, () => undefined).get(id.key);
}
