import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDelivery } from "../../lib/events/messages.ts";
import { deliver } from "../../lib/sinks/deliver.ts";
import { queueSink } from "../../lib/sinks/queue-sink.ts";
import { type QueueLocation, storageQueue } from "../../lib/sinks/storage-queue.ts";
import { webhookSink } from "../../lib/sinks/webhook-sink.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { aFindingEvent } from "../support/finding-events.ts";
import { aReceiver } from "../support/receiver.ts";
import { describeSink } from "../support/sink-contract.ts";

let azurite: Azurite;
let location: QueueLocation;
let queues = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  location = { kind: "connectionString", connectionString: azurite.connectionString };
});
afterAll(() => azurite.stop());

/** A queue that nobody has made. */
function aQueue() {
  queues += 1;
  return storageQueue(location, `queue-${queues}`);
}

/** Takes what can be seen, as the host does: base64, and gone when it was taken. */
async function take(name: string): Promise<readonly string[]> {
  const client = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(name);
  if (!(await client.exists())) return [];
  const texts: string[] = [];
  for (;;) {
    const { receivedMessageItems: items } = await client.receiveMessages({ numberOfMessages: 32 });
    if (items.length === 0) return texts;
    for (const { messageId, popReceipt, messageText } of items) {
      texts.push(Buffer.from(messageText, "base64").toString());
      await client.deleteMessage(messageId, popReceipt);
    }
  }
}

describeSink("queue", async () => {
  const findings = aQueue();
  return { sink: queueSink(findings), arrived: () => take(findings.name) };
});

describeSink("webhook", async () => {
  const [deliveries, poison] = [aQueue(), aQueue()];
  const { url, received } = await aReceiver(204);
  const log = { warn: () => undefined, error: () => undefined };
  const webhook = { url, secrets: [`whsec_${Buffer.alloc(32).toString("base64")}`] };
  return {
    sink: webhookSink(deliveries),
    async arrived() {
      const messages = (await take(deliveries.name)).map((text) => parseDelivery(JSON.parse(text)));
      for (const message of messages) await deliver(message, { webhook, deliveries, poison, log }, new Date());
      expect(await poison.count()).toBe(0);
      return received.map(({ body }) => body);
    },
  };
});

describe("a storage queue", () => {
  test("shows a message after its delay, and keeps it for good", async () => {
    const queue = aQueue();
    await queue.put({ n: 1 }, 2);
    expect(await take(queue.name)).toEqual([]);
    expect(await queue.count()).toBe(1);
    const client = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(queue.name);
    await expect
      .poll(() => client.peekMessages().then(({ peekedMessageItems }) => peekedMessageItems.length), { timeout: 5000 })
      .toBe(1);
    const { receivedMessageItems } = await client.receiveMessages();
    expect(receivedMessageItems[0]?.expiresOn.getUTCFullYear()).toBeGreaterThan(9000);
  });

  test("that is not there has no messages", async () => {
    expect(await aQueue().count()).toBe(0);
  });

  test("that was deleted meanwhile is made again", async () => {
    const queue = aQueue();
    await queue.put({ n: 1 });
    await QueueServiceClient.fromConnectionString(azurite.connectionString).deleteQueue(queue.name);
    await queue.put({ n: 2 });
    expect(await take(queue.name)).toEqual(['{"n":2}']);
  });

  test("that cannot be reached throws, and loses nothing in silence", async () => {
    const nowhere = azurite.connectionString.replaceAll(/http:\/\/[\d.:]+/g, "http://127.0.0.1:9");
    const queue = storageQueue({ kind: "connectionString", connectionString: nowhere }, "findings");
    await expect(queueSink(queue).send(aFindingEvent())).rejects.toThrow();
  });
});
