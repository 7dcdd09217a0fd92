import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
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
import { Killed, killable, killer } from "../support/killing.ts";
import { memoryTable } from "../support/memory-table.ts";
import { receivedEvents } from "../support/receiver-of-events.ts";

const day = 24 * 60 * 60_000;
const request = (runId: string) => ({ runId, subscriptionId, isLastDelivery: false });

function estateOf(accounts: Readonly<Record<string, Account>>): Estate {
  return { accounts };
}

/** A clock that can be put forward. */
function aClock() {
  let at = Date.UTC(2026, 0, 1);
  return {
    now: () => {
      at += 1000;
      return new Date(at);
    },
    pass(days: number) {
      at += days * day;
    },
  };
}

/** An app whose estate and time a test changes. */
function anApp(table: Table, step: <T>(effect: () => Promise<T>) => Promise<T> = async (effect) => await effect()) {
  const received = receivedEvents();
  const clock = aClock();
  const world = { estate: estateOf({}), isDown: false };
  const send = async (event: OutgoingEvent) => {
    if (world.isDown) throw new Error("the queue is down");
    await step(async () => received.take(event));
  };
  const app = appOf(tableStore(killable(table, step)), () => world.estate, send, clock.now);
  let runs = 0;
  const audit = async (accounts: Readonly<Record<string, Account>>) => {
    world.estate = estateOf(accounts);
    runs += 1;
    return await auditSubscription(app, request(`run-${runs}`));
  };
  return { app, received, clock, world, audit, store: tableStore(table) };
}

const [a, b] = [findingIdOf("st-a"), findingIdOf("st-b")];

describe("a resolved finding", () => {
  test("is read by audits for 90 days, and then no more", async () => {
    const { audit, clock, store } = anApp(memoryTable());
    const ids = async () => (await store.read(subscriptionId)).lines.map(({ line }) => line.id);
    await audit({ "st-a": "open", "st-b": "open" });
    await audit({ "st-a": "closed", "st-b": "open" });
    clock.pass(89);
    await audit({ "st-a": "closed", "st-b": "open" });
    expect((await ids()).sort()).toEqual([a, b]);
    clock.pass(2);
    await audit({ "st-a": "closed", "st-b": "open" });
    expect(await ids()).toEqual([b]);
    expect(await store.find(subscriptionId, a)).toBeUndefined();
    expect((await store.read(subscriptionId)).marks.size).toBe(1);
  });

  test("opens again under an id that no receiver has seen, above all that was told of it", async () => {
    const { audit, clock, received } = anApp(memoryTable());
    await audit({ "st-a": "open" });
    await audit({ "st-a": "closed" });
    clock.pass(91);
    await audit({ "st-a": "closed" });
    await audit({ "st-a": "open" });
    await audit({ "st-a": "closed" });
    received.expectSound("forgotten");
    expect(received.ofFinding(a).map(({ data }) => data.sequence)).toEqual([1, 2, 3, 4]);
  });

  test("that opens again with a waiver goes on there when the waiver ends", async () => {
    const { app, audit, clock, received, world } = anApp(memoryTable());
    await audit({ "st-a": "open" });
    await audit({ "st-a": "closed" });
    clock.pass(91);
    await audit({ "st-a": "closed" });
    world.estate = { accounts: { "st-a": "open" }, waived: ["st-a"] };
    await auditSubscription(app, request("waived"));
    await audit({ "st-a": "open" });
    received.expectSound("forgotten");
    expect(received.ofFinding(a).map(({ data }) => data.sequence)).toEqual([1, 2, 3]);
  });

  test("that nobody was told of stays until they were", async () => {
    const { audit, clock, received, world, store } = anApp(memoryTable());
    await audit({ "st-a": "open" });
    world.isDown = true;
    await expect(audit({ "st-a": "closed" })).rejects.toThrow("the queue is down");
    clock.pass(91);
    await expect(audit({ "st-a": "closed" })).rejects.toThrow("the queue is down");
    expect((await store.read(subscriptionId)).hasUnsent).toBe(true);
    world.isDown = false;
    await audit({ "st-a": "closed" });
    expect(received.open()).toEqual({});
    expect((await store.read(subscriptionId)).lines).toEqual([]);
  });

  test("that a change opens while it is about to be forgotten stays", async () => {
    let beforeRemoval = async () => {};
    const memory = memoryTable();
    const table: Table = {
      ...memory,
      async remove(...row) {
        await beforeRemoval();
        return await memory.remove(...row);
      },
    };
    const { app, audit, clock, received, world, store } = anApp(table);
    await audit({ "st-a": "open" });
    await audit({ "st-a": "closed" });
    clock.pass(91);
    let removals = 0;
    beforeRemoval = async () => {
      removals += 1;
      if (removals > 1) return;
      world.estate = estateOf({ "st-a": "open" });
      await auditChanges(app, aChange([accountId("st-a")], { isForced: true }));
    };
    await audit({ "st-a": "closed" });
    expect(removals).toBe(2); // the finding and its mark
    received.expectSound("forgotten");
    expect(received.open()).toEqual({ [a]: "fail" });
    expect((await store.read(subscriptionId)).lines).toMatchObject([{ line: { state: "open", sequence: 3 } }]);
  });
});

test("marks of subjects without findings go when nobody can have a lower ticket, and not before", async () => {
  const { app, audit, clock, store } = anApp(memoryTable());
  const marks = async () => (await store.read(subscriptionId)).marks.size;
  await audit({ "st-a": "closed" });
  await auditChanges(app, aChange([accountId("st-a")], { isForced: true }));
  expect(await marks()).toBe(1);
  clock.pass(1);
  await audit({ "st-a": "closed" });
  expect(await marks()).toBe(1); // the audit before this one had a lower ticket than the mark
  await audit({ "st-a": "closed" });
  expect(await marks()).toBe(1); // the audit before this one has only just begun
  clock.pass(1);
  await audit({ "st-a": "closed" });
  expect(await marks()).toBe(0);
});

let azurite: Azurite;
let tables = 0;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

function azuriteTable(): Table {
  tables += 1;
  return azureTable({ kind: "connectionString", connectionString: azurite.connectionString }, `forget${tables}`);
}

/** Findings are resolved, forgotten and opened again, and one step is killed; a message that failed comes again. */
async function expectAllToldOf(table: Table, at: number, when: "before" | "after"): Promise<boolean> {
  const kill = killer(at, when);
  let isMortal = true;
  const { app, received, clock, world, store } = anApp(table, async (effect) => {
    return isMortal ? await kill.step(effect) : await effect();
  });
  const lives: readonly Readonly<Record<string, Account>>[] = [
    { "st-a": "open", "st-b": "open", "st-c": "open" },
    { "st-a": "closed", "st-b": "closed", "st-c": "bare" },
    { "st-a": "closed", "st-b": "closed", "st-c": "bare" },
    { "st-a": "open", "st-b": "closed", "st-c": "closed" },
  ];
  for (const [turn, accounts] of lives.entries()) {
    world.estate = estateOf(accounts);
    for (let delivery = 1; ; delivery += 1) {
      try {
        await auditSubscription(app, request(`run-${turn}`));
        break;
      } catch (error) {
        if (!(error instanceof Killed) || delivery === 3) throw error;
      }
    }
    clock.pass(91);
  }
  received.expectSound("forgotten");
  expect(received.open()).toEqual({ [a]: "fail" });
  expect(received.ofFinding(a).map(({ type }) => type.split(".")[2])).toEqual(["opened", "resolved", "opened"]);
  isMortal = false;
  await auditSubscription(app, request("last"));
  expect((await store.read(subscriptionId)).lines.map(({ line }) => line.id)).toEqual([a]);
  return kill.hasKilled();
}

describe.each(["before", "after"] as const)("killed %s a step while findings are forgotten", (when) => {
  test("nothing that was to be told is lost, and no id is used twice", async () => {
    let at = 1;
    while (await expectAllToldOf(memoryTable(), at, when)) at += 1;
    expect(at).toBeGreaterThan(60);
  });

  test("the same on Azure's tables, at every seventh step", async () => {
    let at = 3;
    while (await expectAllToldOf(azuriteTable(), at, when)) at += 7;
    expect(at).toBeGreaterThan(60);
  }, 120_000);
});

const numRuns = Number(process.env.CORDON_RUNS ?? 300);
const names = ["st-a", "st-b"] as const;
const account = fc.constantFrom<Account>("closed", "open", "bare");
const estates = fc.record({ "st-a": account, "st-b": account });

test(
  "property: audits side by side, months apart, tell of each change once and end with what is there",
  async () => {
    const life = fc.array(fc.array(estates, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(life, fc.scheduler(), async (months, scheduler) => {
        const step = async <T>(effect: () => Promise<T>): Promise<T> => {
          await scheduler.schedule(Promise.resolve());
          return await effect();
        };
        const { app, received, clock, world, store } = anApp(memoryTable(), step);
        for (const [month, states] of months.entries()) {
          const all = states.map(async (accounts, index) => {
            world.estate = estateOf(accounts);
            await insist(() => auditSubscription(app, request(`run-${month}-${index}`)));
            await insist(() => auditChanges(app, aChange(names.map(accountId), { isForced: true })));
          });
          await scheduler.waitFor(Promise.all(all));
          clock.pass(91);
        }
        const last = Object.entries(world.estate.accounts).filter(([, state]) => state !== "closed");
        received.expectSound("forgotten");
        const open = last.map(([name]) => findingIdOf(name)).sort();
        expect(Object.keys(received.open()).sort()).toEqual(open);
        await scheduler.waitFor(auditSubscription(app, request("last")));
        const left = await scheduler.waitFor(store.read(subscriptionId));
        expect(left.lines.map(({ line }) => line.id).sort()).toEqual(open);
      }),
      { numRuns },
    );
  },
  200 * numRuns,
);

/** A message that comes back until its audit succeeds. */
async function insist(attempt: () => Promise<unknown>): Promise<void> {
  for (let delivery = 1; ; delivery += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (delivery === 20 || (code !== "ERR_AUDIT_OUTRUN" && code !== "ERR_STATE_BUSY")) throw error;
    }
  }
}
