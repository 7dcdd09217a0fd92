import { type Answer, json, type LocalRequest, status } from "./answer.ts";
import type { EventGridTrigger, LocalFunction } from "./bindings.ts";
import { hasKey, type Keys } from "./keys.ts";
import type { Runner } from "./runner.ts";

/**
 * The Event Grid extension's webhook, POST /runtime/webhooks/eventgrid?functionName=…:
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-grid-trigger#testing-with-viewer
 */
export function eventGridWebhook(functions: readonly LocalFunction<EventGridTrigger>[], runner: Runner, keys: Keys) {
  return async ({ request, method, url, body }: LocalRequest): Promise<Answer> => {
    if (!hasKey(request, url, [keys.eventGrid, keys.master])) return status(401);
    const name = functions.find(({ name }) => name === url.searchParams.get("functionName"))?.name;
    if (name === undefined)
      return json(404, { error: `no Event Grid function \`${url.searchParams.get("functionName")}\`` });
    if (method === "OPTIONS") return handshake(request.headers["webhook-request-origin"]);
    if (method !== "POST") return status(404);

    const events = eventsIn(body);
    if (events === undefined) return json(400, { error: "the body is no event and no list of events" });
    switch (request.headers["aeg-event-type"]) {
      case "SubscriptionValidation":
        return json(200, { validationResponse: validationCodeOf(events[0]) });
      case "Notification": {
        const runs = events.map((event) => runner.run(name, { string: JSON.stringify(event) }));
        const results = await Promise.allSettled(runs);
        return status(results.some(({ status }) => status === "rejected") ? 500 : 202);
      }
      case "Unsubscribe":
        return status(202);
      default:
        return status(400);
    }
  };
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection */
function handshake(origin: string | string[] | undefined): Answer {
  return {
    status: 200,
    headers: { "webhook-allowed-origin": typeof origin === "string" ? origin : "eventgrid.azure.net" },
  };
}

function eventsIn(body: Buffer): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    const events: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    return events.every((event) => typeof event === "object" && event !== null) ? events : undefined;
  } catch {
    return undefined;
  }
}

function validationCodeOf(event: unknown): unknown {
  if (typeof event !== "object" || event === null || !("data" in event)) return undefined;
  const { data } = event;
  return typeof data === "object" && data !== null && "validationCode" in data ? data.validationCode : undefined;
}
