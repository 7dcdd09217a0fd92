import { setTimeout as sleep } from "node:timers/promises";
import { QueueClient } from "@azure/storage-queue";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { Target } from "./target.ts";

export interface AppClient {
  /** What came to the queue `findings`, taken off it. */
  readonly events: readonly OutgoingEvent[];
  post(path: string, key: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  getReport(query?: string, accept?: string): Promise<Response>;
  /** To the Event Grid function. */
  sendEvent(event: object, key?: string): Promise<Response>;
  /** Straight into a queue. */
  put(queue: string, message: unknown): Promise<void>;
  /** Takes messages off a queue until one passes. */
  take(queue: string, isWanted: (text: string) => boolean): Promise<string>;
  /** Waits for an event of the queue `findings`. */
  event(isWanted: (event: OutgoingEvent) => boolean): Promise<OutgoingEvent>;
  until<T>(look: () => T | undefined | Promise<T | undefined>, what: string, seconds?: number): Promise<T>;
  close(): void;
}

export function clientOf(target: Target): AppClient {
  const events: OutgoingEvent[] = [];
  const seen: string[] = [];
  const queue = (name: string) => new QueueClient(target.storage, name);
  let isClosed = false;
  void collect();
  const client: AppClient = {
    events,
    post: (path, key, body, headers = {}) =>
      fetch(`${target.address}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-functions-key": key, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    getReport: (query = "", accept = "application/json") =>
      fetch(`${target.address}/api/report${query}`, { headers: { "x-functions-key": target.functionKey, accept } }),
    sendEvent: (event, key = target.eventGridKey) =>
      client.post("/runtime/webhooks/eventgrid?functionName=receive-event", key, event, {
        "aeg-event-type": "Notification",
      }),
    async put(name, message) {
      const text = typeof message === "string" ? message : JSON.stringify(message);
      await queue(name).createIfNotExists();
      await queue(name).sendMessage(Buffer.from(text).toString("base64"));
    },
    take: (name, isWanted) =>
      client.until(async () => {
        const { receivedMessageItems } = await queue(name)
          .receiveMessages({ numberOfMessages: 32 })
          .catch(() => ({ receivedMessageItems: [] }));
        for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
          await queue(name).deleteMessage(messageId, popReceipt);
          seen.push(`${name} ${Buffer.from(messageText, "base64").toString("utf8")}`);
        }
        return seen.find((text) => text.startsWith(`${name} `) && isWanted(text.slice(name.length + 1)));
      }, `message in \`${name}\``),
    event: (isWanted) => client.until(() => events.find(isWanted), "event"),
    async until(look, what, seconds = 20) {
      const end = Date.now() + seconds * 1000 * target.patience;
      while (Date.now() < end) {
        const found = await look();
        if (found !== undefined) return found;
        await sleep(100);
      }
      throw new Error(`no such ${what} within ${seconds * target.patience} s`);
    },
    close() {
      isClosed = true;
    },
  };
  return client;

  async function collect(): Promise<void> {
    const findings = queue("findings");
    while (!isClosed) {
      const { receivedMessageItems } = await findings
        .receiveMessages({ numberOfMessages: 32 })
        .catch(() => ({ receivedMessageItems: [] }));
      for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
        events.push(JSON.parse(Buffer.from(messageText, "base64").toString("utf8")));
        await findings.deleteMessage(messageId, popReceipt);
      }
      if (receivedMessageItems.length === 0) await sleep(100);
    }
  }
}
