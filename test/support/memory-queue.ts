import type { Queue } from "../../lib/sinks/storage-queue.ts";

export interface MemoryQueue extends Queue {
  readonly messages: readonly { readonly message: object; readonly delaySeconds: number }[];
}

/** Keeps what is put into it. */
export function memoryQueue(name: string): MemoryQueue {
  const messages: { message: object; delaySeconds: number }[] = [];
  return {
    name,
    messages,
    async put(message, delaySeconds = 0) {
      messages.push({ message, delaySeconds });
    },
    async count() {
      return messages.length;
    },
  };
}
