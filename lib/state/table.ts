/** What state is kept in: rows of plain values, found by partition and row. Azure Table storage, or memory. */
export interface Table {
  get(partition: string, row: string): Promise<Row | undefined>;
  /** In the order of their keys. */
  list(query: Query): AsyncIterable<Row>;
  /**
   * All of it or nothing, in one partition. Answers the new ETags in the order of the writes, "" for a row that is gone, or
   * "conflict" where a row is not as a write supposes it to be. Throws where the writes exceed `limits`.
   */
  write(partition: string, writes: readonly Write[]): Promise<readonly string[] | "conflict">;
}

export type Value = string | number | boolean;
export type Values = Readonly<Record<string, Value>>;

export interface Row {
  readonly row: string;
  readonly etag: string;
  readonly values: Values;
}

export interface Query {
  readonly partition: string;
  /** Only rows whose key begins with it. */
  readonly prefix?: string;
  /** Only rows with these values. */
  readonly where?: Values;
  /** Only these values of each row. */
  readonly select?: readonly string[];
}

export type Write =
  /** For a row that is not there yet. */
  | { readonly kind: "insert"; readonly row: string; readonly values: Values }
  /** For a row that still has this ETag: it has these values and no others, or these besides its others. */
  | { readonly kind: "replace" | "merge"; readonly row: string; readonly etag: string; readonly values: Values }
  /** For a row that is there, whatever it holds: the SDK gives deletions in a transaction no condition. */
  | { readonly kind: "remove"; readonly row: string };

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
