import { findingRow, runRow, unsentValues, valuesOf } from "./ledger-row.ts";
import { splitText } from "./long-text.ts";
import type { Commit, Committed, Head } from "./store.ts";
import type { Row, Values, Write } from "./table.ts";
import { limits, writtenSize } from "./table-limits.ts";

export const headRow = "head";

/** The head goes with every write, so that two audits never write past each other. */
export function commitWrites({ head, ticket, entries, completion }: Commit, rowsAtOnce: number) {
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

export function committed(
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

export function headOf(row: Row | undefined): Head {
  const { auditedAt } = row?.values ?? {};
  return {
    etag: row?.etag,
    ticket: numberOf(row?.values, "ticket"),
    completedTicket: numberOf(row?.values, "completedTicket"),
    auditedAt: typeof auditedAt === "string" ? auditedAt : undefined,
  };
}

export function numberOf(values: Values | undefined, name: string): number {
  const value = values?.[name];
  return typeof value === "number" ? value : 0;
}

export function put(row: string, etag: string | undefined, values: Values): Write {
  return etag === undefined ? { kind: "insert", row, values } : { kind: "replace", row, etag, values };
}
