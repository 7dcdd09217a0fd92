import type { QueueClient } from "@azure/storage-queue";
import type { LocalFunction, QueueOutput } from "./bindings.ts";
import type { QueueSettings } from "./host-json.ts";
import type { InvocationResponse, LogLine, TypedData } from "./protocol.ts";
import { isMissing } from "./queue-listener.ts";
import { encode, messagesOf } from "./queue-message.ts";

export interface QueueOutputs {
  write(target: LocalFunction, response: InvocationResponse): Promise<void>;
}

/** The name that a function's return value has among its bindings. */
const returnName = "$return";

/** Writes what a function returned to its queues; a queue that is not there is created. */
export function queueOutputs(
  queueOf: (output: QueueOutput) => QueueClient,
  settings: QueueSettings,
  log: (line: LogLine) => void,
): QueueOutputs {
  return {
    async write({ name, queueOutputs }, { outputData, returnValue }) {
      for (const output of queueOutputs) {
        const data =
          output.name === returnName ? returnValue : outputData.find(({ name }) => name === output.name)?.data;
        if (data === undefined || data === null) continue;
        await send(queueOf(output), data, name);
      }
    },
  };

  async function send(queue: QueueClient, data: TypedData, category: string): Promise<void> {
    const { texts, warning } = messagesOf(data);
    if (warning !== undefined) log({ level: "warning", category, message: warning });
    for (const text of texts) {
      const encoded = encode(text, settings.messageEncoding);
      try {
        await queue.sendMessage(encoded);
      } catch (error) {
        if (!isMissing(error)) throw error;
        await queue.createIfNotExists();
        await queue.sendMessage(encoded);
      }
    }
  }
}
