import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ArmConnection } from "../../lib/readers/arm-connection.ts";
import { everythingIn } from "../../lib/readers/everything.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { rightsOf } from "../../lib/readers/rights.ts";
import { connectionTo } from "../support/arm-simulator/client.ts";
import type { Asked } from "../support/arm-simulator/faults.ts";
import { worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";

const subscriptions = ["c0c0c0c0-0000-4000-8000-000000000001", "e4e4e4e4-0000-4000-8000-000000000002"];
const graph = ({ path }: Asked) => path.endsWith("/microsoft.resourcegraph/resources");
const laterPage = (asked: Asked) => graph(asked) && JSON.stringify(asked.body).includes("$skipToken");
/** Children of what is on the first page. */
const collectionGroups = ({ path }: Asked) => path.endsWith("/rulecollectiongroups");
const configuration = ({ path }: Asked) => path.endsWith("/config/web");

let simulator: ArmSimulator;

beforeEach(async () => {
  simulator = await simulateArm(worldOfRecording("test/fixtures/contoso-erp"), { pageSize: 40 });
});
afterEach(() => simulator.close());

async function everything(more: Partial<ArmConnection> = {}): Promise<AsyncIterable<readonly Reading[]>> {
  const connection = await connectionTo(simulator, more);
  const rightsIn = rightsOf(connection);
  return everythingIn(
    connection,
    new Map(await Promise.all(subscriptions.map(async (one) => [one, await rightsIn(one)] as const))),
  );
}

async function readingsOf(portions: AsyncIterable<readonly Reading[]>): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for await (const portion of portions) readings.push(...portion);
  return readings;
}

function idOf(reading: Reading): string {
  if (reading.kind === "resource") return String(Object(reading.body).id).toLowerCase();
  return reading.kind === "absent" || reading.kind === "unreadable" ? reading.id.key : "";
}

/** How many requests there are in the end, once nobody makes any more. */
async function requestsAtRest(): Promise<number> {
  for (let count = -1; count !== simulator.log.length; await sleep(100)) count = simulator.log.length;
  return simulator.log.length;
}

test("says once that all is listed, when the last page of Resource Graph is there and children are not", async () => {
  simulator.faults.add({ when: configuration, what: { kind: "slow", milliseconds: 500 } });
  const readings = await readingsOf(await everything());
  const listed = readings.flatMap(({ kind }, index) => (kind === "listed" ? [index] : []));
  const [before, after] = [readings.slice(0, listed[0]), readings.slice(listed[0])];
  expect(listed).toHaveLength(1);
  const isChild = (id: string) => id.split("/providers/").at(-1)?.split("/").length !== 3;
  expect(before.map(idOf).filter((id) => id !== "" && !isChild(id)).length).toBeGreaterThan(40);
  expect(after.map(idOf).filter((id) => id !== "" && !isChild(id))).toEqual([]);
  expect(after.map(idOf).filter((id) => id.endsWith("/config/web"))).toHaveLength(4);
});

test("brings of each network whether a network manager has a say", async () => {
  const ids = (await readingsOf(await everything())).map(idOf);
  const networks = ids.filter((id) => /\/virtualnetworks\/[^/]+$/.test(id));
  expect(networks.length).toBeGreaterThan(1);
  for (const id of networks) expect(ids).toContain(`${id}/effectivesecurityadminrules/current`);
});

test("asks for no rules of a service that stands in a subnet of its own, of which no more than its place is known", async () => {
  const ids = (await readingsOf(await everything())).map(idOf);
  expect(ids).toContainEqual(expect.stringContaining("/flexibleservers/pg-contoso-planning"));
  const asked = simulator.log.map((line) => line.toLowerCase());
  expect(asked.filter((line) => line.includes("/flexibleservers/"))).toEqual([]);
  expect(asked.filter((line) => line.includes("/firewallrules")).length).toBeGreaterThan(1);
});

test.each([
  { what: "a child fails while pages are awaited", when: collectionGroups, slow: laterPage },
  { what: "a page fails while children are awaited", when: laterPage, slow: collectionGroups },
  { what: "a child fails while earlier ones are awaited", when: configuration, slow: collectionGroups },
])("$what: that is told at once", async ({ when, slow }) => {
  simulator.faults.add({ when, what: { kind: "status", status: 503, code: "ServerBusy" } });
  simulator.faults.add({ when: slow, what: { kind: "slow", milliseconds: 4_000 } });
  const started = performance.now();
  await expect(readingsOf(await everything())).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
  expect(performance.now() - started).toBeLessThan(3_000);
});

test.each([
  { what: "a child fails", when: configuration },
  { what: "a page fails", when: laterPage },
])("$what: nobody waits for what is under way, nor asks for what is next in line", async ({ when }) => {
  const portions = await everything();
  simulator.faults.add({ when, what: { kind: "status", status: 503, code: "ServerBusy" } });
  simulator.faults.add({ when: () => true, what: { kind: "slow", milliseconds: 1_000 } });
  await expect(readingsOf(portions)).rejects.toMatchObject({ code: "ERR_ARM_UNAVAILABLE" });
  await sleep(100); // what was sent at the same time arrives
  const asked = simulator.log.length;
  await expect.poll(() => simulator.underWay(), { timeout: 500 }).toBe(0);
  await sleep(1_500);
  expect(simulator.log).toHaveLength(asked);
});

test("nobody waits for what is under way when nobody wants to know any more", async () => {
  const portions = await everything();
  simulator.faults.add({ when: (asked) => !graph(asked), what: { kind: "slow", milliseconds: 4_000 } });
  for await (const [first] of portions) if (first?.kind === "listed") break;
  await expect.poll(() => simulator.underWay(), { timeout: 500 }).toBe(0);
});

test("that time is up ends the wait for pages and for children", async () => {
  simulator.faults.add({
    when: (asked) => laterPage(asked) || collectionGroups(asked),
    what: { kind: "slow", milliseconds: 4_000 },
  });
  const portions = await everything({ signal: AbortSignal.timeout(300) });
  await expect(readingsOf(portions)).rejects.toMatchObject({ code: "ERR_ARM_TIME" });
});

test("asks for nothing more when nobody wants to know any more, whatever becomes of what is under way", async () => {
  await readingsOf(await everything());
  const all = await requestsAtRest();
  simulator.faults.add({ when: collectionGroups, what: { kind: "status", status: 503, code: "ServerBusy" } });
  simulator.faults.add({ when: laterPage, what: { kind: "cut" } });
  for await (const _ of await everything()) break;
  expect((await requestsAtRest()) - all).toBeLessThan(all / 2);
});
