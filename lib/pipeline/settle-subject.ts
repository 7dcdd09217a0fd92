import { CordonError } from "../model/cordon-error.ts";
import { subjectKeyOf } from "../model/finding.ts";
import type { SubjectLedger } from "../state/store.ts";
import type { App } from "./app.ts";
import type { LedgerAudit } from "./found.ts";
import { newEntries } from "./new-entries.ts";
import { deliver } from "./outbox.ts";
import { noChanges, type Settled } from "./settle.ts";

/** What an audit found out about some subjects, to be committed one by one. */
export interface SubjectSettlement {
  readonly part: LedgerAudit;
  /** Taken before the audit began to read. */
  readonly ticket: number;
  readonly readAt: string;
  /** When the last audit of the whole ledger began to read. */
  readonly auditedAt: string | undefined;
  /** Called when everything is read, before anything is written; throws where nothing is to be. */
  readonly check: () => void;
}

/** "superseded": an audit with a higher ticket has had the word. */
export type SettledSubject = Settled | { readonly kind: "superseded" };

const mostAttempts = 20;

/**
 * diff → commit → send for one subject. The mark is written even if nothing has changed: an audit that began earlier must not
 * tell of what it saw.
 */
export async function settleSubject(
  app: App,
  subjectKey: string,
  settlement: SubjectSettlement,
): Promise<SettledSubject> {
  const { part, ticket, readAt, auditedAt, check } = settlement;
  const own = { ...part, present: part.present.filter(({ finding }) => subjectKeyOf(finding.id) === subjectKey) };
  const changes = { ...noChanges };
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const known = await readSentSubject(app, part.ledger, subjectKey);
    if ((known.mark?.ticket ?? 0) > ticket) return { kind: "superseded" };
    const decidedAt = app.now().toISOString();
    const ledger = { lines: known.lines, auditedAt };
    const entries = await newEntries({ app, part: own, ledger, readAt, decidedAt, runId: undefined });
    if (entries === "missed") return { kind: "outrun" };
    check();
    let [mark, rest] = [known.mark, entries];
    for (;;) {
      const committed = await app.store.commitSubject(part.ledger, { subjectKey, ticket, mark, entries: rest });
      if (committed === "conflict") break;
      for (const { entry } of rest.slice(0, rest.length - committed.rest.length)) {
        if (entry.lastChange !== "noted") changes[entry.lastChange] += 1;
      }
      await deliver(part.ledger, committed.unsent, app);
      if (committed.rest.length === 0) return { kind: "settled", changes };
      ({ mark, rest } = committed);
    }
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot commit what is known of \`${subjectKey}\`: others kept writing it`);
}

/** What is known of a subject, when all that it tells of was sent: an unsent event would be lost under the next one. */
async function readSentSubject(app: App, ledger: string, subjectKey: string): Promise<SubjectLedger> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const known = await app.store.readSubject(ledger, subjectKey);
    if (known.unsent.length === 0) return known;
    await deliver(ledger, known.unsent, app);
  }
  throw new CordonError("ERR_STATE_BUSY", `cannot read what is known of \`${subjectKey}\` at rest`);
}
