import { describe, expect, test } from "vitest";
import { auditChanges, auditSubscription } from "../../lib/audit-run.ts";
import { textOfKey } from "../../lib/model/snapshot.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { companions } from "../../lib/pipeline/together.ts";
import type { Table } from "../../lib/state/table.ts";
import { idOf } from "../support/builders.ts";
import { aChange, answerAsked } from "../support/estate.ts";
import { aHub, aHubApp, hub } from "../support/hub.ts";
import { memoryTable } from "../support/memory-table.ts";

async function auditAll({ app, asked }: ReturnType<typeof aHubApp>): Promise<void> {
  for (const subscriptionId of app.scope) {
    await auditSubscription(app, { runId: "first", subscriptionId, isLastDelivery: false });
  }
  await answerAsked(app, asked);
}

/** What audits of everything find, without a past. */
async function foundAnew(azure: ReturnType<typeof aHub>["azure"], scope: readonly string[]) {
  const anew = aHubApp(azure, scope);
  await auditAll(anew);
  return anew.received.open();
}

describe.each([
  { where: "in a hundred subscriptions", subscriptions: 100, inEach: 5 },
  { where: "in one subscription", subscriptions: 1, inEach: 500 },
])("a hub that 500 subjects $where rest on", ({ subscriptions, inEach }) => {
  test("is read twice for each fifty of them when it goes: before and after they are linked to what they rest on now", async () => {
    const { azure, zone, scope } = aHub(subscriptions, inEach);
    const watch = aHubApp(azure, scope);
    await auditAll(watch);
    expect(watch.received.open()).toEqual({});
    azure.asked.length = 0;
    azure.deleteAll(zone);
    await auditChanges(watch.app, aChange([zone]));
    expect(azure.asked).toEqual([zone.toLowerCase()]);
    expect(watch.asked).toHaveLength(10);
    azure.asked.length = 0;
    await answerAsked(watch.app, watch.asked);
    const count = (what: string) => azure.asked.filter((one) => one === what).length;
    expect(count(zone.toLowerCase())).toBe(20);
    expect(count(`${zone.toLowerCase()} microsoft.network/privatednszones/virtualnetworklinks`)).toBe(20);
    expect(count("everywhere")).toBe(20);
    // and what is each endpoint's own: itself, its zone groups, its vault, its network, and the link of that
    expect(azure.asked).toHaveLength(3 * 20 + 5 * 2 * 500);
    expect(Object.keys(watch.received.open())).toHaveLength(500);
    watch.received.expectSound();
  }, 120_000);
});

/** A hub with an endpoint in each of some subscriptions, which goes; the message that evaluates all of them is about to come. */
async function aHubThatWent(count: number, table: Table = memoryTable()) {
  const all = aHub(count, 1);
  const { azure, zone, scope } = all;
  const watch = aHubApp(azure, scope, table);
  await auditAll(watch);
  azure.deleteAll(zone);
  await auditChanges(watch.app, aChange([zone]));
  const [message] = watch.asked.splice(0);
  if (message?.kind !== "evaluate") throw new Error("nobody is to be evaluated");
  expect(message.subjects).toHaveLength(count);
  const evaluate = async (app: App = watch.app) => {
    await auditChanges(app, aChange([], { subjects: message.subjects.map(idOf) }));
  };
  return { ...all, ...watch, evaluate };
}

test("nobody reads before all have a ticket", async () => {
  const story: string[] = [];
  const memory = memoryTable();
  const table: Table = {
    ...memory,
    async write(partition, writes) {
      if (writes.some(({ row }) => row === "ticket")) story.push("ticket");
      return await memory.write(partition, writes);
    },
  };
  const { azure, evaluate } = await aHubThatWent(20, table);
  story.length = 0;
  azure.beforeAnswer = () => void story.push("read");
  await evaluate();
  expect(story.lastIndexOf("ticket")).toBe(19);
  expect(story.indexOf("read")).toBe(20);
});

test.each([
  "resource",
  "list",
] as const)("what changes right after the %s was read for all of them is not lost", async (kind) => {
  const { azure, zone, scope, app, asked, received, evaluate, spokes } = await aHubThatWent(4);
  let isBack = false;
  azure.afterAnswer = async (key) => {
    if (isBack || key.kind !== kind || !textOfKey(key).includes(zone.toLowerCase())) return;
    isBack = true;
    azure.put(zone, {});
    for (const { link, network } of spokes.slice(1)) {
      azure.put(link, { virtualNetwork: { id: network }, virtualNetworkLinkState: "Completed" });
    }
    await auditChanges(app, aChange([zone, ...spokes.map(({ link }) => link)]));
    await answerAsked(app, asked);
  };
  await evaluate();
  await answerAsked(app, asked);
  expect(isBack).toBe(true);
  expect(received.open()).toEqual(await foundAnew(azure, scope));
  expect(Object.keys(received.open())).toHaveLength(1);
  received.expectSound();
});

test("where some cannot be audited, they alone are left to one more message", async () => {
  const { azure, spokes, asked, delays, said, received, evaluate, app } = await aHubThatWent(5);
  const [first, second] = spokes;
  delays.length = 0;
  azure.beforeAnswer = (key) => {
    const text = textOfKey(key);
    if ([first, second].some((one) => text.includes(one?.vault.toLowerCase() ?? ""))) throw new Error("503");
  };
  await evaluate();
  expect(Object.keys(received.open())).toHaveLength(3);
  expect(asked).toEqual([expect.objectContaining({ kind: "evaluate", subjects: [first?.endpoint, second?.endpoint] })]);
  expect(delays).toEqual([30]);
  expect(said).toContainEqual(expect.stringMatching(/is left to one more message: Error: 503/));
  expect((await app.store.health()).filter(({ failure }) => failure?.message === "503")).toHaveLength(2);
  azure.beforeAnswer = () => {};
  await answerAsked(app, asked);
  expect(Object.keys(received.open())).toHaveLength(5);
});

test("where none can be audited, the message fails, and nothing is left to another one", async () => {
  const { azure, zone, asked, received, evaluate } = await aHubThatWent(5);
  azure.beforeAnswer = (key) => {
    if (textOfKey(key).includes(zone.toLowerCase())) throw new Error("429");
  };
  await expect(evaluate()).rejects.toThrow("429");
  expect(asked).toEqual([]);
  expect(received.open()).toEqual({});
});

test("what was never audited is audited as a whole, beside those that are evaluated together", async () => {
  const { azure, scope, app, asked, received, spokes } = await aHubThatWent(2);
  const fresh = aHubApp(azure, scope);
  for (const subscriptionId of [hub, ...scope.slice(2)]) {
    await auditSubscription(fresh.app, { runId: "first", subscriptionId, isLastDelivery: false });
  }
  await auditChanges(fresh.app, aChange([], { subjects: spokes.map(({ endpoint }) => idOf(endpoint)) }));
  await answerAsked(fresh.app, fresh.asked);
  await auditChanges(app, aChange([], { subjects: spokes.map(({ endpoint }) => idOf(endpoint)) }));
  await answerAsked(app, asked);
  expect(fresh.received.open()).toEqual(received.open());
  expect(Object.keys(received.open())).toHaveLength(2);
});

test("where none of them was audited before, each is audited as a whole", async () => {
  const { azure, scope, evaluate } = await aHubThatWent(3);
  const { app, asked, received } = aHubApp(azure, scope);
  await evaluate(app);
  expect(Object.keys(received.open())).toHaveLength(3);
  await auditSubscription(app, { runId: "first", subscriptionId: hub, isLastDelivery: false });
  await answerAsked(app, asked);
  expect(received.open()).toEqual(await foundAnew(azure, scope));
});

test("companions go on when all that are still there have come so far, each time with other answers", async () => {
  const [one, two, three] = companions(3);
  const story: string[] = [];
  const first = [one, two].map((companion) =>
    companion?.round().then((answers) => {
      story.push("round");
      return answers;
    }),
  );
  await new Promise(setImmediate);
  expect(story).toEqual([]);
  three?.leave();
  three?.leave();
  const [ofOne, ofTwo] = await Promise.all(first);
  expect(ofOne).toBe(ofTwo);
  const next = one?.round();
  two?.leave();
  expect(await next).not.toBe(ofOne);
});
