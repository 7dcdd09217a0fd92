import type { Table, Write } from "./table.ts";
import { limits, writtenSize } from "./table-limits.ts";

/** Writes rows of one partition, as many at once as the table takes. False where a write was refused; those before it stay. */
export async function writeAll(table: Table, partition: string, writes: readonly Write[]): Promise<boolean> {
  for (const batch of batchesOf(writes)) {
    if ((await table.write(partition, batch)) === "conflict") return false;
  }
  return true;
}

/** The same where a row that is there already, or gone, is no reason not to write the others. */
export async function writeEach(table: Table, partition: string, writes: readonly Write[]): Promise<void> {
  for (const batch of batchesOf(writes)) {
    if ((await table.write(partition, batch)) !== "conflict") continue;
    for (const write of batch) await table.write(partition, [write]);
  }
}

function* batchesOf(writes: readonly Write[]): Generator<readonly Write[]> {
  let batch: Write[] = [];
  let size = 0;
  for (const write of writes) {
    const more = write.kind === "remove" ? 0 : writtenSize(write.values);
    if (batch.length === limits.writes || size + more > limits.written) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(write);
    size += more;
  }
  if (batch.length > 0) yield batch;
}
