import pMap from "p-map";
import { type Expectations, isSubjectKind } from "../analyze.ts";
import { auditSubjects } from "../audit.ts";
import { type BodyRecord, type FactRecord, inDoubt, touchedBy } from "../model/body-record.ts";
import { CordonError } from "../model/cordon-error.ts";
import { ResourceId } from "../model/resource-id.ts";
import { SnapshotBuilder } from "../model/snapshot-builder.ts";
import type { Reader } from "../readers/reader.ts";
import { Session } from "../session.ts";
import type { KnownFact, RecordChange } from "../state/change-index.ts";
import { sitesLedger } from "../state/store.ts";
import type { App } from "./app.ts";
import { isSettledIn } from "./audit-ledgers.ts";
import { changedOnTheWay, differing, lookAtBodies } from "./changed-bodies.ts";
import { partOf } from "./found.ts";
import { type AskedBySubject, askedIn, askersIn, namersIn, newNamersIn } from "./left-behind.ts";
import { neighbourhood } from "./neighbourhood.ts";
import { passOn, readAgain } from "./pass-on.ts";
import { readOnce } from "./read-once.ts";
import { type Changes, noChanges, sumOf } from "./settle.ts";
import { settleSubject } from "./settle-subject.ts";
import { checkGaps, watched } from "./watched-reader.ts";

export interface ChangeRequest {
  /** Whose resources and subjects these are. */
  readonly subscriptionId: string;
  /** What is said to have changed. */
  readonly resources: readonly ResourceId[];
  /** The keys of those of them that are said to have been deleted. */
  readonly deleted: ReadonlySet<string>;
  /** What is to be evaluated whether or not anything has changed. */
  readonly subjects: readonly ResourceId[];
  /** Whether the resources are to be evaluated even if nothing has changed. */
  readonly isForced: boolean;
  readonly reason: string;
  readonly isLastDelivery: boolean;
}

export interface ChangeOutcome {
  readonly changes: Changes;
  /** How many subjects were evaluated here; 0 where rules see no change. */
  readonly evaluated: number;
  /** How many were left to messages of their own. */
  readonly passedOn: number;
}

/** More than these are left to messages of their own. */
const subjectsAtOnce = 100;
/** How often what was found changed on the way is followed at once. */
const deepest = 3;
const mostAttempts = 5;
const mostRounds = 5;

/**
 * Reads what is said to have changed; where rules see a change, evaluates the subjects that rested on it before or refer to
 * it now, on a snapshot that is filled on demand.
 */
export async function auditChange(app: App, request: ChangeRequest, source: Reader, depth = 0): Promise<ChangeOutcome> {
  const named = new Set<string>();
  let { subjects } = request;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const ticket = await app.store.takeTicket(request.subscriptionId, "part");
    const outcome = await auditUnder(ticket, app, { ...request, subjects }, source, named);
    if (outcome.kind === "outrun") {
      // something may be committed of them that is not true any more, even where the change was taken back
      ({ subjects } = outcome);
      continue;
    }
    const { kind: _, onTheWay, ...done } = outcome;
    if (onTheWay.length === 0) return done;
    if (depth === deepest) {
      await readAgain(app, onTheWay, request.reason);
      return { ...done, passedOn: done.passedOn + onTheWay.length };
    }
    const more = { ...request, resources: onTheWay, deleted: new Set<string>(), subjects: [], isForced: false };
    return together(done, await auditChange(app, more, source, depth + 1));
  }
  const message = `cannot audit the change in subscription \`${request.subscriptionId}\`: others kept changing it`;
  throw new CordonError("ERR_AUDIT_OUTRUN", message);
}

function together(one: ChangeOutcome, other: ChangeOutcome): ChangeOutcome {
  return {
    changes: sumOf(one.changes, other.changes),
    evaluated: one.evaluated + other.evaluated,
    passedOn: one.passedOn + other.passedOn,
  };
}

/** What one look gave, and what turned out to have changed besides, unseen: no event tells of it. */
interface Looked extends ChangeOutcome {
  readonly kind: "looked";
  readonly onTheWay: readonly ResourceId[];
}

/** An audit of the whole ledger began meanwhile. */
interface Outrun {
  readonly kind: "outrun";
  /** Those that were to be evaluated: some of them may be committed. */
  readonly subjects: readonly ResourceId[];
}

/** Reads again as long as subjects turn out to rest on something that nobody had linked them to. */
async function auditUnder(
  ticket: number,
  app: App,
  request: ChangeRequest,
  source: Reader,
  named: Set<string>,
): Promise<Looked | Outrun> {
  const before = new Set(named);
  const linked = new Map<string, string>();
  for (let round = 0; round < mostRounds; round += 1) {
    const begun = await begin(app, request.subscriptionId, ticket, request, source, {
      linked,
      named,
      isNamedAnew: () => named.size > before.size,
    });
    const outcome = await auditOnce(begun, request, source);
    if (outcome !== "again") return outcome;
  }
  return { kind: "outrun", subjects: request.subjects };
}

/** What one round works with. */
interface Round extends Linked {
  readonly app: App;
  readonly ledger: string;
  readonly ticket: number;
  readonly readAt: string;
  readonly expectations: Expectations;
  readonly session: Session;
  readonly around: Reader;
  readonly closed: ReadonlyMap<string, string>;
  /** Keys of what came with a list. */
  readonly listed: ReadonlySet<string>;
  /**
   * While an audit of the whole that began before this one is half done, what records say of links may be about those that it has
   * just replaced. One that begins later outruns this one.
   */
  readonly isSettled: boolean;
  readonly check: () => void;
}

/** What the links of the index have got so far. */
interface Linked {
  /** What was linked in the rounds before: subject → print. */
  readonly linked: Map<string, string>;
  /** What names what, as links under this ticket or an earlier one say. */
  readonly named: Set<string>;
  /** Whether some of that was not there yet when the ticket was taken. */
  readonly isNamedAnew: () => boolean;
}

async function begin(
  app: App,
  ledger: string,
  ticket: number,
  { isLastDelivery }: ChangeRequest,
  source: Reader,
  linked: Linked,
): Promise<Round> {
  const readAt = app.now().toISOString();
  const reader = watched(source);
  const once = readOnce(reader);
  const around = neighbourhood(once, app.index, app.scope);
  const session = new Session(undefined, new SnapshotBuilder(() => true));
  await session.take(around.readAll());
  const expectations = { ...app.expectations, today: readAt.slice(0, 10) };
  const check = () => checkGaps(reader, ledger, isLastDelivery);
  const isSettled = await isSettledIn(app, ledger);
  return {
    ...{ app, ledger, ticket, readAt, expectations, session, around, check, isSettled, ...linked },
    closed: reader.closedSubscriptions,
    listed: once.listed,
  };
}

async function auditOnce(round: Round, request: ChangeRequest, source: Reader): Promise<Looked | "again" | Outrun> {
  const { app, ledger, session, around, linked } = round;
  const begun = await readingsBegun(app, request.resources);
  const seen = await lookAtBodies(request, session, around, app.index.records);
  round.check();
  const subjects = await touchedSubjects(round, request, seen);
  const own = subjects.filter(({ subscription }) => subscription === ledger);
  const here = own.slice(0, subjectsAtOnce);
  const changed = differing(seen);
  const doubted = new Map(changed.map(({ key, before, after }) => [key, inDoubt(before, after)]));
  const begins = async () => {
    if (doubted.size > 0) await app.index.records.put(doubted, round.ticket);
  };
  const ofOwn = here.length === 0 ? nothing : await auditIn(round, here, seen, begins);
  if (ofOwn === "again") return ofOwn;
  if (ofOwn === "outrun") return { kind: "outrun", subjects };
  const sites = subjects.filter(({ subscription }) => subscription === "");
  const ofSites = sites.length === 0 ? nothing : await auditSites(app, request, source, sites, seen, begins);
  if (ofSites === "outrun") return { kind: "outrun", subjects };
  const elsewhere = subjects.filter(({ subscription }) => subscription !== ledger && subscription !== "");
  const passedOn = [...own.slice(subjectsAtOnce), ...elsewhere];
  await passOn(app, passedOn, request.reason);
  const onTheWay = [...new Map([...ofOwn.onTheWay, ...ofSites.onTheWay].map((id) => [id.key, id])).values()];
  const isOwn = ({ subscription }: ResourceId) => subscription === ledger;
  const far = onTheWay.filter((id) => !isOwn(id));
  await readAgain(app, far, request.reason);
  // INVARIANT: in doubt until now, so that a message that comes again finds the change once more, and its being taken back
  if (changed.length > 0) await app.index.records.put(recorded(changed, linked), round.ticket);
  const readSince = await readSinceIn(app, request.resources, changed, begun);
  return {
    kind: "looked",
    changes: sumOf(ofOwn.changes, ofSites.changes),
    evaluated: here.length + sites.length,
    passedOn: passedOn.length,
    onTheWay: [...onTheWay.filter(isOwn), ...readSince],
  };
}

/** Which reading of each resource was the last to start, by their keys. */
async function readingsBegun(app: App, ids: readonly ResourceId[]): Promise<ReadonlyMap<string, string | undefined>> {
  const begun = await pMap(
    ids,
    async (id) => [id.key, (await app.readingLog.get(id))?.readings.started?.by] as const,
    inParallel,
  );
  return new Map(begun);
}

/**
 * What changed, and was read by somebody else meanwhile, who compared it with an older record, and may have seen it change
 * back. INVARIANT: asked when the record is written; who begins to read later compares with that.
 */
async function readSinceIn(
  app: App,
  resources: readonly ResourceId[],
  changed: readonly RecordChange[],
  begun: Awaited<ReturnType<typeof readingsBegun>>,
): Promise<readonly ResourceId[]> {
  const keys = new Set(changed.map(({ key }) => key));
  const now = await readingsBegun(
    app,
    resources.filter(({ key }) => keys.has(key)),
  );
  return resources.filter(({ key }) => now.has(key) && now.get(key) !== begun.get(key));
}

const inParallel = { concurrency: 16 };

/** A site is in no subscription: it is evaluated by whoever comes upon it, in its own ledger. */
async function auditSites(
  app: App,
  request: ChangeRequest,
  source: Reader,
  sites: readonly ResourceId[],
  seen: readonly RecordChange[],
  begins: () => Promise<void>,
): Promise<Audited | "outrun"> {
  const ticket = await app.store.takeTicket(sitesLedger, "part");
  const linked = { linked: new Map<string, string>(), named: new Set<string>(), isNamedAnew: () => false };
  for (let round = 0; round < mostRounds; round += 1) {
    const begun = await begin(app, sitesLedger, ticket, request, source, linked);
    const audited = await auditIn(begun, sites, seen, begins);
    if (audited !== "again") return audited;
  }
  return "outrun";
}

/** Those that rest on what has changed, those in what has changed itself, and those that were asked for; each once. */
async function touchedSubjects(
  { app, ledger, ticket, named, isSettled }: Round,
  { subjects, isForced }: ChangeRequest,
  seen: readonly RecordChange[],
): Promise<readonly ResourceId[]> {
  const changed = differing(seen);
  const { questions, facts } = touchedBy(changed);
  const namers = namersIn(changed.flatMap(({ after }) => after ?? []));
  const news = isSettled ? newNamersIn(changed) : namers;
  // INVARIANT: links are there before anybody is looked up, so that of two changes at once one sees the other
  if (news.size > 0) await app.index.links.add(ledger, { askers: new Map(), namers: news }, ticket);
  for (const [to, from] of namers) for (const one of from) named.add(`${to} ${one}`);
  const askers = await app.index.links.askers(questions);
  const around = [...questions]
    .filter((one) => /^(children|lists) /.test(one))
    .map((one) => one.slice(one.indexOf("/")));
  const forced = isForced ? seen.flatMap(({ before, after }) => [...factsIn(before), ...factsIn(after)]) : [];
  const near = new Set([...facts, ...around, ...forced.map(({ key }) => key)]);
  const own = await subjectsAmong(near, seen, app);
  const all = [...own, ...[...askers].flatMap((text) => ResourceId.parseSubject(text) ?? []), ...subjects];
  return [...new Map(all.map((id) => [id.key, id])).values()];
}

/** What is neither in the index nor among the changes may be a subject: looking at it will tell. */
async function subjectsAmong(keys: ReadonlySet<string>, seen: readonly RecordChange[], { index }: App) {
  const fresh = seen.flatMap(({ before, after }) => [...factsIn(before), ...factsIn(after)]);
  const kinds = new Map(fresh.map(({ key, kind }) => [key, kind]));
  const known = await index.records.facts([...keys].filter((key) => !kinds.has(key)));
  return [...keys].flatMap((key) => {
    const kind = kinds.get(key) ?? known.get(key)?.kind;
    return kind === undefined || isSubjectKind(kind) ? (ResourceId.parse(key) ?? []) : [];
  });
}

function factsIn(body: BodyRecord | undefined): readonly FactRecord[] {
  return body?.facts ?? [];
}

/** What became of some subjects, and what they rest on that is not as it was recorded. */
interface Audited {
  readonly changes: Changes;
  readonly onTheWay: readonly ResourceId[];
}

const nothing: Audited = { changes: noChanges, onTheWay: [] };

/**
 * Evaluates subjects of one ledger, links them to what they rest on, and commits. "again" where a link is new, since what it
 * leads to may have changed before it was there; "outrun" where an audit of the whole ledger began meanwhile. `begins` is
 * called before anything is committed.
 */
async function auditIn(
  round: Round,
  subjects: readonly ResourceId[],
  seen: readonly RecordChange[],
  begins: () => Promise<void>,
): Promise<Audited | "again" | "outrun"> {
  const { app, ledger, ticket, readAt, expectations, session, around, check } = round;
  const found = await auditSubjects(session, around, expectations, subjects);
  check();
  const asked = askedIn(found);
  if (await linkNew(round, asked)) return "again";
  const part = partOf(found, ledger, expectations, round.closed);
  const { auditedAt } = await app.store.head(ledger);
  // INVARIANT: records say or doubt all that a ledger rests on, before it does
  const onTheWay = await changedOnTheWay(session, seen, round.listed, app.index.records);
  await begins();
  let changes = noChanges;
  for (const { key } of subjects) {
    const settled = await settleSubject(app, key, { part, ticket, readAt, auditedAt, check });
    if (settled.kind === "outrun") return "outrun";
    if (settled.kind === "superseded") {
      // whoever took the higher ticket may have asked what names the subject before that was linked
      if (round.isNamedAnew()) return "outrun";
      continue;
    }
    changes = sumOf(changes, settled.changes);
  }
  if ((await app.store.wholeTicket(ledger)) > ticket) return "outrun";
  const seenHere = new Set(seen.flatMap(({ after }) => factsIn(after).map(({ key }) => key)));
  const others = [...round.linked].filter(([key]) => key.startsWith("/") && !seenHere.has(key));
  if (others.length > 0) await app.index.records.noteAsked(new Map(others), ticket);
  return { changes, onTheWay };
}

async function linkNew(
  { app, ledger, ticket, linked, isSettled }: Round,
  asked: ReadonlyMap<string, AskedBySubject>,
): Promise<boolean> {
  const { records, links } = app.index;
  const known = isSettled
    ? await records.facts([...asked.keys()].filter((key) => key.startsWith("/")))
    : new Map<string, KnownFact>();
  const news = [...asked].filter(([key, { print }]) => (linked.get(key) ?? known.get(key)?.asked) !== print);
  if (news.length === 0) return false;
  await links.add(ledger, { askers: askersIn(new Map(news)), namers: new Map() }, ticket);
  for (const [key, { print }] of news) linked.set(key, print);
  return true;
}

/** What was seen, and what its subjects rested on. */
function recorded(
  changed: readonly RecordChange[],
  linked: ReadonlyMap<string, string>,
): ReadonlyMap<string, BodyRecord | undefined> {
  return new Map(
    changed.map(({ key, before, after }) => {
      if (after === undefined) return [key, undefined];
      const was = new Map(before?.facts.map((fact) => [fact.key, fact.asked]));
      const facts = after.facts.map((fact) => {
        const asked = linked.get(fact.key) ?? was.get(fact.key);
        return asked === undefined ? fact : { ...fact, asked };
      });
      return [key, { ...after, facts }];
    }),
  );
}
