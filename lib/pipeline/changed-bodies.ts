import pMap from "p-map";
import { type BodyRecord, type FactRecord, inDoubt, isSameBody, recordsOf } from "../model/body-record.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
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
    if (known.size === 0 && session.snapshot.get(id).kind === "absent") return await neverRead(id, records);
    const isMadeAnew = deleted.has(id.key) && session.snapshot.get(id).kind === "fact";
    return isMadeAnew ? [...seen, ...(await lookInside(id, known, session, reader))] : seen;
  };
  const seen = await pMap(resources, look, { concurrency: readsAtOnce });
  return [...new Map(seen.flat().map((change) => [change.key, change])).values()];
}

/** Somebody may have looked at it, as evidence, before anybody recorded it. */
async function neverRead(id: ResourceId, records: Records): Promise<readonly RecordChange[]> {
  if (await records.isKnown(id.key)) return [];
  const fact = { key: id.key, kind: "other", print: "gone", names: [] } as const;
  const before = inDoubt(undefined, { id: id.text, embeds: [], facts: [fact] });
  return [{ key: id.key, before, after: undefined }];
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
 * the other side of a private endpoint or of a peering. Not those that came with a list. Their records are put in doubt, so that
 * whoever reads them next, and finds them as they were before, touches what rests on them all the same.
 */
export async function changedOnTheWay(
  { snapshot }: Session,
  seen: readonly RecordChange[],
  listed: ReadonlySet<string>,
  records: Records,
): Promise<readonly ResourceId[]> {
  if (snapshot.isClosed) return [];
  const looked = new Set([...listed, ...seen.map(({ key }) => key)]);
  const now = new Map<string, FactRecord | undefined>();
  for (const body of recordsOf(snapshot.entries(), factPrint, () => undefined).values()) {
    if (!looked.has(fold(body.id))) for (const fact of body.facts) now.set(fact.key, fact);
  }
  for (const key of snapshot.absences()) if (key.includes("/providers/")) now.set(key, undefined);
  const known = [...(await records.facts(now.keys())).values()];
  const differing = known.filter(({ key, body, print }) => now.get(key)?.print !== print && !looked.has(fold(body)));
  const byBody = Map.groupBy(differing, ({ body }) => body);
  await records.doubt(
    new Map([...byBody].map(([body, facts]) => [body, new Map(facts.map(({ key }) => [key, now.get(key)]))])),
  );
  return [...byBody.keys()].flatMap((body) => ResourceId.parse(body) ?? []);
}
