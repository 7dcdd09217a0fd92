import * as z from "zod/mini";
import { isObject } from "../model/json-object.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { quote } from "../model/wording.ts";
import { checked, notUnderstood } from "./checked.ts";

/** What an event of Azure says happened. A hint: what is in its body is not believed, only where to look. */
export interface AzureEvent {
  readonly id: string;
  readonly type: string;
  /** The resource, or what holds it where the event names no resource. */
  readonly resource: ResourceId;
  readonly kind: "write" | "delete" | "action";
  /** Failed and cancelled operations may have done part of their work. */
  readonly outcome: "succeeded" | "failed" | "cancelled";
  /** `Microsoft.Storage/storageAccounts/write`; absent in resource notifications. */
  readonly operation?: string;
  /** Milliseconds since 1970, by Azure's clock; absent where the event does not say when it happened. */
  readonly at?: number;
}

const filled = z.string().check(z.minLength(1));

/** With as many digits behind the second as Azure likes. */
const time = z.optional(z.iso.datetime({ offset: true, error: "must be a time such as `2026-11-20T09:30:00Z`" }));

const data = z.looseObject({
  resourceUri: z.optional(z.string()),
  operationName: z.optional(z.string()),
  resourceInfo: z.optional(z.looseObject({ id: z.string() })),
});

/** https://learn.microsoft.com/azure/event-grid/event-schema */
const inEventGridSchema = z.looseObject({
  id: filled,
  eventType: filled,
  subject: z.optional(z.string()),
  eventTime: time,
  data,
});

/** https://learn.microsoft.com/azure/event-grid/cloud-event-schema */
const asCloudEvent = z.looseObject({
  specversion: z.literal("1.0"),
  id: filled,
  type: filled,
  subject: z.optional(z.string()),
  time,
  data,
});

/** Takes Event Grid's schema and CloudEvents 1.0; throws a CordonError that names what is wrong. */
export function parseAzureEvent(message: unknown): AzureEvent {
  const isCloudEvent = isObject(message) && "specversion" in message;
  const what = isCloudEvent ? "a cloud event of Azure" : "an event of Azure";
  const event = isCloudEvent
    ? checked(asCloudEvent, message, what)
    : renamed(checked(inEventGridSchema, message, what));
  const { id, type, data, subject, time: at } = event;
  const where = `event ${quote(id)}`;
  const meaning = meanings.get(fold(type));
  if (meaning === undefined) throw notUnderstood(where, `${quote(type)} is not a type of event that Cordon knows`);
  const named = [data.resourceUri, data.resourceInfo?.id, subject].filter((name) => name !== undefined);
  const resource = named.map(nearestResource).find((found) => found !== undefined);
  if (resource === undefined) {
    const names = named.length === 0 ? "nothing" : named.map(quote).join(" and ");
    throw notUnderstood(where, `it must name something in a subscription, but names ${names}`);
  }
  return {
    ...{ id, type, resource, ...meaning },
    ...(data.operationName && { operation: data.operationName }),
    ...(at !== undefined && { at: Date.parse(at) }),
  };
}

const kinds = ["write", "delete", "action"] as const;
const outcomes = { success: "succeeded", failure: "failed", cancel: "cancelled" } as const;

/** https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions#available-event-types */
const managementTypes = kinds.flatMap((kind) =>
  Object.entries(outcomes).map(([name, outcome]) => [`resource${kind}${name}`, { kind, outcome }] as const),
);

/** By folded type. */
const meanings: ReadonlyMap<string, Pick<AzureEvent, "kind" | "outcome">> = new Map([
  ...managementTypes.map(([name, meaning]) => [`microsoft.resources.${name}`, meaning] as const),
  // https://learn.microsoft.com/azure/event-grid/event-schema-resources#event-types
  ["microsoft.resourcenotifications.resources.createdorupdated", { kind: "write", outcome: "succeeded" }],
  ["microsoft.resourcenotifications.resources.deleted", { kind: "delete", outcome: "succeeded" }],
]);

function renamed({ eventType, eventTime, ...event }: z.infer<typeof inEventGridSchema>) {
  return { ...event, type: eventType, time: eventTime };
}

/** Operations on a provider or on a list name no resource: what counts is where they happen. */
function nearestResource(text: string): ResourceId | undefined {
  const found = ResourceId.parse(text);
  const end = text.lastIndexOf("/");
  return found ?? (end > 0 ? nearestResource(text.slice(0, end)) : undefined);
}
