import type { Explanation } from "./explanation.ts";
import type { Omitted, Resolution } from "./finding-event.ts";
import type { FindingRecord, WaiverRecord } from "./finding-record.ts";
import type { Severity } from "./policy.ts";

/** Waived: the owner of the estate accepts it, so that nobody is told of it until the waiver ends. */
export type FindingState = "open" | "waived" | "resolved";

/** The life of one finding, with as much of it as a list shows. Times are UTC: 2026-11-20T09:30:00.000Z. */
export interface LedgerLine {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly status: FindingRecord["status"];
  readonly resource: string;
  readonly services: readonly string[];
  readonly state: FindingState;
  /** Of what is no longer open. */
  readonly resolution?: Resolution;
  /** Of what is waived. */
  readonly waived?: WaiverRecord;
  /** What it says in substance, hashed. */
  readonly digest: string;
  /** Of its last event, or what the first one goes on from: 0, or more where findings of the ledger were forgotten. */
  readonly sequence: number;
  readonly lastChange: "opened" | "changed" | "resolved" | "noted";
  /** The audit that made the last change; absent where that was a change audit. */
  readonly runId?: string;
  readonly firstSeenAt: string;
  readonly openedAt?: string;
  readonly resolvedAt?: string;
  /**
   * When it was last seen as of the last change. An audit that finds everything as it was writes nothing of a finding: what is
   * not resolved was seen by the last complete audit of its subscription as well, which the ledger's head knows.
   */
  readonly seenAt: string;
}

/** The same, and the whole finding. */
export interface LedgerEntry extends LedgerLine {
  /** As it is now; as it last was where it is resolved. */
  readonly finding: FindingRecord;
  /** What its last event told besides, and when that was decided; of what is open. */
  readonly explanation?: DatedExplanation;
  /** What was too large to be kept. */
  readonly omitted?: Omitted;
}

export interface DatedExplanation extends Explanation {
  readonly at: string;
}
