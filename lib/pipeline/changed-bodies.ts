import pMap from "p-map";
import { type BodyRecord, isSameBody, recordsOf } from "../model/body-record.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Reader } from "../readers/reader.ts";
import type { Session } from "../session.ts";
import type { RecordChange, Records } from "../state/change-index.ts";
import { factPrint } from "./left-behind.ts";

export interface ToLookAt {
  readonly resources: readonly ResourceId[];
  /** The keys of those of them that are said to have been deleted. */
  readonly deleted: ReadonlySet<string>;
}

const readsAtOnce = 16;

/** What was seen of bodies before, and what is seen now; reads the resources from where they are. */
export async function lookAtBodies(
  { resources, deleted }: ToLookAt,
  session: Session,
  reader: Reader,
  records: Records,
): Promise<readonly RecordChange[]> {
  const look = async (id: ResourceId) => {
    const [known] = await Promise.all([records.under(id.key), session.look(id, reader)]);
    const seen = await lookAtBody(id, known, session, reader);
    const isMadeAnew = deleted.has(id.key) && session.snapshot.get(id).kind === "fact";
    return isMadeAnew ? [...seen, ...(await lookInside(id, known, session, reader))] : seen;
  };
  const seen = await pMap(resources, look, { concurrency: readsAtOnce });
  return [...new Map(seen.flat().map((change) => [change.key, change])).values()];
}

type Known = ReadonlyMap<string, BodyRecord>;

/** What stood in a resource went with it, and no event tells of that: it is listed again. */
async function lookInside(
  id: ResourceId,
  known: Known,
  session: Session,
  reader: Reader,
): Promise<readonly RecordChange[]> {
  const children = [...known.keys()].flatMap((key) => (key === id.key ? [] : (ResourceId.parse(key) ?? [])));
  const lists = Map.groupBy(children, ({ parent, type }) => `${parent?.key} ${type}`);
  for (const [{ parent, type } = id] of lists.values()) {
    if (parent !== undefined) await session.answer({ kind: "list", parent, type }, reader);
  }
  const look = async (child: ResourceId) => {
    return await lookAtBody(child, new Map([...known].filter(([key]) => key === child.key)), session, reader);
  };
  return (await pMap(children, look, { concurrency: readsAtOnce })).flat();
}

/** Those of them in which rules see something else now. */
export function differing(seen: readonly RecordChange[]): readonly RecordChange[] {
  return seen.filter(({ before, after }) => !isSameBody(before, after));
}

async function lookAtBody(
  id: ResourceId,
  known: Known,
  session: Session,
  reader: Reader,
): Promise<readonly RecordChange[]> {
  const found = await session.look(id, reader);
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
  return recordsOf(own, factPrint, () => undefined).get(key);
}

/** Nobody knows any more what rules would see. */
export function unreadable(record: BodyRecord): BodyRecord {
  return { ...record, embeds: [], facts: record.facts.map((fact) => ({ ...fact, print: "unreadable" })) };
}

/**
 * The resources that were read on the way and are not as they were last seen: no event tells of what Azure itself writes into
 * the other side of a private endpoint or of a peering. Not those that came with a list.
 */
export async function changedOnTheWay(
  { snapshot }: Session,
  seen: readonly RecordChange[],
  listed: ReadonlySet<string>,
  records: Records,
): Promise<readonly ResourceId[]> {
  if (snapshot.isClosed) return [];
  const looked = new Set([...listed, ...seen.map(({ key }) => key)]);
  const prints = new Map<string, string>();
  for (const { fact, from, isFull } of snapshot.entries()) {
    if (!looked.has(from)) prints.set(fact.id.key, factPrint(fact, isFull));
  }
  for (const key of snapshot.absences()) if (key.includes("/providers/")) prints.set(key, "absent");
  const known = await records.facts(prints.keys());
  const bodies = [...known.values()].flatMap(({ key, body, print }) => (prints.get(key) === print ? [] : [body]));
  return [...new Set(bodies)].flatMap((body) => ResourceId.parse(body) ?? []).filter(({ key }) => !looked.has(key));
}
