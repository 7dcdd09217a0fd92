import pMap from "p-map";
import { again } from "./again.ts";
import { bucketOf } from "./buckets.ts";
import type { Links, LinksFound, Settled } from "./change-index.ts";
import { numberOf, put } from "./commit-writes.ts";
import { digestOfEntries, listPacked, packedWrites, unpack } from "./packed-rows.ts";
import type { Row, Table, Write } from "./table.ts";
import { limits, writtenSize } from "./table-limits.ts";

/** What points where: "a" a subject to what it rests on, "n" a body to what a fact in it names. At most so many ids in one. */
interface Link {
  readonly kind: "a" | "n";
  /** A dependency, or kind and key of what is named. */
  readonly to: string;
  readonly from: readonly string[];
}

const settledPartition = "settled";
const idsAtMost = 1_000;

/** To be raised where the same links are to be written otherwise, so that those that are there are not taken for them. */
const layout = "1";

function printIn(row: Row | undefined): Pick<Settled, "print"> {
  const noted = row?.values.print;
  const start = `${layout} `;
  return typeof noted === "string" && noted.startsWith(start) ? { print: noted.slice(start.length) } : {};
}

/**
 * A partition for each subscription that is linked to, and one for what is in none. A row holds the links of one owner into
 * one bucket: those that an audit of the whole owner found, or those that one audit after a change has added.
 */
export function tableLinks(table: Table): Links {
  return {
    async askers(dependencies) {
      return await linked(table, "a", dependencies);
    },

    async namers(resourceKey) {
      const found = new Map<string, Set<string>>();
      for (const { kind, to, from } of await bucketAbout(table, resourceKey)) {
        if (kind !== "n" || aboutOf(to) !== resourceKey) continue;
        const of = to.slice(0, to.indexOf(" "));
        const ids = found.get(of) ?? new Set();
        found.set(of, ids);
        for (const id of from) ids.add(id);
      }
      return found;
    },

    async namersFromElsewhere(subscription) {
      const found = new Set<string>();
      for await (const { values } of table.list({
        partition: `links-${subscription}`,
        unless: { owner: subscription },
      })) {
        for (const { kind, from } of unpack<Link>(values)) if (kind === "n") for (const id of from) found.add(id);
      }
      return found;
    },

    async add(owner, links, ticket) {
      const placed = placedLinks(links);
      await register(table, owner, placed.keys());
      for (const [partition, buckets] of placed) {
        const writes = [...buckets].flatMap(([bucket, some]) => {
          // the digest is in the row's key, so that a refusal means that the same is there already
          const prefix = `${bucket}.${owner}.${ticket}-${digestOfEntries(some)}.`;
          return packedWrites(prefix, [], some, { owner, ticket });
        });
        if (await writeAll(table, partition, writes)) continue;
        for (const write of writes) await table.write(partition, [write]);
      }
    },

    async replace(owner, links, ticket) {
      const placed = placedLinks(links);
      await register(table, owner, placed.keys());
      for (const partition of new Set([...placed.keys(), ...(await registered(table, owner))])) {
        await replaceIn(table, partition, owner, placed.get(partition) ?? new Map(), ticket);
      }
    },

    async dropAdded(owner, ticket) {
      for (const partition of await registered(table, owner)) {
        const own = await rowsOfOwner(table, partition, owner);
        await writeAll(table, partition, removalOf(addedBefore(own, ticket)));
      }
    },

    async settle(owner, { ticket, print }) {
      await again(`how far \`${owner}\` was audited`, async () => {
        const known = await table.get(settledPartition, owner);
        if (numberOf(known?.values, "ticket") >= ticket) return "known";
        const values = { ticket, ...(print === undefined ? {} : { print: `${layout} ${print}` }) };
        const written = await table.write(settledPartition, [put(owner, known?.etag, values)]);
        return written === "conflict" ? undefined : "written";
      });
    },

    async settled(owner) {
      const row = await table.get(settledPartition, owner);
      return { ticket: numberOf(row?.values, "ticket"), ...printIn(row) };
    },
  };
}

async function linked(table: Table, kind: Link["kind"], targets: Iterable<string>): Promise<ReadonlySet<string>> {
  const wanted = new Set(targets);
  const places = new Map([...wanted].map((to) => [`${partitionOf(to)} ${bucketOf(aboutOf(to))}`, aboutOf(to)]));
  const found = new Set<string>();
  const collect = async (about: string) => {
    for (const link of await bucketAbout(table, about)) {
      if (link.kind === kind && wanted.has(link.to)) for (const id of link.from) found.add(id);
    }
  };
  await pMap(places.values(), collect, { concurrency: 16 });
  return found;
}

async function bucketAbout(table: Table, about: string): Promise<readonly Link[]> {
  return (await listPacked<Link>(table, partitionOf(` ${about}`), `${bucketOf(about)}.`)).entries;
}

/** What a dependency is about: the key of a resource, or whatever stands behind its first word. */
function aboutOf(to: string): string {
  const at = to.indexOf(" /");
  return at < 0 ? to : to.slice(at + 1);
}

function partitionOf(to: string): string {
  const about = aboutOf(to);
  return `links-${about.startsWith("/") ? (about.split("/")[2] ?? "") : "all"}`;
}

type Buckets = ReadonlyMap<string, readonly Link[]>;

/** Partition → bucket → links, in an order that depends on nothing else. */
function placedLinks({ askers, namers }: LinksFound): ReadonlyMap<string, Buckets> {
  const byTarget = (links: LinksFound["askers"]) => [...links].sort(([one], [other]) => (one < other ? -1 : 1));
  const all = [...linksOf("a", byTarget(askers)), ...linksOf("n", byTarget(namers))];
  const byPartition = Map.groupBy(all, ({ to }) => partitionOf(to));
  return new Map(
    [...byPartition].map(([partition, some]) => [partition, Map.groupBy(some, ({ to }) => bucketOf(aboutOf(to)))]),
  );
}

function* linksOf(kind: Link["kind"], links: Iterable<readonly [string, ReadonlySet<string>]>): Generator<Link> {
  for (const [to, ids] of links) {
    const sorted = [...ids].sort();
    for (let start = 0; start < sorted.length; start += idsAtMost) {
      yield { kind, to, from: sorted.slice(start, start + idsAtMost) };
    }
  }
}

async function replaceIn(
  table: Table,
  partition: string,
  owner: string,
  buckets: Buckets,
  ticket: number,
): Promise<void> {
  await again(`the links of \`${owner}\``, async () => {
    const own = await rowsOfOwner(table, partition, owner);
    const writes = replacementOf(own, owner, buckets, ticket);
    return (await writeAll(table, partition, writes)) ? "written" : undefined;
  });
}

async function rowsOfOwner(table: Table, partition: string, owner: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const query = { partition, where: { owner }, select: ["digest", "ticket"] };
  for await (const row of table.list(query)) rows.push(row);
  return rows;
}

/** Rows of the base are written where they differ; what was added before the audit began is in it, or is no more. */
function replacementOf(own: readonly Row[], owner: string, buckets: Buckets, ticket: number): readonly Write[] {
  const bases = Map.groupBy(own.filter(isBase), ({ row }) => row.slice(0, 2));
  const all = new Set([...bases.keys(), ...buckets.keys()]);
  const writes = [...all].flatMap((bucket) => {
    const rows = bases.get(bucket) ?? [];
    const links = buckets.get(bucket) ?? [];
    if (rows.some(({ values }) => Number(values.ticket) > ticket)) return [];
    if ((rows[0]?.values.digest ?? "") === digestOfEntries(links)) return [];
    return packedWrites(`${bucket}.${owner}.all.`, rows, links, { owner, ticket });
  });
  return [...writes, ...removalOf(addedBefore(own, ticket))];
}

function isBase({ row }: Row): boolean {
  return row.split(".")[2] === "all";
}

function addedBefore(own: readonly Row[], ticket: number): readonly Row[] {
  return own.filter((row) => !isBase(row) && Number(row.values.ticket) < ticket);
}

function removalOf(rows: readonly Row[]): readonly Write[] {
  return rows.map(({ row }) => ({ kind: "remove", row }));
}

/** False where one of them was refused; those before it stay. */
async function writeAll(table: Table, partition: string, writes: readonly Write[]): Promise<boolean> {
  let batch: Write[] = [];
  let size = 0;
  for (const write of writes) {
    const more = write.kind === "remove" ? 0 : writtenSize(write.values);
    if (batch.length === limits.writes || size + more > limits.written) {
      if ((await table.write(partition, batch)) === "conflict") return false;
      [batch, size] = [[], 0];
    }
    batch.push(write);
    size += more;
  }
  return batch.length === 0 || (await table.write(partition, batch)) !== "conflict";
}

/** Notes where the owner has links, so that they are found when they are no more. */
async function register(table: Table, owner: string, partitions: Iterable<string>): Promise<void> {
  const known = new Set(await registered(table, owner));
  const news = [...partitions].filter((partition) => !known.has(partition));
  for (const row of news) await table.write(`linked-${owner}`, [{ kind: "insert", row, values: {} }]);
}

async function registered(table: Table, owner: string): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const { row } of table.list({ partition: `linked-${owner}` })) rows.push(row);
  return rows;
}
