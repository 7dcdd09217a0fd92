import { expect, test } from "vitest";
import { createReceiver } from "../../docs/example-receiver.ts";
import { deliver } from "../../lib/sinks/deliver.ts";
import { aFindingEvent } from "../support/finding-events.ts";
import { memoryQueue } from "../support/memory-queue.ts";
import { listening } from "../support/receiver.ts";

const secret = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;

async function started(apply: (id: string) => void = () => undefined) {
  const applied: string[] = [];
  const server = createReceiver(secret, ({ id }) => {
    apply(id);
    applied.push(id);
  });
  return { url: await listening(server), applied };
}

async function send(url: URL, id: string, findingId: string, sequence: number, key = secret) {
  const [deliveries, poison] = [memoryQueue("deliveries"), memoryQueue("deliveries-poison")];
  const log = { warn: () => undefined, error: () => undefined };
  const event = aFindingEvent({ findingId, sequence }, id);
  await deliver({ v: 1, event, attempt: 0 }, { webhook: { url, secrets: [key] }, deliveries, poison, log }, new Date());
  return { again: deliveries.messages.length, poisoned: poison.messages.length };
}

test("what is late or comes again is dropped, and answered as received", async () => {
  const { url, applied } = await started();
  const order = [
    ["a1", "a", 1],
    ["a3", "a", 3],
    ["a2", "a", 2],
    ["a3", "a", 3],
    ["b1", "b", 1],
  ] as const;
  for (const [id, finding, sequence] of order) {
    expect(await send(url, id, finding, sequence)).toEqual({ again: 0, poisoned: 0 });
  }
  expect(applied).toEqual(["a1", "a3", "b1"]);
});

test("what was signed with another key is refused", async () => {
  const { url, applied } = await started();
  const other = `whsec_${Buffer.alloc(32, 4).toString("base64")}`;
  expect(await send(url, "a1", "a", 1, other)).toEqual({ again: 0, poisoned: 1 });
  expect(applied).toEqual([]);
});

test("what could not be applied comes again, and is news then", async () => {
  let isDown = true;
  const { url, applied } = await started(() => {
    if (isDown) throw new Error("the database is down");
  });
  expect(await send(url, "a1", "a", 1)).toEqual({ again: 1, poisoned: 0 });
  isDown = false;
  expect(await send(url, "a1", "a", 1)).toEqual({ again: 0, poisoned: 0 });
  expect(applied).toEqual(["a1"]);
});
