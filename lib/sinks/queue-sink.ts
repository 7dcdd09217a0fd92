import type { Sink } from "./sink.ts";
import type { Queue } from "./storage-queue.ts";

/** Events as messages of their own in a queue. */
export function queueSink(findings: Queue): Sink {
  return { name: "queue", send: (event) => findings.put(event) };
}
