import type { CompletedAudit, OutgoingEvent } from "../model/finding-event.ts";
import type { LedgerEntry, LedgerLine } from "../model/ledger.ts";

/**
 * Where state is kept: a ledger of findings for each subscription, and one for the sites of the policy; `ledger` names it,
 * by the subscription's id or as `sitesLedger`. Its outbox: a commit stores new states together with the events that tell
 * of them; whoever meets an unsent event sends it, and only then clears its mark.
 */
export interface Store {
  /** A number above those of all audits of this ledger that began before; `whole` for one that looks at all of its subjects. */
  takeTicket(ledger: string, reach: "whole" | "part"): Promise<number>;
  /** The highest ticket that was taken for the whole ledger; 0 where there is none. */
  wholeTicket(ledger: string): Promise<number>;
  /** The highest ticket that was taken at all. */
  lastTicket(ledger: string): Promise<number>;
  read(ledger: string): Promise<Ledger>;
  /** What the ledger holds about one subject, by its key. */
  readSubject(ledger: string, subjectKey: string): Promise<SubjectLedger>;
  head(ledger: string): Promise<Head>;
  /** The whole finding; undefined where nobody knows it. */
  find(ledger: string, findingId: string): Promise<KeptEntry | undefined>;
  /** Writes as many entries as fit into one write, all or nothing; "conflict" where the ledger is not as it was read. */
  commit(ledger: string, commit: Commit): Promise<Committed | "conflict">;
  /** The same for one subject, whatever becomes of the others. */
  commitSubject(ledger: string, commit: SubjectCommit): Promise<CommittedSubject | "conflict">;
  /** What was committed and whose sending is not yet known to have succeeded. */
  unsent(ledger: string): Promise<readonly Unsent[]>;
  /** Whoever changed one of them since has sent it before. */
  clear(ledger: string, sent: readonly Unsent[]): Promise<void>;
  /** What a run that is complete found out; undefined where it is not. */
  completedRun(ledger: string, runId: string): Promise<CompletedAudit | undefined>;
  /** Runs that were completed before, and whose news was sent. */
  forgetRuns(ledger: string, before: string): Promise<void>;
  /** Drops what is still as it was read; `forgottenSequence` knows of it before it goes. */
  forget(ledger: string, forgotten: Forgotten): Promise<void>;
  /**
   * No finding that was forgotten has had a higher sequence: one that nobody knows goes on above it. To be asked after the ledger was
   * read in which it is not.
   */
  forgottenSequence(ledger: string): Promise<number>;
  /** Of each subscription that was ever audited. */
  health(): Promise<readonly AuditHealth[]>;
  recordHealth(subscriptionId: string, news: HealthNews): Promise<void>;
}

/** The ledger of findings about the policy's sites, which are in no subscription. */
export const sitesLedger = "sites";

export interface Ledger {
  readonly head: Head;
  readonly marks: Marks;
  readonly lines: readonly KeptLine[];
  /** Whether some of them tell of a change whose event is not known to be sent. */
  readonly hasUnsent: boolean;
}

export interface SubjectLedger {
  readonly mark: Mark | undefined;
  readonly lines: readonly KeptLine[];
  readonly unsent: readonly Unsent[];
}

/** Which audit had the last word on a subject: no other that began before it may write about it. */
export interface Mark {
  readonly ticket: number;
  readonly etag: string;
}

/** By the hashes of the subjects' keys; a subject of which nobody ever wrote has none. */
export type Marks = ReadonlyMap<string, Mark>;

/** What all commits to a whole ledger hold on to: each is refused where another came between. */
export interface Head {
  /** Undefined before the first commit. */
  readonly etag: string | undefined;
  /** The highest ticket of an audit that committed anything, and of one that committed everything; 0 where there is none. */
  readonly ticket: number;
  readonly completedTicket: number;
  /** When the last complete audit began to read. */
  readonly auditedAt: string | undefined;
}

export interface KeptLine {
  readonly line: LedgerLine;
  readonly etag: string;
}

export interface KeptEntry {
  readonly entry: LedgerEntry;
  readonly etag: string;
}

export interface Forgotten {
  readonly lines: readonly KeptLine[];
  readonly marks: Marks;
}

export interface Commit {
  /** As it was read before the entries were decided about. */
  readonly head: Head;
  readonly ticket: number;
  readonly marks: Marks;
  readonly entries: readonly NewEntry[];
  /** Takes effect with the last of the entries. */
  readonly completion: Completion;
}

export interface NewEntry {
  readonly entry: LedgerEntry;
  /** Of what it replaces; undefined where the finding is new. */
  readonly etag: string | undefined;
  /** To be sent; absent where nobody is to be told. */
  readonly event?: OutgoingEvent;
}

export interface Completion {
  readonly auditedAt: string;
  /** Absent where the audit is none that is announced. */
  readonly run?: { readonly completed: CompletedAudit; readonly event: OutgoingEvent };
}

export interface SubjectCommit {
  readonly subjectKey: string;
  readonly ticket: number;
  /** As it was read before the entries were decided about. */
  readonly mark: Mark | undefined;
  readonly entries: readonly NewEntry[];
}

export interface CommittedSubject {
  readonly mark: Mark;
  readonly unsent: readonly Unsent[];
  /** Entries that did not fit. */
  readonly rest: readonly NewEntry[];
}

export interface Committed {
  readonly head: Head;
  readonly marks: Marks;
  readonly unsent: readonly Unsent[];
  /** Entries that did not fit; none where the completion took effect. */
  readonly rest: readonly NewEntry[];
}

export interface Unsent {
  readonly row: string;
  readonly etag: string;
  readonly event: OutgoingEvent;
}

/** How the last audits of a subscription went. */
export interface AuditHealth {
  readonly subscriptionId: string;
  /** The last scheduled audit that was completed. */
  readonly completed?: CompletedAudit;
  /** When the last complete audit began to read, be it scheduled or after a change. */
  readonly auditedAt?: string;
  /** The last failure; it is over where it was before the last completion. */
  readonly failure?: AuditFailure;
  /** Whether the subscription was in the scope when it was last looked at. */
  readonly isInScope: boolean;
}

export interface AuditFailure {
  readonly at: string;
  readonly message: string;
  readonly runId?: string;
}

export type HealthNews = Partial<Omit<AuditHealth, "subscriptionId">>;
