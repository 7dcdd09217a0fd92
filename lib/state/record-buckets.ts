import type { BodyRecord } from "../model/body-record.ts";
import { bucketOf } from "./buckets.ts";
import { digestOfEntries } from "./packed-rows.ts";

/** Say what is in a bucket, whoever wrote it: bodies, and what the evaluations of their subjects rested on. */
export interface Digests {
  readonly bodies: string;
  readonly asked: string;
}

/** Of a bucket that was emptied. */
export const emptyBodies = digestOfEntries([]);

export function digestsOf(records: ReadonlyMap<string, BodyRecord>): Digests {
  return { bodies: digestOfBodies(records), asked: digestOfAsked(records) };
}

function digestOfBodies(records: ReadonlyMap<string, BodyRecord>): string {
  return digestOfEntries(
    inOrder(records).map(([key, { id, embeds, facts }]) => {
      return [key, id, embeds, facts.map((fact) => [fact.key, fact.kind, fact.print, fact.names])];
    }),
  );
}

function digestOfAsked(records: ReadonlyMap<string, BodyRecord>): string {
  return digestOfEntries(inOrder(records).map(([, { facts }]) => facts.map(({ asked }) => asked ?? "")));
}

function inOrder(records: ReadonlyMap<string, BodyRecord>): readonly (readonly [string, BodyRecord])[] {
  return [...records].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** What was found, as far as it belongs into one bucket. */
export interface Bucket extends Digests {
  readonly bucket: string;
  readonly records: ReadonlyMap<string, BodyRecord>;
}

/** Those of `known` in which nothing was found as well. */
export function inBuckets(found: ReadonlyMap<string, BodyRecord>, known: Iterable<string>): readonly Bucket[] {
  const own = bucketsOf(found);
  const others = [...known].filter((bucket) => !own.has(bucket)).map((bucket) => bucketWith(bucket, new Map()));
  return [...own.values(), ...others].sort((one, other) => (one.bucket < other.bucket ? -1 : 1));
}

/** What was found is asked about more than once, and stays as it is. */
const bucketsOfFound = new WeakMap<ReadonlyMap<string, BodyRecord>, ReadonlyMap<string, Bucket>>();

function bucketsOf(found: ReadonlyMap<string, BodyRecord>): ReadonlyMap<string, Bucket> {
  const known = bucketsOfFound.get(found);
  if (known !== undefined) return known;
  const byBucket = Map.groupBy(found, ([key]) => bucketOf(key));
  const all = new Map([...byBucket].map(([bucket, own]) => [bucket, bucketWith(bucket, new Map(own))]));
  bucketsOfFound.set(found, all);
  return all;
}

function bucketWith(bucket: string, records: ReadonlyMap<string, BodyRecord>): Bucket {
  return { bucket, records, ...digestsOf(records) };
}
