import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BodyRecord } from "../../lib/model/body-record.ts";
import { azureTable } from "../../lib/state/azure-table.ts";
import type { LinksFound } from "../../lib/state/change-index.ts";
import { hashOf } from "../../lib/state/hash.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { group, subscription } from "../support/builders.ts";
import { memoryTable } from "../support/memory-table.ts";

let azurite: Azurite;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.stop());

function newAzureTable() {
  tables += 1;
  return azureTable({ kind: "connectionString", connectionString: azurite.connectionString }, `indexes${tables}`);
}

const own = subscription.slice("/subscriptions/".length);
const other = "00000000-0000-4000-8000-0000000000ff";

function keyOf(name: string, type = "networkSecurityGroups"): string {
  return `${group}/providers/Microsoft.Network/${type}/${name}`.toLowerCase();
}

function aRecord(key: string, print = "p", names: readonly string[] = []): BodyRecord {
  return { id: key, embeds: [], facts: [{ key, kind: "securityGroup", print, names }] };
}

function bodies(...records: readonly BodyRecord[]): ReadonlyMap<string, BodyRecord> {
  return new Map(records.map((record) => [record.id, record]));
}

function links(askers: Record<string, string[]>, namers: Record<string, string[]> = {}): LinksFound {
  const sets = (some: Record<string, string[]>) =>
    new Map(Object.entries(some).map(([to, ids]) => [to, new Set(ids)] as const));
  return { askers: sets(askers), namers: sets(namers) };
}

describe.each([
  { name: "memory", newTable: memoryTable },
  { name: "Azure Table storage", newTable: newAzureTable },
])("the index of changes in $name", ({ newTable }) => {
  test("gives back the record of a resource, and of what stands in it", async () => {
    const { records } = tableChangeIndex(newTable());
    const [server, rule, twin] = [keyOf("s", "servers"), keyOf("s/firewallrules/r", "servers"), keyOf("s2", "servers")];
    await records.put(bodies(aRecord(server), aRecord(rule), aRecord(twin)), 1);
    expect([...(await records.under(server)).keys()].sort()).toEqual([server, rule]);
    expect((await records.under(rule)).get(rule)).toEqual(aRecord(rule));
    await records.put(new Map([[rule, undefined]]), 2);
    expect([...(await records.under(server)).keys()]).toEqual([server]);
  });

  test("what an audit saw that began later stays, and so does what it saw to be gone", async () => {
    const { records } = tableChangeIndex(newTable());
    const [a, b, c] = [keyOf("a"), keyOf("b"), keyOf("c")];
    await records.put(bodies(aRecord(a, "new"), aRecord(c)), 5);
    await records.put(new Map([[b, undefined]]), 5);
    await records.put(bodies(aRecord(a, "old"), aRecord(b, "old")), 4);
    const seen = await records.replace(own, bodies(aRecord(a, "older"), aRecord(b, "older"), aRecord(c, "older")), 3);
    expect(seen).toEqual([]);
    const kept = await Promise.all([a, b, c].map(async (key) => (await records.under(key)).get(key)?.facts[0]?.print));
    expect(kept).toEqual(["new", undefined, "p"]);
  });

  test("notes what a subject rested on, but in records of audits that began later", async () => {
    const { records } = tableChangeIndex(newTable());
    const [a, b] = [keyOf("a"), keyOf("b")];
    await records.put(bodies(aRecord(a)), 3);
    await records.put(bodies(aRecord(b)), 5);
    await records.noteAsked(new Map([a, b].map((key) => [key, "asked"])), 4);
    const known = await records.facts([a, b]);
    expect([a, b].map((key) => known.get(key)?.asked)).toEqual(["asked", undefined]);
  });

  test("says what differs, and replaces it", async () => {
    const { records } = tableChangeIndex(newTable());
    const [a, b, c] = [keyOf("a"), keyOf("b"), keyOf("c")];
    expect(await records.differences(own, bodies(aRecord(a)))).toMatchObject({
      isNew: true,
      changes: [{ key: a, before: undefined, after: aRecord(a) }],
    });
    await records.replace(own, bodies(aRecord(a), aRecord(b)), 1);
    const found = bodies(aRecord(a, "other"), aRecord(c));
    const { isNew, changes } = await records.differences(own, found);
    expect(isNew).toBe(false);
    const inOrder = changes.toSorted((one, two) => (one.key < two.key ? -1 : 1));
    expect(inOrder).toEqual([
      { key: a, before: aRecord(a), after: aRecord(a, "other"), ticket: 1 },
      { key: b, before: aRecord(b), after: undefined, ticket: 1 },
      { key: c, before: undefined, after: aRecord(c), ticket: 0 },
    ]);
    expect(await records.replace(own, found, 2)).toHaveLength(3);
    expect(await records.differences(own, found)).toMatchObject({ isNew: false, changes: [] });
    expect(await records.replace(own, found, 3)).toEqual([]);
  });

  test("finds askers and namers whoever told of them, in whatever subscription", async () => {
    const index = tableChangeIndex(newTable()).links;
    const hub = keyOf("hub", "virtualNetworks");
    await index.replace(own, links({ [`resource ${hub}`]: ["a", "b"], "kind circuit": ["site:x"] }), 1);
    await index.replace(other, links({ [`resource ${hub}`]: ["c"] }, { [`network ${hub}`]: ["spoke"] }), 1);
    await index.add(other, links({ [`resource ${hub}`]: ["d"] }, { [`subnet ${hub}`]: ["other"] }), 2);
    expect([...(await index.askers([`resource ${hub}`]))].sort()).toEqual(["a", "b", "c", "d"]);
    expect([...(await index.askers([`resource ${keyOf("x")}`, "kind circuit"]))]).toEqual(["site:x"]);
    const namers = { network: new Set(["spoke"]), subnet: new Set(["other"]) };
    expect(Object.fromEntries(await index.namers(hub))).toEqual(namers);
  });

  test("adds links beside those that were added before under the same ticket", async () => {
    const index = tableChangeIndex(newTable()).links;
    const hubs = Array.from({ length: 8 }, (_, one) => `resource ${keyOf(`hub-${one}`, "virtualNetworks")}`);
    const [first = ""] = hubs;
    await index.add(own, links({ [first]: ["a"] }), 1);
    await index.add(own, links(Object.fromEntries(hubs.map((hub) => [hub, ["a"]]))), 1);
    for (const hub of hubs) expect([...(await index.askers([hub]))]).toEqual(["a"]);
  });

  test("an audit of the whole replaces what was added before it began, and keeps what was added since", async () => {
    const index = tableChangeIndex(newTable()).links;
    const hub = `resource ${keyOf("hub", "virtualNetworks")}`;
    await index.replace(own, links({ [hub]: ["gone"] }), 1);
    await index.add(own, links({ [hub]: ["before"] }), 2);
    await index.add(own, links({ [hub]: ["since"] }), 4);
    await index.add(own, links({ [hub]: ["since"] }), 4);
    await index.replace(own, links({ [hub]: ["found"] }), 3);
    expect([...(await index.askers([hub]))].sort()).toEqual(["found", "since"]);
    await index.replace(own, links({ [hub]: ["late"] }), 2);
    expect([...(await index.askers([hub]))].sort()).toEqual(["found", "since"]);
    await index.replace(own, links({}), 5);
    expect([...(await index.askers([hub]))]).toEqual([]);
  });

  test("an audit of the whole takes away what was added before it began where the owner had no links until then", async () => {
    const index = tableChangeIndex(newTable()).links;
    const dependency = `resource ${keyOf("a").replace(own, other)}`;
    await index.add(own, links({ [dependency]: ["/s1"] }), 1);
    expect([...(await index.askers([dependency]))]).toEqual(["/s1"]);
    await index.replace(own, links({}), 2);
    expect([...(await index.askers([dependency]))]).toEqual([]);
  });

  test("an audit of the whole that finds what is there drops what was added before it began", async () => {
    const index = tableChangeIndex(newTable()).links;
    const hub = `resource ${keyOf("hub", "virtualNetworks")}`;
    await index.replace(own, links({ [hub]: ["found"] }), 1);
    for (const ticket of [2, 4]) await index.add(own, links({ [hub]: [`added under ${ticket}`] }), ticket);
    await index.add(other, links({ [hub]: ["of others"] }), 2);
    await index.dropAdded(own, 3);
    expect([...(await index.askers([hub]))].sort()).toEqual(["added under 4", "found", "of others"]);
  });

  test("notes the highest ticket under which all was left behind, and which links that were", async () => {
    const index = tableChangeIndex(newTable()).links;
    expect(await index.settled(own)).toEqual({ ticket: 0 });
    await index.settle(own, { ticket: 2, print: "a" });
    await index.settle(own, { ticket: 1, print: "b" });
    expect(await index.settled(own)).toEqual({ ticket: 2, print: "a" });
    await index.settle(own, { ticket: 3 });
    expect(await index.settled(own)).toEqual({ ticket: 3 });
  });

  test("keeps a hub that 12,000 subjects depend on, and thousands of records in one bucket", async () => {
    const { links: index, records } = tableChangeIndex(newTable());
    const hub = keyOf("hub", "virtualNetworks");
    const subjects = Array.from({ length: 12_000 }, (_, one) => `${keyOf(`nsg-${one}`)}/x/${Math.sin(one)}`);
    await index.replace(own, links({ [`resource ${hub}`]: subjects }), 1);
    expect((await index.askers([`resource ${hub}`])).size).toBe(12_000);
    const children = Array.from({ length: 4_000 }, (_, one) => aRecord(`${hub}/subnets/s${one}`, `${Math.sin(one)}`));
    await records.replace(own, bodies(...children), 1);
    expect((await records.under(hub)).size).toBe(4_000);
  });

  test("keeps the record of a network with as many subnets as Azure allows, each with the longest name", async () => {
    const { records } = tableChangeIndex(newTable());
    const hub = keyOf("hub", "virtualNetworks");
    const nameOf = (at: number) =>
      [at, -at].map((one) => Buffer.from(hashOf(`${one}`), "hex").toString("base64url")).join("");
    const facts = Array.from({ length: 3_000 }, (_, at) => {
      const key = `${hub}/subnets/${nameOf(at + 1).slice(0, 80)}`;
      const [print, asked] = [hashOf(key).slice(0, 16), hashOf(`asked ${key}`).slice(0, 16)];
      return { key, kind: "subnet", print, names: [], asked } as const;
    });
    const record = { id: hub, embeds: [], facts };
    await records.replace(own, bodies(record), 1);
    expect((await records.under(hub)).get(hub)).toEqual(record);
  });

  test("of a subscription in which no list is known, keeps none", async () => {
    const { lists } = tableChangeIndex(newTable());
    await lists.put(own, new Map([["a/b", { kind: "complete" }]]), () => new Set());
    await lists.put(own, new Map(), () => new Set());
    expect(await lists.all()).toEqual(new Map());
  });

  test("of a subscription whose records are all gone, it is new again", async () => {
    const { records } = tableChangeIndex(newTable());
    await records.replace(own, bodies(aRecord(keyOf("a")), aRecord(keyOf("b"))), 1);
    expect(await records.replace(own, bodies(), 2)).toHaveLength(2);
    expect(await records.differences(own, bodies())).toMatchObject({ isNew: true, changes: [] });
    await records.replace(own, bodies(aRecord(keyOf("a"))), 3);
    expect((await records.under(keyOf("a"))).size).toBe(1);
  });

  test("keeps what is known of the lists of each subscription", async () => {
    const { lists } = tableChangeIndex(newTable());
    const refused = { kind: "unreadable", why: "refused", because: "403" } as const;
    await lists.put(own, new Map([["a/b", { kind: "complete" }]]), () => new Set());
    await lists.put(other, new Map([["a/b", refused]]), () => new Set());
    await lists.put(own, new Map([["a/c", { kind: "complete" }]]), () => new Set());
    expect(await lists.all()).toEqual(
      new Map([
        [own, new Map([["a/c", { kind: "complete" }]])],
        [other, new Map([["a/b", refused]])],
      ]),
    );
  });

  test("remembers of which lists others are not told yet, also where somebody finds more of them meanwhile", async () => {
    const { lists } = tableChangeIndex(newTable());
    const put = async (...touched: readonly string[]) => {
      return await lists.put(own, new Map([["a/b", { kind: "complete" }]]), () => new Set(touched));
    };
    const first = await put("a/b");
    const second = await put("a/c");
    expect([first.untold, second.untold]).toEqual([new Set(["a/b"]), new Set(["a/b", "a/c"])]);
    await lists.told(own, first.version);
    const third = await put();
    expect(third.untold).toEqual(second.untold);
    await lists.told(own, third.version);
    expect((await put()).untold).toEqual(new Set());
  });
});

/** Conditions on values are checked row by row, as in Azure. */
function countingRows(memory: Table) {
  let rows = 0;
  const table: Table = {
    ...memory,
    async *list({ where = {}, select: _, ...query }) {
      for await (const row of memory.list(query)) {
        rows += 1;
        if (Object.entries(where).every(([name, value]) => row.values[name] === value)) yield row;
      }
    },
  };
  return { table, rows: () => rows };
}

test("an audit of the whole does not go through what thousands of others have linked to a hub", async () => {
  const dependencies = ["hub-1", "hub-2"].map((name) => `resource ${keyOf(name)}`);
  const found = links(Object.fromEntries([...dependencies, "everywhere a/b"].map((to) => [to, ["subject"]])));
  const ownerOf = (at: number) => `00000000-0000-4000-8000-1${`${at}`.padStart(11, "0")}`;
  const rowsAmong = async (count: number) => {
    const { table, rows } = countingRows(memoryTable());
    const index = tableChangeIndex(table).links;
    for (let at = 0; at < count; at += 1) await index.replace(ownerOf(at), found, 1);
    const before = rows();
    await index.replace(ownerOf(1), found, 2);
    await index.dropAdded(ownerOf(1), 3);
    return rows() - before;
  };
  expect(await rowsAmong(200)).toBe(await rowsAmong(2));
});

/** A table in which somebody else comes between the reading of the rows of a partition and the writing of them. */
function interrupted(table: Table, partition: string, others: () => Promise<unknown>): Table {
  let isDone = false;
  return {
    ...table,
    async write(into, writes) {
      if (into === partition && !isDone) {
        isDone = true;
        await others();
      }
      return await table.write(into, writes);
    },
  };
}

describe("whoever empties a row does not take away what somebody else wrote into it meanwhile", () => {
  const [hub, nsg] = [keyOf("hub", "virtualNetworks"), keyOf("nsg")];

  test("links of an audit that began later", async () => {
    const table = memoryTable();
    const index = tableChangeIndex(table).links;
    await index.replace(own, links({ [`resource ${hub}`]: ["old"] }), 1);
    const later = () => index.replace(own, links({ [`resource ${hub}`]: ["new"] }), 3);
    const slow = tableChangeIndex(interrupted(table, `links-${own}`, later)).links;
    await slow.replace(own, links({}), 2);
    expect([...(await index.askers([`resource ${hub}`]))]).toEqual(["new"]);
  });

  test("records of an audit that began later", async () => {
    const table = memoryTable();
    const { records } = tableChangeIndex(table);
    await records.replace(own, bodies(aRecord(nsg, "old")), 1);
    const later = () => records.put(bodies(aRecord(nsg, "new")), 3);
    const slow = tableChangeIndex(interrupted(table, `records-${own}`, later)).records;
    await slow.replace(own, bodies(), 2);
    expect((await records.under(nsg)).get(nsg)?.facts[0]?.print).toBe("new");
  });
});

test("links stand where those of an earlier version stand; if not, `layout` in table-links.ts has to be raised", async () => {
  const table = memoryTable();
  const hub = keyOf("hub", "virtualNetworks");
  await tableChangeIndex(table).links.replace(
    own,
    links({ [`resource ${hub}`]: ["a"] }, { [`network ${hub}`]: ["b"] }),
    1,
  );
  const rows: unknown[] = [];
  for await (const { row, values } of table.list({ partition: `links-${own}` })) rows.push([row, values.digest]);
  expect(rows).toEqual([[`bb.${own}.all.0`, "b8ba460b688cf3fea1a26d63"]]);
});
