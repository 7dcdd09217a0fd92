import { CordonError } from "./model/cordon-error.ts";
import { ResourceId } from "./model/resource-id.ts";
import type { App } from "./pipeline/app.ts";
import { auditLedgers, noChanges } from "./pipeline/audit-ledgers.ts";
import { flush } from "./pipeline/outbox.ts";
import type { Changes } from "./pipeline/settle.ts";
import type { HealthNews } from "./state/store.ts";

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
  return await keepingFailures(app, subscriptionId, runId, async () => {
    await flush(subscriptionId, app);
    const known = await app.store.completedRun(subscriptionId, runId);
    if (known !== undefined) {
      await recordCompletion(app, subscriptionId, { completed: known });
      return { subscriptionId, ...noChanges };
    }
    const reader = await app.readerFor(subscriptionId, { purpose: "scheduled", isLastTry: isLastDelivery });
    const changes = await auditLedgers(app, { subscriptionId, runId, isLastDelivery, reader });
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
    const changes = await keepingFailures(app, subscriptionId, undefined, work);
    if (changes !== undefined) outcomes.push({ subscriptionId, ...changes });
  }
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
async function auditAfterChange(app: App, subscriptionId: string, { ids, reason, isLastDelivery }: ResourcesRequest) {
  const reader = await app.readerFor(subscriptionId, { purpose: "change", isLastTry: isLastDelivery, changed: ids });
  if (reader === undefined) {
    app.log(`ignoring a change in subscription \`${subscriptionId}\`, which is not in the scope: ${reason}`);
    return undefined;
  }
  app.log(`auditing subscription \`${subscriptionId}\` after a change: ${reason}`);
  await flush(subscriptionId, app);
  const changes = await auditLedgers(app, { subscriptionId, isLastDelivery, reader });
  await recordCompletion(app, subscriptionId, { isInScope: true });
  return changes;
}

async function recordCompletion(app: App, subscriptionId: string, news: HealthNews): Promise<void> {
  const { auditedAt } = await app.store.head(subscriptionId);
  await app.store.recordHealth(subscriptionId, { ...news, ...(auditedAt === undefined ? {} : { auditedAt }) });
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

function parseId(text: string): ResourceId {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new CordonError("ERR_RESOURCE_ID", `\`${text}\` is no ARM id`);
  return id;
}

function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
}
