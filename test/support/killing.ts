import type { Row, Table } from "../../lib/state/table.ts";

/** Ends the work at one of its steps: before the step takes effect, or right after, so that nobody learns that it did. */
export interface Killer {
  readonly step: <T>(effect: () => Promise<T>) => Promise<T>;
  /** Whether it has killed. */
  readonly hasKilled: () => boolean;
  readonly steps: () => number;
}

export class Killed extends Error {}

export function killer(at: number, when: "before" | "after"): Killer {
  let steps = 0;
  let hasKilled = false;
  return {
    async step(effect) {
      steps += 1;
      if (hasKilled || steps !== at) return await effect();
      hasKilled = true;
      if (when === "after") await effect();
      throw new Killed(`killed ${when} step ${at}`);
    },
    hasKilled: () => hasKilled,
    steps: () => steps,
  };
}

/** A table whose every operation is such a step. */
export function killable(table: Table, step: <T>(effect: () => Promise<T>) => Promise<T>): Table {
  return {
    get: (partition, row) => step(() => table.get(partition, row)),
    async *list(query) {
      const list = async () => {
        const rows: Row[] = [];
        for await (const row of table.list(query)) rows.push(row);
        return rows;
      };
      yield* await step(list);
    },
    write: (partition, writes) => step(() => table.write(partition, writes)),
    remove: (partition, row, etag) => step(() => table.remove(partition, row, etag)),
  };
}
