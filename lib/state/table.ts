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
  /** Removes a row that still has this ETag; false where it has not, or is gone. */
  remove(partition: string, row: string, etag: string): Promise<boolean>;
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
  /** Only rows without these values. */
  readonly unless?: Values;
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
