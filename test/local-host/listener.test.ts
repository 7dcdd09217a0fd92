import { setTimeout as sleep } from "node:timers/promises";
import { QueueClient } from "@azure/storage-queue";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hostJsonOf, type QueueSettings } from "../../infra/local/host-json.ts";
import { type Listener, listen } from "../../infra/local/queue-listener.ts";
import type { ListenedQueue } from "../../infra/local/queue-processor.ts";
import { startTimer } from "../../infra/local/timer-trigger.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { base64, nextText } from "./sample.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let listener: Listener | undefined;
afterEach(() => listener?.stop());

let queues = 0;

async function listening(
  run: (text: string) => Promise<void>,
  given: object = {},
  leaseSeconds = 600,
): Promise<ListenedQueue> {
  const queues = { maxPollingInterval: "00:00:00.1", ...given };
  const settings: QueueSettings = hostJsonOf({ version: "2.0", extensions: { queues } }, {}).queues;
  const listened = { ...(await newQueue()), leaseSeconds, run, log: () => undefined };
  listener = listen(listened, settings);
  return listened;
}

async function newQueue() {
  queues += 1;
  const queue = new QueueClient(azurite.connectionString, `queue-${queues}`);
  await queue.create();
  return { queue, poison: new QueueClient(azurite.connectionString, `queue-${queues}-poison`) };
}

const countIn = async (queue: QueueClient) => (await queue.getProperties()).approximateMessagesCount;

test("no more messages are in work than batchSize and newBatchThreshold together", async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  const run = async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(100);
    running -= 1;
    done += 1;
  };
  const { queue } = await listening(run, { batchSize: 3, newBatchThreshold: 1 });
  for (let count = 0; count < 12; count += 1) await queue.sendMessage(base64(String(count)));
  await expect.poll(() => done, { timeout: 5_000 }).toBe(12);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(4);
});

test("one at a time with batchSize 1 and newBatchThreshold 0", async () => {
  let running = 0;
  let done = 0;
  const run = async () => {
    running += 1;
    expect(running).toBe(1);
    await sleep(20);
    running -= 1;
    done += 1;
  };
  const { queue } = await listening(run, { batchSize: 1, newBatchThreshold: 0 });
  for (let count = 0; count < 5; count += 1) await queue.sendMessage(base64(String(count)));
  await expect.poll(() => done, { timeout: 5_000 }).toBe(5);
});

test("a message stays invisible for as long as it is worked on", async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
    await sleep(3_500);
  };
  const { queue } = await listening(run, {}, 2);
  await queue.sendMessage(base64("long"));
  await expect.poll(() => countIn(queue), { timeout: 6_000 }).toBe(0);
  expect(runs).toBe(1);
});

test("a failed message comes back after visibilityTimeout", async () => {
  const times: number[] = [];
  const run = async () => {
    times.push(Date.now());
    if (times.length === 1) throw new Error("not yet");
  };
  await (await listening(run, { visibilityTimeout: "00:00:02" })).queue.sendMessage(base64("again"));
  await expect.poll(() => times.length, { timeout: 6_000 }).toBe(2);
  const [first = 0, second = 0] = times;
  // The service counts whole seconds.
  expect(second - first).toBeGreaterThan(1_000);
});

test("a message that was taken too often without an end is not run again", async () => {
  const { queue, poison } = await newQueue();
  await queue.sendMessage(base64("deadly"));
  for (let taken = 0; taken < 2; taken += 1) {
    const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 1 });
    expect(receivedMessageItems).toHaveLength(1);
    await sleep(1_100);
  }
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const { queues: settings } = hostJsonOf({ version: "2.0", extensions: { queues: { maxDequeueCount: 2 } } }, {});
  listener = listen({ queue, poison, leaseSeconds: 600, run, log: () => undefined }, settings);
  expect(await nextText(poison)).toBe(base64("deadly"));
  expect(runs).toBe(0);
});

test("with the encoding `none` messages are taken as they are", async () => {
  const seen: string[] = [];
  const run = async (text: string) => {
    seen.push(text);
  };
  await (await listening(run, { messageEncoding: "none" })).queue.sendMessage("<a> & {b}");
  await expect.poll(() => seen).toEqual(["<a> & {b}"]);
});

test("a timer never runs twice at a time, and goes on after an error", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const run = async () => {
    running += 1;
    runs += 1;
    most = Math.max(most, running);
    await sleep(300);
    running -= 1;
    throw new Error("an error");
  };
  const every = { next: (after: Date) => new Date(after.getTime() + 100) };
  const trigger = { name: "t", type: "timerTrigger", direction: "in", schedule: "", runOnStartup: false } as const;
  const timer = startTimer({ name: "timer", trigger, queueOutputs: [] }, every, { run });
  await expect.poll(() => runs, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
  timer.stop();
  const atEnd = runs;
  await sleep(600);
  expect(runs).toBe(atEnd);
  expect(most).toBe(1);
});
