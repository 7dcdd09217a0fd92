import type { Row, Table } from "../../lib/state/table.ts";

/** What was asked of a table. */
export interface TableWork {
  readonly gets: number;
  readonly queries: number;
  readonly writes: number;
  /** Of the rows that came back. */
  readonly rowsRead: number;
  readonly charactersRead: number;
  readonly rowsWritten: number;
}

const nothing: TableWork = { gets: 0, queries: 0, writes: 0, rowsRead: 0, charactersRead: 0, rowsWritten: 0 };

/** A table that counts what is asked of it; `take` gives the counts and begins anew. */
export function countingTable(table: Table): { readonly table: Table; readonly take: () => TableWork } {
  let work = nothing;
  const add = (more: Partial<TableWork>) => {
    const sum = (name: keyof TableWork) => work[name] + (more[name] ?? 0);
    work = {
      gets: sum("gets"),
      queries: sum("queries"),
      writes: sum("writes"),
      rowsRead: sum("rowsRead"),
      charactersRead: sum("charactersRead"),
      rowsWritten: sum("rowsWritten"),
    };
  };
  return {
    take: () => {
      const taken = work;
      work = nothing;
      return taken;
    },
    table: {
      async get(partition, row) {
        const found = await table.get(partition, row);
        add({ gets: 1, ...(found === undefined ? {} : readOf(found)) });
        return found;
      },
      async *list(query) {
        add({ queries: 1 });
        for await (const row of table.list(query)) {
          add(readOf(row));
          yield row;
        }
      },
      async write(partition, writes) {
        add({ writes: 1, rowsWritten: writes.length });
        return await table.write(partition, writes);
      },
      async remove(partition, row, etag) {
        add({ writes: 1, rowsWritten: 1 });
        return await table.remove(partition, row, etag);
      },
    },
  };
}

function readOf({ values }: Row): Partial<TableWork> {
  return { rowsRead: 1, charactersRead: Object.values(values).reduce((sum: number, one) => sum + `${one}`.length, 0) };
}
