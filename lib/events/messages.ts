import * as z from "zod/mini";
import type { AuditMessage, Delivery } from "../model/message.ts";
import { checked } from "./checked.ts";

const filled = z.string().check(z.minLength(1));

/** What Azure calls a subscription id. */
export const subscriptionId = z
  .string()
  .check(
    z.regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, { error: "must be a subscription id, a GUID with hyphens" }),
  );

const audit = z.strictObject({ v: z.literal(1), runId: filled, subscriptionId });

/** Of a message in `audits`; throws a CordonError that names what is wrong. */
export function parseAudit(message: unknown): AuditMessage {
  return checked(audit, message, "a message in `audits`");
}

const delivery = z.strictObject({
  v: z.literal(1),
  event: z.looseObject({
    specversion: z.literal("1.0"),
    id: z.string().check(z.regex(/^[\da-f]{64}$/, { error: "must be 64 hexadecimal digits in lower case" })),
    source: filled,
    type: z.string().check(z.regex(/^cordon\./, { error: "must be the type of one of Cordon's events" })),
    subject: filled,
    time: filled,
    datacontenttype: z.literal("application/json"),
    dataschema: filled,
    data: z.looseObject({}),
  }),
  attempt: z.int().check(z.nonnegative({ error: "must not be negative" })),
});

/** Of a message in `deliveries`: the event is kept as it is, down to the order of its keys. */
export function parseDelivery(message: unknown): Delivery {
  checked(delivery, message, "a message in `deliveries`");
  return message as Delivery;
}
