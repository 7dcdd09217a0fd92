import pMap from "p-map";
import { diff, type Present, type Transition } from "../diff.ts";
import type { Explanation } from "../model/explanation.ts";
import { recordOf } from "../model/finding-record.ts";
import type { LedgerEntry, LedgerLine } from "../model/ledger.ts";
import { reachRecordOf } from "../reach/reach-record.ts";
import type { KeptLine, NewEntry } from "../state/store.ts";
import type { App } from "./app.ts";
import { foundIn, type LedgerAudit } from "./found.ts";
import { findingEvent } from "./outgoing-event.ts";

/** What the transitions of one audit have in common. */
interface Occasion {
  readonly app: App;
  readonly part: LedgerAudit;
  readonly ledger: KnownLines;
  /** When the audit began to read, and now. */
  readonly readAt: string;
  readonly decidedAt: string;
  readonly runId: string | undefined;
}

/** What was known before: of a whole ledger, or of one subject in it. */
export interface KnownLines {
  readonly lines: readonly KeptLine[];
  /** When the last audit of the whole ledger began to read. */
  readonly auditedAt: string | undefined;
}

/** The entries that an audit makes new, each with the event that tells of it; "missed" where it did not look at enough. */
export async function newEntries(occasion: Occasion): Promise<readonly NewEntry[] | "missed"> {
  const { app, part, ledger } = occasion;
  const found = await foundIn(part, ledger, app.store);
  if (found === "missed") return "missed";
  const known = new Map(ledger.lines.map((kept) => [kept.line.id, kept]));
  const transitions = diff(
    ledger.lines.map(({ line }) => line),
    found,
  );
  const isAnyNew = transitions.some(({ id }) => !known.has(id));
  const forgotten = isAnyNew ? await app.store.forgottenSequence(part.ledger) : 0;
  const make = (transition: Transition) => newEntry(transition, known.get(transition.id), forgotten, occasion);
  return await pMap(transitions, make, { concurrency: 16 });
}

/** One that nobody knows may have been forgotten: receivers drop what is not above the last that they saw of it. */
async function newEntry(
  transition: Transition,
  known: KeptLine | undefined,
  forgotten: number,
  occasion: Occasion,
): Promise<NewEntry> {
  const { app, part, decidedAt } = occasion;
  const before = known?.line;
  const finding =
    "present" in transition && transition.present !== undefined
      ? recordOf(transition.present.finding, ruleOf(transition.present, part))
      : (await wholeFinding(transition.id, occasion)).finding;
  const { kind } = transition;
  const sequence = (before?.sequence ?? forgotten) + (kind === "noted" ? 0 : 1);
  const omitted = "present" in transition ? transition.present?.omitted : undefined;
  const line = lineAfter(transition, before, sequence, finding, occasion);
  const explanation = await explanationOf(transition, finding.resource, part);
  const entry: LedgerEntry = {
    ...line,
    finding,
    ...(explanation === undefined ? {} : { explanation: { at: decidedAt, ...explanation } }),
    ...(omitted === undefined ? {} : { omitted }),
  };
  const kept = { entry, etag: known?.etag };
  if (kind === "noted") return kept;
  const { ledger } = part;
  const event = findingEvent({
    kind,
    finding,
    sequence,
    ledger,
    at: decidedAt,
    ...(kind === "resolved" ? { resolution: transition.resolution } : {}),
    explanation,
    reportUrl: app.reportUrl,
  });
  return { ...kept, event };
}

/** Of what is open. */
async function explanationOf(
  transition: Transition,
  resource: string,
  { reachOf, explain }: LedgerAudit,
): Promise<Explanation | undefined> {
  if (transition.kind === "resolved" || transition.kind === "noted") return undefined;
  const reach = reachOf(resource);
  return {
    ...(reach === undefined ? {} : { reach: reachRecordOf(reach) }),
    ...(await explain(transition.present.finding)),
  };
}

function lineAfter(
  transition: Transition,
  before: LedgerLine | undefined,
  sequence: number,
  { id, rule, severity, status, resource, services, waived }: LedgerEntry["finding"],
  { ledger, readAt, decidedAt, runId }: Occasion,
): LedgerLine {
  const { kind } = transition;
  const resolution = "resolution" in transition ? transition.resolution : undefined;
  const isWaived = waived !== undefined && (resolution === undefined || resolution === "waived");
  const state = isWaived ? "waived" : resolution === undefined ? "open" : "resolved";
  const isThere = state !== "resolved";
  const openedAt = kind === "opened" ? decidedAt : before?.openedAt;
  const resolvedAt = kind === "noted" && isThere ? before?.resolvedAt : isThere && !isWaived ? undefined : decidedAt;
  const present = "present" in transition ? transition.present : undefined;
  return {
    id,
    rule,
    severity,
    status,
    resource,
    services,
    state,
    ...(resolution === undefined ? {} : { resolution }),
    ...(isWaived ? { waived } : {}),
    digest: present?.digest ?? before?.digest ?? "",
    sequence,
    lastChange: kind,
    ...(runId === undefined ? {} : { runId }),
    firstSeenAt: before?.firstSeenAt ?? readAt,
    ...(openedAt === undefined ? {} : { openedAt }),
    ...(resolvedAt === undefined ? {} : { resolvedAt }),
    seenAt: isThere ? readAt : latest(before?.seenAt, ledger.auditedAt, before?.firstSeenAt),
  };
}

function latest(...times: readonly (string | undefined)[]): string {
  return (
    times
      .filter((time) => time !== undefined)
      .sort()
      .at(-1) ?? ""
  );
}

function ruleOf({ finding }: Present, { expectations }: LedgerAudit) {
  return expectations.rules.find(({ id }) => id === finding.rule);
}

async function wholeFinding(id: string, { app, part }: Occasion): Promise<LedgerEntry> {
  const known = await app.store.find(part.ledger, id);
  if (known === undefined) throw new Error(`the ledger lists \`${id}\` and does not hold it`);
  return known.entry;
}
