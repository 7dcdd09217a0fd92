import pMap from "p-map";
import { type BodyRecord, isSameBody, printOf, recordsOf } from "../model/body-record.ts";
import { ResourceId } from "../model/resource-id.ts";
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
export function unreadable(record: BodyRecord): BodyRecord {
  return { ...record, facts: record.facts.map((fact) => ({ ...fact, print: "unreadable" })) };
}

/**
 * The resources that were read on the way and are not as they were last seen: no event tells of what Azure itself writes into
 * the other side of a private endpoint or of a peering.
 */
export async function changedOnTheWay(
  { snapshot }: Session,
  seen: readonly RecordChange[],
  records: Records,
): Promise<readonly ResourceId[]> {
  if (snapshot.isClosed) return [];
  const looked = new Set(seen.map(({ key }) => key));
  const prints = new Map<string, string>();
  for (const { fact, from, isFull } of snapshot.entries()) {
    if (!looked.has(from)) prints.set(fact.id.key, printOf(fact, isFull, shortHash));
  }
  for (const key of snapshot.absences()) if (key.includes("/providers/")) prints.set(key, "absent");
  const known = await records.facts(prints.keys());
  const bodies = [...known.values()].flatMap(({ key, body, print }) => (prints.get(key) === print ? [] : [body]));
  return [...new Set(bodies)].flatMap((body) => ResourceId.parse(body) ?? []).filter(({ key }) => !looked.has(key));
}
