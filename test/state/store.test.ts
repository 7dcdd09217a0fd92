import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CompletedAudit } from "../../lib/model/finding-event.ts";
import type { LedgerEntry } from "../../lib/model/ledger.ts";
import { auditCompletedEvent, findingEvent } from "../../lib/pipeline/outgoing-event.ts";
import { azureTable } from "../../lib/state/azure-table.ts";
import { hashOf } from "../../lib/state/hash.ts";
import type { Completion, NewEntry, Store } from "../../lib/state/store.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { storageId, subscription } from "../support/builders.ts";
import { memoryTable } from "../support/memory-table.ts";

let azurite: Azurite;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.stop());

function newAzureTable() {
  tables += 1;
  return azureTable({ kind: "connectionString", connectionString: azurite.connectionString }, `stores${tables}`);
}

const ledger = subscription.slice("/subscriptions/".length);
const at = "2026-11-26T09:00:00.000Z";
const completion: Completion = { auditedAt: at };

function anEntry(id: string, evidence: LedgerEntry["finding"]["evidence"] = [], services = [storageId]): LedgerEntry {
  const line = {
    id,
    rule: "NI101",
    severity: "high",
    status: "fail",
    resource: storageId,
    services,
    state: "open",
    digest: "d",
    sequence: 1,
    lastChange: "opened",
    firstSeenAt: at,
    seenAt: at,
  } as const;
  const words = { name: "n", title: "t", assumptions: [], remedy: "r", link: "" };
  const { rule, severity, status, resource } = line;
  return { ...line, finding: { id, rule, severity, status, resource, services, evidence, ...words } };
}

function told(entry: LedgerEntry, etag?: string): NewEntry {
  const { finding, sequence } = entry;
  const event = findingEvent({ kind: "opened", finding, sequence, ledger, at, reportUrl: undefined });
  return { entry, etag, event };
}

async function commit(store: Store, entries: readonly NewEntry[], more: Partial<Completion> = {}) {
  const { head, marks } = await store.read(ledger);
  const ticket = await store.takeTicket(ledger, "whole");
  return await store.commit(ledger, { head, marks, ticket, entries, completion: { ...completion, ...more } });
}

function aRun(runId: string, completedAt = at): Partial<Completion> {
  const counts = { resources: 0, subjects: 0, undetermined: 0, waived: 0, gaps: 0, opened: 0, changed: 0, resolved: 0 };
  const completed: CompletedAudit = {
    ...{ runId, subscriptionId: ledger, startedAt: at, completedAt, gaps: ["😀".repeat(20_000)] },
    counts: { ...counts, open: { high: 0, medium: 0, low: 0, info: 0 } },
  };
  return { run: { completed, event: auditCompletedEvent({ ...completed, gaps: [] }) } };
}

describe.each([
  { name: "memory", newStore: () => tableStore(memoryTable()) },
  { name: "Azure Table storage", newStore: () => tableStore(newAzureTable()) },
])("the store in $name", ({ newStore }) => {
  test("gives tickets that rise, also to those who ask at once", async () => {
    const store = newStore();
    const tickets = await Promise.all([1, 2, 3, 4].map(() => store.takeTicket(ledger, "whole")));
    expect([...tickets].sort()).toEqual([1, 2, 3, 4]);
    expect(await store.takeTicket(ledger, "whole")).toBe(5);
    expect(await store.takeTicket("other", "whole")).toBe(1);
  });

  test("gives back what was committed, and tells of each event until it is cleared", async () => {
    const store = newStore();
    expect(await store.read(ledger)).toMatchObject({
      head: { etag: undefined, ticket: 0 },
      lines: [],
      hasUnsent: false,
    });
    const [a, b] = [anEntry("NI101:é😀/\\#?"), anEntry("b")];
    const committed = await commit(store, [told(a), { entry: b, etag: undefined }], aRun("run 1/#"));
    expect(committed).toMatchObject({ head: { ticket: 1, completedTicket: 1, auditedAt: at }, rest: [] });
    const { lines, hasUnsent, head } = await store.read(ledger);
    expect(committed).toMatchObject({ head });
    const { finding: _, ...line } = a;
    expect(lines.map((kept) => kept.line)).toContainEqual(line);
    expect(hasUnsent).toBe(true);
    expect((await store.find(ledger, a.id))?.entry).toEqual(a);
    const unsent = await store.unsent(ledger);
    const bySequence = (all: typeof unsent) => all.toSorted((one, other) => (one.row < other.row ? -1 : 1));
    expect(committed === "conflict" ? [] : bySequence(committed.unsent)).toEqual(bySequence(unsent));
    expect(unsent.map(({ event }) => event)).toContainEqual(told(a).event);
    await store.clear(ledger, unsent);
    expect(await store.unsent(ledger)).toEqual([]);
    expect((await store.read(ledger)).hasUnsent).toBe(false);
    expect((await store.find(ledger, a.id))?.entry).toEqual(a);
  });

  test("refuses a commit to a ledger, or of a finding, that changed since it was read", async () => {
    const store = newStore();
    const { head: old, marks } = await store.read(ledger);
    await commit(store, [told(anEntry("a"))]);
    const stale = { head: old, marks, ticket: 9, entries: [], completion };
    expect(await store.commit(ledger, stale)).toBe("conflict");
    const { head, marks: marksNow } = await store.read(ledger);
    const known = await store.find(ledger, "a");
    await store.clear(ledger, await store.unsent(ledger));
    const entries = [told(anEntry("b")), told(anEntry("a"), known?.etag)];
    expect(await store.commit(ledger, { head, marks: marksNow, ticket: 9, entries, completion })).toBe("conflict");
    expect(await store.find(ledger, "b")).toBeUndefined();
    expect(await commit(store, [told(anEntry("a"))])).toBe("conflict");
  });

  test("clears what it can where some of it changed since", async () => {
    const store = newStore();
    await commit(store, [told(anEntry("a")), told(anEntry("b"))]);
    const unsent = await store.unsent(ledger);
    await commit(store, [{ entry: anEntry("a"), etag: (await store.find(ledger, "a"))?.etag }]);
    await commit(store, [told({ ...anEntry("a"), sequence: 2 }, (await store.find(ledger, "a"))?.etag)]);
    await store.clear(ledger, unsent);
    expect((await store.unsent(ledger)).map(({ event }) => event.data)).toMatchObject([
      { findingId: "a", sequence: 2 },
    ]);
  });

  test("takes as many as fit into one write, and is complete only with the last of them", async () => {
    const store = newStore();
    const many = Array.from({ length: 150 }, (_, index) => told(anEntry(`NI101:f#${index}`)));
    const first = await commit(store, many, aRun("r"));
    if (first === "conflict") throw new Error("nobody else is there");
    expect(first).toMatchObject({ head: { ticket: 1, completedTicket: 0, auditedAt: undefined } });
    expect(first.rest).toHaveLength(53);
    expect(await store.completedRun(ledger, "r")).toBeUndefined();
    const next = {
      head: first.head,
      marks: first.marks,
      ticket: 1,
      entries: first.rest,
      completion: { auditedAt: at, ...aRun("r") },
    };
    expect(await store.commit(ledger, next)).toMatchObject({ rest: [], head: { completedTicket: 1 } });
    expect(await store.completedRun(ledger, "r")).toEqual(aRun("r").run?.completed);
    expect((await store.read(ledger)).lines).toHaveLength(150);
  });

  test("holds findings of any size: a large one is kept as far as a row can hold it, and says what is left out", async () => {
    const store = newStore();
    const evidence = Array.from({ length: 3000 }, (_, index) => ({
      ...{ resource: storageId, pointer: `/${index}` },
      value: `"\u0000${"é😀".repeat(40)}`,
    }));
    const services = Array.from({ length: 4000 }, (_, index) => `${storageId}${index}`);
    const large = Array.from({ length: 12 }, (_, index) => told(anEntry(`large${index}`, evidence, services)));
    let rest: readonly NewEntry[] = large;
    let rounds = 0;
    for (; rest.length > 0; rounds += 1) {
      const committed = await commit(store, rest);
      if (committed === "conflict") throw new Error("nobody else is there");
      ({ rest } = committed);
    }
    expect(rounds).toBeGreaterThan(1);
    const entry = (await store.find(ledger, "large7"))?.entry;
    expect(entry?.finding.evidence.length).toBeGreaterThan(100);
    expect(entry?.finding.evidence[5]).toEqual(evidence[5]);
    expect(entry?.omitted).toMatchObject({ evidence: 3000 - (entry?.finding.evidence.length ?? 0), texts: false });
    expect(entry?.services).toEqual(entry?.finding.services);
  });

  test("keeps what is told besides while it fits, and says so where it does not", async () => {
    const store = newStore();
    const at = "2026-11-25T10:00:00.000Z";
    const flow = (texts: readonly string[]) => ({
      at,
      witness: { ...{ source: "1.0.0.0", protocol: "TCP", port: 443, steps: [] }, assumptions: texts },
    });
    const small = { ...anEntry("small"), explanation: flow(["so"]) };
    const large = { ...anEntry("large"), explanation: flow(Array.from({ length: 9000 }, () => "x".repeat(40))) };
    await commit(store, [told(small), told(large)]);
    expect((await store.find(ledger, "small"))?.entry).toEqual(small);
    const kept = (await store.find(ledger, "large"))?.entry;
    expect(kept?.explanation).toEqual({ at });
    expect(kept?.omitted).toMatchObject({ witness: true, evidence: 0 });
    expect(kept?.finding).toEqual(large.finding);
  });

  test("forgets old runs whose news was sent, and no others", async () => {
    const store = newStore();
    await commit(store, [], aRun("sent", "2026-11-01T00:00:00.000Z"));
    await store.clear(ledger, await store.unsent(ledger));
    await commit(store, [], aRun("unsent", "2026-11-01T00:00:00.000Z"));
    await commit(store, [], aRun("new", "2026-11-25T00:00:00.000Z"));
    await store.forgetRuns(ledger, "2026-11-18T00:00:00.000Z");
    const known = await Promise.all(["sent", "unsent", "new"].map((run) => store.completedRun(ledger, run)));
    expect(known.map((run) => run !== undefined)).toEqual([false, true, true]);
  });

  test("forgets findings and marks that are as they were read, and remembers how far sequences went", async () => {
    const store = newStore();
    await commit(store, [
      { entry: { ...anEntry("NI101:a"), sequence: 7 }, etag: undefined },
      { entry: { ...anEntry("NI101:b"), sequence: 9 }, etag: undefined },
      { entry: anEntry("NI101:c"), etag: undefined },
    ]);
    const { lines, marks } = await store.read(ledger);
    expect(marks.size).toBe(3);
    await commit(store, [{ entry: anEntry("NI101:b"), etag: (await store.find(ledger, "NI101:b"))?.etag }]);
    expect(await store.forgottenSequence(ledger)).toBe(0);
    const forgotten = { lines: lines.filter(({ line }) => line.id !== "NI101:c"), marks };
    await Promise.all([store.forget(ledger, forgotten), store.forget(ledger, forgotten)]);
    const after = await store.read(ledger);
    expect(after.lines.map(({ line }) => line.id).sort()).toEqual(["NI101:b", "NI101:c"]);
    expect([...after.marks.keys()]).toEqual([hashOf("b")]);
    expect(await store.forgottenSequence(ledger)).toBe(9);
    await store.forget(ledger, { lines: lines.filter(({ line }) => line.id === "NI101:c"), marks: new Map() });
    expect(await store.forgottenSequence(ledger)).toBe(9);
    expect(await store.forgottenSequence("other")).toBe(0);
  });

  test("keeps the health of each subscription, and the later of two audits", async () => {
    const store = newStore();
    const late = aRun("late").run?.completed;
    const early = aRun("early").run?.completed;
    if (late === undefined || early === undefined) throw new Error("no run");
    await Promise.all(["s2", "s1"].map((id) => store.recordHealth(id, { completed: late, auditedAt: "2026-11-26" })));
    await store.recordHealth("s1", {
      ...{ completed: { ...early, startedAt: "2026-11-20T00:00:00.000Z" }, auditedAt: "2026-11-20" },
      failure: { at, message: "429" },
    });
    expect(await store.health()).toEqual([
      {
        subscriptionId: "s1",
        isInScope: true,
        completed: late,
        auditedAt: "2026-11-26",
        failure: { at, message: "429" },
      },
      { subscriptionId: "s2", isInScope: true, completed: late, auditedAt: "2026-11-26" },
    ]);
  });
});

test("of hundreds of audits that begin at once, each gets a ticket of its own", async () => {
  const store = tableStore(memoryTable());
  const tickets = await Promise.all(Array.from({ length: 200 }, () => store.takeTicket("ledger", "part")));
  expect(new Set(tickets).size).toBe(200);
});
