import { subjectKeyOf } from "../model/finding.ts";
import { hashOf } from "../state/hash.ts";
import type { KeptLine, Ledger, Mark } from "../state/store.ts";
import type { App } from "./app.ts";

const hour = 60 * 60_000;
/** For so long a finding that is resolved can be looked up. */
const resolvedFor = 90 * 24 * hour;
/** No audit takes that long, whatever the host: after that nobody has a lower ticket any more. */
const longestAudit = hour;

/**
 * Drops resolved findings that are long over, and marks of subjects about which nothing is known. `ledger` is as it was read when
 * all that it tells of was sent: what somebody has written since stays.
 */
export async function forgetOld({ store, now }: App, name: string, { head, marks, lines }: Ledger): Promise<void> {
  const at = now().getTime();
  const resolvedBefore = new Date(at - resolvedFor).toISOString();
  const isOver = ({ line: { state, resolvedAt } }: KeptLine) =>
    state === "resolved" && resolvedAt !== undefined && resolvedAt < resolvedBefore;
  const staying = new Set(lines.flatMap((one) => (isOver(one) ? [] : [hashOf(subjectKeyOf(one.line.id))])));
  const decided = at - Date.parse(head.auditedAt ?? "") > longestAudit ? head.completedTicket : 0;
  const isBare = ([subject, { ticket }]: readonly [string, Mark]) => !staying.has(subject) && ticket <= decided;
  const old = { lines: lines.filter(isOver), marks: new Map([...marks].filter(isBare)) };
  if (old.lines.length + old.marks.size > 0) await store.forget(name, old);
}
