import pMap from "p-map";
import { ResourceId } from "./model/resource-id.ts";
import type { App } from "./pipeline/app.ts";
import { auditLedgers, isSettledIn } from "./pipeline/audit-ledgers.ts";
import { auditChange } from "./pipeline/change-audit.ts";
import { flush } from "./pipeline/outbox.ts";
import { type Admission, admit } from "./pipeline/quiet-window.ts";
import { type Changes, noChanges } from "./pipeline/settle.ts";
import type { HealthNews } from "./state/store.ts";

export interface SubscriptionRequest {
  /** Of the plan that asks for it; the same request may come again. */
  readonly runId: string;
  readonly subscriptionId: string;
  /** Whether the request will not come again: then what cannot be read counts as unreadable. */
  readonly isLastDelivery: boolean;
}

export interface ToldResource {
  readonly id: ResourceId;
  /** When it changed, in milliseconds since 1970 by Azure's clock, as far as that is known. */
  readonly at: number | undefined;
  /** Whether it is said to have been deleted. */
  readonly isDeleted: boolean;
}

export interface ChangesRequest {
  /** What is said to have changed; a subscription where it is not known what in it has. */
  readonly resources: readonly ToldResource[];
  /** What is to be evaluated whether or not anything has changed. */
  readonly subjects: readonly ResourceId[];
  /** Whether the resources are to be evaluated even if nothing has changed. */
  readonly isForced: boolean;
  /** Of a message that was put back to make a trailing reading. */
  readonly ticket?: string;
  /** Whether the message came before, so that it may have been left in the middle. */
  readonly isRepeated: boolean;
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
  return await keepingFailures(app, subscriptionId, runId, async () => {
    await flush(subscriptionId, app);
    const known = await app.store.completedRun(subscriptionId, runId);
    // INVARIANT: whoever is killed between the commit and the rest audits once more, and does not announce it again
    if (known !== undefined && (await isSettledIn(app, subscriptionId))) {
      await recordCompletion(app, subscriptionId, { completed: known });
      return { subscriptionId, ...noChanges };
    }
    const reader = await app.readerFor(subscriptionId, { purpose: "scheduled", isLastTry: isLastDelivery });
    const run = known === undefined ? { runId } : {};
    const changes = await auditLedgers(app, { subscriptionId, ...run, isLastDelivery, reader });
    const completed = await app.store.completedRun(subscriptionId, runId);
    const news = { isInScope: reader !== undefined, ...(completed === undefined ? {} : { completed }) };
    await recordCompletion(app, subscriptionId, news);
    await app.store.forgetRuns(subscriptionId, daysBefore(app.now(), daysOfRuns).toISOString());
    await app.readingLog.forget(subscriptionId, daysBefore(app.now(), daysOfRuns).getTime());
    return { subscriptionId, ...changes };
  });
}

/**
 * An audit after a change: of what the change can have touched, with what an audit of everything would find of it. All
 * subscriptions are tried before the first failure is thrown.
 */
export async function auditChanges(app: App, request: ChangesRequest): Promise<readonly AuditOutcome[]> {
  const { resources, subjects } = request;
  const named = [...resources.map(({ id }) => id), ...subjects].flatMap((id) => placeOf(id, app) ?? []);
  const outcomes: AuditOutcome[] = [];
  const failures: unknown[] = [];
  for (const subscriptionId of new Set(named)) {
    try {
      const work = () => auditChangesIn(app, subscriptionId, request);
      const changes = await keepingFailures(app, subscriptionId, undefined, work);
      if (changes !== undefined) outcomes.push({ subscriptionId, ...changes });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return outcomes;
}

/** The subscriptions that a plan has to audit: those in the scope, and once more those that left it. */
export async function subscriptionsToAudit(app: Pick<App, "store">, scope: readonly string[]): Promise<string[]> {
  const health = await app.store.health();
  const known = health.filter(({ isInScope }) => isInScope).map(({ subscriptionId }) => subscriptionId);
  return [...new Set([...scope.map((one) => one.toLowerCase()), ...known])].sort();
}

/** Runs are remembered for longer than the seven days for which a queue keeps a message. */
const daysOfRuns = 8;
const longestMessage = 2000;

/** Undefined where the subscription is not in the scope. */
async function auditChangesIn(app: App, subscriptionId: string, request: ChangesRequest): Promise<Changes | undefined> {
  const { reason, isForced, isLastDelivery } = request;
  const isNamed = request.resources.some(({ id }) => id.isSubscription && id.subscription === subscriptionId);
  const isWhole = isNamed || (await app.store.head(subscriptionId)).auditedAt === undefined;
  const purpose = isWhole ? "scheduled" : "change";
  const reader = await app.readerFor(subscriptionId, { purpose, isLastTry: isLastDelivery });
  if (reader === undefined) {
    app.log(`ignoring a change in subscription \`${subscriptionId}\`, which is not in the scope: ${reason}`);
    return undefined;
  }
  if (isWhole) {
    if (!(await isWholeAdmitted(app, subscriptionId, request))) return noChanges;
    app.log(`auditing subscription \`${subscriptionId}\` after a change: ${reason}`);
    await flush(subscriptionId, app);
    const changes = await auditLedgers(app, { subscriptionId, isLastDelivery, reader });
    await recordCompletion(app, subscriptionId, { isInScope: true });
    return changes;
  }
  const resources = await admitted(app, subscriptionId, request);
  const subjects = request.subjects.filter((id) => placeOf(id, app) === subscriptionId);
  if (resources.length === 0 && subjects.length === 0) return noChanges;
  const deleted = new Set(request.resources.flatMap(({ id, isDeleted }) => (isDeleted ? [id.key] : [])));
  const asked = { subscriptionId, resources, deleted, subjects, isForced, reason, isLastDelivery };
  const { changes, evaluated, passedOn } = await auditChange(app, asked, reader);
  const left = passedOn === 0 ? "" : `, ${passedOn} left to audits of their own`;
  app.log(`${evaluated === 0 ? unchanged : `${evaluated} evaluated`}${left}: ${reason}`);
  await app.store.recordHealth(subscriptionId, { isInScope: true });
  return changes;
}

/** Another audit may have read what an event tells of before the event came, and have told what came of it. */
const unchanged = "no rule sees a change since the last reading";

/** The subscription whose audits look at it: sites are in none. */
function placeOf({ subscription }: ResourceId, { homeOfSites }: App): string | undefined {
  return subscription === "" ? homeOfSites : subscription;
}

/** Of the resources in a subscription those that have to be read now: another reading covers the others, or will. */
async function admitted(
  app: App,
  subscriptionId: string,
  { resources, isForced, isRepeated, ticket, reason }: ChangesRequest,
): Promise<readonly ResourceId[]> {
  const window = { log: app.readingLog, changes: app.changes, now: app.now };
  const own = resources.filter(({ id }) => id.subscription === subscriptionId);
  const admissions = await pMap(own, async ({ id, at, isDeleted }) => {
    // a reading that saw it made anew did not know that it was gone in between
    const mustRead = isForced || isRepeated || isDeleted;
    const admission = await admit(window, { id, at, mustRead, reason, ...(ticket === undefined ? {} : { ticket }) });
    logAdmission(app, `\`${id.text}\``, admission, reason);
    return admission === "read" ? [id] : [];
  });
  return admissions.flat();
}

/** Whether the subscription has to be read as a whole now: a deployment has many events of which each asks for that. */
async function isWholeAdmitted(
  app: App,
  subscriptionId: string,
  { resources, subjects, isForced, isRepeated, ticket, reason }: ChangesRequest,
): Promise<boolean> {
  const id = ResourceId.ofSubscription(subscriptionId);
  const window = { log: app.readingLog, changes: app.changes, now: app.now };
  const times = resources.flatMap(({ id, at }) => (id.subscription === subscriptionId ? [at] : []));
  const isTimed = subjects.length === 0 && !times.includes(undefined);
  // who asks by hand tells of no change
  const at = isForced ? 0 : isTimed ? Math.max(...times.map(Number)) : undefined;
  const wish = { id, at, mustRead: isForced || isRepeated, reason, ...(ticket === undefined ? {} : { ticket }) };
  const admission = await admit(window, wish);
  logAdmission(app, `subscription \`${subscriptionId}\``, admission, reason);
  return admission === "read";
}

function logAdmission(app: App, what: string, admission: Admission, reason: string): void {
  if (admission === "skip") app.log(`${what} was read since: ${reason}`);
  if (admission === "later") app.log(`${what} was read just now, and will be once more: ${reason}`);
}

/** With the line that the alert on subscriptions that are not audited looks for: infra/alerts.bicep. */
async function recordCompletion(app: App, subscriptionId: string, news: HealthNews): Promise<void> {
  const { auditedAt } = await app.store.head(subscriptionId);
  await app.store.recordHealth(subscriptionId, { ...news, ...(auditedAt === undefined ? {} : { auditedAt }) });
  app.log(`audited subscription \`${subscriptionId}\``);
}

/** A failure is kept for the report; the error goes on to whoever repeats the message. */
async function keepingFailures<T>(
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
      app.log(`cannot keep the failure of an audit: ${second}`);
    });
    throw error;
  }
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
}
