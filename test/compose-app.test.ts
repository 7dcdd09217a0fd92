import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { composeParts } from "../lib/compose-app.ts";
import { planAudits } from "../lib/plan-audits.ts";
import { readSettings } from "../lib/settings/settings.ts";
import { tableStore } from "../lib/state/table-store.ts";
import sample from "../local.settings.sample.json" with { type: "json" };
import { worldOfRecording } from "./support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "./support/arm-simulator/server.ts";
import { memoryTable } from "./support/memory-table.ts";

const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const root = resolve(import.meta.dirname, "..");
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const reading = { purpose: "scheduled", isLastTry: false } as const;
const invocation = { log() {}, signal: new AbortController().signal };

const composed = async (changes: Readonly<Record<string, string>> = {}) =>
  composeParts(await readSettings({ ...sample.Values, ...changes }, root));

describe("from settings", () => {
  test("the scope decides who is read, and where the sites are looked after", async () => {
    const { readerFor, scope, homeOfSites } = await composed();
    expect(scope).toEqual([hub, erp]);
    expect(homeOfSites).toBe(hub);
    expect(await readerFor(erp, reading, invocation)).toBeDefined();
    expect(await readerFor("11111111-2222-3333-4444-555555555555", reading, invocation)).toBeUndefined();
  });

  test("a recording is read whole: evidence of other subscriptions counts", async () => {
    const { readerFor } = await composed({ CORDON_SUBSCRIPTIONS: erp });
    const ids: string[] = [];
    const reader = await readerFor(erp, reading, invocation);
    for await (const portion of reader?.readAll() ?? []) {
      for (const reading of portion) if (reading.kind === "resource") ids.push(JSON.stringify(reading.body));
    }
    expect(ids.some((text) => text.includes(hub))).toBe(true);
  });

  test("sinks are those that are named", async () => {
    const names = async (CORDON_SINKS: string) => {
      const webhook = { CORDON_WEBHOOK_URL: "https://example.com", CORDON_WEBHOOK_SECRET: secret };
      return (await composed({ ...webhook, CORDON_SINKS })).sinks.map(({ name }) => name);
    };
    expect(await names("queue")).toEqual(["queue"]);
    expect(await names("webhook")).toEqual(["webhook"]);
    expect(await names("webhook,queue")).toEqual(["queue", "webhook"]);
  });

  test("the policy is that of the file", async () => {
    const { expectations } = await composed();
    expect(expectations.policy.sites.length).toBeGreaterThan(0);
    const without = await composed({ CORDON_POLICY: "" });
    expect(without.expectations.policy.sites).toEqual([]);
    expect(join(root, sample.Values.CORDON_POLICY)).toContain("contoso-erp");
  });
});

describe("a live reader", () => {
  const recording = join(root, "test/fixtures/contoso-erp");
  let simulator: ArmSimulator;

  beforeEach(async () => {
    simulator = await simulateArm(worldOfRecording(recording), { actions: new Map([[erp, ["*/read"]]]) });
  });
  afterEach(() => simulator.close());

  async function readAll({ readerFor }: Awaited<ReturnType<typeof composed>>, id: string, more = {}): Promise<void> {
    const reader = await readerFor(id, reading, { ...invocation, ...more });
    for await (const portion of reader?.readAll() ?? []) for (const _ of portion);
  }

  const live = () => composed({ CORDON_READER: "live", CORDON_ARM_LOOPBACK: simulator.address });

  test("says once in the log which rights are missing", async () => {
    const app = await live();
    const said: string[] = [];
    for (const id of [hub, erp, erp]) await readAll(app, id, { log: (text: string) => said.push(text) });
    expect(said).toEqual([expect.stringMatching(/^Cordon lacks 2 of \d+ rights in subscription `e4e4/)]);
  });

  test("ends when the time of its invocation is used up, and the next one has time of its own", async () => {
    const app = await live();
    simulator.faults.add({ when: ({ method }) => method === "POST", what: { kind: "slow", milliseconds: 10_000 } });
    const before = performance.now();
    await expect(readAll(app, erp, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
      code: "ERR_ARM_TIME",
    });
    expect(performance.now() - before).toBeLessThan(5000);
    simulator.faults.clear();
    await readAll(app, erp, { signal: AbortSignal.timeout(60_000) });
  });
});

describe("a plan", () => {
  test("has a message for each subscription, and one more time for those that left the scope", async () => {
    const store = tableStore(memoryTable());
    await store.recordHealth("gone", { isInScope: true });
    await store.recordHealth("gone-long-ago", { isInScope: false });
    expect(await planAudits({ store, scope: [hub, erp], log: () => undefined }, "run-1")).toEqual([
      { v: 1, runId: "run-1", subscriptionId: hub },
      { v: 1, runId: "run-1", subscriptionId: erp },
      { v: 1, runId: "run-1", subscriptionId: "gone" },
    ]);
  });
});
