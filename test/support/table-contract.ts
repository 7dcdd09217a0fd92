import { expect, test } from "vitest";
import type { Row, Table, Values } from "../../lib/state/table.ts";
import { limits } from "../../lib/state/table-limits.ts";

/** What every table keeps; each test gets one that is empty. */
export function describeTable(empty: () => Table): void {
  const rowsOf = async (table: Table, query: Parameters<Table["list"]>[0]) => {
    const rows: Row[] = [];
    for await (const row of table.list(query)) rows.push(row);
    return rows;
  };
  const insert = (row: string, values: Values = {}) => ({ kind: "insert", row, values }) as const;
  const etagOf = async (table: Table, row: string) => (await table.get("p", row))?.etag ?? "";

  test("a row comes back as it was written, whatever its texts hold", async () => {
    const table = empty();
    const values = { text: "é 😀 ' \u0000 \\ \"", time: "2026-11-20T09:30:00.000Z", empty: "", count: 3, is: false };
    const etags = await table.write("p", [insert("r", values)]);
    expect(await table.get("p", "r")).toEqual({ row: "r", etag: etags[0], values });
    expect(await table.get("p", "s")).toBeUndefined();
    expect(await table.get("q", "r")).toBeUndefined();
  });

  test("a row is inserted once", async () => {
    const table = empty();
    await table.write("p", [insert("r", { a: 1 })]);
    expect(await table.write("p", [insert("r", { a: 2 })])).toBe("conflict");
    expect((await table.get("p", "r"))?.values).toEqual({ a: 1 });
  });

  test("to replace leaves nothing of what was, to merge leaves what is not named", async () => {
    const table = empty();
    await table.write("p", [insert("r", { a: 1, b: "x" })]);
    const replaced = { kind: "replace", row: "r", etag: await etagOf(table, "r"), values: { a: 2, c: true } } as const;
    await table.write("p", [replaced]);
    expect((await table.get("p", "r"))?.values).toEqual({ a: 2, c: true });
    const merged = { kind: "merge", row: "r", etag: await etagOf(table, "r"), values: { c: false } } as const;
    const etags = await table.write("p", [merged]);
    expect(await table.get("p", "r")).toMatchObject({ etag: etags[0], values: { a: 2, c: false } });
  });

  test.each(["replace", "merge"] as const)("to %s is refused where the row changed since, or is gone", async (kind) => {
    const table = empty();
    await table.write("p", [insert("r", { a: 1 }), insert("gone")]);
    const [etag, etagOfGone] = [await etagOf(table, "r"), await etagOf(table, "gone")];
    await table.write("p", [
      { kind: "merge", row: "r", etag, values: { a: 2 } },
      { kind: "remove", row: "gone" },
    ]);
    expect(await table.write("p", [{ kind, row: "r", etag, values: { a: 3 } }])).toBe("conflict");
    expect(await table.write("p", [{ kind, row: "gone", etag: etagOfGone, values: {} }])).toBe("conflict");
    expect((await table.get("p", "r"))?.values).toEqual({ a: 2 });
  });

  test("a row is removed as it was read, and not where it changed since, or is gone", async () => {
    const table = empty();
    await table.write("p", [insert("r", { a: 1 }), insert("s")]);
    const old = await etagOf(table, "r");
    await table.write("p", [{ kind: "merge", row: "r", etag: old, values: { a: 2 } }]);
    expect(await table.remove("p", "r", old)).toBe(false);
    expect((await table.get("p", "r"))?.values).toEqual({ a: 2 });
    const etag = await etagOf(table, "r");
    expect(await table.remove("p", "r", etag)).toBe(true);
    expect(await table.remove("p", "r", etag)).toBe(false);
    expect((await rowsOf(table, { partition: "p" })).map(({ row }) => row)).toEqual(["s"]);
  });

  test("all of a write is done or nothing of it", async () => {
    const table = empty();
    await table.write("p", [insert("r", { a: 1 }), insert("s")]);
    const etag = await etagOf(table, "r");
    const writes = [
      insert("new"),
      { kind: "replace", row: "r", etag, values: { a: 2 } },
      { kind: "remove", row: "s" },
    ] as const;
    expect(await table.write("p", [...writes, insert("t"), { kind: "remove", row: "never" }])).toBe("conflict");
    expect((await rowsOf(table, { partition: "p" })).map(({ row }) => row)).toEqual(["r", "s"]);
    const etags = await table.write("p", writes);
    expect(etags).toEqual([await etagOf(table, "new"), await etagOf(table, "r"), ""]);
    expect((await rowsOf(table, { partition: "p" })).map(({ row }) => row)).toEqual(["new", "r"]);
  });

  test("a list is of one partition, in the order of the rows, by prefix, by values, with the values asked for", async () => {
    const table = empty();
    await table.write("p", [
      insert("finding-b", { state: "open", is: true, text: "x".repeat(100) }),
      insert("finding-a", { state: "open", is: false }),
      insert("finding-", { state: "it's", is: false }),
      insert("findings", { state: "open" }),
      insert("head"),
    ]);
    await table.write("q", [insert("finding-c", { state: "open" })]);
    const listed = async (query: Omit<Parameters<Table["list"]>[0], "partition">) =>
      (await rowsOf(table, { partition: "p", ...query })).map(({ row, values }) => [row, ...Object.keys(values)]);
    const prefix = "finding-";
    expect(await listed({ prefix, select: ["state"] })).toEqual([
      ["finding-", "state"],
      ["finding-a", "state"],
      ["finding-b", "state"],
    ]);
    expect(await listed({ prefix, where: { is: false, state: "it's" }, select: ["is", "none"] })).toEqual([
      ["finding-", "is"],
    ]);
    expect(await listed({ where: { is: true }, select: ["state"] })).toEqual([["finding-b", "state"]]);
    expect(await rowsOf(table, { partition: "none" })).toEqual([]);
  });

  test("a row holds as much as it may", async () => {
    const table = empty();
    const values = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`t${index}`, "é".repeat(limits.text)]));
    await table.write("p", [insert("r", values)]);
    expect((await table.get("p", "r"))?.values).toEqual(values);
    await expect(
      table.write("p", [insert("s", { ...values, more: "x".repeat(limits.text), last: "x".repeat(limits.text) })]),
    ).rejects.toThrow();
    await expect(table.write("p", [insert("t", { text: "x".repeat(limits.text + 1) })])).rejects.toThrow();
  });

  test("a write holds as many rows as it may, and not one more", async () => {
    const table = empty();
    const rows = (count: number) => Array.from({ length: count }, (_, index) => insert(`r${index}`, { text: "x" }));
    await expect(table.write("p", rows(limits.writes + 1))).rejects.toThrow();
    expect(await table.write("p", rows(limits.writes))).toHaveLength(limits.writes);
    expect(await rowsOf(table, { partition: "p" })).toHaveLength(limits.writes);
  });

  test.each(["a/b", "a\\b", "a#b", "a?b", "a\u0001b", "x".repeat(513)])("%j is no key", async (key) => {
    const table = empty();
    await expect(table.write(key, [insert("r")])).rejects.toThrow("cannot be a key");
    await expect(table.write("p", [insert(key)])).rejects.toThrow("cannot be a key");
  });
}
