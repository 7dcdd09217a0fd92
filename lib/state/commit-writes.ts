import { subjectKeyOf } from "../model/finding.ts";
import { hashOf } from "./hash.ts";
import { findingRow, findingRows, markRow, runRow, unsentValues, valuesOf } from "./ledger-row.ts";
import { splitText } from "./long-text.ts";
import type {
  Commit,
  Committed,
  CommittedSubject,
  Completion,
  Head,
  Mark,
  Marks,
  NewEntry,
  SubjectCommit,
  Unsent,
} from "./store.ts";
import type { Row, Write } from "./table.ts";
import { limits, writtenSize } from "./table-limits.ts";

export const headRow = "head";

/** What goes to the table in one write, and what becomes of it. */
export interface Batch<Result> {
  readonly writes: readonly Write[];
  readonly committed: (etags: readonly string[]) => Result;
}

/** The head goes with every write, so that two audits of the whole ledger never write past each other. */
export function commitWrites(commit: Commit, rowsAtOnce: number): Batch<Committed> {
  const { head, ticket, completion } = commit;
  const runs = runWrites(completion);
  const { writes, taken, rest } = entryWrites(commit, [writeOfHead(head, ticket)], runs, rowsAtOnce);
  const isLast = rest.length === 0;
  const next = {
    ticket: Math.max(head.ticket, ticket),
    completedTicket: isLast ? Math.max(head.completedTicket, ticket) : head.completedTicket,
    auditedAt: isLast ? completion.auditedAt : head.auditedAt,
  };
  const all = [put(headRow, head.etag, headValues(next)), ...writes, ...(isLast ? runs : [])];
  return {
    writes: all,
    committed: (etags) => {
      const etagOf = new Map(all.map(({ row }, index) => [row, etags[index] ?? ""]));
      const runEvent = isLast ? completion.run : undefined;
      const ofRun = runEvent && { row: runRow(runEvent.completed.runId), event: runEvent.event };
      return {
        head: { ...next, etag: etagOf.get(headRow) ?? "" },
        marks: new Map([...commit.marks, ...marksIn(writes, ticket, etagOf)]),
        unsent: unsentOf(taken, etagOf, ofRun),
        rest,
      };
    },
  };
}

/** Only the mark of the subject goes with it: audits of other subjects do not matter. */
export function subjectWrites(commit: SubjectCommit, rowsAtOnce: number): Batch<CommittedSubject> {
  const { subjectKey, ticket, mark } = commit;
  const row = markRow(subjectKey);
  const marks = new Map(mark === undefined ? [] : [[hashOf(subjectKey), mark]]);
  const { writes, taken, rest } = entryWrites({ ...commit, marks }, [], [], rowsAtOnce);
  const all = writes.length > 0 ? writes : [writeOfMark(row, mark, ticket)];
  return {
    writes: all,
    committed: (etags) => {
      const etagOf = new Map(all.map((write, index) => [write.row, etags[index] ?? ""]));
      return { mark: { ticket, etag: etagOf.get(row) ?? "" }, unsent: unsentOf(taken, etagOf), rest };
    },
  };
}

interface Entries {
  readonly ticket: number;
  readonly marks: Marks;
  readonly entries: readonly NewEntry[];
}

/** As many entries as fit beside the other writes, each subject's after its mark. */
function entryWrites(
  { ticket, marks, entries }: Entries,
  before: readonly Write[],
  after: readonly Write[],
  rowsAtOnce: number,
) {
  const inOrder = [...Map.groupBy(entries, ({ entry }) => subjectKeyOf(entry.id))];
  const all = inOrder.flatMap(([subjectKey, ofSubject]) => ofSubject.map((one) => ({ subjectKey, one })));
  const writes: Write[] = [];
  const marked = new Set<string>();
  let taken = 0;
  let size = 1024 + [...before, ...after].reduce((sum, write) => sum + sizeOfWrite(write), 0);
  for (const { subjectKey, one } of all) {
    const row = markRow(subjectKey);
    const mark = marked.has(row) ? [] : [writeOfMark(row, marks.get(hashOf(subjectKey)), ticket)];
    const write = put(findingRow(one.entry.id), one.etag, valuesOf(one.entry, one.event));
    size += sizeOfWrite(write) + (mark.length === 0 ? 0 : 64);
    const rows = before.length + writes.length + mark.length + 1 + after.length;
    // one at least: the table refuses what is too large for it, with an error
    if (taken > 0 && (size > limits.written || rows > rowsAtOnce)) break;
    writes.push(...mark, write);
    marked.add(row);
    taken += 1;
  }
  const ordered = all.map(({ one }) => one);
  return { writes, taken: ordered.slice(0, taken), rest: ordered.slice(taken) };
}

function runWrites({ run }: Completion): readonly Write[] {
  if (run === undefined) return [];
  const { completed, event } = run;
  const values = {
    completedAt: completed.completedAt,
    ...splitText("completed", JSON.stringify(completed)),
    ...unsentValues(event),
  };
  return [{ kind: "insert", row: runRow(completed.runId), values }];
}

function writeOfMark(row: string, mark: Mark | undefined, ticket: number): Write {
  return put(row, mark?.etag, { ticket });
}

function writeOfHead(head: Head, ticket: number): Write {
  return put(headRow, head.etag, headValues({ ...head, ticket }));
}

function headValues({ ticket, completedTicket, auditedAt }: Omit<Head, "etag">) {
  return { ticket, completedTicket, ...(auditedAt === undefined ? {} : { auditedAt }) };
}

function marksIn(writes: readonly Write[], ticket: number, etagOf: ReadonlyMap<string, string>): [string, Mark][] {
  const marks = writes.filter((write) => write.kind !== "remove" && "ticket" in write.values);
  return marks.map(({ row }) => [row.slice(findingRows.length), { ticket, etag: etagOf.get(row) ?? "" }]);
}

function unsentOf(
  taken: readonly NewEntry[],
  etagOf: ReadonlyMap<string, string>,
  run?: Pick<Unsent, "row" | "event">,
): readonly Unsent[] {
  const told = taken.flatMap(({ entry, event }) => (event === undefined ? [] : [{ row: findingRow(entry.id), event }]));
  const all = run === undefined ? told : [...told, run];
  return all.map(({ row, event }) => ({ row, etag: etagOf.get(row) ?? "", event }));
}

function sizeOfWrite(write: Write): number {
  return write.kind === "remove" ? 0 : writtenSize(write.values);
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

export function numberOf(values: Row["values"] | undefined, name: string): number {
  const value = values?.[name];
  return typeof value === "number" ? value : 0;
}

export function put(row: string, etag: string | undefined, values: Row["values"]): Write {
  return etag === undefined ? { kind: "insert", row, values } : { kind: "replace", row, etag, values };
}
