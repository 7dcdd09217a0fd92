import * as z from "zod/mini";
import { isObject } from "../model/json-object.ts";
import type { ReadRequest } from "../model/message.ts";
import { ResourceId } from "../model/resource-id.ts";
import { quote } from "../model/wording.ts";
import { type AzureEvent, parseAzureEvent } from "./azure-event.ts";
import { checked, notUnderstood } from "./checked.ts";
import { type ToRead, whatShows, whatToRead } from "./what-to-read.ts";

/** What a message in `changes` asks for. */
export interface Change {
  /**
   * What to read again, each once: that which shows what was named. A subscription is to be audited as a whole: it is not told what
   * in it has changed.
   */
  readonly resources: readonly ChangedResource[];
  /** What to evaluate whether or not anything has changed. */
  readonly subjects: readonly ResourceId[];
  /** How many events no rule can see a difference by, by their operation. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Whether to read and to evaluate even if nothing has changed: somebody asked for it. */
  readonly isForced: boolean;
  /** Set where the message was put back to make a trailing reading. */
  readonly ticket?: string;
  /** Set where the message was put off: when that was first, in milliseconds since 1970. */
  readonly since?: number;
  readonly reason: string;
}

export interface ChangedResource {
  readonly id: ResourceId;
  /** When it changed last, in milliseconds since 1970 by Azure's clock; undefined where that is not known. */
  readonly at: number | undefined;
  /** Whether something says that it was deleted. If it is there all the same, it was made anew, and what was in it is gone. */
  readonly isDeleted: boolean;
}

const filled = z.string().check(z.minLength(1));
const time = z.iso.datetime({ error: "must be a time such as `2026-11-20T09:30:00Z`" });

const request = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      v: z.literal(1),
      kind: z.literal("audit"),
      ids: z.array(z.string()).check(z.minLength(1)),
      reason: filled,
    }),
    z.strictObject({
      v: z.literal(1),
      kind: z.literal("read"),
      resources: z.array(z.strictObject({ id: z.string(), at: z.optional(time), isDeleted: z.optional(z.boolean()) })),
      reason: filled,
      ticket: z.optional(filled),
    }),
    z.strictObject({
      v: z.literal(1),
      kind: z.literal("evaluate"),
      subjects: z.array(z.string()).check(z.minLength(1)),
      reason: filled,
      since: z.optional(time),
    }),
  ],
  { error: "must be `audit`, `read` or `evaluate`" },
);

/**
 * Takes what Event Grid itself puts into a queue (one event, as an object) or sends to a webhook (an array of events),
 * and requests of Cordon's own; throws a CordonError that names what is wrong.
 */
export function parseChange(message: unknown): Change {
  if (isObject(message) && "v" in message) return requested(message);
  const events = Array.isArray(message) ? message : [message];
  if (events.length === 0) throw notUnderstood(what, "it holds no event");
  return changeOf(events.map(parseAzureEvent));
}

/** The request that stands for events whose bodies are not needed; what was dropped is not counted again. */
export function requestFor({ resources, reason }: Change): ReadRequest {
  const named = resources.map(({ id, at, isDeleted }) => {
    return {
      id: id.text,
      ...(at !== undefined && { at: new Date(at).toISOString() }),
      ...(isDeleted && { isDeleted }),
    };
  });
  return { v: 1, kind: "read", resources: named, reason };
}

/** Says in one line what no rule can see; undefined where that is nothing. */
export function droppedText({ dropped }: Pick<Change, "dropped">): string | undefined {
  if (dropped.size === 0) return undefined;
  const counts = [...dropped].map(([operation, count]) => `${count} × ${operation}`);
  return `dropped, as no rule looks at it: ${counts.join(", ")}`;
}

const what = "a message in `changes`";

function requested(message: object): Change {
  const asked = checked(request, message, what);
  const { reason } = asked;
  if (asked.kind === "audit") {
    const found = asked.ids.map((text) => ({ named: parsed(text, "ids"), at: undefined }));
    const shown = found.map(({ named, at }) => ({ named, at, isDeleted: false, toRead: whatShows(named) }));
    return { resources: gathered(shown), subjects: [], dropped: new Map(), isForced: true, reason };
  }
  if (asked.kind === "evaluate") {
    const subjects = asked.subjects.map((text) => parsed(text, "subjects", ResourceId.parseSubject));
    const since = asked.since === undefined ? {} : { since: Date.parse(asked.since) };
    return { resources: [], subjects, dropped: new Map(), isForced: false, ...since, reason };
  }
  const resources = asked.resources.map(({ id, at, isDeleted = false }) => {
    return { id: parsed(id, "resources"), at: at === undefined ? undefined : Date.parse(at), isDeleted };
  });
  const ticket = asked.ticket === undefined ? {} : { ticket: asked.ticket };
  return { resources, subjects: [], dropped: new Map(), isForced: false, ...ticket, reason };
}

function parsed(
  text: string,
  where: string,
  parse: (text: string) => ResourceId | undefined = ResourceId.parse,
): ResourceId {
  const id = parse(text);
  if (id === undefined) throw notUnderstood(what, `${quote(text)} in \`${where}\` is nothing in a subscription`);
  return id;
}

function changeOf(events: readonly AzureEvent[]): Change {
  const meanings = events.map((event) => ({
    ...{ named: event.resource, at: event.at, isDeleted: event.kind === "delete", toRead: whatToRead(event) },
    operation: event.operation ?? `${event.resource.type}/${event.kind}`,
  }));
  const dropped = new Map<string, number>();
  for (const { toRead, operation } of meanings) {
    if (toRead.kind === "nothing") dropped.set(operation, (dropped.get(operation) ?? 0) + 1);
  }
  const resources = gathered(meanings);
  return { resources, subjects: [], dropped, isForced: false, reason: events.map(reasonOf).join(", ") };
}

interface Meaning {
  readonly named: ResourceId;
  readonly at: number | undefined;
  readonly isDeleted: boolean;
  readonly toRead: ToRead;
}

function gathered(meanings: readonly Meaning[]): Change["resources"] {
  const resources = new Map<string, ChangedResource>();
  for (const { named, at, isDeleted, toRead } of meanings) {
    for (const id of idsToRead(named, toRead)) {
      // what shows a child that was deleted is there as before
      resources.set(id.key, both(resources.get(id.key), { id, at, isDeleted: isDeleted && id.key === named.key }));
    }
  }
  return [...resources.values()];
}

function idsToRead({ subscription }: ResourceId, toRead: ToRead): readonly ResourceId[] {
  switch (toRead.kind) {
    case "resources":
      return toRead.ids;
    case "subscription":
      return [ResourceId.ofSubscription(subscription)];
    case "nothing":
      return [];
  }
}

/** Of several times the latest counts; one that is not known may be later than all. */
function both(one: ChangedResource | undefined, other: ChangedResource): ChangedResource {
  if (one === undefined) return other;
  return { id: one.id, at: laterOf(one.at, other.at), isDeleted: one.isDeleted || other.isDeleted };
}

function laterOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

function reasonOf({ id, type, operation, outcome }: AzureEvent): string {
  return `event ${quote(id)}: ${operation === undefined ? type : `${operation} ${outcome}`}`;
}
