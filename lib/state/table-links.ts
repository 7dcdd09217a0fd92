import pMap from "p-map";
import { again } from "./again.ts";
import { bucketOf } from "./buckets.ts";
import type { Links, LinksFound, Settled } from "./change-index.ts";
import { numberOf, put } from "./commit-writes.ts";
import { digestOfEntries, listPacked, packedWrites, unpack } from "./packed-rows.ts";
import type { Query, Row, Table, Write } from "./table.ts";
import { writeAll, writeEach } from "./write-rows.ts";

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
const layout = "2";

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
      await register(table, owner, placed);
      for (const [partition, buckets] of placed) {
        const writes = [...buckets].flatMap(([bucket, some]) => {
          // the digest is in the row's key, so that a refusal means that the same is there already
          const prefix = `${bucket}.${owner}.${ticket}-${digestOfEntries(some)}.`;
          return packedWrites(prefix, [], some, { owner, ticket });
        });
        await writeEach(table, partition, writes);
      }
    },

    async replace(owner, links, ticket) {
      const placed = placedLinks(links);
      await register(table, owner, placed);
      for (const [partition, buckets] of await registered(table, owner)) {
        await replaceIn(table, { partition, buckets, owner }, placed.get(partition) ?? new Map(), ticket);
      }
    },

    async dropAdded(owner, ticket) {
      for (const [partition, buckets] of await registered(table, owner)) {
        const own = await rowsOfOwner(table, { partition, buckets, owner });
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

async function replaceIn(table: Table, place: OwnersPlace, links: Buckets, ticket: number): Promise<void> {
  const { partition, owner } = place;
  await again(`the links of \`${owner}\``, async () => {
    const own = await rowsOfOwner(table, place);
    const writes = replacementOf(own, owner, links, ticket);
    return (await writeAll(table, partition, writes)) ? "written" : undefined;
  });
}

/** Where an owner has links: these buckets of a partition, or anywhere in its own. */
interface OwnersPlace {
  readonly partition: string;
  readonly buckets: ReadonlySet<string>;
  readonly owner: string;
}

/** Elsewhere, such as with a hub, are the rows of thousands of others: those are not gone through. */
async function rowsOfOwner(table: Table, { partition, buckets, owner }: OwnersPlace): Promise<readonly Row[]> {
  const select = ["digest", "ticket"];
  if (partition === ownPartition(owner)) return await listed(table, { partition, where: { owner }, select });
  const prefixes = [...buckets].map((bucket) => `${bucket}.${owner}.`);
  const listOne = async (prefix: string) => await listed(table, { partition, prefix, select });
  return (await pMap(prefixes, listOne, { concurrency: 16 })).flat();
}

async function listed(table: Table, query: Query): Promise<readonly Row[]> {
  const rows: Row[] = [];
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

/** Notes where the owner has links, so that they are found when they are no more. */
async function register(table: Table, owner: string, placed: ReadonlyMap<string, Buckets>): Promise<void> {
  const known = new Set((await listed(table, registryOf(owner))).map(({ row }) => row));
  const rows = [...placed].flatMap(([partition, buckets]) => {
    return partition === ownPartition(owner)
      ? [partition]
      : [...buckets.keys()].map((bucket) => `${partition}.${bucket}`);
  });
  const writes = rows.filter((row) => !known.has(row)).map((row): Write => ({ kind: "insert", row, values: {} }));
  await writeEach(table, registryOf(owner).partition, writes);
}

/** Partition → buckets; of its own they are not noted. */
async function registered(table: Table, owner: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const places = new Map<string, Set<string>>();
  for (const { row } of await listed(table, registryOf(owner))) {
    const [partition = "", bucket] = row.split(".");
    const buckets = places.get(partition) ?? new Set();
    places.set(partition, bucket === undefined ? buckets : buckets.add(bucket));
  }
  return places;
}

function registryOf(owner: string): Query {
  return { partition: `linked-${owner}` };
}

function ownPartition(owner: string): string {
  return `links-${owner}`;
}
