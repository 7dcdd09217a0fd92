import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import { azureTable } from "../../lib/state/azure-table.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { appOf, type Estate, findingIdOf, subscriptionId, ticking } from "../support/estate.ts";
import { Killed, type Killer, killable, killer } from "../support/killing.ts";
import { memoryTable } from "../support/memory-table.ts";
import { receivedEvents } from "../support/receiver-of-events.ts";

const before: Estate = {
  accounts: { "st-a": "open", "st-b": "open", "st-c": "closed", "st-d": "open", "st-e": "open", "st-f": "open" },
  waived: ["st-f"],
};
/** st-a fixed, st-b says something else, st-c opens, st-d is gone, st-e becomes waived, the waiver of st-f ends. */
const after: Estate = {
  accounts: { "st-a": "closed", "st-b": "bare", "st-c": "open", "st-d": "gone", "st-e": "open", "st-f": "open" },
  waived: ["st-e"],
};
const openAfter = { [findingIdOf("st-b")]: "fail", [findingIdOf("st-c")]: "fail", [findingIdOf("st-f")]: "fail" };

let azurite: Azurite;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.stop());

function azuriteTable(): Table {
  tables += 1;
  return azureTable({ kind: "connectionString", connectionString: azurite.connectionString }, `killed${tables}`);
}

/** Two audits of an estate that changes at once after the kill; a message that failed comes again. */
async function auditsUnder(table: Table, kill: Killer, firstKilled: boolean) {
  const received = receivedEvents();
  let estate = before;
  const clock = ticking();
  const whole = appOf(tableStore(table), () => estate, received.take, clock);
  const mortal = appOf(
    tableStore(killable(table, kill.step)),
    () => estate,
    (event) => kill.step(async () => received.take(event)),
    clock,
  );
  const deliver = async (runId: string) => {
    for (let delivery = 1; delivery <= 3; delivery += 1) {
      try {
        await auditSubscription(mortal, { runId, subscriptionId, isLastDelivery: false });
        return;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        estate = after;
      }
    }
  };
  if (firstKilled) await deliver("run-1");
  else await auditSubscription(whole, { runId: "run-1", subscriptionId, isLastDelivery: false });
  estate = after;
  await deliver("run-2");
  return { received, table };
}

async function expectAllTold(table: Table, kill: Killer, firstKilled: boolean) {
  const { received } = await auditsUnder(table, kill, firstKilled);
  received.expectSound();
  expect(received.open()).toEqual(openAfter);
  expect(received.completed().map(({ data }) => "runId" in data && data.runId)).toEqual(["run-1", "run-2"]);
  const store = tableStore(table);
  expect(await store.unsent(subscriptionId)).toEqual([]);
  const { lines } = await store.read(subscriptionId);
  const open = lines.filter(({ line }) => line.state === "open").map(({ line }) => [line.id, line.status]);
  expect(Object.fromEntries(open)).toEqual(openAfter);
  const [health] = await store.health();
  expect(health?.completed).toMatchObject({ runId: "run-2", counts: { open: { high: 3 }, waived: 1 } });
}

describe.each(["before", "after"] as const)("killed %s", (when) => {
  test.each([
    { name: "the first audit", firstKilled: true },
    { name: "a later audit", firstKilled: false },
  ])("any step of $name, every transition arrives, and repeats are the same bytes", async ({ firstKilled }) => {
    let at = 1;
    for (; ; at += 1) {
      const kill = killer(at, when);
      await expectAllTold(memoryTable(), kill, firstKilled);
      if (!kill.hasKilled()) break;
    }
    expect(at).toBeGreaterThan(20);
  });

  test("the same on Azure's tables, at every third step", async () => {
    for (let at = 2; ; at += 3) {
      const kill = killer(at, when);
      await expectAllTold(azuriteTable(), kill, true);
      if (!kill.hasKilled()) break;
    }
  });
});
