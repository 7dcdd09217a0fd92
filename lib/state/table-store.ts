import { isDeepStrictEqual } from "node:util";
import pMap from "p-map";
import { again } from "./again.ts";
import { healthOf, healthValues, withNews } from "./audit-health.ts";
import { commitWrites, headOf, headRow, numberOf, put, subjectWrites } from "./commit-writes.ts";
import { hashOf } from "./hash.ts";
import {
  entryOf,
  eventOf,
  findingRow,
  findingRows,
  isMark,
  lineNames,
  lineOf,
  markRow,
  runRow,
  runRows,
  sentValues,
} from "./ledger-row.ts";
import { joinText } from "./long-text.ts";
import type { AuditHealth, KeptLine, Mark, Store, Unsent } from "./store.ts";
import type { Row, Table, Write } from "./table.ts";
import { limits } from "./table-limits.ts";
import { writeEach } from "./write-rows.ts";

/**
 * The store on a table. A ledger is a partition: a row for each finding and one for each of their subjects, one for each run
 * of the last days, the head that all audits of the whole hold on to, the counter of tickets, and the highest sequence of what
 * was forgotten. One more partition holds a row of health for each subscription. At most `rowsAtOnce` rows are written at once,
 * four at least.
 */
export function tableStore(table: Table, rowsAtOnce: number = limits.writes): Store {
  return {
    async takeTicket(ledger, reach) {
      const partition = partitionOf(ledger);
      return await again(`the ledger \`${ledger}\``, async () => {
        const row = await table.get(partition, ticketRow);
        const ticket = numberOf(row?.values, "ticket") + 1;
        const whole = reach === "whole" ? ticket : numberOf(row?.values, "whole");
        const written = await table.write(partition, [put(ticketRow, row?.etag, { ticket, whole })]);
        return written === "conflict" ? undefined : ticket;
      });
    },

    async wholeTicket(ledger) {
      return numberOf((await table.get(partitionOf(ledger), ticketRow))?.values, "whole");
    },

    async lastTicket(ledger) {
      return numberOf((await table.get(partitionOf(ledger), ticketRow))?.values, "ticket");
    },

    async read(ledger) {
      const partition = partitionOf(ledger);
      // INVARIANT: the head is read before the lines, so that a commit between the two is noticed
      const head = headOf(await table.get(partition, headRow));
      const lines: KeptLine[] = [];
      const marks = new Map<string, Mark>();
      let hasUnsent = false;
      for await (const found of table.list({ partition, prefix: findingRows, select: lineNames })) {
        if (isMark(found.row)) {
          marks.set(found.row.slice(findingRows.length), markOf(found));
          continue;
        }
        lines.push({ line: lineOf(found.values), etag: found.etag });
        hasUnsent ||= found.values.isUnsent === true;
      }
      return { head, marks, lines, hasUnsent };
    },

    async readSubject(ledger, subjectKey) {
      const lines: KeptLine[] = [];
      const unsent: Unsent[] = [];
      let mark: Mark | undefined;
      for await (const found of table.list({ partition: partitionOf(ledger), prefix: markRow(subjectKey) })) {
        const { row, etag, values } = found;
        if (isMark(row)) {
          mark = markOf(found);
          continue;
        }
        lines.push({ line: lineOf(values), etag });
        if (values.isUnsent === true) unsent.push({ row, etag, event: eventOf(values) });
      }
      return { mark, lines, unsent };
    },

    async head(ledger) {
      return headOf(await table.get(partitionOf(ledger), headRow));
    },

    async find(ledger, findingId) {
      const row = await table.get(partitionOf(ledger), findingRow(findingId));
      return row === undefined ? undefined : { entry: entryOf(row.values), etag: row.etag };
    },

    async commit(ledger, commit) {
      const { writes, committed } = commitWrites(commit, rowsAtOnce);
      const etags = await table.write(partitionOf(ledger), writes);
      return etags === "conflict" ? "conflict" : committed(etags);
    },

    async commitSubject(ledger, commit) {
      const { writes, committed } = subjectWrites(commit, rowsAtOnce);
      const etags = await table.write(partitionOf(ledger), writes);
      return etags === "conflict" ? "conflict" : committed(etags);
    },

    async unsent(ledger) {
      const found: Unsent[] = [];
      for await (const { row, etag, values } of table.list({
        partition: partitionOf(ledger),
        where: { isUnsent: true },
      })) {
        found.push({ row, etag, event: eventOf(values) });
      }
      return found;
    },

    async clear(ledger, sent) {
      const partition = partitionOf(ledger);
      const writes = sent.map(({ row, etag }): Write => ({ kind: "merge", row, etag, values: sentValues }));
      await writeEach(table, partition, writes);
    },

    async completedRun(ledger, runId) {
      const row = await table.get(partitionOf(ledger), runRow(runId));
      return row === undefined ? undefined : JSON.parse(joinText("completed", row.values));
    },

    async forgetRuns(ledger, before) {
      const partition = partitionOf(ledger);
      const old: Write[] = [];
      const select = ["completedAt"];
      for await (const { row, values } of table.list({
        partition,
        prefix: runRows,
        where: { isUnsent: false },
        select,
      })) {
        if (String(values.completedAt) < before) old.push({ kind: "remove", row });
      }
      await writeEach(table, partition, old);
    },

    async forget(ledger, { lines, marks }) {
      const partition = partitionOf(ledger);
      const highest = lines.reduce((most, { line }) => Math.max(most, line.sequence), 0);
      // INVARIANT: noted before anything goes, so that whoever finds it gone finds the note
      await again(`the ledger \`${ledger}\``, async () => {
        const row = await table.get(partition, forgottenRow);
        if (numberOf(row?.values, "sequence") >= highest) return "known";
        const written = await table.write(partition, [put(forgottenRow, row?.etag, { sequence: highest })]);
        return written === "conflict" ? undefined : "written";
      });
      const findings = lines.map(({ line, etag }) => ({ row: findingRow(line.id), etag }));
      const bare = [...marks].map(([subject, { etag }]) => ({ row: `${findingRows}${subject}`, etag }));
      const remove = async ({ row, etag }: Pick<Row, "row" | "etag">) => await table.remove(partition, row, etag);
      await pMap([...findings, ...bare], remove, { concurrency: 16 });
    },

    async forgottenSequence(ledger) {
      return numberOf((await table.get(partitionOf(ledger), forgottenRow))?.values, "sequence");
    },

    async health() {
      const all: AuditHealth[] = [];
      for await (const { values } of table.list({ partition: healthPartition })) all.push(healthOf(values));
      return all.sort((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1));
    },

    async recordHealth(subscriptionId, news) {
      const row = partitionOf(subscriptionId);
      await again(`the health of \`${subscriptionId}\``, async () => {
        const known = await table.get(healthPartition, row);
        const before = known === undefined ? { subscriptionId, isInScope: true } : healthOf(known.values);
        const health = withNews(before, news);
        if (known !== undefined && isDeepStrictEqual(health, before)) return "known";
        const write = put(row, known?.etag, healthValues(health));
        return (await table.write(healthPartition, [write])) === "conflict" ? undefined : "written";
      });
    },
  };
}

function markOf({ etag, values }: Row): Mark {
  return { ticket: numberOf(values, "ticket"), etag };
}

const ticketRow = "ticket";
const forgottenRow = "forgotten";
const healthPartition = "health";

/** The id of a subscription as it is, anything else that is no key hashed. */
function partitionOf(ledger: string): string {
  return /^[a-z0-9-]{1,64}$/.test(ledger) ? ledger : hashOf(ledger);
}
