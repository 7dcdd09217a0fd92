import pMap from "p-map";
import type { ResourceId } from "./model/resource-id.ts";
import { admitted, type ChangesRequest, isWholeAdmitted } from "./pipeline/admitted.ts";
import type { App } from "./pipeline/app.ts";
import { auditLedgers, isSettledIn } from "./pipeline/audit-ledgers.ts";
import { auditChange } from "./pipeline/change-audit.ts";
import { notInFirstAudit } from "./pipeline/first-audit.ts";
import { flush } from "./pipeline/outbox.ts";
import { passOn } from "./pipeline/pass-on.ts";
import { type Changes, noChanges } from "./pipeline/settle.ts";
import { type Companion, companions } from "./pipeline/together.ts";
import type { HealthNews } from "./state/store.ts";

export interface SubscriptionRequest {
  /** Of the plan that asks for it; the same request may come again. */
  readonly runId: string;
  readonly subscriptionId: string;
  /** Whether the request will not come again: then what cannot be read counts as unreadable. */
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
  const { resources } = request;
  const subjects = await notInFirstAudit(app, request.subjects, (id) => placeOf(id, app), request);
  const asked = { ...request, subjects };
  const named = [...resources.map(({ id }) => id), ...subjects].flatMap((id) => placeOf(id, app) ?? []);
  const places = [...new Set(named)];
  if (resources.length === 0 && places.length > 1) return await auditTogether(app, places, asked);
  const { done, failed } = await tryEach(app, places, 1, (one) => auditChangesIn(app, one, asked));
  if (failed.size > 0) throw firstOf(failed);
  return outcomesOf(done);
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

/**
 * Evaluates subjects of several subscriptions, which are likely to rest on the same: each question is asked once for all of them.
 * Where some fail and others do not, those alone are left to one more message: so that the others need not be audited again.
 */
async function auditTogether(
  app: App,
  places: readonly string[],
  request: ChangesRequest,
): Promise<readonly AuditOutcome[]> {
  const { subjects, reason } = request;
  const headOf = async (one: string) => [one, await app.store.head(one)] as const;
  const heads = new Map(await pMap(places, headOf, { concurrency: 16 }));
  const known = places.filter((one) => heads.get(one)?.auditedAt !== undefined);
  const others = places.filter((one) => !known.includes(one));
  const company = new Map(companions(known.length).map((companion, at) => [known[at] ?? "", companion]));
  const inCompany = async (one: string) => {
    const companion = company.get(one);
    try {
      return await auditChangesIn(app, one, request, companion);
    } finally {
      companion?.leave();
    }
  };
  // all at once, since they wait for one another; those that were never audited are read as a whole, one at a time
  const tried = [
    await tryEach(app, known, Number.POSITIVE_INFINITY, inCompany),
    await tryEach(app, others, 1, inCompany),
  ];
  const failed = new Map(tried.flatMap((some) => [...some.failed]));
  if (failed.size === places.length) throw firstOf(failed);
  for (const [one, error] of failed) app.log(`subscription \`${one}\` is left to one more message: ${error}`);
  const left = subjects.filter((id) => failed.has(placeOf(id, app) ?? ""));
  await passOn(app, left, reason, { delaySeconds: secondsUntilTriedAgain });
  return tried.flatMap(({ done }) => outcomesOf(done));
}

/** As `visibilityTimeout` of host.json has it for what failed altogether. */
const secondsUntilTriedAgain = 30;

interface Tried<T> {
  readonly done: ReadonlyMap<string, T>;
  readonly failed: ReadonlyMap<string, unknown>;
}

/** Whatever becomes of the others. */
async function tryEach<T>(
  app: App,
  places: readonly string[],
  concurrency: number,
  work: (subscriptionId: string) => Promise<T>,
): Promise<Tried<T>> {
  const [done, failed] = [new Map<string, T>(), new Map<string, unknown>()];
  const tryOne = async (one: string) => {
    try {
      done.set(one, await keepingFailures(app, one, undefined, () => work(one)));
    } catch (error) {
      failed.set(one, error);
    }
  };
  await pMap(places, tryOne, { concurrency });
  return { done, failed };
}

function firstOf(failed: ReadonlyMap<string, unknown>): unknown {
  const [failure] = failed.values();
  return failure;
}

function outcomesOf(changes: ReadonlyMap<string, Changes | undefined>): readonly AuditOutcome[] {
  return [...changes].flatMap(([subscriptionId, one]) => (one === undefined ? [] : [{ subscriptionId, ...one }]));
}

/** Undefined where the subscription is not in the scope. */
async function auditChangesIn(
  app: App,
  subscriptionId: string,
  request: ChangesRequest,
  companion?: Companion,
): Promise<Changes | undefined> {
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
  const { changes, evaluated, passedOn } = await auditChange(app, asked, reader, companion);
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
