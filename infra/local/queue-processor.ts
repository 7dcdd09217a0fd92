import type { DequeuedMessageItem, QueueClient } from "@azure/storage-queue";
import type { QueueSettings } from "./host-json.ts";
import type { LogLevel } from "./protocol.ts";
import { decode } from "./queue-message.ts";

export interface ListenedQueue {
  readonly queue: QueueClient;
  /** Absent for a queue that is a poison queue itself. */
  readonly poison: QueueClient | undefined;
  /** How long a message is invisible to others while it is worked on; renewed halfway. */
  readonly leaseSeconds: number;
  /** Rejects where the function failed. */
  readonly run: (text: string, message: DequeuedMessageItem) => Promise<void>;
  readonly log: (level: LogLevel, message: string) => void;
}

/**
 * Works on one message until it is deleted, released or moved to the poison queue, in the extension's way:
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages
 */
export async function finishMessage(
  { queue, poison, leaseSeconds, run, log }: ListenedQueue,
  settings: QueueSettings,
  message: DequeuedMessageItem,
): Promise<void> {
  const { messageId, messageText, dequeueCount } = message;
  let receipt = message.popReceipt;
  const text = decode(messageText, settings.messageEncoding);
  if (text === undefined) return await toPoison("is not in base64");
  // Counted at its last delivery and not finished then: the process ended in the middle of it.
  if (dequeueCount > settings.maxDequeueCount) return await toPoison(`was taken ${dequeueCount - 1} times`);

  const renewal = setInterval(renew, (leaseSeconds / 2) * 1000);
  try {
    await run(text, message);
  } catch (error) {
    clearInterval(renewal);
    log("error", error instanceof Error ? error.message : String(error));
    if (dequeueCount >= settings.maxDequeueCount) return await toPoison(`failed ${dequeueCount} times`);
    return await release();
  } finally {
    clearInterval(renewal);
  }
  await queue.deleteMessage(messageId, receipt);

  async function renew(): Promise<void> {
    try {
      receipt = (await queue.updateMessage(messageId, receipt, undefined, leaseSeconds)).popReceipt ?? receipt;
    } catch (error) {
      log("warning", `cannot keep message ${messageId} invisible: ${String(error)}`);
    }
  }

  /** Without a poison queue it stays invisible for the rest of its time, so as not to come back at once for ever. */
  async function release(): Promise<void> {
    if (poison === undefined) return;
    await queue.updateMessage(messageId, receipt, undefined, settings.visibilityTimeoutSeconds);
  }

  async function toPoison(why: string): Promise<void> {
    if (poison === undefined) return;
    log("warning", `message ${messageId} ${why}: it goes to queue \`${poison.name}\``);
    await poison.createIfNotExists();
    await poison.sendMessage(messageText);
    await queue.deleteMessage(messageId, receipt);
  }
}
