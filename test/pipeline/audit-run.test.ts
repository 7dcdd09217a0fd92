import { expect, test } from "vitest";
import { auditChanges, auditSubscription, subscriptionsToAudit } from "../../lib/audit-run.ts";
import type { FindingEvent, OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { Site } from "../../lib/model/policy.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { listMargin } from "../../lib/pipeline/quiet-window.ts";
import type { Reader, Reading } from "../../lib/readers/reader.ts";
import { natAddressUnverifiable } from "../../lib/rules/nat-address-unverifiable.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { readSet } from "../net/read-set.ts";
import { idOf, noPerimeter } from "../support/builders.ts";
import {
  type Account,
  aChange,
  accountId,
  appOf,
  type Estate,
  estateReader,
  findingIdOf,
  readingsOf,
  subscriptionId,
} from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { receivedEvents } from "../support/receiver-of-events.ts";
import { policyWith, readingsOf as readingsIn } from "../support/world.ts";

function estateOf(account: Account, isWaived = false): Estate {
  return { accounts: { "st-a": account }, waived: isWaived ? ["st-a"] : [] };
}

/** An app on a store of its own, whose estate, rules and scope a test changes. */
function anApp(table: Table = memoryTable(), rowsAtOnce?: number) {
  const received = receivedEvents();
  const sent: OutgoingEvent[] = [];
  const world = { estate: estateOf("open") as Estate, isDown: false };
  const store = tableStore(table, rowsAtOnce);
  const app = appOf(
    store,
    () => world.estate,
    (event) => {
      if (world.isDown) throw new Error("the queue is down");
      received.take(event);
      sent.push(event);
    },
  );
  let runs = 0;
  const audit = async (estate: Estate, isLastDelivery = false, as: App = app) => {
    world.estate = estate;
    runs += 1;
    return await auditSubscription(as, { runId: `run-${runs}`, subscriptionId, isLastDelivery });
  };
  return { app, store, received, sent, world, audit };
}

const transitions = [
  { when: "a finding is new", given: [estateOf("open")], want: ["opened fail"] },
  { when: "nothing changes", given: [estateOf("open"), estateOf("open")], want: ["opened fail"] },
  { when: "nothing is wrong", given: [estateOf("closed")], want: [] },
  {
    when: "it says something else",
    given: [estateOf("open"), estateOf("bare")],
    want: ["opened fail", "changed fail"],
  },
  { when: "it is fixed", given: [estateOf("open"), estateOf("closed")], want: ["opened fail", "resolved fixed"] },
  {
    when: "its subject is gone",
    given: [estateOf("open"), estateOf("gone")],
    want: ["opened fail", "resolved deleted"],
  },
  {
    when: "it comes again",
    given: [estateOf("open"), estateOf("closed"), estateOf("bare")],
    want: ["opened fail", "resolved fixed", "opened fail"],
  },
  {
    when: "its subject is refused, and refused again, and readable again",
    given: [estateOf("open"), estateOf("refused"), estateOf("refused"), estateOf("open")],
    want: ["opened fail", "changed undetermined", "changed fail"],
  },
  {
    when: "its subject is refused, and then fixed",
    given: [estateOf("open"), estateOf("refused"), estateOf("closed")],
    want: ["opened fail", "changed undetermined", "resolved fixed"],
  },
  { when: "its subject was never readable", given: [estateOf("refused")], want: [] },
  {
    when: "a waiver begins, while it is waived something changes, and the waiver ends",
    given: [estateOf("open"), estateOf("open", true), estateOf("bare", true), estateOf("bare")],
    want: ["opened fail", "resolved waived", "opened fail"],
  },
  { when: "it is waived from the first", given: [estateOf("open", true)], want: [] },
  {
    when: "it is waived from the first, and the waiver ends",
    given: [estateOf("open", true), estateOf("open")],
    want: ["opened fail"],
  },
  {
    when: "it is fixed while it is waived, and comes back",
    given: [estateOf("open"), estateOf("open", true), estateOf("closed", true), estateOf("open")],
    want: ["opened fail", "resolved waived", "opened fail"],
  },
  {
    when: "it is refused while it is waived",
    given: [estateOf("open"), estateOf("open", true), estateOf("refused", true)],
    want: ["opened fail", "resolved waived"],
  },
];

test.each(transitions)("when $when: $want", async ({ given, want }) => {
  const { audit, received } = anApp();
  for (const estate of given) await audit(estate);
  received.expectSound();
  expect(received.ofFinding(findingIdOf("st-a")).map(named)).toEqual(want);
});

function named({ type, data }: FindingEvent): string {
  return `${type.split(".")[2]} ${data.resolution ?? data.status}`;
}

test("a waived finding is kept, with its waiver as it is now and its evidence as it is now", async () => {
  const { audit, store } = anApp();
  await audit(estateOf("open", true));
  await audit(estateOf("bare", true));
  const kept = await store.find(subscriptionId, findingIdOf("st-a"));
  expect(kept?.entry).toMatchObject({ state: "waived", sequence: 0, waived: { owner: "ann", expires: "2099-12-31" } });
  expect(kept?.entry.finding.evidence).toContainEqual(expect.objectContaining({ value: null }));
});

test("a finding of a rule that is no longer asked is resolved so, also when its subject cannot be read", async () => {
  const { app, audit, received } = anApp();
  await audit(estateOf("open"));
  const retired = { ...app, expectations: { ...app.expectations, rules: [] } };
  await audit(estateOf("refused"), false, retired);
  expect(received.ofFinding(findingIdOf("st-a")).map(named)).toEqual(["opened fail", "resolved rule retired"]);
});

test("a subscription that left the scope is audited once more, and its findings are out of scope", async () => {
  const { app, audit, received, store } = anApp();
  await audit(estateOf("open"));
  expect(await subscriptionsToAudit(app, ["Other"])).toEqual([subscriptionId, "other"]);
  await audit(estateOf("open"), false, { ...app, readerFor: () => undefined });
  expect(received.ofFinding(findingIdOf("st-a")).map(named)).toEqual(["opened fail", "resolved out of scope"]);
  expect(await subscriptionsToAudit(app, ["other"])).toEqual(["other"]);
  expect((await store.health())[0]).toMatchObject({ subscriptionId, isInScope: false });
});

test("what cannot be read for now fails the audit, commits nothing, and is told of in the report's health", async () => {
  const { audit, store, sent } = anApp();
  await audit(estateOf("open"));
  const before = await store.read(subscriptionId);
  const tolds = sent.length;
  const failing = audit({ accounts: { "st-a": "closed", "st-b": "open", "st-c": "passing" } });
  await expect(failing).rejects.toThrow(
    `cannot audit subscription \`${subscriptionId}\` now: 429 reading \`${accountId("st-c")}\``,
  );
  expect(await store.read(subscriptionId)).toEqual(before);
  expect(sent).toHaveLength(tolds);
  expect((await store.health())[0]).toMatchObject({
    completed: { runId: "run-1" },
    failure: { runId: "run-2", message: expect.stringContaining("429") },
  });
});

test("on the last delivery it counts as unreadable", async () => {
  const { audit, received, store } = anApp();
  await audit(estateOf("open"));
  await audit(estateOf("passing"), true);
  const events = received.ofFinding(findingIdOf("st-a"));
  expect(events.map(named)).toEqual(["opened fail", "changed undetermined"]);
  const [opened, changed] = events.map(({ data }) => data);
  expect(changed).toMatchObject({ because: [`429 reading \`${accountId("st-a")}\``] });
  expect(changed).toHaveProperty("evidence", Object(opened).evidence);
  expect((await store.health())[0]?.completed).toMatchObject({ counts: { gaps: 1, undetermined: 1 } });
});

test("the same message again does nothing, though the estate has changed", async () => {
  const { app, audit, store, sent, world } = anApp();
  await audit(estateOf("open"));
  const before = await store.read(subscriptionId);
  const told = [...sent];
  world.estate = estateOf("closed");
  const again = await auditSubscription(app, { runId: "run-1", subscriptionId, isLastDelivery: false });
  expect(again).toMatchObject({ opened: 0, resolved: 0 });
  expect(await store.read(subscriptionId)).toEqual(before);
  expect(sent).toEqual(told);
});

test("an audit that finds everything as it was writes no finding", async () => {
  const { audit, store } = anApp();
  await audit({ accounts: { "st-a": "open", "st-b": "bare" } });
  const { lines, head } = await store.read(subscriptionId);
  await audit({ accounts: { "st-a": "open", "st-b": "bare" } });
  const after = await store.read(subscriptionId);
  expect(after.lines).toEqual(lines);
  expect(String(after.head.auditedAt) > String(head.auditedAt)).toBe(true);
});

test("what a sink did not take is sent by the next audit, the same bytes under the same id", async () => {
  const { audit, world, sent, store } = anApp();
  world.isDown = true;
  await expect(audit(estateOf("open"))).rejects.toThrow("the queue is down");
  const unsent = await store.unsent(subscriptionId);
  expect(unsent).toHaveLength(2);
  world.isDown = false;
  await audit(estateOf("closed"));
  const ids = sent.map(({ id }) => id);
  for (const { event } of unsent) expect(sent.map((one) => JSON.stringify(one))).toContain(JSON.stringify(event));
  expect(new Set(ids).size).toBe(ids.length);
  expect(sent.map(({ type }) => type.split(".")[2]).sort()).toEqual(["completed", "completed", "opened", "resolved"]);
});

test("findings of subjects in another subscription are none of this audit's business", async () => {
  const { app, store, received } = anApp();
  const reader = {
    async *readAll() {
      const properties = { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Allow" } };
      const id = accountId("st-far").replace(subscriptionId, "00000000-0000-4000-8000-00000000000f");
      const body = { id, name: "st-far", type: "Microsoft.Storage/storageAccounts", properties };
      yield [{ kind: "resource", where: "test", body } as const];
      yield [{ kind: "end", because: "is not there" } as const];
    },
    async *read() {},
  };
  const far = { ...app, readerFor: () => reader };
  await auditSubscription(far, { runId: "r", subscriptionId, isLastDelivery: false });
  expect((await store.read(subscriptionId)).lines).toEqual([]);
  expect(received.completed()).toMatchObject([{ data: { counts: { resources: 1, subjects: 0 } } }]);
});

test("an audit that another one outran while half done reads again, rather than commit what is out of date", async () => {
  const table = memoryTable();
  const { app, received, world } = anApp(table);
  world.estate = { accounts: { "st-a": "closed", "st-b": "closed" } };
  const own = estateReader(() => world.estate);
  const readings: string[] = [];
  const reader = {
    async *readAll() {
      readings.push("read");
      yield* own.readAll();
      if (readings.length > 1) return;
      world.estate = { accounts: { "st-a": "open", "st-b": "open" } };
      const other = anApp(table, 4);
      other.world.isDown = true;
      await expect(other.audit(world.estate)).rejects.toThrow("the queue is down");
      expect((await other.store.read(subscriptionId)).lines).toHaveLength(1);
    },
    async *read() {},
  };
  await auditSubscription({ ...app, readerFor: () => reader }, { runId: "r", subscriptionId, isLastDelivery: false });
  received.expectSound();
  expect(readings).toHaveLength(2);
  expect(received.ofFinding(findingIdOf("st-a")).map(named)).toEqual(["opened fail"]);
  expect(received.ofFinding(findingIdOf("st-b")).map(named)).toEqual(["opened fail"]);
});

test("a commit that took effect although it was answered with a conflict is not made twice", async () => {
  const table = memoryTable();
  let isFirst = true;
  const forgetful: Table = {
    ...table,
    async write(partition, writes) {
      const result = await table.write(partition, writes);
      if (!isFirst || !writes.some(({ row }) => row.startsWith("run-"))) return result;
      isFirst = false;
      return "conflict";
    },
  };
  const { audit, received, store } = anApp(forgetful);
  await audit(estateOf("open"));
  received.expectSound();
  expect(received.count()).toBe(2);
  expect(await store.unsent(subscriptionId)).toEqual([]);
});

test("more findings than fit into one write are all committed and told of", async () => {
  const { audit, store, received } = anApp();
  const names = Array.from({ length: 250 }, (_, index) => `st${index}`);
  const all = (account: Account) => ({ accounts: Object.fromEntries(names.map((name) => [name, account])) });
  expect(await audit(all("open"))).toMatchObject({ opened: 250 });
  expect(await audit(all("closed"))).toMatchObject({ resolved: 250 });
  received.expectSound();
  expect((await store.read(subscriptionId)).lines).toHaveLength(250);
  expect(received.completed()).toMatchObject([
    { data: { counts: { opened: 250, open: { high: 250 } } } },
    { data: { counts: { resolved: 250, open: { high: 0 } } } },
  ]);
});

test("an audit after a change finds what a full audit finds, and ignores subscriptions outside of the scope", async () => {
  const full = anApp();
  await full.audit({ accounts: { "st-a": "bare", "st-b": "open" } });
  const changed = anApp();
  changed.world.estate = { accounts: { "st-a": "bare", "st-b": "open" } };
  const elsewhere = "00000000-0000-4000-8000-00000000000f";
  await auditChanges(changed.app, aChange([accountId("st-b"), `/subscriptions/${elsewhere}`]));
  expect(changed.received.open()).toEqual(full.received.open());
  const digests = async ({ store }: typeof full) =>
    (await store.read(subscriptionId)).lines.map(({ line }) => [line.id, line.digest, line.state]);
  expect(await digests(changed)).toEqual(await digests(full));
  expect(changed.received.completed()).toEqual([]);
  expect((await changed.store.health()).map((one) => one.subscriptionId)).toEqual([subscriptionId]);
});

test("many events, each of which asks for all of a subscription, have it audited now and once more", async () => {
  const { app, world } = anApp();
  const putBack: number[] = [];
  const said: string[] = [];
  const talking: App = {
    ...app,
    changes: { put: async (_message, delaySeconds = 0) => void putBack.push(delaySeconds) },
    log: (text) => void said.push(text),
  };
  world.estate = estateOf("open");
  const saying = (what: string) => said.filter((text) => text.includes(what)).length;
  const tell = async (id: string, at?: number) => {
    said.length = 0;
    const { resources, ...more } = aChange([id], { isRepeated: false });
    const timed = resources.map((one) => ({ ...one, at }));
    for (let count = 0; count < 10; count += 1) await auditChanges(talking, { ...more, resources: timed });
  };
  const subscription = `subscription \`${subscriptionId}\``;
  await tell(accountId("st-a"));
  expect(saying(`auditing ${subscription}`), "nobody has audited it yet").toBe(1);
  await tell(`/subscriptions/${subscriptionId}`);
  expect(saying(`auditing ${subscription}`), "groups in it are deleted").toBe(0);
  expect(saying(`${subscription} was read just now, and will be once more`)).toBe(10);
  await tell(`/subscriptions/${subscriptionId}`, app.now().getTime() - 2 * listMargin);
  expect(saying(`${subscription} was read since`), "they were deleted long ago").toBe(10);
  expect(putBack.filter((seconds) => seconds > 60)).toEqual([listMargin / 1000]);
});

test("a reader is told what it is for, and whether there will be another try", async () => {
  const { app, world } = anApp();
  world.estate = estateOf("open");
  const told: unknown[] = [];
  const asking: App = {
    ...app,
    readerFor(id, reading) {
      told.push(reading);
      return app.readerFor(id, reading);
    },
  };
  await auditSubscription(asking, { runId: "r", subscriptionId, isLastDelivery: true });
  await auditChanges(asking, aChange([accountId("st-a")]));
  expect(told).toEqual([
    { purpose: "scheduled", isLastTry: true },
    { purpose: "change", isLastTry: false },
  ]);
});

test("a reader that gives up fails the audit: nothing is committed, and the failure is kept", async () => {
  const { app, audit, store } = anApp();
  await audit(estateOf("open"));
  const before = await store.read(subscriptionId);
  const reader = {
    // biome-ignore lint/correctness/useYield: it fails before it brings anything
    async *readAll() {
      throw new Error("the connection was cut");
    },
    async *read() {},
  };
  await expect(audit(estateOf("closed"), true, { ...app, readerFor: () => reader })).rejects.toThrow("was cut");
  expect(await store.read(subscriptionId)).toEqual(before);
  expect((await store.health())[0]?.failure).toMatchObject({ runId: "run-2", message: "the connection was cut" });
});

test("a subscription that can no longer be reached leaves its findings undetermined, not resolved", async () => {
  const { app, audit, received } = anApp();
  await audit(estateOf("open"));
  const because = "the subscription is disabled";
  const reader = {
    async *readAll() {
      const unreadable = { kind: "unreadable", why: "outOfScope", because } as const;
      yield [{ kind: "unreadable", id: idOf(accountId("st-a")), unreadable } as const];
      yield [{ kind: "end", because: "was not read" } as const];
    },
    async *read() {},
  };
  await audit(estateOf("open"), false, { ...app, readerFor: async () => reader });
  const events = received.ofFinding(findingIdOf("st-a"));
  expect(events.map(named)).toEqual(["opened fail", "changed undetermined"]);
  expect(events[1]?.data.because).toEqual([because]);
});

test("however many gaps there are, the news of an audit fits into a queue message and says how many", async () => {
  const { app, received } = anApp();
  const reader = {
    async *readAll() {
      yield Array.from({ length: 500 }, (_, index) => ({
        ...{ kind: "problem", where: `file ${index}` },
        message: "\u0001".repeat(300),
      })) as Reading[];
      yield [{ kind: "end", because: "is not there" } as const];
    },
    async *read() {},
  };
  await auditSubscription({ ...app, readerFor: () => reader }, { runId: "r", subscriptionId, isLastDelivery: false });
  const [event] = received.completed();
  expect(JSON.stringify(event).length).toBeLessThan(40_960);
  expect(event?.data).toMatchObject({ counts: { gaps: 500 } });
  expect(Object(event?.data).gaps.length).toBeGreaterThan(10);
});

/** Lists no account and answers for each account by its id, as Azure does where a list does not tell. */
function readerById(now: () => Estate, onReading: () => Promise<void> = async () => {}): Reader {
  return {
    async *readAll() {
      await onReading();
      yield readingsIn(noPerimeter);
    },
    async *read(key) {
      if (key.kind === "resource") yield readingsOf(now()).filter((reading) => idIn(reading) === key.id.key);
    },
  };
}

function idIn(reading: Reading): string | undefined {
  if (reading.kind === "resource") return String(Object(reading.body).id).toLowerCase();
  return "id" in reading ? reading.id.key : undefined;
}

test.each([
  { now: "open", want: ["opened fail"] },
  { now: "bare", want: ["opened fail", "changed fail"] },
  { now: "closed", want: ["opened fail", "resolved fixed"] },
  { now: "gone", want: ["opened fail", "resolved deleted"] },
  { now: "refused", want: ["opened fail", "changed undetermined"] },
] as const)("a remembered subject that no list tells of is read by its id: $now", async ({ now, want }) => {
  const { app, audit, received, world } = anApp();
  await audit(estateOf("open"));
  const reader = readerById(() => world.estate);
  await audit(estateOf(now), false, { ...app, readerFor: () => reader });
  expect(received.ofFinding(findingIdOf("st-a")).map(named)).toEqual(want);
});

test("a finding that an audit side by side committed is not resolved unseen: its subject is looked at first", async () => {
  const { app, store, received, world } = anApp();
  const other = anApp();
  await other.audit({ accounts: { "st-b": "open" } });
  const entry = (await other.store.find(subscriptionId, findingIdOf("st-b")))?.entry;
  if (entry === undefined) throw new Error("the other audit found nothing");
  const ticket = await store.takeTicket(subscriptionId, "whole");
  let readings = 0;
  world.estate = { accounts: { "st-b": "open" } };
  const reader = readerById(
    () => world.estate,
    async () => {
      readings += 1;
      if (readings > 1) return;
      const { head, marks } = await store.read(subscriptionId);
      const completion = { auditedAt: entry.seenAt };
      await store.commit(subscriptionId, {
        ...{ head, marks, ticket, completion },
        entries: [{ entry, etag: undefined }],
      });
    },
  );
  await auditSubscription({ ...app, readerFor: () => reader }, { runId: "r", subscriptionId, isLastDelivery: false });
  expect(readings).toBe(2);
  expect(received.ofFinding(findingIdOf("st-b"))).toEqual([]);
  expect((await store.find(subscriptionId, findingIdOf("st-b")))?.entry.state).toBe("open");
});

test("the home of the sites decides about them, and nobody else; a site that the policy no longer names is out of scope", async () => {
  const { app, received, world } = anApp();
  world.estate = estateOf("closed");
  const natAddresses = readSet("198.51.100.0/24");
  const site = { name: "porto", natAddresses, connection: "microsoftPeering", needs: [] } as const;
  const withSites = (sites: readonly Site[], homeOfSites: string | undefined): App => ({
    ...app,
    homeOfSites,
    expectations: { policy: policyWith({ sites }), rules: [natAddressUnverifiable] },
  });
  const audit = (as: App, runId: string) => auditSubscription(as, { runId, subscriptionId, isLastDelivery: false });
  await audit(withSites([site], undefined), "r1");
  expect(received.ofFinding("NI502:site:porto")).toEqual([]);
  await audit(withSites([site], subscriptionId), "r2");
  await audit(withSites([], "another"), "r3");
  expect(received.ofFinding("NI502:site:porto")).toHaveLength(1);
  await audit(withSites([], subscriptionId), "r4");
  expect(received.ofFinding("NI502:site:porto").map(named)).toEqual([
    expect.stringContaining("opened"),
    "resolved out of scope",
  ]);
});
