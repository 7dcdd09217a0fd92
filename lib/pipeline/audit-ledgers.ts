import type { Expectations } from "../analyze.ts";
import { type Audit, auditNoting } from "../audit.ts";
import { CordonError } from "../model/cordon-error.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Reader } from "../readers/reader.ts";
import { type Ledger, sitesLedger } from "../state/store.ts";
import type { App } from "./app.ts";
import { countsOf, firstGaps, gapsOf } from "./counts.ts";
import { type LedgerAudit, outOfScope, partOf } from "./found.ts";
import { type Changes, readSent, type Settlement, settle } from "./settle.ts";
import { type WatchedReader, watched } from "./watched-reader.ts";

export interface LedgersRequest {
  readonly subscriptionId: string;
  /** Absent where the audit is not to be announced. */
  readonly runId?: string;
  readonly isLastDelivery: boolean;
  /** Undefined where the subscription is outside of the scope. */
  readonly reader: Reader | undefined;
}

export const noChanges: Changes = { opened: 0, changed: 0, resolved: 0 };

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
    const settlements = await settlementsOf(app, request, begun);
    const changes = await settleAll(app, settlements);
    if (changes !== undefined) return changes;
  }
  const message = `cannot audit subscription \`${subscriptionId}\`: audits that began later are not done yet`;
  throw new CordonError("ERR_AUDIT_OUTRUN", message);
}

/** What an audit has of a ledger before it reads. */
interface Begun {
  readonly name: string;
  readonly ticket: number;
  readonly ledger: Ledger;
}

async function beginIn(app: App, name: string): Promise<Begun> {
  const ticket = await app.store.takeTicket(name, "whole");
  return { name, ticket, ledger: await readSent(app, name) };
}

/** Undefined where one of them was outrun. The subscription's own is the last, so that its run is complete when all is. */
async function settleAll(app: App, settlements: readonly Settlement[]): Promise<Changes | undefined> {
  let sum = noChanges;
  for (const settlement of settlements) {
    const settled = await settle(app, settlement);
    if (settled.kind === "outrun") return undefined;
    const { opened, changed, resolved } = settled.changes;
    sum = { opened: sum.opened + opened, changed: sum.changed + changed, resolved: sum.resolved + resolved };
  }
  return sum;
}

async function settlementsOf(
  app: App,
  { subscriptionId, runId, isLastDelivery, reader: source }: LedgersRequest,
  begun: readonly Begun[],
): Promise<readonly Settlement[]> {
  const readAt = app.now().toISOString();
  const expectations: Expectations = { ...app.expectations, today: readAt.slice(0, 10) };
  const reader = source === undefined ? undefined : watched(source);
  const isClosed = () => reader?.closedSubscriptions.has(subscriptionId) === true;
  const remembered = () => (isClosed() ? [] : begun.flatMap(({ ledger }) => rememberedIn(ledger)));
  const found = reader === undefined ? undefined : await auditNoting(reader, expectations, { remembered });
  const closed = reader?.closedSubscriptions ?? new Map<string, string>();
  const check = () => checkGaps(reader, subscriptionId, isLastDelivery);
  check();
  return begun.map(({ name, ticket, ledger }): Settlement => {
    const part = found === undefined ? outOfScope(name, expectations) : partOf(found, name, expectations, closed);
    const settlement = { part, ticket, ledger, readAt, check };
    if (runId === undefined || name !== subscriptionId) return settlement;
    return { ...settlement, run: { runId, completed: completedBy(app, found, part, runId, readAt) } };
  });
}

/** The subjects of what is not resolved, each once. */
function rememberedIn({ lines }: Ledger): readonly ResourceId[] {
  const resources = lines.flatMap(({ line }) => (line.state === "resolved" ? [] : [line.resource]));
  return [...new Set(resources)].flatMap((resource) => ResourceId.parse(resource) ?? []);
}

function completedBy(app: App, found: Audit | undefined, part: LedgerAudit, runId: string, startedAt: string) {
  const gaps = found === undefined ? [] : gapsOf(found);
  const seen = { resources: found?.resources ?? 0, subjects: part.subjects, gaps: gaps.length };
  return (lines: Parameters<typeof countsOf>[0]) => ({
    runId,
    subscriptionId: part.ledger,
    startedAt,
    completedAt: app.now().toISOString(),
    counts: countsOf(lines, runId, seen),
    gaps: firstGaps(gaps),
  });
}

/** A gap that may pass fails the audit as long as it will be tried again: nothing is committed on half of the evidence. */
function checkGaps(reader: WatchedReader | undefined, subscriptionId: string, isLastDelivery: boolean): void {
  const [first, ...others] = reader?.passingGaps ?? [];
  if (first === undefined || isLastDelivery) return;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  throw new CordonError(
    "ERR_READING_INCOMPLETE",
    `cannot audit subscription \`${subscriptionId}\` now: ${first}${more}`,
  );
}
