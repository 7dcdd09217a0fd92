import pMap from "p-map";
import { auditSubjects } from "../audit.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { RecordChange } from "../state/change-index.ts";
import type { ChangeRound } from "./change-round.ts";
import { changedOnTheWay } from "./changed-bodies.ts";
import { explainer } from "./explanation.ts";
import { partOf } from "./found.ts";
import { type AskedBySubject, askedIn, askersIn } from "./left-behind.ts";
import { type Changes, noChanges, sumOf } from "./settle.ts";
import { settleSubject } from "./settle-subject.ts";
import { linkedPrints } from "./together.ts";
import { factsIn } from "./touched-subjects.ts";
import { worstFirst } from "./worst-first.ts";

/** What became of the subjects of one ledger that a change touches. */
export type SettledTouched =
  | SettledAll
  /** A link was missing; what it leads to may have changed before it was there: to be looked at again. */
  | { readonly kind: "linked anew" }
  /** An audit of the whole ledger began meanwhile; some may be committed. */
  | { readonly kind: "outrun" };

export interface SettledAll {
  readonly kind: "settled";
  readonly changes: Changes;
  /** What they rest on that is not as it was recorded. */
  readonly onTheWay: readonly ResourceId[];
}

export interface Touched {
  readonly subjects: readonly ResourceId[];
  /** The bodies that were looked at. */
  readonly seen: readonly RecordChange[];
  /** Puts the records of those that changed in doubt: called before anything is committed. */
  readonly doubt: () => Promise<void>;
}

export const nothingTouched: SettledAll = { kind: "settled", changes: noChanges, onTheWay: [] };

const inParallel = { concurrency: 8 };

/** Evaluates subjects of one ledger, links them to what they rest on, and commits them one by one. */
export async function settleTouched(round: ChangeRound, { subjects, seen, doubt }: Touched): Promise<SettledTouched> {
  const { app, ledger, ticket, readAt, expectations, session, around, links, check } = round;
  if (subjects.length === 0) return nothingTouched;
  const found = await auditSubjects(session, around, expectations, subjects);
  check();
  if (await linkNew(round, askedIn(found))) return { kind: "linked anew" };
  const part = partOf(found, ledger, expectations, round.closed, explainer(round, found));
  const { auditedAt } = await app.store.head(ledger);
  // INVARIANT: records say or doubt all that a ledger rests on, before it does
  const onTheWay = await changedOnTheWay(session, seen, round.listed, app.index.records);
  await doubt();
  const settlement = { part, ticket, readAt, auditedAt, check };
  const inOrder = worstFirst(subjects, found.evaluations);
  const all = await pMap(inOrder, async ({ key }) => await settleSubject(app, key, settlement), inParallel);
  // whoever took a higher ticket may have asked what names a subject before that was linked
  const isOutrun = all.some(({ kind }) => kind === "outrun" || (kind === "superseded" && links.isNamedAnew()));
  if (isOutrun || (await app.store.wholeTicket(ledger)) > ticket) return { kind: "outrun" };
  await noteLinked(round, seen);
  const changes = all.map((one) => (one.kind === "settled" ? one.changes : noChanges));
  return { kind: "settled", changes: changes.reduce(sumOf, noChanges), onTheWay };
}

/** Whether any of the subjects rests on something that it is not linked to yet. */
async function linkNew(
  { app, ledger, ticket, links: { linked }, linkedBefore, isSettled }: ChangeRound,
  asked: ReadonlyMap<string, AskedBySubject>,
): Promise<boolean> {
  const known = linkedBefore ?? (await linkedPrints(app, isSettled ? asked.keys() : []));
  const news = [...asked].filter(([key, { print }]) => (linked.get(key) ?? known.get(key)) !== print);
  if (news.length === 0) return false;
  await app.index.links.add(ledger, { askers: askersIn(new Map(news)), namers: new Map() }, ticket);
  for (const [key, { print }] of news) linked.set(key, print);
  return true;
}

/** The records of what changed itself are written when all is done. */
async function noteLinked(
  { app, ticket, links: { linked } }: ChangeRound,
  seen: readonly RecordChange[],
): Promise<void> {
  const seenHere = new Set(seen.flatMap(({ after }) => factsIn(after).map(({ key }) => key)));
  const others = [...linked].filter(([key]) => key.startsWith("/") && !seenHere.has(key));
  if (others.length > 0) await app.index.records.noteAsked(new Map(others), ticket);
}
