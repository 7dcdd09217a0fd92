import type { Completeness } from "../model/snapshot.ts";
import { again } from "./again.ts";
import type { Lists } from "./change-index.ts";
import { packedWrites, readPacked, unpack } from "./packed-rows.ts";
import type { Table } from "./table.ts";

const partition = "lists";

/** A row, at times more, for each subscription. */
export function tableLists(table: Table): Lists {
  return {
    async put(subscription, lists) {
      const sorted = [...lists].sort(([one], [other]) => (one < other ? -1 : 1));
      const prefix = `${subscription}.`;
      await again(`the lists of subscription \`${subscription}\``, async () => {
        const { rows } = await readPacked(table, partition, prefix);
        const writes = packedWrites(prefix, rows, sorted);
        const isDone = writes.length === 0 || (await table.write(partition, writes)) !== "conflict";
        return isDone ? "written" : undefined;
      });
    },

    async all() {
      const all = new Map<string, Map<string, Completeness>>();
      for await (const { row, values } of table.list({ partition })) {
        const subscription = row.slice(0, row.lastIndexOf("."));
        const entries = unpack<[string, Completeness]>(values);
        if (entries.length > 0) all.set(subscription, new Map([...(all.get(subscription) ?? []), ...entries]));
      }
      return all;
    },
  };
}
