import type { OutgoingEvent } from "../model/finding-event.ts";
import { readRetryAfter } from "./back-off.ts";

export interface Webhook {
  readonly url: URL;
  /** `whsec_…`, the newest first; each of them signs. */
  readonly secrets: readonly string[];
  /** How long it may take to answer. */
  readonly timeoutSeconds?: number;
}

/** What came of a try; `what` is fit to be logged. */
export type Outcome =
  | { readonly kind: "accepted" }
  /** Trying again would not help. */
  | { readonly kind: "refused"; readonly what: string }
  | { readonly kind: "failed"; readonly what: string; readonly retryAfterSeconds?: number };

/**
 * One signed request, in CloudEvents' structured mode.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#32-structured-content-mode
 */
export async function postEvent(event: OutgoingEvent, webhook: Webhook, now: Date): Promise<Outcome> {
  const { url, timeoutSeconds = 15 } = webhook;
  const body = JSON.stringify(event);
  const headers = await headersOf(event.id, body, webhook.secrets, now);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    response.body?.cancel().catch(() => undefined);
    return outcomeOf(response, now);
  } catch (error) {
    return { kind: "failed", what: reasonOf(error, timeoutSeconds) };
  }
}

async function headersOf(id: string, body: string, secrets: readonly string[], now: Date) {
  const { Webhook } = await import("standardwebhooks");
  return {
    "content-type": "application/cloudevents+json; charset=utf-8",
    "user-agent": "cordon",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
  };
}

function outcomeOf({ status, headers }: Response, now: Date): Outcome {
  if (status >= 200 && status < 300) return { kind: "accepted" };
  const mayPass = status < 400 || status >= 500 || status === 408 || status === 429;
  if (!mayPass) return { kind: "refused", what: `answered ${status}` };
  const retryAfterSeconds = readRetryAfter(headers.get("retry-after"), now);
  const what =
    status >= 300 && status < 400 ? `answered ${status}, and redirects are not followed` : `answered ${status}`;
  return { kind: "failed", what, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** Codes of the network only: messages may hold addresses with keys in them. */
function reasonOf(error: unknown, timeoutSeconds: number): string {
  if (!(error instanceof Error)) return "could not be reached";
  if (error.name === "TimeoutError") return `did not answer within ${timeoutSeconds} s`;
  const inner = error.cause instanceof Error ? error.cause : error;
  const code = "code" in inner && typeof inner.code === "string" ? inner.code : inner.name;
  return `could not be reached (${code})`;
}
