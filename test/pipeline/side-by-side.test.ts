import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import { azureTable } from "../../lib/state/azure-table.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import {
  type Account,
  aChange,
  accountId,
  appOf,
  type Estate,
  findingIdOf,
  subscriptionId,
} from "../support/estate.ts";
import { Killed, killable } from "../support/killing.ts";
import { memoryTable } from "../support/memory-table.ts";
import { receivedEvents } from "../support/receiver-of-events.ts";

const numRuns = Number(process.env.CORDON_RUNS ?? 600);

const names = ["st-a", "st-b", "st-c"] as const;

const estates: fc.Arbitrary<Estate> = fc.record({
  accounts: fc.record<Record<(typeof names)[number], Account>>({
    "st-a": fc.constantFrom("closed", "open", "bare", "gone"),
    "st-b": fc.constantFrom("closed", "open", "bare"),
    "st-c": fc.constantFrom("closed", "open"),
  }),
  waived: fc.subarray([...names]),
});

function openIn({ accounts, waived = [] }: Estate): Readonly<Record<string, string>> {
  const open = Object.entries(accounts).filter(
    ([name, account]) => (account === "open" || account === "bare") && !waived.includes(name),
  );
  return Object.fromEntries(open.map(([name]) => [findingIdOf(name), "fail"]).sort());
}

/** A message that comes back until its audit succeeds. */
async function insist(attempt: () => Promise<unknown>): Promise<void> {
  for (let delivery = 1; ; delivery += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      const comesBack = error instanceof Killed || code === "ERR_AUDIT_OUTRUN" || code === "ERR_STATE_BUSY";
      if (delivery === 20 || !comesBack) throw error;
    }
  }
}

/**
 * The estate changes several times, each change begins an audit, and their steps are mixed at will. Some steps are killed, and
 * the message of that audit comes back. At most one finding is written at once.
 */
async function mixed(table: Table, states: readonly Estate[], kills: readonly number[], scheduler: fc.Scheduler) {
  const received = receivedEvents();
  const [first = { accounts: {} }] = states;
  let estate = first;
  let steps = 0;
  const step = async <T>(effect: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve());
    steps += 1;
    if (kills.includes(steps)) throw new Killed(`killed before step ${steps}`);
    return await effect();
  };
  const app = appOf(
    tableStore(killable(table, step), 4),
    () => estate,
    (event) => step(async () => received.take(event)),
  );
  const audits = scheduler.scheduleSequence(
    states.map((state) => async () => {
      estate = state;
    }),
  );
  const all = states.map((_, index) =>
    insist(async () => {
      // an audit that a change asks for begins after the change
      while (audits.done === false && states.indexOf(estate) < index) await scheduler.schedule(Promise.resolve());
      if (index % 2 === 0)
        await auditSubscription(app, { runId: `run-${index}`, subscriptionId, isLastDelivery: false });
      else await auditChanges(app, aChange(names.map(accountId), { isForced: true }));
    }),
  );
  await scheduler.waitFor(Promise.all(all));
  await scheduler.waitIdle();
  return received;
}

async function expectSettled(
  table: Table,
  states: readonly Estate[],
  kills: readonly number[],
  scheduler: fc.Scheduler,
): Promise<void> {
  const received = await mixed(table, states, kills, scheduler);
  const last = states.at(-1) ?? { accounts: {} };
  received.expectSound();
  expect(received.open()).toEqual(openIn(last));
  const { lines } = await tableStore(table).read(subscriptionId);
  const open = lines.filter(({ line }) => line.state === "open").map(({ line }) => [line.id, line.status]);
  expect(Object.fromEntries(open.sort())).toEqual(openIn(last));
}

test(
  "property: audits side by side, some of them killed, tell of each change once and end with what is there",
  async () => {
    const kills = fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(estates, { minLength: 1, maxLength: 4 }),
        kills,
        fc.scheduler(),
        async (states, killed, scheduler) => await expectSettled(memoryTable(), states, killed, scheduler),
      ),
      { numRuns },
    );
  },
  200 * numRuns,
);

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

test("two audits of one estate at once, on Azure's tables, tell of each change once", async () => {
  const { connectionString } = azurite;
  const received = receivedEvents();
  const estate: Estate = { accounts: { "st-a": "open", "st-b": "bare", "st-c": "closed" } };
  const app = appOf(
    tableStore(azureTable({ kind: "connectionString", connectionString }, "atonce")),
    () => estate,
    received.take,
  );
  await Promise.all(
    ["run-1", "run-2", "run-3"].map((runId) =>
      insist(() => auditSubscription(app, { runId, subscriptionId, isLastDelivery: false })),
    ),
  );
  received.expectSound();
  expect(received.open()).toEqual(openIn(estate));
  expect(received.ofFinding(findingIdOf("st-a"))).toHaveLength(1);
});
