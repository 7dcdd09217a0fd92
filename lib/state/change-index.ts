import type { BodyRecord, FactRecord } from "../model/body-record.ts";
import type { Completeness } from "../model/snapshot.ts";

/**
 * What audits leave behind so that an audit after a change finds, with a handful of reads, what the change can have touched.
 * It may say too much, after a crash or until the next audit of the whole subscription, and never too little.
 */
export interface ChangeIndex {
  readonly records: Records;
  readonly links: Links;
  readonly lists: Lists;
}

/** What was seen of each body. */
export interface Records {
  /** Of the resource and of all that stands in it, by their keys. */
  under(resourceKey: string): Promise<ReadonlyMap<string, BodyRecord>>;
  /** Of single facts, by their keys. */
  facts(keys: Iterable<string>): Promise<ReadonlyMap<string, KnownFact>>;
  /** Notes what the evaluations of subjects, by their keys, rested on: the prints of what was linked. */
  noteAsked(prints: ReadonlyMap<string, string>, ticket: number): Promise<void>;
  /** Undefined where the resource is not there. What an audit with a higher ticket wrote stays. */
  put(changes: ReadonlyMap<string, BodyRecord | undefined>, ticket: number): Promise<void>;
  /** Whether anything was recorded of the resource, be it that it is gone. */
  isKnown(resourceKey: string): Promise<boolean>;
  /**
   * Puts recorded bodies in doubt: by their ids, the facts that were seen in them and differ, by key; undefined for one that was
   * seen to be gone. Whatever the ticket: a doubt too many costs another look.
   */
  doubt(seen: SeenOtherwise): Promise<void>;
  /** Where the records of a subscription differ from what was found, by the keys of the bodies. */
  differences(subscription: string, found: ReadonlyMap<string, BodyRecord>): Promise<RecordDifferences>;
  /** Makes them the records of the whole subscription; gives the changes, but for what an audit with a higher ticket saw. */
  replace(
    subscription: string,
    found: ReadonlyMap<string, BodyRecord>,
    ticket: number,
  ): Promise<readonly RecordChange[]>;
}

export type SeenOtherwise = ReadonlyMap<string, ReadonlyMap<string, FactRecord | undefined>>;

export interface KnownFact extends FactRecord {
  /** The id of the resource whose body held it. */
  readonly body: string;
}

export interface RecordDifferences {
  /** Whether nobody has recorded anything there yet. */
  readonly isNew: boolean;
  readonly changes: readonly RecordDifference[];
  /** Of what was found: says which links come from it; the same as long as they are the same. */
  readonly print: string;
}

export interface RecordChange {
  readonly key: string;
  readonly before: BodyRecord | undefined;
  readonly after: BodyRecord | undefined;
}

/** How what was found differs from what an audit under that ticket recorded; 0 where nobody did. */
export interface RecordDifference extends RecordChange {
  readonly ticket: number;
}

/** Who has to be asked again when something changes, and what names a resource: of all subscriptions. */
export interface Links {
  /** The subjects that may rest on one of the dependencies, by ids: see `dependencyOf`. */
  askers(dependencies: Iterable<string>): Promise<ReadonlySet<string>>;
  /** By kind, the bodies with a fact of that kind that may name the resource. */
  namers(resourceKey: string): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** The bodies of other subscriptions that may name something in this one. */
  namersFromElsewhere(subscription: string): Promise<ReadonlySet<string>>;
  /** Adds what an audit found out; `owner` is the subscription of the subjects and bodies. */
  add(owner: string, links: LinksFound, ticket: number): Promise<void>;
  /** Makes them all links of the owner, but for what audits with higher tickets have added. */
  replace(owner: string, links: LinksFound, ticket: number): Promise<void>;
  /** Drops what was added before an audit of the whole that found the links as they were replaced the last time. */
  dropAdded(owner: string, ticket: number): Promise<void>;
  /** Notes that an audit of the whole owner has left all behind: until then records may speak of links that are no more. */
  settle(owner: string, settled: Settled): Promise<void>;
  /** What was noted under the highest ticket. */
  settled(owner: string): Promise<Settled>;
}

export interface Settled {
  /** 0 where nothing was noted. */
  readonly ticket: number;
  /** Says which links these are, where they were all replaced. */
  readonly print?: string;
}

export interface LinksFound {
  /** Dependency → ids of the subjects that rest on it. */
  readonly askers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Kind and key (`subnet /subscriptions/…`) → ids of the bodies that hold a fact of that kind that names it. */
  readonly namers: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Which lists of a subscription could be read to their ends, at the last audit of all of it. */
export interface Lists {
  /** `touchedSince` says of which types the answers have changed: they are remembered until others are told of them. */
  put(
    subscription: string,
    lists: KnownLists,
    touchedSince: (before: KnownLists | undefined) => ReadonlySet<string>,
  ): Promise<PutLists>;
  /** Others were told of all that was untold; what somebody else has put since stays to be told. */
  told(subscription: string, version: string | undefined): Promise<void>;
  /** By subscription. */
  all(): Promise<ReadonlyMap<string, KnownLists>>;
}

/** By folded type. */
export type KnownLists = ReadonlyMap<string, Completeness>;

export interface PutLists {
  /** Undefined where none was known. */
  readonly before: KnownLists | undefined;
  /** The types of which others have to be told. */
  readonly untold: ReadonlySet<string>;
  /** For `told`. */
  readonly version: string | undefined;
}
