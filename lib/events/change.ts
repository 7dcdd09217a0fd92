import * as z from "zod/mini";
import type { ChangeMessage } from "../model/message.ts";
import { ResourceId } from "../model/resource-id.ts";
import { quote } from "../model/wording.ts";
import { type AzureEvent, onlyReads, parseAzureEvent } from "./azure-event.ts";
import { checked, notUnderstood } from "./checked.ts";

/** What a message in `changes` asks for. */
export interface Change {
  /** What to audit again; empty where nothing can have changed. */
  readonly ids: readonly ResourceId[];
  readonly reason: string;
}

const request = z.strictObject({
  v: z.literal(1),
  kind: z.literal("audit"),
  ids: z.array(z.string()).check(z.minLength(1)),
  reason: z.string().check(z.minLength(1)),
});

/**
 * Takes what Event Grid itself puts into a queue (one event, as an object) or sends to a webhook (an array of events),
 * and requests of Cordon's own; throws a CordonError that names what is wrong.
 */
export function parseChange(message: unknown): Change {
  if (typeof message === "object" && message !== null && "v" in message) return requested(message);
  const events = Array.isArray(message) ? message : [message];
  if (events.length === 0) throw notUnderstood("a message in `changes`", "it holds no event");
  return changeOf(events.map(parseAzureEvent));
}

/** The request that stands for events whose bodies are not needed. */
export function requestFor({ ids, reason }: Change): ChangeMessage {
  return { v: 1, kind: "audit", ids: ids.map(({ text }) => text), reason };
}

function requested(message: object): Change {
  const what = "a message in `changes`";
  const { ids, reason } = checked(request, message, what);
  return {
    ids: ids.map((text) => {
      const id = ResourceId.parse(text);
      if (id === undefined) throw notUnderstood(what, `${quote(text)} in \`ids\` is nothing in a subscription`);
      return id;
    }),
    reason,
  };
}

function changeOf(events: readonly AzureEvent[]): Change {
  const relevant = events.filter((event) => !onlyReads(event));
  return { ids: relevant.map(({ resource }) => resource), reason: events.map(reasonOf).join(", ") };
}

function reasonOf({ id, type, operation, outcome }: AzureEvent): string {
  return `event ${quote(id)}: ${operation === undefined ? type : `${operation} ${outcome}`}`;
}
