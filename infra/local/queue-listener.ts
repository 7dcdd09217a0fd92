import { setTimeout as sleep } from "node:timers/promises";
import { type DequeuedMessageItem, RestError } from "@azure/storage-queue";
import type { QueueSettings } from "./host-json.ts";
import { finishMessage, type ListenedQueue } from "./queue-processor.ts";

export interface Listener {
  /** Takes no more messages, and waits for those that are being worked on. */
  stop(): Promise<void>;
}

/** Polls the slower the longer a queue is empty, from a tenth of a second on, as the extension does. */
export function listen(listened: ListenedQueue, settings: QueueSettings): Listener {
  const { queue, log } = listened;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = run();
  return {
    async stop() {
      stopping.abort();
      await loop;
      await Promise.all(running);
    },
  };

  async function run(): Promise<void> {
    let pause = 0.1;
    while (!stopping.signal.aborted) {
      const messages = await receive();
      for (const message of messages) begin(message);
      while (running.size > settings.newBatchThreshold && !stopping.signal.aborted) await Promise.race(running);
      if (messages.length > 0) {
        pause = 0.1;
        continue;
      }
      await sleep(pause * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, settings.maxPollingSeconds);
    }
  }

  /** A queue that is not there yet has no messages: the listener never creates one. */
  async function receive(): Promise<readonly DequeuedMessageItem[]> {
    try {
      const options = { numberOfMessages: settings.batchSize, visibilityTimeout: listened.leaseSeconds };
      return (await queue.receiveMessages({ ...options, abortSignal: stopping.signal })).receivedMessageItems;
    } catch (error) {
      if (stopping.signal.aborted || isMissing(error)) return [];
      log("error", `cannot read queue \`${queue.name}\`: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  function begin(message: DequeuedMessageItem): void {
    const work = finishMessage(listened, settings, message)
      .catch((error: unknown) => log("error", `message ${message.messageId} stays invisible for now: ${String(error)}`))
      .finally(() => running.delete(work));
    running.add(work);
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}
