import pMap from "p-map";
import { type BodyRecord, type FactRecord, inDoubt, isSameBody } from "../model/body-record.ts";
import { fold } from "../model/resource-id.ts";
import { again } from "./again.ts";
import { bucketOf } from "./buckets.ts";
import type { KnownFact, RecordChange, RecordDifference, Records } from "./change-index.ts";
import { digestOfEntries, type Packed, packedWrites, readPacked } from "./packed-rows.ts";
import { type Bucket, type Digests, digestsOf, emptyBodies, inBuckets } from "./record-buckets.ts";
import type { Table } from "./table.ts";

/** A record as it is kept: of a resource that is gone it has no facts. */
interface Kept extends BodyRecord {
  readonly key: string;
  readonly ticket: number;
}

/** A partition for each subscription, in which each bucket of records has its rows. */
export function tableRecords(table: Table): Records {
  return {
    async under(resourceKey) {
      const { entries } = await read(table, resourceKey);
      const within = entries.filter(({ key }) => key === resourceKey || key.startsWith(`${resourceKey}/`));
      return new Map(within.filter(isThere).map((kept) => [kept.key, recordIn(kept)]));
    },

    async facts(keys) {
      const wanted = new Set(keys);
      const found = new Map<string, KnownFact>();
      const collect = async ([key]: readonly string[]) => {
        const { entries } = await read(table, key ?? "");
        for (const { id, facts } of entries) {
          for (const fact of facts) if (wanted.has(fact.key)) found.set(fact.key, { ...fact, body: id });
        }
      };
      await pMap(byPlace(wanted), collect, { concurrency: 16 });
      return found;
    },

    async noteAsked(prints, ticket) {
      const noteIn = async (keys: readonly string[]) => {
        const [first = ""] = keys;
        await changeBucket(
          table,
          first,
          (known) => new Map([...known].map(([key, kept]) => [key, noted(kept, prints, ticket)])),
        );
      };
      await pMap(byPlace(prints.keys()), noteIn, { concurrency: 8 });
    },

    async put(changes, ticket) {
      const buckets = Map.groupBy(changes, ([key]) => placeOf(key));
      const putIn = async (some: readonly (readonly [string, BodyRecord | undefined])[]) => {
        const [first] = some;
        if (first === undefined) return;
        await changeBucket(table, first[0], (known) => {
          const next = new Map(known);
          for (const [key, record] of some) {
            if ((known.get(key)?.ticket ?? 0) <= ticket) next.set(key, keptOf(key, record, ticket));
          }
          return next;
        });
      };
      await pMap(buckets.values(), putIn, { concurrency: 8 });
    },

    async isKnown(resourceKey) {
      return (await read(table, resourceKey)).entries.some(({ key }) => key === resourceKey);
    },

    async doubt(seen) {
      const keys = new Map([...seen].map(([id, facts]) => [fold(id), facts]));
      const doubtIn = async (some: readonly string[]) => {
        await changeBucket(table, some[0] ?? "", (known) => {
          return new Map([...known].map(([key, kept]) => [key, doubted(kept, keys.get(key))]));
        });
      };
      await pMap(byPlace(keys.keys()), doubtIn, { concurrency: 8 });
    },

    async differences(subscription, found) {
      const digests = await digestsIn(table, subscription);
      const changes: RecordDifference[] = [];
      const buckets = inBuckets(found, digests.keys());
      const compare = async ({ bucket, records, bodies }: Bucket) => {
        if (digests.get(bucket)?.bodies === bodies) return;
        const { entries } = await readBucket(table, subscription, bucket);
        const known = new Map(entries.map((kept) => [kept.key, kept]));
        const differing = changesIn(known, records);
        changes.push(...differing.map((one) => ({ ...one, ticket: known.get(one.key)?.ticket ?? 0 })));
      };
      await pMap(buckets, compare, { concurrency: 16 });
      const isNew = [...digests.values()].every(({ bodies }) => bodies === emptyBodies);
      const held = buckets.filter(({ records }) => records.size > 0);
      const print = digestOfEntries(held.map(({ bucket, bodies, asked }) => [bucket, bodies, asked]));
      return { isNew, changes, print };
    },

    async replace(subscription, found, ticket) {
      const digests = await digestsIn(table, subscription);
      const changes: RecordChange[] = [];
      const replaceIn = async ({ bucket, records, bodies, asked }: Bucket) => {
        const known = digests.get(bucket);
        if (known?.bodies === bodies && known.asked === asked) return;
        let made: readonly RecordChange[] = [];
        await changeIn(table, subscription, bucket, (known) => {
          const newer = [...known.values()].filter((kept) => kept.ticket > ticket);
          const own = [...records].map(([key, record]) => keptOf(key, record, ticket));
          const next = new Map([...own, ...newer].map((kept) => [kept.key, kept]));
          made = changesIn(known, next).filter(({ key }) => (known.get(key)?.ticket ?? 0) <= ticket);
          return next;
        });
        changes.push(...made);
      };
      await pMap(inBuckets(found, digests.keys()), replaceIn, { concurrency: 16 });
      return changes;
    },
  };
}

function placeOf(key: string): string {
  return `${partitionOf(key)} ${bucketOf(key)}`;
}

/** The keys by the buckets that they are in. */
function byPlace(keys: Iterable<string>): readonly (readonly string[])[] {
  return [...Map.groupBy(keys, placeOf).values()];
}

function noted(kept: Kept, prints: ReadonlyMap<string, string>, ticket: number): Kept {
  if (kept.ticket > ticket || !kept.facts.some(({ key }) => prints.has(key))) return kept;
  const facts = kept.facts.map((fact) => {
    const asked = prints.get(fact.key);
    return asked === undefined ? fact : { ...fact, asked };
  });
  return { ...kept, facts };
}

function doubted(kept: Kept, seen: ReadonlyMap<string, FactRecord | undefined> | undefined): Kept {
  if (seen === undefined || !isThere(kept)) return kept;
  const others = kept.facts.filter(({ key }) => !seen.has(key));
  const facts = [...others, ...[...seen.values()].filter((fact) => fact !== undefined)];
  return { ...kept, ...inDoubt(recordIn(kept), { ...recordIn(kept), facts }) };
}

function isThere({ facts }: BodyRecord): boolean {
  return facts.length > 0;
}

function keptOf(key: string, record: BodyRecord | undefined, ticket: number): Kept {
  return { key, ticket, ...(record ?? { id: key, embeds: [], facts: [] }) };
}

function recordIn({ id, embeds, facts }: BodyRecord): BodyRecord {
  return { id, embeds, facts };
}

function changesIn(
  known: ReadonlyMap<string, BodyRecord>,
  next: ReadonlyMap<string, BodyRecord>,
): readonly RecordChange[] {
  const keys = [...new Set([...known.keys(), ...next.keys()])];
  const all = keys.map((key) => ({ key, before: thereIn(known, key), after: thereIn(next, key) }));
  return all.filter(({ before, after }) => !isSameBody(before, after));
}

function thereIn(records: ReadonlyMap<string, BodyRecord>, key: string): BodyRecord | undefined {
  const record = records.get(key);
  return record !== undefined && isThere(record) ? recordIn(record) : undefined;
}

function partitionOf(key: string): string {
  return `records-${key.split("/")[2] ?? ""}`;
}

function prefixOf(bucket: string): string {
  return `${bucket}.`;
}

async function read(table: Table, key: string): Promise<Packed<Kept>> {
  return await readPacked<Kept>(table, partitionOf(key), prefixOf(bucketOf(key)));
}

async function readBucket(table: Table, subscription: string, bucket: string): Promise<Packed<Kept>> {
  return await readPacked<Kept>(table, `records-${subscription}`, prefixOf(bucket));
}

type Change = (known: ReadonlyMap<string, Kept>) => ReadonlyMap<string, Kept>;

async function changeBucket(table: Table, key: string, change: Change): Promise<void> {
  await changeIn(table, key.split("/")[2] ?? "", bucketOf(key), change);
}

/** Once more whenever somebody else was quicker. */
async function changeIn(table: Table, subscription: string, bucket: string, change: Change): Promise<void> {
  await again(`records of subscription \`${subscription}\``, async () => {
    const { rows, entries } = await readBucket(table, subscription, bucket);
    const next = change(new Map(entries.map((kept) => [kept.key, kept])));
    const sorted = [...next.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
    const writes = packedWrites(prefixOf(bucket), rows, sorted, { ...digestsOf(next) });
    const isDone = writes.length === 0 || (await table.write(`records-${subscription}`, writes)) !== "conflict";
    return isDone ? "written" : undefined;
  });
}

/** By bucket, of all buckets in which there is anything, or was. */
async function digestsIn(table: Table, subscription: string): Promise<ReadonlyMap<string, Digests>> {
  const digests = new Map<string, Digests>();
  const select = ["bodies", "asked"];
  for await (const { row, values } of table.list({ partition: `records-${subscription}`, select })) {
    digests.set(row.slice(0, 2), { bodies: String(values.bodies), asked: String(values.asked) });
  }
  return digests;
}
