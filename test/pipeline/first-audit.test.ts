import { expect, test } from "vitest";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import { parseChange } from "../../lib/events/change.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { idOf } from "../support/builders.ts";
import { aChange, accountId, appOf, type Estate, estateReader, subscriptionId } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";

const estate: Estate = { accounts: { a: "open", b: "open" } };
const evaluate = aChange([], { subjects: ["a", "b"].map((name) => idOf(accountId(name))), reason: "the hub changed" });
const first = { runId: "run", subscriptionId, isLastDelivery: false };

/** An app whose first audit, when it reads or sends its first event, is met by a message that asks about the same. */
function appMet(when: "reading" | "sending", met: () => Promise<unknown>) {
  const sent: OutgoingEvent[] = [];
  const put: { readonly message: ChangeMessage; readonly delaySeconds: number | undefined }[] = [];
  let [readings, isMet] = [0, false];
  const meet = async (now: typeof when) => {
    if (now !== when || isMet) return;
    isMet = true;
    await met();
  };
  let minutes = 0;
  const clock = () => new Date(Date.UTC(2026, 10, 26, 9, minutes));
  const plain = appOf(
    tableStore(memoryTable()),
    () => estate,
    async (event) => {
      sent.push(event);
      await meet("sending");
    },
    clock,
  );
  const reader = {
    ...estateReader(() => estate),
    async *readAll() {
      readings += 1;
      await meet("reading");
      yield* estateReader(() => estate).readAll();
    },
  };
  const app = {
    ...plain,
    readerFor: () => reader,
    changes: {
      async put(message: ChangeMessage, delaySeconds?: number) {
        put.push({ message, delaySeconds });
      },
    },
  };
  return { app, sent, put, readings: () => readings, pass: (more: number) => (minutes += more) };
}

for (const when of ["reading", "sending"] as const) {
  test(`what others say to a subscription that is audited for the first time waits until that is done (${when})`, async () => {
    const { app, sent, put, readings } = appMet(when, async () => await auditChanges(app, evaluate));
    await auditSubscription(app, first);
    expect(readings()).toBe(1);
    expect(sent.map(({ id }) => id)).toEqual([...new Set(sent.map(({ id }) => id))]);
    expect(sent).toHaveLength(3);
    const subjects = ["a", "b"].map(accountId);
    const message = { v: 1, kind: "evaluate", subjects, reason: "the hub changed", since: "2026-11-26T09:00:00.000Z" };
    expect(put).toEqual([{ message, delaySeconds: 10 }]);

    const outcome = await auditChanges(app, { ...parseChange(message), isRepeated: false, isLastDelivery: false });
    expect(outcome).toEqual([{ subscriptionId, opened: 0, changed: 0, resolved: 0 }]);
    expect(put).toHaveLength(1);
    expect(sent).toHaveLength(3);
  });
}

test("what has waited for a first audit longer than one can run is looked at all the same", async () => {
  const { app, put, readings, pass } = appMet("reading", async () => {
    await auditChanges(app, evaluate);
    throw new Error("killed");
  });
  await expect(auditSubscription(app, first)).rejects.toThrow("killed");
  const [{ message } = { message: undefined }] = put;
  const again = { ...parseChange(message), isRepeated: false, isLastDelivery: false };
  pass(9);
  expect(await auditChanges(app, again)).toEqual([]);
  expect(put.map((one) => one.message)).toEqual([message, message]);
  pass(1);
  expect(await auditChanges(app, again)).toEqual([{ subscriptionId, opened: 2, changed: 0, resolved: 0 }]);
  expect(readings()).toBe(2);
});

test("an event is followed at once, also while a subscription is audited for the first time", async () => {
  const { app, put, readings } = appMet("reading", async () => await auditChanges(app, aChange([accountId("a")])));
  await auditSubscription(app, first);
  expect(readings()).toBeGreaterThan(1);
  expect(put.filter(({ message }) => message.kind === "evaluate")).toEqual([]);
});
