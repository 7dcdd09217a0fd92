import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { base64, logged, nextMessage, nextText, type Sample, startSample } from "./sample.ts";

let host: Sample;
beforeAll(async () => {
  host = await startSample({ hostJson: { functionTimeout: "00:00:00.5" } });
  await host.queue("work").createIfNotExists();
});
afterAll(() => host.stop());

const send = (value: unknown) => host.queue("work").sendMessage(base64(value));
const runs = (pattern: RegExp) =>
  host.log.filter(({ category, message }) => category === "on-message" && pattern.test(message)).length;

describe("a queue function", () => {
  test("gets text as text and JSON as what it says, and its message is deleted", async () => {
    await send("just text");
    expect(await nextMessage(host.queue("seen"))).toMatchObject({ message: "just text", kind: "string" });
    await send({ a: { b: [1] } });
    expect(await nextMessage(host.queue("seen"))).toMatchObject({ message: { a: { b: [1] } }, kind: "object" });
    await expect.poll(async () => (await host.queue("work").getProperties()).approximateMessagesCount).toBe(0);
  });

  test("sees how often a message was taken; properties of the message hide what the host says", async () => {
    await send({ id: "mine" });
    expect(await nextMessage(host.queue("seen"))).toMatchObject({ metadata: { id: "mine", count: 1 } });
  });

  test("gets a failed message again, five times in all; then it is in the poison queue as it was", async () => {
    const before = runs(/^failed after/);
    await send("fail");
    await logged(host, /failed 5 times: it goes to queue `work-poison`/);
    expect(runs(/^failed after/) - before).toBe(5);
    expect(await nextText(host.queue("work-poison"))).toBe(base64("fail"));
  });

  test("never sees what is not in base64: that goes to the poison queue at once", async () => {
    await host.queue("work").sendMessage("{no base64}");
    expect(await nextText(host.queue("work-poison"))).toBe("{no base64}");
  });

  test("a process that dies takes its invocations along; another one gets the messages again", async () => {
    await send("crash");
    await logged(host, /another one starts/);
    await logged(host, /message .* failed 5 times/);
    await send("after the crash");
    expect(await nextMessage(host.queue("seen"))).toMatchObject({ message: "after the crash" });
  });

  test("one that takes longer than functionTimeout is ended with its process", async () => {
    const before = runs(/took longer than the functionTimeout of 0.5 s/);
    await send("hang");
    await expect
      .poll(() => runs(/took longer than the functionTimeout of 0.5 s/) - before, { timeout: 20_000 })
      .toBe(5);
    await send("after the timeout");
    expect(await nextMessage(host.queue("seen"))).toMatchObject({ message: "after the timeout" });
  });
});

test("a poison queue has no poison queue of its own: its messages stay invisible", async () => {
  const queue = host.queue("sad-poison");
  await queue.createIfNotExists();
  await queue.sendMessage(base64("bad"));
  await expect
    .poll(() => host.log.some(({ category, level }) => category === "on-poison" && level === "error"))
    .toBe(true);
  expect((await queue.receiveMessages()).receivedMessageItems).toEqual([]);
  expect(await host.queue("sad-poison-poison").exists()).toBe(false);
});
