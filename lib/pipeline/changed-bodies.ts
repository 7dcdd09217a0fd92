import pMap from "p-map";
import { type BodyRecord, isSameBody, recordsOf } from "../model/body-record.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Reader } from "../readers/reader.ts";
import type { Session } from "../session.ts";
import type { RecordChange, Records } from "../state/change-index.ts";
import { shortHash } from "./left-behind.ts";

/** What was seen of bodies before, and what is seen now; reads the resources from where they are. */
export async function lookAtBodies(
  resources: readonly ResourceId[],
  session: Session,
  reader: Reader,
  records: Records,
): Promise<readonly RecordChange[]> {
  const seen = await pMap(resources, async (id) => await lookAtBody(id, session, reader, records), { concurrency: 16 });
  return seen.flat();
}

/** Those of them in which rules see something else now. */
export function differing(seen: readonly RecordChange[]): readonly RecordChange[] {
  return seen.filter(({ before, after }) => !isSameBody(before, after));
}

async function lookAtBody(
  id: ResourceId,
  session: Session,
  reader: Reader,
  records: Records,
): Promise<readonly RecordChange[]> {
  const [found, known] = await Promise.all([session.look(id, reader), records.under(id.key)]);
  switch (found.kind) {
    case "fact":
      return [{ key: id.key, before: known.get(id.key), after: recordNow(id, session) }];
    case "absent":
      return [...known].map(([key, before]) => ({ key, before, after: undefined }));
    case "unreadable":
    case "notRead":
      return [...known].map(([key, before]) => ({ key, before, after: unreadable(before) }));
  }
}

function recordNow({ key }: ResourceId, { snapshot }: Session): BodyRecord | undefined {
  const own = [...snapshot.entries()].filter(({ from }) => from === key);
  return recordsOf(own, shortHash, () => undefined).get(key);
}

/** Nobody knows any more what rules would see. */
function unreadable(record: BodyRecord): BodyRecord {
  return { ...record, facts: record.facts.map((fact) => ({ ...fact, print: "unreadable" })) };
}
