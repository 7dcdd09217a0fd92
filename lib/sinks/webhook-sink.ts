import type { Delivery } from "../model/message.ts";
import type { Sink } from "./sink.ts";
import type { Queue } from "./storage-queue.ts";

/** Hands events over to be delivered: an audit does not wait for somebody else's server. */
export function webhookSink(deliveries: Queue): Sink {
  return {
    name: "webhook",
    send: (event) => deliveries.put({ v: 1, event, attempt: 0 } satisfies Delivery),
  };
}
