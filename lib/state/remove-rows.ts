import type { Table, Write } from "./table.ts";
import { limits } from "./table-limits.ts";

/** Removes rows of one partition; some may be gone already. */
export async function removeRows(table: Table, partition: string, rows: readonly string[]): Promise<void> {
  const writes = rows.map((row): Write => ({ kind: "remove", row }));
  for (let from = 0; from < writes.length; from += limits.writes) {
    const some = writes.slice(from, from + limits.writes);
    if ((await table.write(partition, some)) !== "conflict") continue;
    for (const write of some) await table.write(partition, [write]);
  }
}
