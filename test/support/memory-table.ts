import type { Row, Table, Values, Write } from "../../lib/state/table.ts";
import { checkWrites, limits, sizeOf } from "../../lib/state/table-limits.ts";

/** A table that ends with the process, within the limits of the service that it stands for. */
export function memoryTable(): Table {
  const partitions = new Map<string, Map<string, Row>>();
  let writes = 0;
  const rowsOf = (partition: string) => partitions.get(partition) ?? new Map<string, Row>();
  return {
    async get(partition, row) {
      return rowsOf(partition).get(row);
    },
    async *list({ partition, prefix = "", where = {}, unless = {}, select }) {
      const rows = [...rowsOf(partition).values()].filter(
        ({ row, values }) =>
          row.startsWith(prefix) &&
          Object.entries(where).every(([name, value]) => values[name] === value) &&
          Object.entries(unless).every(([name, value]) => values[name] !== value),
      );
      for (const row of rows.sort((a, b) => (a.row < b.row ? -1 : 1))) {
        yield select === undefined ? row : { ...row, values: selected(row.values, select) };
      }
    },
    async write(partition, asked) {
      checkWrites(partition, asked);
      const rows = new Map(rowsOf(partition));
      const etags: string[] = [];
      for (const write of asked) {
        const known = rows.get(write.row);
        if (!isAsSupposed(write, known)) return "conflict";
        if (write.kind === "remove") {
          rows.delete(write.row);
          etags.push("");
          continue;
        }
        writes += 1;
        const values = write.kind === "merge" ? { ...known?.values, ...write.values } : write.values;
        if (sizeOf(values) > limits.row) throw new RangeError(`the row \`${write.row}\` grows too large`);
        rows.set(write.row, { row: write.row, etag: `"${writes}"`, values });
        etags.push(`"${writes}"`);
      }
      partitions.set(partition, rows);
      return etags;
    },
    async remove(partition, row, etag) {
      const rows = new Map(rowsOf(partition));
      if (rows.get(row)?.etag !== etag) return false;
      rows.delete(row);
      partitions.set(partition, rows);
      return true;
    },
  };
}

function isAsSupposed(write: Write, known: Row | undefined): boolean {
  switch (write.kind) {
    case "insert":
      return known === undefined;
    case "remove":
      return known !== undefined;
    case "replace":
    case "merge":
      return known?.etag === write.etag;
  }
}

function selected(values: Values, select: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => select.includes(name)));
}
