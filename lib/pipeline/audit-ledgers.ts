import type { Expectations } from "../analyze.ts";
import { type Audit, audit } from "../audit.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { Reader } from "../readers/reader.ts";
import { sitesLedger } from "../state/store.ts";
import type { App } from "./app.ts";
import { countsOf, firstGaps, gapsOf } from "./counts.ts";
import { type LedgerAudit, outOfScope, partOf } from "./found.ts";
import { type Changes, type Settlement, settle } from "./settle.ts";
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
    const tickets = await Promise.all(ledgers.map((ledger) => app.store.takeTicket(ledger)));
    const settlements = await settlementsOf(app, request, ledgers, tickets);
    const changes = await settleAll(app, settlements);
    if (changes !== undefined) return changes;
  }
  const message = `cannot audit subscription \`${subscriptionId}\`: audits that began later are not done yet`;
  throw new CordonError("ERR_AUDIT_OUTRUN", message);
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
  ledgers: readonly string[],
  tickets: readonly number[],
): Promise<readonly Settlement[]> {
  const readAt = app.now().toISOString();
  const expectations: Expectations = { ...app.expectations, today: readAt.slice(0, 10) };
  const reader = source === undefined ? undefined : watched(source);
  const found = reader === undefined ? undefined : await audit(reader, expectations);
  const check = () => checkGaps(reader, subscriptionId, isLastDelivery);
  check();
  return ledgers.map((ledger, index): Settlement => {
    const part = found === undefined ? outOfScope(ledger, expectations) : partOf(found, ledger, expectations);
    const settlement = { part, ticket: tickets[index] ?? 0, readAt, check };
    if (runId === undefined || ledger !== subscriptionId) return settlement;
    return { ...settlement, run: { runId, completed: completedBy(app, found, part, runId, readAt) } };
  });
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
