import type { NotedAudit } from "../audit.ts";
import { touchedBy } from "../model/body-record.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Completeness } from "../model/snapshot.ts";
import type { SnapshotBuilder } from "../model/snapshot-builder.ts";
import type { KnownLists, LinksFound, PutLists, RecordChange } from "../state/change-index.ts";
import { sitesLedger } from "../state/store.ts";
import type { App } from "./app.ts";
import { unreadable } from "./changed-bodies.ts";
import { ledgerOf } from "./found.ts";
import { askedIn, askersIn, listsIn, namersIn, printOf, recordsIn } from "./left-behind.ts";
import { passOn, readAgain } from "./pass-on.ts";
import { clockMargin } from "./quiet-window.ts";

/** What an audit of a whole subscription leaves in the index. */
export interface Left {
  /** How many resources it found changed that no audit after a change had seen; undefined for a first audit. */
  readonly untold: number | undefined;
  /** To be done when the ledger is committed. */
  readonly finish: () => Promise<void>;
}

export interface Leaving {
  readonly subscriptionId: string;
  readonly found: NotedAudit | undefined;
  /** Ledger → ticket. */
  readonly tickets: ReadonlyMap<string, number>;
  /** Whether nothing in the subscription can be read. */
  readonly isClosed: boolean;
  /** Whether something could not be read that another time may bring: what was known before stays. */
  readonly isPartial: boolean;
  /** Whether the audit before came to its end. */
  readonly isAfterSettled: boolean;
  /** Whether there was none before that did. */
  readonly isFirst: boolean;
  /** When the audit began to read. */
  readonly readAt: string;
}

/**
 * Where more resources differ than that, most were not changed: rules look at something else than before. Then only those are read
 * once more that an audit after a change has recorded, or somebody has read for an event meanwhile.
 */
const doubtsAtMost = 500;

/**
 * Of what a list told, that which is not as it was last seen: lists of Azure lag behind by minutes, so that it is read once
 * more from where it is before anybody is told. Nothing where nothing was seen before.
 */
export async function doubtfulIn(
  snapshot: SnapshotBuilder,
  subscriptionId: string,
  { index }: App,
): Promise<readonly ResourceId[]> {
  const records = recordsIn(snapshot, subscriptionId);
  const { isNew, changes } = await index.records.differences(subscriptionId, records);
  if (isNew) return [];
  const isMany = changes.length > doubtsAtMost;
  const before = isMany ? (await index.links.settled(subscriptionId)).ticket : 0;
  const doubtful = changes.filter((one) => (!isMany || one.ticket > before) && !isHidden(one, snapshot));
  return doubtful.flatMap(({ key, before, after }) => ResourceId.parse((after ?? before)?.id ?? key) ?? []);
}

/** Whether it may be there all the same: the list that should hold it was not read to its end. */
function isHidden({ key, after }: RecordChange, snapshot: SnapshotBuilder): boolean {
  const id = ResourceId.parse(key);
  return after === undefined && id !== undefined && snapshot.everywhereIn(id.type, id.subscription).kind !== "complete";
}

/**
 * INVARIANT: links are written before the ledger, others are told before the records are written, and records after the
 * ledger: a crash in between leaves too much, never too little. That all was done is noted last.
 */
export async function leaveBehind(app: App, leaving: Leaving): Promise<Left> {
  const { subscriptionId, found, tickets, isClosed, isPartial, isAfterSettled, isFirst } = leaving;
  const ticket = tickets.get(subscriptionId) ?? 0;
  const { records: kept, links } = app.index;
  if (found === undefined) return await forget(app, leaving, ticket);
  const lists = isClosed ? new Map<string, Completeness>() : listsIn(found.snapshot, subscriptionId);
  const putLists = await replaceLists(app, subscriptionId, lists);
  if (isClosed) {
    await tellOthers(app, leaving, new Set(), putLists);
    return { untold: undefined, finish: async () => await settleIn(app, leaving, new Map()) };
  }
  const asked = askedIn(found);
  const records = recordsIn(found.snapshot, subscriptionId, ({ key }) => asked.get(key)?.print);
  const { changes, print } = await kept.differences(subscriptionId, records);
  const hidden = new Set(changes.filter((change) => isHidden(change, found.snapshot)));
  const stillThere = [...hidden].flatMap(({ key, before }) =>
    before === undefined ? [] : [[key, unreadable(before)] as const],
  );
  const known = stillThere.length === 0 ? records : new Map([...records, ...stillThere]);
  const prints = new Map<string, string>();
  for (const [ledger, own] of tickets) {
    const ofLedger = () => new Map([...asked].filter(([, { id }]) => ledgerOf(id.subscription) === ledger));
    const found = (): LinksFound => {
      const namers = ledger === sitesLedger ? new Map() : namersIn(records.values());
      return { askers: askersIn(ofLedger()), namers };
    };
    if (isPartial) {
      await links.add(ledger, found(), own);
      continue;
    }
    prints.set(ledger, ledger === sitesLedger ? printOfAll(ofLedger()) : print);
    // INVARIANT: the print is that of the links that are there only if nobody has begun to replace them since it was noted
    const isSame = isAfterSettled && (await links.settled(ledger)).print === prints.get(ledger);
    if (isSame) await links.dropAdded(ledger, own);
    else await links.replace(ledger, found(), own);
  }
  const certain = isPartial ? changes.filter((change) => !hidden.has(change)) : changes;
  const touched = touchedBy(certain.map((change) => ({ ...change, after: known.get(change.key) }))).questions;
  const around = isFirst ? elsewhere(touched, subscriptionId) : touched;
  await tellOthers(app, leaving, around, putLists);
  return {
    untold: isFirst ? undefined : changes.filter((one) => !hidden.has(one) && wasListed(one, putLists.before)).length,
    finish: async () => {
      if (isPartial) await kept.put(records, ticket);
      else await lookOnceMore(app, leaving, await kept.replace(subscriptionId, known, ticket));
      await settleIn(app, leaving, prints);
    },
  };
}

/** For a subscription that is no longer in the scope. */
async function forget(app: App, leaving: Leaving, ticket: number): Promise<Left> {
  const { subscriptionId } = leaving;
  const { lists, links, records } = app.index;
  await lists.put(subscriptionId, new Map(), () => new Set());
  return {
    untold: undefined,
    finish: async () => {
      await links.replace(subscriptionId, { askers: new Map(), namers: new Map() }, ticket);
      await records.replace(subscriptionId, new Map(), ticket);
      await settleIn(app, leaving, new Map());
    },
  };
}

/** `prints` says which links of a ledger were replaced. */
async function settleIn({ index }: App, { tickets }: Leaving, prints: ReadonlyMap<string, string>): Promise<void> {
  for (const [ledger, ticket] of tickets) {
    const print = prints.get(ledger);
    await index.links.settle(ledger, { ticket, ...(print === undefined ? {} : { print }) });
  }
}

/** What subjects that no body holds rest on. */
function printOfAll(asked: ReturnType<typeof askedIn>): string {
  return printOf([...asked].map(([key, { print }]) => `${key} ${print}`).sort());
}

/**
 * Who looked at what had changed untold before this was recorded compared it with an older record, and may have seen it change
 * back.
 */
async function lookOnceMore(
  app: App,
  { subscriptionId, isFirst, readAt }: Leaving,
  written: readonly RecordChange[],
): Promise<void> {
  if (isFirst) return;
  const ids = written.flatMap(({ key, before, after }) => ResourceId.parse((after ?? before)?.id ?? key) ?? []);
  const isMany = ids.length > doubtsAtMost;
  const mayHaveBeenSeen = isMany
    ? await app.readingLog.since(subscriptionId, Date.parse(readAt) - clockMargin)
    : () => true;
  await readAgain(app, ids.filter(mayHaveBeenSeen), `subscription \`${subscriptionId}\` was found changed`);
}

/** False for what nobody had read before, because nobody had asked for it: that it is there is no change. */
function wasListed({ key, before }: RecordChange, lists: KnownLists | undefined): boolean {
  return before !== undefined || lists?.get(ResourceId.parse(key)?.type ?? "")?.kind === "complete";
}

async function replaceLists({ index, scope }: App, subscriptionId: string, now: KnownLists): Promise<PutLists> {
  const all = await index.lists.all();
  const isLast = scope.every((one) => one === subscriptionId || all.has(one));
  return await index.lists.put(subscriptionId, now, (before) => touchedSince(before, now, isLast));
}

/** Those that nobody in the subscription itself asks: all of that is evaluated now. */
function elsewhere(questions: ReadonlySet<string>, subscription: string): ReadonlySet<string> {
  return new Set([...questions].filter((question) => !question.includes(` /subscriptions/${subscription}/`)));
}

/**
 * The types of which it changes whether all of them are known: of what was never audited before that changes when the last
 * subscription of the scope was.
 */
function touchedSince(before: KnownLists | undefined, now: KnownLists, isLast: boolean): ReadonlySet<string> {
  if (before === undefined && !isLast) return new Set();
  const types = new Set([...(before ?? new Map()).keys(), ...now.keys()]);
  return new Set([...types].filter((type) => before?.get(type)?.kind !== now.get(type)?.kind));
}

/**
 * What rests on it in this subscription was evaluated just now. INVARIANT: whoever took a ticket since has the last word, and may
 * have asked for links and lists before they were put, but is linked to what it asked for, or asks again: asked when all is put,
 * so that whoever takes one later finds it.
 */
async function tellOthers(
  app: App,
  { subscriptionId, tickets }: Leaving,
  touched: ReadonlySet<string>,
  { untold, version }: PutLists,
): Promise<void> {
  const { links, lists } = app.index;
  const askers = await links.askers([...touched, ...[...untold].map((type) => `everywhere ${type}`)]);
  const others = [...askers].flatMap((text) => ResourceId.parseSubject(text) ?? []);
  const done = new Set<string>();
  for (const ledger of new Set(others.map(({ subscription }) => ledgerOf(subscription)))) {
    const ticket = tickets.get(ledger);
    if (ticket !== undefined && (await app.store.lastTicket(ledger)) === ticket) done.add(ledger);
  }
  const left = others.filter(({ subscription }) => !done.has(ledgerOf(subscription)));
  await passOn(app, left, `what subscription \`${subscriptionId}\` holds has changed`);
  if (untold.size > 0) await lists.told(subscriptionId, version);
}
