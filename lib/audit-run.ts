import type { Expectations } from "./analyze.ts";
import { type Audit, audit } from "./audit.ts";
import { CordonError } from "./model/cordon-error.ts";
import { ResourceId } from "./model/resource-id.ts";
import type { App } from "./pipeline/app.ts";
import { countsOf, firstGaps, gapsOf } from "./pipeline/counts.ts";
import { type LedgerAudit, outOfScope, partOf } from "./pipeline/found.ts";
import { flush } from "./pipeline/outbox.ts";
import { type Changes, type Settlement, settle } from "./pipeline/settle.ts";
import { type WatchedReader, watched } from "./pipeline/watched-reader.ts";
import type { Reader } from "./readers/reader.ts";
import { type HealthNews, sitesLedger } from "./state/store.ts";

export interface SubscriptionRequest {
  /** Of the plan that asks for it; the same request may come again. */
  readonly runId: string;
  readonly subscriptionId: string;
  /** Whether the request will not come again: then what cannot be read counts as unreadable. */
  readonly isLastDelivery: boolean;
}

export interface ResourcesRequest {
  /** ARM ids. */
  readonly ids: readonly string[];
  /** For the log. */
  readonly reason: string;
  readonly isLastDelivery: boolean;
}

/** What an audit changed in the ledger; nothing where the same run was completed before. */
export interface AuditOutcome extends Changes {
  readonly subscriptionId: string;
}

/** A scheduled audit: read → project → analyze → diff → commit → send, and the news that it is complete. */
export async function auditSubscription(app: App, request: SubscriptionRequest): Promise<AuditOutcome> {
  const { runId, isLastDelivery } = request;
  const subscriptionId = request.subscriptionId.toLowerCase();
  return await watchedOver(app, subscriptionId, runId, async () => {
    await flush(subscriptionId, app);
    const known = await app.store.completedRun(subscriptionId, runId);
    if (known !== undefined) {
      await recordCompletion(app, subscriptionId, { completed: known });
      return { subscriptionId, ...nothing };
    }
    const reader = await app.readerFor(subscriptionId, { purpose: "scheduled", isLastTry: isLastDelivery });
    const changes = await auditNow(app, { subscriptionId, runId, isLastDelivery }, reader);
    const completed = await app.store.completedRun(subscriptionId, runId);
    const news = { isInScope: reader !== undefined, ...(completed === undefined ? {} : { completed }) };
    await recordCompletion(app, subscriptionId, news);
    await app.store.forgetRuns(subscriptionId, daysBefore(app.now(), daysOfRuns));
    return { subscriptionId, ...changes };
  });
}

/** An audit after a change. It looks at all of the subscriptions of the resources, so that it finds what a full audit does. */
export async function auditResources(app: App, request: ResourcesRequest): Promise<readonly AuditOutcome[]> {
  const subscriptions = new Set(request.ids.map((id) => parseId(id).subscription));
  const outcomes: AuditOutcome[] = [];
  for (const subscriptionId of subscriptions) {
    const work = () => auditAfterChange(app, subscriptionId, request);
    const changes = await watchedOver(app, subscriptionId, undefined, work);
    if (changes !== undefined) outcomes.push({ subscriptionId, ...changes });
  }
  return outcomes;
}

/** Undefined where the subscription is not in the scope. */
async function auditAfterChange(app: App, subscriptionId: string, { reason, isLastDelivery }: ResourcesRequest) {
  const reader = await app.readerFor(subscriptionId, { purpose: "change", isLastTry: isLastDelivery });
  if (reader === undefined) {
    app.log(`ignoring a change in subscription \`${subscriptionId}\`, which is not in the scope: ${reason}`);
    return undefined;
  }
  app.log(`auditing subscription \`${subscriptionId}\` after a change: ${reason}`);
  await flush(subscriptionId, app);
  const changes = await auditNow(app, { subscriptionId, isLastDelivery }, reader);
  await recordCompletion(app, subscriptionId, { isInScope: true });
  return changes;
}

/** The subscriptions that a plan has to audit: those in the scope, and once more those that left it. */
export async function subscriptionsToAudit(app: Pick<App, "store">, scope: readonly string[]): Promise<string[]> {
  const health = await app.store.health();
  const left = health.filter(({ isInScope }) => isInScope).map(({ subscriptionId }) => subscriptionId);
  return [...new Set([...scope.map((one) => one.toLowerCase()), ...left])].sort();
}

/** Runs are remembered for longer than the seven days for which a queue keeps a message. */
const daysOfRuns = 8;
const mostReadings = 3;
const longestMessage = 2000;
const nothing: Changes = { opened: 0, changed: 0, resolved: 0 };

interface Request {
  readonly subscriptionId: string;
  readonly runId?: string;
  readonly isLastDelivery: boolean;
}

async function recordCompletion(app: App, subscriptionId: string, news: HealthNews): Promise<void> {
  const { auditedAt } = await app.store.head(subscriptionId);
  await app.store.recordHealth(subscriptionId, { ...news, ...(auditedAt === undefined ? {} : { auditedAt }) });
}

/** Reads and settles, and reads again where an audit that began later is only half done. */
async function auditNow(app: App, request: Request, source: Reader | undefined): Promise<Changes> {
  const { subscriptionId } = request;
  const ledgers = subscriptionId === app.homeOfSites ? [sitesLedger, subscriptionId] : [subscriptionId];
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const tickets = await Promise.all(ledgers.map((ledger) => app.store.takeTicket(ledger)));
    const settlements = await settlementsOf(app, request, source, ledgers, tickets);
    const changes = await settleAll(app, settlements);
    if (changes !== undefined) return changes;
  }
  const message = `cannot audit subscription \`${subscriptionId}\`: audits that began later are not done yet`;
  throw new CordonError("ERR_AUDIT_OUTRUN", message);
}

async function settleAll(app: App, settlements: readonly Settlement[]): Promise<Changes | undefined> {
  const sum = { ...nothing };
  for (const settlement of settlements) {
    const settled = await settle(app, settlement);
    if (settled.kind === "outrun") return undefined;
    const { opened, changed, resolved } = settled.changes;
    Object.assign(sum, {
      opened: sum.opened + opened,
      changed: sum.changed + changed,
      resolved: sum.resolved + resolved,
    });
  }
  return sum;
}

async function settlementsOf(
  app: App,
  { subscriptionId, runId, isLastDelivery }: Request,
  source: Reader | undefined,
  ledgers: readonly string[],
  tickets: readonly number[],
): Promise<readonly Settlement[]> {
  const startedAt = app.now();
  const readAt = startedAt.toISOString();
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

/** A failure is kept for the report; the error goes on to whoever repeats the message. */
async function watchedOver<T>(
  app: App,
  subscriptionId: string,
  runId: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, longestMessage);
    const failure = { at: app.now().toISOString(), message, ...(runId === undefined ? {} : { runId }) };
    await app.store.recordHealth(subscriptionId, { failure }).catch((second: unknown) => {
      app.log(`cannot record the failure of an audit: ${second}`);
    });
    throw error;
  }
}

function parseId(text: string): ResourceId {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new CordonError("ERR_RESOURCE_ID", `\`${text}\` is no ARM id`);
  return id;
}

function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
}
