import type { Completeness } from "../model/snapshot.ts";
import { again } from "./again.ts";
import type { KnownLists, Lists } from "./change-index.ts";
import { put } from "./commit-writes.ts";
import { digestOfEntries, packedWrites, readPacked, unpack } from "./packed-rows.ts";
import type { Row, Table, Values } from "./table.ts";

const partition = "lists";

type Entry = readonly [type: string, completeness: Completeness];

/** A row, at times more, for each subscription. The first has the types of which others are not told yet. */
export function tableLists(table: Table): Lists {
  return {
    async put(subscription, lists, touchedSince) {
      const sorted = [...lists].sort(([one], [other]) => (one < other ? -1 : 1));
      const prefix = `${subscription}.`;
      return await again(`the lists of subscription \`${subscription}\``, async () => {
        const { rows, entries } = await readPacked<Entry>(table, partition, prefix);
        const [first] = rows;
        const before = entries.length === 0 ? undefined : new Map(entries);
        const known = untoldIn(first);
        const untold = known.union(touchedSince(before));
        const isSame = (first?.values.digest ?? "") === digestOfEntries(sorted);
        if (isSame && untold.size === known.size) return { before, untold, version: first?.etag };
        const etags = await table.write(partition, packedWrites(prefix, rows, sorted, untoldValues(untold)));
        return etags === "conflict" ? undefined : { before, untold, version: etags[0] };
      });
    },

    async told(subscription, version) {
      const first = await table.get(partition, `${subscription}.0`);
      if (first === undefined || first.etag !== version || untoldIn(first).size === 0) return;
      await table.write(partition, [put(first.row, first.etag, { ...first.values, ...untoldValues(new Set()) })]);
    },

    async all() {
      const all = new Map<string, KnownLists>();
      for await (const { row, values } of table.list({ partition })) {
        const subscription = row.slice(0, row.lastIndexOf("."));
        const own = values.pages === 1 ? listsIn(values) : new Map(unpack<Entry>(values));
        const before = all.get(subscription);
        if (own.size > 0) all.set(subscription, before === undefined ? own : new Map([...before, ...own]));
      }
      return all;
    },
  };
}

/** By their digest: in a large scope, what is known of most subscriptions is the same. */
const remembered = new Map<string, KnownLists>();
const rememberedAtMost = 1_000;

function listsIn(values: Values): KnownLists {
  const digest = String(values.digest);
  const known = remembered.get(digest);
  if (known !== undefined) return known;
  if (remembered.size >= rememberedAtMost) remembered.clear();
  const lists = new Map(unpack<Entry>(values));
  remembered.set(digest, lists);
  return lists;
}

/** Types have no spaces. */
function untoldValues(types: ReadonlySet<string>): Values {
  return { untold: [...types].sort().join(" ") };
}

function untoldIn(row: Row | undefined): ReadonlySet<string> {
  const untold = row?.values.untold;
  return new Set(typeof untold === "string" && untold !== "" ? untold.split(" ") : []);
}
