import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import { exampleRecording as folder } from "../../lib/compose.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import { Policy } from "../../lib/model/policy.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { live } from "../../lib/readers/live.ts";
import { rememberedTags } from "../../lib/readers/remembered-tags.ts";
import { subscriptionsIn } from "../../lib/readers/subscriptions.ts";
import { rules } from "../../lib/rules/index.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { aChange, answerAsked, ticking } from "../support/estate.ts";
import { Killed } from "../support/killing.ts";
import { memoryTable } from "../support/memory-table.ts";

const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const both = { kind: "subscriptions", ids: [hub, erp] } as const;

let simulator: ArmSimulator;

beforeEach(async () => {
  simulator = await simulateArm(worldOfRecording(folder), { serviceTags: serviceTagsOfRecording(folder) });
});
afterEach(() => simulator.close());

/** What is done around a write to a partition of the table. */
type Step = <T>(partition: string, effect: () => Promise<T>) => Promise<T>;

/** The readers of Azure, one subscription at a time, and an index of changes. */
async function anApp(step: Step = async (_partition, effect) => await effect()) {
  const memory = memoryTable();
  const table: Table = {
    ...memory,
    write: async (partition, writes) => await step(partition, async () => await memory.write(partition, writes)),
  };
  const store = tableStore(table);
  const asked: ChangeMessage[] = [];
  const said: string[] = [];
  const tags = rememberedTags();
  const app: App = {
    readerFor: async (subscription, { purpose, isLastTry }) => {
      const connection = await connectionTo(simulator, { isLastTry });
      const scope = await subscriptionsIn(connection, both);
      return live(connection, { subscriptions: [subscription], scope, purpose, tags });
    },
    expectations: { policy: Policy.default, rules },
    homeOfSites: hub,
    scope: [hub, erp],
    store,
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: { put: async (message) => void asked.push(message) },
    sinks: [],
    now: ticking(),
    log: (text) => void said.push(text),
  };
  let runs = 0;
  const auditAll = async () => {
    runs += 1;
    for (const subscriptionId of [hub, erp]) {
      await auditSubscription(app, { runId: `run-${runs}`, subscriptionId, isLastDelivery: false });
    }
  };
  /** As events ask for it; and then whatever that leaves to messages of its own. */
  const follow = async (...ids: readonly string[]) => {
    await auditChanges(app, aChange(ids));
    await answerAsked(app, asked);
  };
  const ledgers = async () => {
    const all = await Promise.all([hub, erp, "sites"].map(async (ledger) => await store.read(ledger)));
    const open = all.flatMap(({ lines }) => lines).filter(({ line }) => line.state !== "resolved");
    return open.map(({ line }) => `${line.id} ${line.digest}`).sort();
  };
  return { app, store, auditAll, follow, ledgers, said };
}

/** What audits of everything find in the world as it is, without a past. */
async function foundAnew(): Promise<readonly string[]> {
  const fresh = await anApp();
  await fresh.auditAll();
  return await fresh.ledgers();
}

describe("an audit after a change", () => {
  test("finds nothing new where nothing has changed, with one request", async () => {
    const { auditAll, follow, ledgers } = await anApp();
    await auditAll();
    const before = await ledgers();
    const [network] = simulator.world.ofType("microsoft.network/virtualnetworks", new Set([erp]));
    await follow(String(network?.id));
    simulator.log.length = 0;
    await follow(String(network?.id));
    expect(simulator.log.filter((line) => line.includes("/providers/"))).toHaveLength(1);
    expect(await ledgers()).toEqual(before);
  });

  test("that another audit came upon first, and told of, says that nothing has changed since", async () => {
    const { auditAll, follow, ledgers, said } = await anApp();
    await auditAll();
    const closed = await ledgers();
    const { openVault } = vaults();
    simulator.world.put(openVault);
    await auditAll();
    const open = await ledgers();
    expect(open).not.toEqual(closed);
    said.length = 0;
    await follow(openVault.id);
    expect(said[0]).toMatch(/^no rule sees a change since the last reading: /);
    expect(await ledgers()).toEqual(open);
  });

  test("of resources that are deleted and put back, one by one, finds what audits of everything find", async () => {
    const { auditAll, follow, ledgers } = await anApp();
    await auditAll();
    const whole = await ledgers();
    for (const { id } of everySoMany(simulator.world.all)) {
      const within = simulator.world.all.filter((one) => `${one.id}/`.toLowerCase().startsWith(`${id}/`.toLowerCase()));
      simulator.world.delete(id);
      await follow(id);
      expect(await ledgers(), `without ${id}`).toEqual(await foundAnew());
      for (const body of within) simulator.world.put(body);
      await follow(...within.map((one) => one.id));
      expect(await ledgers(), `with ${id} again`).toEqual(whole);
    }
  }, 600_000);

  test("killed at any write, finds what it told of taken back meanwhile", async () => {
    let left = Number.POSITIVE_INFINITY;
    const { auditAll, follow, ledgers } = await anApp(async (_partition, effect) => {
      left -= 1;
      if (left === 0) throw new Killed("killed");
      return await effect();
    });
    await auditAll();
    const closed = await ledgers();
    const { vault, openVault } = vaults();
    let [killedAt, isDone, hasOpened] = [0, false, 0];
    while (!isDone) {
      simulator.world.put(openVault);
      killedAt += 1;
      left = killedAt;
      isDone = await isCompleted(follow(vault.id));
      left = Number.POSITIVE_INFINITY;
      hasOpened += Number((await ledgers()).length > closed.length);
      simulator.world.put(vault);
      await follow(vault.id);
      expect(await ledgers(), `killed at write ${killedAt}`).toEqual(closed);
    }
    expect(killedAt).toBeGreaterThan(5);
    expect(hasOpened).toBeGreaterThan(2);
  });

  test("outrun after it told of something, finds it taken back meanwhile", async () => {
    let beforeWrite: (partition: string) => Promise<void> = async () => {};
    const { app, auditAll, follow, ledgers } = await anApp(async (partition, effect) => {
      await beforeWrite(partition);
      return await effect();
    });
    await auditAll();
    const closed = await ledgers();
    const { vault, openVault } = vaults();
    simulator.world.put(openVault);
    let writes = 0;
    beforeWrite = async (partition) => {
      if (partition !== erp) return;
      writes += 1;
      if (writes !== 2) return; // the first one takes the ticket, the second one commits
      simulator.world.put(vault);
      await auditSubscription(app, { runId: "run-of-others", subscriptionId: erp, isLastDelivery: false });
    };
    await follow(vault.id);
    expect(writes).toBeGreaterThan(2);
    expect(await ledgers()).toEqual(closed);
  });
});

/** All of them where there is time for it: the recording in memory is taken apart elsewhere. */
function everySoMany<T>(all: readonly T[]): readonly T[] {
  const stride = process.env.CORDON_RUNS === undefined ? 11 : 1;
  return all.filter((_, index) => index % stride === 0);
}

/** False where it was killed. */
async function isCompleted(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** A vault of the recording as it is, and with its firewall open. */
function vaults() {
  const [vault] = simulator.world.ofType("microsoft.keyvault/vaults", new Set([erp]));
  if (vault === undefined) throw new Error("there is no vault in the recording");
  const properties = { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Allow" } };
  return { vault, openVault: { ...vault, properties } };
}
