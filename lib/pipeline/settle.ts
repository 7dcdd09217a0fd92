import { CordonError } from "../model/cordon-error.ts";
import { subjectKeyOf } from "../model/finding.ts";
import type { CompletedAudit } from "../model/finding-event.ts";
import type { LedgerLine } from "../model/ledger.ts";
import { hashOf } from "../state/hash.ts";
import type { Completion, Ledger, NewEntry } from "../state/store.ts";
import type { App } from "./app.ts";
import type { LedgerAudit } from "./found.ts";
import { newEntries } from "./new-entries.ts";
import { deliver, flush } from "./outbox.ts";
import { auditCompletedEvent } from "./outgoing-event.ts";

/** One audit of one ledger, to be committed. */
export interface Settlement {
  readonly part: LedgerAudit;
  /** Taken before the audit began to read. */
  readonly ticket: number;
  /** As it was before the audit began to read. */
  readonly ledger: Ledger;
  readonly readAt: string;
  /** Called when everything is read, before anything is written; throws where nothing is to be. */
  readonly check: () => void;
  /** Of an audit that is announced: what it found out, given the ledger's lines as they will be. */
  readonly run?: { readonly runId: string; readonly completed: (lines: Iterable<LedgerLine>) => CompletedAudit };
}

/** "outrun": an audit that was side by side has committed what this one did not look at, so that it has to read again. */
export type Settled = { readonly kind: "settled"; readonly changes: Changes } | { readonly kind: "outrun" };

export interface Changes {
  readonly opened: number;
  readonly changed: number;
  readonly resolved: number;
}

export const noChanges: Changes = { opened: 0, changed: 0, resolved: 0 };

export function sumOf(one: Changes, other: Changes): Changes {
  return {
    opened: one.opened + other.opened,
    changed: one.changed + other.changed,
    resolved: one.resolved + other.resolved,
  };
}

const mostAttempts = 20;

/**
 * diff → commit → send. Whoever is refused because somebody else wrote reads the ledger again and decides again, so that two
 * audits never both tell of one change.
 */
export async function settle(app: App, settlement: Settlement): Promise<Settled> {
  const { part, ticket, run } = settlement;
  const changes = { opened: 0, changed: 0, resolved: 0 };
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if (run !== undefined && attempt > 0 && (await app.store.completedRun(part.ledger, run.runId)) !== undefined) {
      await flush(part.ledger, app);
      return { kind: "settled", changes };
    }
    const ledger = attempt === 0 ? settlement.ledger : await readSent(app, part.ledger);
    const isSuperseded = ledger.head.completedTicket > ticket;
    if (!isSuperseded && ledger.head.ticket > ticket) return { kind: "outrun" };
    const entries = isSuperseded ? [] : await decide(app, ledger, settlement);
    if (entries === "missed") return { kind: "outrun" };
    settlement.check();
    if (entries.length === 0 && run === undefined && isSuperseded) return { kind: "settled", changes };
    if (await commitAll(app, ledger, entries, settlement, changes)) return { kind: "settled", changes };
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot commit to the ledger \`${part.ledger}\`: others kept writing it`);
}

/** The ledger, when all that it tells of was sent: an unsent event would be lost under the next one. */
export async function readSent(app: App, name: string): Promise<Ledger> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const ledger = await app.store.read(name);
    if (!ledger.hasUnsent) return ledger;
    await flush(name, app);
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot read the ledger \`${name}\` at rest: others kept writing it`);
}

/** An audit that began later has the last word on the subjects that it looked at. */
async function decide(app: App, ledger: Ledger, { part, ticket, readAt, run }: Settlement) {
  const decidedAt = app.now().toISOString();
  const entries = await newEntries({
    ...{ app, part, readAt, decidedAt, runId: run?.runId },
    ledger: { lines: ledger.lines, auditedAt: ledger.head.auditedAt },
  });
  if (entries === "missed") return entries;
  return entries.filter(({ entry }) => (ledger.marks.get(hashOf(subjectKeyOf(entry.id)))?.ticket ?? 0) <= ticket);
}

/** False where somebody else came between: what was committed until then stays, and is sent. */
async function commitAll(
  app: App,
  ledger: Ledger,
  entries: readonly NewEntry[],
  settlement: Settlement,
  changes: { -readonly [Kind in keyof Changes]: number },
): Promise<boolean> {
  const { part, ticket } = settlement;
  const completion = completionOf(ledger, entries, settlement);
  let rest = entries;
  let { head, marks }: Pick<Ledger, "head" | "marks"> = ledger;
  do {
    const committed = await app.store.commit(part.ledger, { head, marks, ticket, entries: rest, completion });
    if (committed === "conflict") return false;
    for (const { entry } of rest.slice(0, rest.length - committed.rest.length)) {
      if (entry.lastChange !== "noted") changes[entry.lastChange] += 1;
    }
    await deliver(part.ledger, committed.unsent, app);
    ({ head, marks, rest } = committed);
  } while (rest.length > 0);
  return true;
}

/** An audit that began later has the later word on when the ledger was audited. */
function completionOf(ledger: Ledger, entries: readonly NewEntry[], { readAt, run }: Settlement): Completion {
  const known = ledger.head.auditedAt;
  const auditedAt = known !== undefined && known > readAt ? known : readAt;
  if (run === undefined) return { auditedAt };
  const lines = new Map(ledger.lines.map(({ line }) => [line.id, line]));
  for (const { entry } of entries) lines.set(entry.id, entry);
  const completed = run.completed(lines.values());
  return { auditedAt, run: { completed, event: auditCompletedEvent(completed) } };
}
