import * as z from "zod/mini";
import type { FunctionApp } from "./compose-app.ts";
import { checked } from "./events/checked.ts";
import { subscriptionId } from "./events/messages.ts";
import { CordonError } from "./model/cordon-error.ts";
import type { AuditMessage, ChangeMessage } from "./model/message.ts";
import { fold, ResourceId } from "./model/resource-id.ts";

/** What is answered, and what is put into which queue. */
export interface Asked {
  readonly status: 202 | 400 | 404;
  readonly answer: object;
  readonly audit?: AuditMessage;
  readonly change?: ChangeMessage;
}

const usage = 'send {"subscriptionId": "…"} or {"resourceId": "/subscriptions/…"}';

const request = z.union([z.strictObject({ subscriptionId }), z.strictObject({ resourceId: z.string() })], {
  error: `must be one of the two: ${usage}`,
});

/** In characters: more than any id has, and less than a queue takes. */
const bodyAtMost = 8 * 1024;

/** What a request by hand asks for; the audit itself runs from the queue, and may take longer than a request may. */
export function auditNow(app: Pick<FunctionApp, "scope">, body: string, runId: string): Asked {
  if (body.length > bodyAtMost) return { status: 400, answer: { error: `the body is too large: ${usage}` } };
  try {
    const asked = checked(request, JSON.parse(body), "the request");
    return "subscriptionId" in asked
      ? auditOf(app, fold(asked.subscriptionId), runId)
      : changeOf(app, asked.resourceId, runId);
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, answer: { error: `the body is not JSON: ${usage}` } };
    if (error instanceof CordonError) return { status: 400, answer: { error: error.message } };
    throw error;
  }
}

function auditOf({ scope }: Pick<FunctionApp, "scope">, subscriptionId: string, runId: string): Asked {
  if (!scope.includes(subscriptionId)) return outOfScope(subscriptionId);
  return { status: 202, answer: { runId, subscriptionId }, audit: { v: 1, runId, subscriptionId } };
}

function changeOf({ scope }: Pick<FunctionApp, "scope">, resourceId: string, runId: string): Asked {
  const id = ResourceId.parse(resourceId);
  if (id === undefined) return { status: 400, answer: { error: `\`${resourceId}\` is not the id of a resource` } };
  if (!scope.includes(id.subscription)) return outOfScope(id.subscription);
  const reason = `asked for by hand (${runId})`;
  return { status: 202, answer: { resourceId: id.text }, change: { v: 1, kind: "audit", ids: [id.text], reason } };
}

function outOfScope(subscriptionId: string): Asked {
  return { status: 404, answer: { error: `subscription \`${subscriptionId}\` is not in the scope` } };
}
