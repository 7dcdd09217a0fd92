import { deflateRawSync, inflateRawSync } from "node:zlib";
import { hashOf } from "./hash.ts";
import { joinText, splitText } from "./long-text.ts";
import type { Row, Table, Values, Write } from "./table.ts";

/** Entries that are read and written together, in as many rows as they take: `<prefix>0`, `<prefix>1`, … */
export interface Packed<T> {
  readonly rows: readonly Row[];
  readonly entries: readonly T[];
}

/** Characters of one row's text: 600 KB, since the service counts two bytes for each. */
const pageLimit = 300_000;
/** The same for an entry that has a row to itself. */
const entryLimit = 500_000;

/** Most have one row, which is quickest found by its key. INVARIANT: all rows of a prefix are written in one transaction. */
export async function readPacked<T>(table: Table, partition: string, prefix: string): Promise<Packed<T>> {
  const first = await table.get(partition, `${prefix}0`);
  if (first === undefined) return { rows: [], entries: [] };
  if (first.values.pages === 1) return { rows: [first], entries: unpack<T>(first.values) };
  return await listPacked<T>(table, partition, prefix);
}

/** The same where the rows of several begin alike. */
export async function listPacked<T>(table: Table, partition: string, prefix: string): Promise<Packed<T>> {
  const rows: Row[] = [];
  for await (const row of table.list({ partition, prefix })) rows.push(row);
  return { rows, entries: rows.flatMap(({ values }) => unpack<T>(values)) };
}

export function unpack<T>(values: Values): readonly T[] {
  const text = joinText("packed", values);
  return text === "" ? [] : JSON.parse(inflateRawSync(Buffer.from(text, "base64")).toString("utf8"));
}

/**
 * Refused where somebody else has written them since they were read; each row has the digest of all entries and `more`.
 * INVARIANT: the first row is never removed, since rows are removed without a condition; its own condition stands for all.
 */
export function packedWrites(
  prefix: string,
  before: Packed<unknown>["rows"],
  entries: readonly unknown[],
  more: Values = {},
): readonly Write[] {
  const digest = digestOfEntries(entries);
  const pages = entries.length === 0 && before.length === 0 ? [] : pagesOf(entries);
  const known = new Map(before.map(({ row, etag }) => [row, etag]));
  const writes = pages.map((text, page): Write => {
    const [row, values] = [`${prefix}${page}`, { ...more, digest, pages: pages.length, ...splitText("packed", text) }];
    const etag = known.get(row);
    known.delete(row);
    return etag === undefined ? { kind: "insert", row, values } : { kind: "replace", row, etag, values };
  });
  return [...writes, ...[...known.keys()].map((row): Write => ({ kind: "remove", row }))];
}

export function digestOfEntries(entries: readonly unknown[]): string {
  return entries.length === 0 ? "" : hashOf(JSON.stringify(entries)).slice(0, 24);
}

function pagesOf(entries: readonly unknown[]): readonly string[] {
  const text = deflateRawSync(JSON.stringify(entries)).toString("base64");
  if (text.length <= (entries.length === 1 ? entryLimit : pageLimit)) return [text];
  const half = Math.ceil(entries.length / 2);
  if (half === entries.length) throw new RangeError(`an entry of ${text.length} characters does not fit into a row`);
  return [...pagesOf(entries.slice(0, half)), ...pagesOf(entries.slice(half))];
}
