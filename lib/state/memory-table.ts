import { limits, type Row, sizeOf, type Table, type Values, type Write, writtenSize } from "./table.ts";

/** A table that ends with the process, within the limits of the service that it stands for. */
export function memoryTable(): Table {
  const partitions = new Map<string, Map<string, Row>>();
  let writes = 0;
  const rowsOf = (partition: string) => partitions.get(partition) ?? new Map<string, Row>();
  return {
    async get(partition, row) {
      return rowsOf(partition).get(row);
    },
    async *list({ partition, prefix = "", where = {}, select }) {
      const rows = [...rowsOf(partition).values()].filter(
        ({ row, values }) =>
          row.startsWith(prefix) && Object.entries(where).every(([name, value]) => values[name] === value),
      );
      for (const row of rows.sort((a, b) => (a.row < b.row ? -1 : 1))) {
        yield select === undefined ? row : { ...row, values: selected(row.values, select) };
      }
    },
    async write(partition, asked) {
      check(partition, asked);
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
        if (sizeOf(values) > limits.row) throw new RangeError(`the row \`${write.row}\` is too large`);
        rows.set(write.row, { row: write.row, etag: `"${writes}"`, values });
        etags.push(`"${writes}"`);
      }
      partitions.set(partition, rows);
      return etags;
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

/** What the service would refuse is refused here, too. */
function check(partition: string, writes: readonly Write[]): void {
  const rows = new Set(writes.map(({ row }) => row));
  if (rows.size < writes.length) throw new RangeError("a row is written twice");
  if (writes.length === 0 || writes.length > limits.writes) throw new RangeError(`${writes.length} writes at once`);
  const written = writes.map((write) => (write.kind === "remove" ? {} : write.values));
  const size = written.reduce((sum, values) => sum + writtenSize(values), 0);
  if (size > limits.written) throw new RangeError(`${size} bytes written at once`);
  for (const key of [partition, ...rows]) {
    if (!isKey(key)) throw new RangeError(`\`${key}\` cannot be a key`);
  }
  for (const values of written) {
    if (Object.keys(values).length > limits.values) throw new RangeError("too many values in a row");
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === "string" && value.length > limits.text) throw new RangeError(`\`${name}\` is too long`);
    }
  }
}

/** https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#characters-disallowed-in-key-fields */
function isKey(text: string): boolean {
  return text.length * 2 <= limits.key && !forbidden.test(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is forbidden
const forbidden = /[/\\#?\u0000-\u001f\u007f-\u009f]/;
