import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { ResourceId } from "../../lib/model/resource-id.ts";
import { arm } from "../../lib/readers/arm.ts";
import type { ArmConnection } from "../../lib/readers/arm-connection.ts";
import { forFew } from "../../lib/readers/arm-limits.ts";
import { collected } from "../../lib/readers/reader.ts";
import { resourceGraph } from "../../lib/readers/resource-graph.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import { type ArmSimulator, type SimulatorOptions, simulateArm } from "../support/arm-simulator/server.ts";
import { type Body, World } from "../support/arm-simulator/world.ts";
import { readingsOfAll } from "./contract.ts";

const [one, two] = ["5c5c5c5c-0000-4000-8000-000000000001", "5c5c5c5c-0000-4000-8000-000000000002"] as const;

function servers(subscription: string, count: number): readonly Body[] {
  return Array.from({ length: count }, (_, item) => ({
    id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Sql/servers/sql-${item}`,
    type: "Microsoft.Sql/servers",
    properties: {},
  }));
}

let simulator: ArmSimulator;
afterEach(() => simulator.close());

async function connected(options: SimulatorOptions, more: Partial<ArmConnection> = {}): Promise<ArmConnection> {
  simulator = await simulateArm(new World([...servers(one, 100), ...servers(two, 100)]), options);
  return connectionTo(simulator, more);
}

/** One request for each of so many resources, all at once; the most that were under way together. */
async function askForMany(connection: ArmConnection, subscription: string, count: number): Promise<number> {
  let [now, most] = [0, 0];
  const { httpClient } = connection;
  if (httpClient === undefined) throw new Error("a simulated Azure has a client of its own");
  const counting: ArmConnection = {
    ...connection,
    httpClient: {
      async sendRequest(request) {
        now += 1;
        most = Math.max(most, now);
        try {
          return await httpClient.sendRequest(request);
        } finally {
          now -= 1;
        }
      },
    },
  };
  const reader = arm(counting);
  const ids = simulator.world.list(`/subscriptions/${subscription}`, "microsoft.sql/servers").slice(0, count);
  const keys = ids.flatMap(({ id }) => ResourceId.parse(id) ?? []).map((id) => ({ kind: "resource", id }) as const);
  const readings = await Promise.all(keys.map((key) => collected(reader.read(key))));
  expect(readings.flat().map(({ kind }) => kind)).toEqual(keys.map(() => "resource"));
  return most;
}

describe("what Azure says of its limits", () => {
  test.each(["subscription", "subscription-global", "tenant"])("is heeded before it bites: reads, %s", async (what) => {
    const connection = await connected({ reads: { bucket: 40, refillPerSecond: 25, what } });
    await askForMany(connection, one, 60);
    expect(simulator.refusals()).toBe(0);
  }, 20_000);

  test("is heeded before it bites: queries of Resource Graph", async () => {
    const connection = await connected({ pageSize: 10, queries: { atMost: 15, inSeconds: 1 } });
    await readingsOfAll(resourceGraph(connection, [one, two]));
    expect(simulator.log.filter((line) => line.includes("resourcegraph")).length).toBeGreaterThan(20);
    expect(simulator.refusals()).toBe(0);
  }, 20_000);

  test("of one subscription holds up no other", async () => {
    const connection = await connected({});
    simulator.faults.add({
      when: ({ path }) => path.startsWith(`/subscriptions/${one}`),
      what: { kind: "status", status: 429, code: "TooManyRequests", retryAfterSeconds: 2 },
      times: 1,
    });
    const before = performance.now();
    const first = askForMany(connection, one, 10).then(() => performance.now() - before);
    const other = await askForMany(connection, two, 10).then(() => performance.now() - before);
    expect(other).toBeLessThan(1500);
    expect(await first).toBeGreaterThan(1900);
  }, 20_000);

  test("ends with the time: nobody waits for longer", async () => {
    const connection = await connected({}, { signal: AbortSignal.timeout(300) });
    const what = { kind: "status", status: 429, code: "TooManyRequests", retryAfterSeconds: 60 } as const;
    simulator.faults.add({ when: () => true, what });
    const before = performance.now();
    await expect(askForMany(connection, one, 10)).rejects.toMatchObject({ code: "ERR_ARM_TIME" });
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describe("requests to one provider of one subscription that are under way", () => {
  test("at most eight, of readings that ask for all", async () => {
    const connection = await connected({ latencyMilliseconds: 20 });
    expect(await askForMany(connection, one, 50)).toBe(8);
  });

  test("at most 24, of readings that ask little", async () => {
    const connection = await connected({ latencyMilliseconds: 20 });
    expect(await askForMany({ ...connection, limits: forFew(connection.limits) }, one, 50)).toBe(24);
  });

  test("those that ask little do not wait for those that ask for all", async () => {
    const connection = await connected({ latencyMilliseconds: 200 });
    const before = performance.now();
    const all = askForMany(connection, one, 80);
    await askForMany({ ...connection, limits: forFew(connection.limits) }, one, 5);
    expect(performance.now() - before).toBeLessThan(1000);
    await all;
  }, 20_000);

  test("a refusal of one holds up the other", async () => {
    const connection = await connected({});
    const what = { kind: "status", status: 429, code: "TooManyRequests", retryAfterSeconds: 1 } as const;
    simulator.faults.add({ when: () => true, what, times: 1 });
    const before = performance.now();
    const all = askForMany(connection, one, 1);
    while (simulator.log.length === 0) await sleep(1);
    await sleep(50);
    await askForMany({ ...connection, limits: forFew(connection.limits) }, one, 1);
    expect(performance.now() - before).toBeGreaterThan(900);
    await all;
  }, 20_000);
});
