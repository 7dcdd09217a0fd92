import type { QueueClient } from "@azure/storage-queue";
import { CordonError } from "../model/cordon-error.ts";

/** Where the queue is: a connection string, or the endpoint of an account to be signed in to. */
export type QueueLocation =
  | { readonly kind: "connectionString"; readonly connectionString: string }
  | {
      readonly kind: "identity";
      /** https://<account>.queue.core.windows.net */
      readonly endpoint: string;
      /** Of a user-assigned identity; the machine's own where it is absent. */
      readonly clientId?: string;
    };

/** A queue of Azure Queue storage, read by queue triggers. */
export interface Queue {
  readonly name: string;
  /** Resolves once the message is stored; it can be seen after the delay. */
  put(message: object, delaySeconds?: number): Promise<void>;
  /** About how many messages there are; 0 where there is no such queue. */
  count(): Promise<number>;
}

/** It is made where it is not there yet. SDK and sign-in are loaded when first needed. */
export function storageQueue(location: QueueLocation, name: string): Queue {
  let opened: Promise<QueueClient> | undefined;
  const open = () => {
    opened ??= connect(location, name).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    name,
    async put(message, delaySeconds = 0) {
      const text = encoded(message, name);
      const client = await open();
      const options = { visibilityTimeout: delaySeconds, messageTimeToLive: forever };
      try {
        await client.sendMessage(text, options);
      } catch (error) {
        if (!isMissing(error)) throw error;
        await client.createIfNotExists();
        await client.sendMessage(text, options);
      }
    },
    async count() {
      const client = await open();
      try {
        return (await client.getProperties()).approximateMessagesCount ?? 0;
      } catch (error) {
        if (isMissing(error)) return 0;
        throw error;
      }
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/put-message (`messagettl`): without it, seven days. */
const forever = -1;

/** https://learn.microsoft.com/azure/storage/queues/scalability-targets: the encoding counts. */
const messageBytesAtMost = 64 * 1024;

/** As queue triggers expect it: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#encoding */
function encoded(message: object, queue: string): string {
  const text = Buffer.from(JSON.stringify(message)).toString("base64");
  if (text.length <= messageBytesAtMost) return text;
  const size = `${text.length} bytes in base64, ${messageBytesAtMost} are allowed`;
  throw new CordonError("ERR_MESSAGE_TOO_LARGE", `cannot put a message into \`${queue}\`: ${size}`);
}

async function connect(location: QueueLocation, name: string): Promise<QueueClient> {
  const { QueueServiceClient } = await import("@azure/storage-queue");
  const options = { retryOptions: { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 4000 } };
  if (location.kind === "connectionString") {
    return QueueServiceClient.fromConnectionString(location.connectionString, options).getQueueClient(name);
  }
  const { DefaultAzureCredential } = await import("@azure/identity");
  const { endpoint, clientId } = location;
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return new QueueServiceClient(endpoint, credential, options).getQueueClient(name);
}

function isMissing(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "QueueNotFound";
}
