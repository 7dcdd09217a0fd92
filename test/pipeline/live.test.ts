import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import { readPolicyFile } from "../../lib/config.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { ChangeMessage } from "../../lib/model/message.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { App } from "../../lib/pipeline/app.ts";
import type { ArmConnection } from "../../lib/readers/arm-connection.ts";
import { live } from "../../lib/readers/live.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { subscriptionsIn } from "../../lib/readers/subscriptions.ts";
import { rules } from "../../lib/rules/index.ts";
import type { Store } from "../../lib/state/store.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import type { Asked } from "../support/arm-simulator/faults.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, type SimulatorOptions, simulateArm } from "../support/arm-simulator/server.ts";
import { answerAsked, ticking } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";

const folder = "test/fixtures/contoso-erp";
const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";

let policy: Policy;
let simulator: ArmSimulator;

beforeAll(async () => {
  policy = await readPolicyFile(`${folder}/cordon.policy.json`);
});
beforeEach(() => start());
afterEach(() => simulator.close());

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await simulateArm(worldOfRecording(folder), { serviceTags: serviceTagsOfRecording(folder), ...options });
}

async function restart(options: SimulatorOptions): Promise<void> {
  await simulator.close();
  await start(options);
}

/** Audits one subscription at a time, as messages do, with the readers given. */
function anApp(readerFor: App["readerFor"]) {
  const events: OutgoingEvent[] = [];
  const asked: ChangeMessage[] = [];
  const table = memoryTable();
  const store = tableStore(table);
  const app: App = {
    readerFor,
    expectations: { policy, rules },
    homeOfSites: hub,
    scope: [hub, erp],
    store,
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: { put: async (message) => void asked.push(message) },
    sinks: [{ name: "test", send: async (event) => void events.push(event) }],
    now: ticking(),
    log() {},
  };
  let runs = 0;
  const audit = async (isLastDelivery = false) => {
    runs += 1;
    events.length = 0;
    for (const subscriptionId of [hub, erp]) {
      await auditSubscription(app, { runId: `run-${runs}`, subscriptionId, isLastDelivery });
    }
    await answerAsked(app, asked);
  };
  return { store, audit, events };
}

/** `time` is made anew for each audit of a subscription. */
function aLiveApp(time: () => Partial<ArmConnection> = () => ({})) {
  return anApp(async (subscription, { purpose, isLastTry }) => {
    const connection = await connectionTo(simulator, { isLastTry, ...time() });
    const scope = await subscriptionsIn(connection, { kind: "subscriptions", ids: [hub, erp] });
    return live(connection, { subscriptions: [subscription], scope, purpose });
  });
}

async function ledgersIn(store: Store) {
  const ledgers = await Promise.all([hub, erp, "sites"].map((ledger) => store.read(ledger)));
  const lines = ledgers.flatMap((ledger) => ledger.lines);
  return lines.map(({ line }) => `${line.id} ${line.state} ${line.status} ${line.severity}`).sort();
}

function openIn(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.includes(" resolved "));
}

function kindsIn(events: readonly OutgoingEvent[]): readonly string[] {
  return [...new Set(events.map(({ type }) => type.split(".")[2] ?? ""))].sort();
}

test("live audits of one subscription at a time fill the ledgers as audits of the recording do", async () => {
  const there = aLiveApp();
  await there.audit();
  const recording = recorded([folder]);
  const here = anApp(() => recording);
  await here.audit();
  expect(await ledgersIn(there.store)).toEqual(await ledgersIn(here.store));
  await there.audit();
  expect(kindsIn(there.events)).toEqual(["completed"]);
});

const rulesOfServers = ({ path }: Asked) => /\/servers\/[^/]+\/firewallrules$/.test(path);

test("what fails for a while commits nothing; on the last delivery it makes findings undetermined, and resolves none", async () => {
  const { audit, store, events } = aLiveApp();
  await audit();
  const before = await ledgersIn(store);
  simulator.faults.add({ when: rulesOfServers, what: { kind: "status", status: 503, code: "ServerBusy" } });
  await expect(audit()).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
  expect(await ledgersIn(store)).toEqual(before);
  await audit(true);
  expect(kindsIn(events)).toContain("changed");
  expect(kindsIn(events)).not.toContain("resolved");
});

test("an audit whose time is used up commits nothing and tells of nothing; the next one goes all the way", async () => {
  let milliseconds = 60_000;
  const { audit, store, events } = aLiveApp(() => ({ signal: AbortSignal.timeout(milliseconds) }));
  await audit();
  const before = await ledgersIn(store);
  const [account] = simulator.world.ofType("microsoft.storage/storageaccounts", new Set([erp]));
  if (account === undefined) throw new Error("the recording has changed");
  simulator.world.put({
    ...account,
    properties: { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Allow" } },
  });
  simulator.faults.add({ when: rulesOfServers, what: { kind: "slow", milliseconds: 10_000 } });
  milliseconds = 500;
  await expect(audit(true)).rejects.toMatchObject({ code: "ERR_ARM_TIME" });
  expect(events.filter(({ subject }) => subject.includes(erp))).toEqual([]);
  expect(await ledgersIn(store)).toEqual(before);
  expect((await store.health()).flatMap(({ failure }) => failure?.message ?? [])).toEqual([
    "reading Azure took longer than it may",
  ]);
  simulator.faults.clear();
  milliseconds = 60_000;
  await audit();
  expect(kindsIn(events)).toContain("opened");
});

test.each([
  { when: "the subscription can no longer be seen", given: { visible: new Set([hub]) }, because: "is not there" },
  { when: "the subscription is disabled", given: { states: new Map([[erp, "Disabled"]]) }, because: "Disabled" },
])("when $when, every finding in it becomes undetermined, and none is resolved", async ({ given, because }) => {
  const { audit, events, store } = aLiveApp();
  await audit();
  const before = await ledgersIn(store);
  await restart(given);
  await audit();
  expect(kindsIn(events)).not.toContain("resolved");
  const open = (await store.read(erp)).lines.filter(({ line }) => line.state === "open");
  expect(open.length).toBeGreaterThan(60);
  expect(new Set(open.map(({ line }) => line.status))).toEqual(new Set(["undetermined"]));
  const kept = await store.find(erp, open[0]?.line.id ?? "");
  expect(kept?.entry.finding.because?.join()).toContain(because);
  await restart({});
  await audit();
  expect(openIn(await ledgersIn(store))).toEqual(before);
});

const always = ["Microsoft.Authorization/*/read", "Microsoft.Resources/*"];

test.each([
  { left: "to networks", actions: ["Microsoft.Network/*"] },
  {
    left: "to all but networks",
    actions: ["Microsoft.Storage/*", "Microsoft.Sql/*", "Microsoft.KeyVault/*", "Microsoft.Web/*"],
  },
  { left: "to virtual networks only", actions: ["Microsoft.Network/virtualNetworks/*"] },
  { left: "to nothing", actions: [] },
])("when the only rights left are those $left, findings become undetermined, and none is resolved", async ({
  actions,
}) => {
  const { audit, events, store } = aLiveApp();
  await audit();
  const before = await ledgersIn(store);
  await restart({ actions: new Map([hub, erp].map((subscription) => [subscription, [...always, ...actions]])) });
  await audit();
  expect(kindsIn(events)).not.toContain("resolved");
  expect(kindsIn(events)).toContain("changed");
  const { completed } = (await store.health()).find(({ subscriptionId }) => subscriptionId === erp) ?? {};
  const told =
    actions.length === 0 ? /^Cordon may read nothing in subscription `e4e4/ : /^Cordon lacks \d+ of \d+ rights/;
  expect(completed?.gaps.some((gap) => told.test(gap))).toBe(true);
  await restart({});
  await audit();
  expect(openIn(await ledgersIn(store))).toEqual(before);
});
