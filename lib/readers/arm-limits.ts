import { setTimeout as sleep } from "node:timers/promises";
import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import pLimit, { type LimitFunction } from "p-limit";

/** Keeps requests below what Azure allows, for all clients that share it. */
export interface RequestLimits {
  readonly policy: PipelinePolicy;
  /** The same quotas, for readings that ask little and are waited for: they do not stand in line with those that ask for all. */
  readonly few: PipelinePolicy;
}

/**
 * Reads of Azure Resource Manager come out of a bucket for each subscription and principal, which fills up by 25 a second.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const bucket = { refillPerSecond: 25, reserve: 25 };

/**
 * At most so many requests to one provider of one subscription are under way: of readings that ask for all, and of all others
 * together. Fewer than are kept in reserve, so that those under way do not use up what is left.
 */
const sideBySide = { all: 8, few: 24 };

/** One for a whole process: quotas belong to who asks, not to what asks. */
export function requestLimits(now: () => number = Date.now): RequestLimits {
  const pausedUntil = new Map<string, number>();

  async function whenAllowed(key: string, signal: AbortSignal | undefined): Promise<void> {
    for (let until = pausedUntil.get(key); until !== undefined && until > now(); until = pausedUntil.get(key)) {
      await sleep(until - now(), undefined, signal === undefined ? {} : { signal });
    }
  }

  function learn(key: string, response: PipelineResponse): void {
    const pause = pauseAfter(response);
    if (pause > 0) pausedUntil.set(key, Math.max(pausedUntil.get(key) ?? 0, now() + pause));
  }

  async function send(key: string, request: PipelineRequest, next: SendRequest): Promise<PipelineResponse> {
    await whenAllowed(key, request.abortSignal as AbortSignal | undefined);
    const response = await next(request);
    learn(key, response);
    return response;
  }

  function policyOf(most: number): PipelinePolicy {
    const queues = new Map<string, LimitFunction>();
    return {
      name: "cordonLimits",
      async sendRequest(request, next) {
        const key = keyOf(request.url);
        const queue = queues.get(key) ?? pLimit(most);
        queues.set(key, queue);
        return await queue(() => send(key, request, next));
      },
    };
  }

  return { policy: policyOf(sideBySide.all), few: policyOf(sideBySide.few) };
}

/** For what asks little. */
export function forFew({ policy: _, few }: RequestLimits): RequestLimits {
  return { policy: few, few };
}

/** In milliseconds: what a response says about how soon the next request may come. */
function pauseAfter({ status, headers }: PipelineResponse): number {
  const resetsAfter = secondsIn(headers.get("x-ms-user-quota-resets-after"));
  if (status === 429) return Math.max(numberIn(headers.get("retry-after")) ?? 1, resetsAfter) * 1000;
  const reads = leastReadsIn(headers);
  if (reads !== undefined && reads < bucket.reserve) return ((bucket.reserve - reads) / bucket.refillPerSecond) * 1000;
  const queries = numberIn(headers.get("x-ms-user-quota-remaining"));
  return queries !== undefined && queries < 1 ? resetsAfter * 1000 : 0;
}

/** Of `x-ms-ratelimit-remaining-subscription-reads`, `…-subscription-global-reads` and `…-tenant-reads`. */
function leastReadsIn(headers: PipelineResponse["headers"]): number | undefined {
  const counts = [...headers].flatMap(([name, value]) => {
    return /^x-ms-ratelimit-remaining-.*reads$/i.test(name) ? (numberIn(value) ?? []) : [];
  });
  return counts.length === 0 ? undefined : Math.min(...counts);
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** "00:00:05": https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
function secondsIn(text = ""): number {
  const [, hours = 0, minutes = 0, seconds = 0] = /^(\d+):(\d+):(\d+)/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The subscription and the provider that a request is counted under. */
function keyOf(url: string): string {
  const { pathname } = new URL(url);
  const [, subscription = ""] = /^\/subscriptions\/([^/]+)/i.exec(pathname) ?? [];
  const [, provider = ""] = /\/providers\/([^/]+)/i.exec(pathname) ?? [];
  return `${subscription} ${provider}`.toLowerCase();
}
