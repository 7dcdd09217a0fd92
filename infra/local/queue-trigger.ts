import type { DequeuedMessageItem, QueueClient } from "@azure/storage-queue";
import type { LocalFunction, QueueTrigger } from "./bindings.ts";
import type { QueueSettings } from "./host-json.ts";
import type { LogLevel, LogLine, TypedData } from "./protocol.ts";
import { type Listener, listen } from "./queue-listener.ts";
import type { Runner } from "./runner.ts";

export interface QueueContext {
  readonly connect: (trigger: QueueTrigger, where: string) => QueueClient;
  readonly runner: Runner;
  readonly log: (line: LogLine) => void;
  readonly settings: QueueSettings;
}

/** The extension's. */
const leaseSeconds = 600;

export function listenToQueues(
  functions: readonly LocalFunction<QueueTrigger>[],
  context: QueueContext,
): readonly Listener[] {
  const { connect, runner, settings } = context;
  const queues = functions.map(({ name, trigger }) => {
    const where = `function \`${name}\``;
    const poisonName = `${trigger.queueName}-poison`;
    return {
      name,
      queue: connect(trigger, where),
      poison: trigger.queueName.endsWith("-poison") ? undefined : connect({ ...trigger, queueName: poisonName }, where),
    };
  });
  return queues.map(({ name, queue, poison }) => {
    const log = (level: LogLevel, message: string) => context.log({ level, category: name, message });
    const run = async (text: string, message: DequeuedMessageItem) => {
      await runner.run(name, { string: text }, metadataOf(text, message));
    };
    return listen({ queue, poison, leaseSeconds, run, log }, settings);
  });
}

/**
 * Top-level properties of a JSON message come before what the host says under the same name, as in Azure.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#metadata
 */
function metadataOf(text: string, message: DequeuedMessageItem): Readonly<Record<string, TypedData>> {
  const own: Record<string, string> = {
    QueueTrigger: text,
    DequeueCount: String(message.dequeueCount),
    Id: message.messageId,
    InsertionTime: message.insertedOn.toISOString(),
    ExpirationTime: message.expiresOn.toISOString(),
    NextVisibleTime: message.nextVisibleOn.toISOString(),
    PopReceipt: message.popReceipt,
  };
  const metadata = new Map(Object.entries(own).map(([name, string]) => [name, { string } as TypedData]));
  for (const [name, value] of Object.entries(propertiesIn(text))) {
    const same = [...metadata.keys()].find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
    metadata.set(same, typeof value === "string" ? { string: value } : { json: JSON.stringify(value) });
  }
  return Object.fromEntries(metadata);
}

function propertiesIn(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
