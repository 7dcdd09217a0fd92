import type { Expectations } from "../analyze.ts";
import { type Audit, auditNoting, type Foreknowledge } from "../audit.ts";
import { CordonError } from "../model/cordon-error.ts";
import { ResourceId } from "../model/resource-id.ts";
import { SnapshotBuilder } from "../model/snapshot-builder.ts";
import type { Reader } from "../readers/reader.ts";
import { Session } from "../session.ts";
import { type Ledger, sitesLedger } from "../state/store.ts";
import type { App } from "./app.ts";
import { countsOf, firstGaps, gapsOf } from "./counts.ts";
import { withWitness } from "./explanation.ts";
import { forgetOld } from "./forget-old.ts";
import { type LedgerAudit, outOfScope, partOf } from "./found.ts";
import { neighbourhood } from "./neighbourhood.ts";
import { type Changes, noChanges, readSent, type Settlement, settle, sumOf } from "./settle.ts";
import { checkGaps, watched } from "./watched-reader.ts";
import { doubtfulIn, leaveBehind } from "./whole-index.ts";

export interface LedgersRequest {
  readonly subscriptionId: string;
  /** Absent where the audit is not to be announced. */
  readonly runId?: string;
  readonly isLastDelivery: boolean;
  /** Undefined where the subscription is outside of the scope. */
  readonly reader: Reader | undefined;
}

const mostReadings = 3;

/**
 * Audits a subscription into its ledger, and the sites into theirs where it is their home; reads again where an audit that
 * began later is only half done.
 */
export async function auditLedgers(app: App, request: LedgersRequest): Promise<Changes> {
  const { subscriptionId } = request;
  const ledgers = subscriptionId === app.homeOfSites ? [sitesLedger, subscriptionId] : [subscriptionId];
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const begun = await Promise.all(ledgers.map(async (name) => await beginIn(app, name)));
    const { settlements, finish } = await settlementsOf(app, request, begun);
    const changes = await settleAll(app, settlements);
    if (changes === undefined) continue;
    await finish();
    for (const { name, ledger } of begun) await forgetOld(app, name, ledger);
    return changes;
  }
  const message = `cannot audit subscription \`${subscriptionId}\`: audits that began later are not done yet`;
  throw new CordonError("ERR_AUDIT_OUTRUN", message);
}

/** What an audit has of a ledger before it reads. */
interface Begun {
  readonly name: string;
  readonly ticket: number;
  readonly ledger: Ledger;
  /** Whether the audit of the whole before this one has left all behind. */
  readonly isSettled: boolean;
  /** Whether there was none that did. */
  readonly isFirst: boolean;
}

async function beginIn(app: App, name: string): Promise<Begun> {
  const isSettled = await isSettledIn(app, name);
  const isFirst = (await app.index.links.settled(name)).ticket === 0;
  const ticket = await app.store.takeTicket(name, "whole");
  return { name, ticket, ledger: await readSent(app, name), isSettled, isFirst };
}

/** Whether the last audit of a whole ledger came to its end, with all that it leaves behind. */
export async function isSettledIn(app: App, ledger: string): Promise<boolean> {
  return (await app.index.links.settled(ledger)).ticket >= (await app.store.wholeTicket(ledger));
}

/** Undefined where one of them was outrun. The subscription's own is the last, so that its run is complete when all is. */
async function settleAll(app: App, settlements: readonly Settlement[]): Promise<Changes | undefined> {
  let sum = noChanges;
  for (const settlement of settlements) {
    const settled = await settle(app, settlement);
    if (settled.kind === "outrun") return undefined;
    sum = sumOf(sum, settled.changes);
  }
  return sum;
}

async function settlementsOf(
  app: App,
  { subscriptionId, runId, isLastDelivery, reader: source }: LedgersRequest,
  begun: readonly Begun[],
): Promise<{ readonly settlements: readonly Settlement[]; readonly finish: () => Promise<void> }> {
  const readAt = app.now().toISOString();
  const expectations: Expectations = { ...app.expectations, today: readAt.slice(0, 10) };
  const reader = source === undefined ? undefined : watched(source);
  const isClosed = () => reader?.closedSubscriptions.has(subscriptionId) === true;
  const remembered = () => (isClosed() ? [] : begun.flatMap(({ ledger }) => rememberedIn(ledger)));
  const doubtful: Foreknowledge["doubtful"] = async (snapshot) =>
    isClosed() ? [] : await doubtfulIn(snapshot, subscriptionId, app);
  const found =
    reader === undefined
      ? undefined
      : await auditNoting(
          new Session(undefined, new SnapshotBuilder(({ subscription }) => subscription !== subscriptionId)),
          neighbourhood(reader, app.index, app.scope, subscriptionId),
          expectations,
          { remembered, doubtful },
        );
  const closed = reader?.closedSubscriptions ?? new Map<string, string>();
  const check = () => checkGaps(reader, subscriptionId, isLastDelivery);
  check();
  const tickets = new Map(begun.map(({ name, ticket }) => [name, ticket]));
  const isPartial = (reader?.passingGaps.length ?? 0) > 0;
  const isAfterSettled = begun.every(({ isSettled }) => isSettled);
  const isFirst = begun.some((one) => one.isFirst);
  const leaving = { subscriptionId, found, tickets, isClosed: isClosed(), isPartial, isAfterSettled, isFirst, readAt };
  const { untold, finish } = await leaveBehind(app, leaving);
  const settlements = begun.map(({ name, ticket, ledger }): Settlement => {
    const part =
      found === undefined
        ? outOfScope(name, expectations)
        : partOf(found, name, expectations, closed, async (finding) => withWitness(finding, found, expectations));
    const settlement = { part, ticket, ledger, readAt, check };
    if (runId === undefined || name !== subscriptionId) return settlement;
    return { ...settlement, run: { runId, completed: completedBy(app, found, part, runId, readAt, untold) } };
  });
  return { settlements, finish };
}

/** The subjects of what is not resolved, each once. */
function rememberedIn({ lines }: Ledger): readonly ResourceId[] {
  const resources = lines.flatMap(({ line }) => (line.state === "resolved" ? [] : [line.resource]));
  return [...new Set(resources)].flatMap((resource) => ResourceId.parse(resource) ?? []);
}

function completedBy(
  app: App,
  found: Audit | undefined,
  part: LedgerAudit,
  runId: string,
  startedAt: string,
  untold: number | undefined,
) {
  const gaps = found === undefined ? [] : gapsOf(found);
  const news = untold === undefined ? {} : { untold };
  const seen = { resources: found?.resources ?? 0, subjects: part.subjects, gaps: gaps.length, ...news };
  return (lines: Parameters<typeof countsOf>[0]) => ({
    runId,
    subscriptionId: part.ledger,
    startedAt,
    completedAt: app.now().toISOString(),
    counts: countsOf(lines, runId, seen),
    gaps: firstGaps(gaps),
  });
}
