import { CordonError } from "../model/cordon-error.ts";
import type { CompletedAudit } from "../model/finding-event.ts";
import { hashOf } from "./hash.ts";
import {
  entryOf,
  eventOf,
  findingRow,
  findingRows,
  lineNames,
  lineOf,
  runRow,
  runRows,
  sentValues,
  unsentValues,
  valuesOf,
} from "./ledger-row.ts";
import { joinText, splitText } from "./long-text.ts";
import type { AuditHealth, Commit, Committed, Head, HealthNews, KeptLine, Store, Unsent } from "./store.ts";
import type { Row, Table, Values, Write } from "./table.ts";
import { limits, writtenSize } from "./table-limits.ts";

/**
 * The store on a table. A ledger is a partition: a row for each finding, one for each run of the last days, the head that all
 * commits hold on to, and the counter of tickets. One more partition holds a row of health for each subscription. At most
 * `rowsAtOnce` rows are written at once, three at least.
 */
export function tableStore(table: Table, rowsAtOnce: number = limits.writes): Store {
  return {
    async takeTicket(ledger) {
      const partition = partitionOf(ledger);
      return await again(`the ledger \`${ledger}\``, async () => {
        const row = await table.get(partition, ticketRow);
        const ticket = numberOf(row?.values, "ticket") + 1;
        const written = await table.write(partition, [put(ticketRow, row?.etag, { ticket })]);
        return written === "conflict" ? undefined : ticket;
      });
    },

    async read(ledger) {
      const partition = partitionOf(ledger);
      // INVARIANT: the head is read before the lines, so that a commit between the two is noticed
      const head = headOf(await table.get(partition, headRow));
      const lines: KeptLine[] = [];
      let hasUnsent = false;
      for await (const { values, etag } of table.list({ partition, prefix: findingRows, select: lineNames })) {
        lines.push({ line: lineOf(values), etag });
        hasUnsent ||= values.isUnsent === true;
      }
      return { head, lines, hasUnsent };
    },

    async head(ledger) {
      return headOf(await table.get(partitionOf(ledger), headRow));
    },

    async find(ledger, findingId) {
      const row = await table.get(partitionOf(ledger), findingRow(findingId));
      return row === undefined ? undefined : { entry: entryOf(row.values), etag: row.etag };
    },

    async commit(ledger, commit) {
      const { writes, taken, head } = commitWrites(commit, rowsAtOnce);
      const etags = await table.write(partitionOf(ledger), writes);
      return etags === "conflict" ? "conflict" : committed(commit, taken, head, writes, etags);
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
      for (let from = 0; from < writes.length; from += limits.writes) {
        const some = writes.slice(from, from + limits.writes);
        if ((await table.write(partition, some)) !== "conflict") continue;
        for (const write of some) await table.write(partition, [write]);
      }
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
      for (const write of old) await table.write(partition, [write]);
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
        const write = put(row, known?.etag, splitText("health", JSON.stringify(merged(before, news))));
        return (await table.write(healthPartition, [write])) === "conflict" ? undefined : "written";
      });
    },
  };
}

const headRow = "head";
const ticketRow = "ticket";
const healthPartition = "health";

/** The id of a subscription as it is, anything else that is no key hashed. */
function partitionOf(ledger: string): string {
  return /^[a-z0-9-]{1,64}$/.test(ledger) ? ledger : hashOf(ledger);
}

const mostAttempts = 20;

/** Until it is not refused because somebody else was quicker; each refusal is somebody else's progress. */
async function again<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < mostAttempts; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot write ${what}: others wrote it ${mostAttempts} times meanwhile`);
}

function put(row: string, etag: string | undefined, values: Values): Write {
  return etag === undefined ? { kind: "insert", row, values } : { kind: "replace", row, etag, values };
}

function headOf(row: Row | undefined): Head {
  const { auditedAt } = row?.values ?? {};
  return {
    etag: row?.etag,
    ticket: numberOf(row?.values, "ticket"),
    completedTicket: numberOf(row?.values, "completedTicket"),
    auditedAt: typeof auditedAt === "string" ? auditedAt : undefined,
  };
}

function numberOf(values: Values | undefined, name: string): number {
  const value = values?.[name];
  return typeof value === "number" ? value : 0;
}

/** The head goes with every write, so that two audits never write past each other. */
function commitWrites({ head, ticket, entries, completion }: Commit, rowsAtOnce: number) {
  const { auditedAt, run } = completion;
  const runWrites: readonly Write[] =
    run === undefined
      ? []
      : [
          {
            kind: "insert",
            row: runRow(run.completed.runId),
            values: {
              completedAt: run.completed.completedAt,
              ...splitText("completed", JSON.stringify(run.completed)),
              ...unsentValues(run.event),
            },
          },
        ];
  const writes: Write[] = [];
  let size = 1024 + runWrites.reduce((sum, write) => sum + sizeOfWrite(write), 0);
  for (const { entry, etag, event } of entries) {
    const write = put(findingRow(entry.id), etag, valuesOf(entry, event));
    size += sizeOfWrite(write);
    if (size > limits.written || writes.length + 1 + runWrites.length === rowsAtOnce) break;
    writes.push(write);
  }
  const taken = writes.length;
  const isLast = taken === entries.length;
  const next: Omit<Head, "etag"> = {
    ticket: Math.max(head.ticket, ticket),
    completedTicket: isLast ? Math.max(head.completedTicket, ticket) : head.completedTicket,
    auditedAt: isLast ? auditedAt : head.auditedAt,
  };
  const headValues = {
    ticket: next.ticket,
    completedTicket: next.completedTicket,
    ...(next.auditedAt === undefined ? {} : { auditedAt: next.auditedAt }),
  };
  const all = [put(headRow, head.etag, headValues), ...writes, ...(isLast ? runWrites : [])];
  return { writes: all, taken, head: next };
}

function sizeOfWrite(write: Write): number {
  return write.kind === "remove" ? 0 : writtenSize(write.values);
}

function committed(
  { entries, completion: { run } }: Commit,
  taken: number,
  head: Omit<Head, "etag">,
  writes: readonly Write[],
  etags: readonly string[],
): Committed {
  const events = [undefined, ...entries.slice(0, taken).map(({ event }) => event), run?.event];
  const unsent = writes.flatMap(({ row }, index) => {
    const event = events[index];
    return event === undefined ? [] : [{ row, etag: etags[index] ?? "", event }];
  });
  return { head: { ...head, etag: etags[0] ?? "" }, unsent, rest: entries.slice(taken) };
}

function healthOf(values: Values): AuditHealth {
  return JSON.parse(joinText("health", values));
}

/** The later of two completions stays, whichever is told first. */
function merged(before: AuditHealth, news: HealthNews): AuditHealth {
  const completed = later(before.completed, news.completed);
  const auditedAt = [before.auditedAt, news.auditedAt]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  return {
    ...before,
    ...news,
    ...(completed === undefined ? {} : { completed }),
    ...(auditedAt === undefined ? {} : { auditedAt }),
  };
}

function later(a: CompletedAudit | undefined, b: CompletedAudit | undefined): CompletedAudit | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.startedAt > b.startedAt ? a : b;
}
