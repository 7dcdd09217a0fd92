import { expect, test } from "vitest";
import type { Table, Write } from "../../lib/state/table.ts";
import { writeEach } from "../../lib/state/write-rows.ts";
import { memoryTable } from "../support/memory-table.ts";

const rows = Array.from({ length: 250 }, (_, at) => `row-${at}`);

test.each([
  { when: "all are there", gone: [], writes: 3 },
  { when: "one is gone already", gone: ["row-7"], writes: 3 + 100 },
])("hundreds of rows are gone after a few writes, where $when", async ({ gone, writes }) => {
  const memory = memoryTable();
  let count = 0;
  const table: Table = {
    ...memory,
    async write(partition, asked) {
      count += 1;
      return await memory.write(partition, asked);
    },
  };
  const there = rows.filter((row) => !gone.includes(row));
  for (const row of there) await memory.write("p", [{ kind: "insert", row, values: {} }]);
  await writeEach(
    table,
    "p",
    rows.map((row): Write => ({ kind: "remove", row })),
  );
  for await (const { row } of memory.list({ partition: "p" })) expect.unreachable(`${row} is still there`);
  expect(count).toBe(writes);
});
