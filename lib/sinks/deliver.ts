import type { Delivery } from "../model/message.ts";
import { attemptsAtMost, backOffSeconds } from "./back-off.ts";
import { postEvent, type Webhook } from "./post-event.ts";
import type { Queue } from "./storage-queue.ts";

export interface DeliveryDesk {
  readonly webhook: Webhook;
  readonly deliveries: Queue;
  readonly poison: Queue;
  readonly log: { warn(text: string): void; error(text: string): void };
}

/**
 * Tries once. What failed is put back to be tried later, what never will succeed goes to the poison queue; both are
 * stored before this resolves and the host deletes the message that it has, so that a crash repeats, and never loses.
 */
export async function deliver(delivery: Delivery, desk: DeliveryDesk, now: Date): Promise<void> {
  const { webhook, deliveries, poison, log } = desk;
  const { event, attempt } = delivery;
  const outcome = await postEvent(event, webhook, now);
  if (outcome.kind === "accepted") return;

  const tried = attempt + 1;
  const what = `event \`${event.id}\`: \`${webhook.url.host}\` ${outcome.what}`;
  if (outcome.kind === "refused" || tried >= attemptsAtMost) {
    log.error(`${what}, try ${tried} of ${attemptsAtMost}: it goes to \`${poison.name}\``);
    await poison.put({ ...delivery, attempt: tried });
    return;
  }
  const seconds = backOffSeconds(attempt, event.id, outcome.retryAfterSeconds);
  log.warn(`${what}, try ${tried} of ${attemptsAtMost}: again in ${seconds} s`);
  await deliveries.put({ ...delivery, attempt: tried }, seconds);
}
