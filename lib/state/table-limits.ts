import type { Values, Write } from "./table.ts";

/**
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model and
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export const limits = {
  /** Characters of one text: 64 KiB of UTF-16. */
  text: 32 * 1024,
  /** Bytes of one row. */
  row: 1024 * 1024,
  /** Values of one row, its keys and its time aside. */
  values: 252,
  /** Bytes of one key. */
  key: 1024,
  /** Rows written at once. */
  writes: 100,
  /** Bytes written at once: less than the 4 MiB that the service takes, for what goes over the wire has envelopes. */
  written: 3 * 1024 * 1024,
} as const;

/** Bytes, as the service counts: https://learn.microsoft.com/archive/blogs/avkashchauhan/how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage */
export function sizeOf(values: Values): number {
  return Object.entries(values).reduce((sum, [name, value]) => {
    const content = typeof value === "string" ? 4 + value.length * 2 : 8;
    return sum + 8 + name.length * 2 + content;
  }, 4);
}

/** Bytes of a row on the wire, without its envelope. */
export function writtenSize(values: Values): number {
  return Buffer.byteLength(JSON.stringify(values));
}

/** Throws where the service would refuse the writes, before it is asked: it says less clearly why. */
export function checkWrites(partition: string, writes: readonly Write[]): void {
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
    if (sizeOf(values) > limits.row) throw new RangeError(`a row of ${sizeOf(values)} bytes`);
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
