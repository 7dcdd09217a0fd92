import { beforeEach, describe, expect, test } from "vitest";
import { auditNoting } from "../../lib/audit.ts";
import { SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { type Leaving, leaveBehind } from "../../lib/pipeline/whole-index.ts";
import type { Reader, Reading } from "../../lib/readers/reader.ts";
import { Session } from "../../lib/session.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { aStorageAccount, complete, group, noPerimeter, refusedList, subscription } from "../support/builders.ts";
import { accountId, appOf, subscriptionId } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";

const account = accountId("st-a");

function subnetId(name: string): string {
  return `${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/${name}`;
}

/** Nothing but whether accounts were listed to the end. */
function readerOfNone(list: Reading): Reader {
  return {
    async *readAll() {
      yield [list, noPerimeter];
      yield [{ kind: "end", because: "is not there" }];
    },
    async *read() {},
  };
}

/** One account whose firewall admits one subnet. */
function readerOf(subnet: string): Reader {
  const virtualNetworkRules = [{ id: subnetId(subnet), action: "Allow" }];
  const body = aStorageAccount(
    { networkAcls: { defaultAction: "Deny", virtualNetworkRules } },
    { id: account, name: "st-a" },
  );
  return {
    async *readAll() {
      yield [{ kind: "resource", where: "test", body }, noPerimeter];
      yield [{ kind: "end", because: "is not there" }];
    },
    async *read() {},
  };
}

let app: App;
/** The kinds of all writes into links. */
let linkWrites: string[];

beforeEach(() => {
  const memory = memoryTable();
  linkWrites = [];
  const table: Table = {
    ...memory,
    async write(partition, writes) {
      if (partition.startsWith("links-")) linkWrites.push(...writes.map(({ kind }) => kind));
      return await memory.write(partition, writes);
    },
  };
  const nobody = () => ({ accounts: {} });
  app = appOf(tableStore(table), nobody, () => undefined, undefined, tableChangeIndex(table));
});

/** What a whole audit of the subscription leaves behind, up to where the ledger would be committed. */
async function leave(subnet: string | Reader, ticket: number, more: Partial<Leaving> = {}) {
  const reader = typeof subnet === "string" ? readerOf(subnet) : subnet;
  const session = new Session(undefined, new SnapshotBuilder(({ subscription }) => subscription !== subscriptionId));
  const found = await auditNoting(session, reader, { ...app.expectations, today: "2026-11-26" }, {});
  const tickets = new Map([[subscriptionId, ticket]]);
  const settled = {
    isClosed: false,
    isPartial: false,
    isFirst: ticket === 1,
    isAfterSettled: true,
    readAt: "2026-11-26T09:00:00.000Z",
  };
  return await leaveBehind(app, { subscriptionId, found, tickets, ...settled, ...more });
}

async function linkedTo(subnet: string) {
  const { links } = app.index;
  const key = subnetId(subnet).toLowerCase();
  const namers = [...(await links.namers(key)).values()].flatMap((ids) => [...ids]);
  return { askers: [...(await links.askers([`resource ${key}`]))], namers };
}

describe("what an audit of the whole leaves of links", () => {
  const linked = { askers: [account], namers: [account] };
  const unlinked = { askers: [], namers: [] };

  test("is what it found, and nothing is written where that is as it was", async () => {
    await (await leave("a", 1)).finish();
    expect(await linkedTo("a")).toEqual(linked);
    linkWrites = [];
    await (await leave("a", 2)).finish();
    expect(linkWrites).toEqual([]);
    await (await leave("b", 3)).finish();
    expect([await linkedTo("a"), await linkedTo("b")]).toEqual([unlinked, linked]);
  });

  test("is without what audits after changes added in between, and no more than that is written", async () => {
    await (await leave("a", 1)).finish();
    const added = new Map([[`resource ${subnetId("b").toLowerCase()}`, new Set([account])]]);
    await app.index.links.add(subscriptionId, { askers: added, namers: new Map() }, 2);
    linkWrites = [];
    await (await leave("a", 3)).finish();
    expect([await linkedTo("a"), await linkedTo("b")]).toEqual([linked, unlinked]);
    expect(linkWrites).toEqual(["remove"]);
  });

  test("is all of it, where the one before replaced links and did not come to its end", async () => {
    await (await leave("a", 1)).finish();
    await leave("b", 2); // and killed
    await (await leave("a", 3, { isAfterSettled: false })).finish();
    expect([await linkedTo("a"), await linkedTo("b")]).toEqual([linked, unlinked]);
  });

  test("is with what was known before, where something could not be read for now", async () => {
    await (await leave("a", 1)).finish();
    await (await leave("b", 2, { isPartial: true })).finish();
    expect([await linkedTo("a"), await linkedTo("b")]).toEqual([linked, linked]);
    await (await leave("a", 3)).finish();
    expect([await linkedTo("a"), await linkedTo("b")]).toEqual([linked, unlinked]);
  });
});

describe("what an audit of the whole leaves of a resource that it did not find", () => {
  const type = "Microsoft.Storage/storageAccounts";
  const [whole, refused] = [complete(subscription, type), refusedList(subscription, type)];

  test.each([
    { when: "the list that should hold it could not be read", list: refused, want: ["unreadable"] },
    { when: "it is not in a whole list", list: whole, want: [] },
  ])("is $want where $when", async ({ list, want }) => {
    await (await leave("a", 1)).finish();
    await (await leave(readerOfNone(list), 2)).finish();
    const known = await app.index.records.under(account.toLowerCase());
    expect([...known.values()].flatMap(({ facts }) => facts.map(({ print }) => print))).toEqual(want);
  });
});
