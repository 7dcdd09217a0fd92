import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ResourceId } from "../../lib/model/resource-id.ts";
import { azureTable } from "../../lib/state/azure-table.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { storageId, subscription } from "../support/builders.ts";
import { memoryTable } from "../support/memory-table.ts";

let azurite: Azurite;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.stop());

function newAzureTable(): Table {
  tables += 1;
  return azureTable({ kind: "connectionString", connectionString: azurite.connectionString }, `readings${tables}`);
}

const account = idOf(storageId);
const other = idOf(`${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${"é#?".repeat(1000)}`);
const at = Date.parse("2026-11-20T09:30:00.123Z");
const trailing = { ticket: "t1", dueAt: at + 5_001, latestAt: at - 1 };

function started(time: number, by = "b1") {
  return { at: time, by };
}

function idOf(text: string): ResourceId {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new Error(`${text} is no id`);
  return id;
}

describe.each([
  { name: "memory", newTable: memoryTable },
  { name: "Azure Table storage", newTable: newAzureTable },
])("the log of readings in $name", ({ newTable }) => {
  const newLog = () => tableReadingLog(newTable());

  test("what is put comes back, to the millisecond, for any spelling of the id", async () => {
    const log = newLog();
    expect(await log.get(account)).toBeUndefined();
    expect(await log.put(account, { started: started(at), trailing }, undefined)).toBe(true);
    expect((await log.get(idOf(storageId.toUpperCase())))?.readings).toEqual({ started: started(at), trailing });
    expect(await log.get(other)).toBeUndefined();
    expect(await log.put(other, { started: started(at) }, undefined)).toBe(true);
    expect((await log.get(other))?.readings).toEqual({ started: started(at) });
  });

  test("nothing is left of what was put before", async () => {
    const log = newLog();
    await log.put(account, { started: started(at), trailing }, undefined);
    expect(await log.put(account, { started: started(at + 1) }, await log.get(account))).toBe(true);
    expect((await log.get(account))?.readings).toEqual({ started: started(at + 1) });
  });

  test("of two who read the same entry, or none, one writes", async () => {
    const log = newLog();
    expect(await log.put(account, { started: started(at) }, undefined)).toBe(true);
    expect(await log.put(account, { started: started(at + 1) }, undefined)).toBe(false);
    const before = await log.get(account);
    const both = [2, 3].map((more) => log.put(account, { started: started(at + more) }, before));
    expect((await Promise.all(both)).sort()).toEqual([false, true]);
  });

  test("old entries of a subscription are forgotten, and one that goes meanwhile is written anew", async () => {
    const log = newLog();
    await log.put(account, { started: started(at), trailing }, undefined);
    await log.put(other, { started: started(at + 1) }, undefined);
    const before = await log.get(account);
    await log.forget("00000000-0000-4000-8000-00000000ffff", at + 9);
    expect(await log.get(account)).toBeDefined();
    await log.forget(account.subscription, at + 1);
    expect(await log.get(account)).toBeUndefined();
    expect(await log.get(other)).toBeDefined();
    expect(await log.put(account, { started: started(at) }, before)).toBe(false);
    expect(await log.put(account, { started: started(at) }, undefined)).toBe(true);
  });

  test("who was read since a time is told of one subscription", async () => {
    const log = newLog();
    await log.put(account, { started: started(at) }, undefined);
    await log.put(other, { started: started(at + 1), trailing }, undefined);
    const told = async (since: number) => [account, other].map(await log.since(account.subscription, since));
    expect(await told(at)).toEqual([true, true]);
    expect(await told(at + 1)).toEqual([false, true]);
    expect(await told(at + 2)).toEqual([false, false]);
    expect((await log.since("00000000-0000-4000-8000-00000000ffff", at))(account)).toBe(false);
  });

  test("others may use the same table", async () => {
    const table = newTable();
    await table.write(account.subscription, [{ kind: "insert", row: "head", values: { startedAt: "x" } }]);
    const log = tableReadingLog(table);
    await log.put(account, { started: started(at) }, undefined);
    await log.forget(account.subscription, at + 1);
    expect(await table.get(account.subscription, "head")).toBeDefined();
  });
});
