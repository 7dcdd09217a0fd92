import pMap from "p-map";
import type { CompletedAudit } from "../model/finding-event.ts";
import type { LedgerEntry, LedgerLine } from "../model/ledger.ts";
import type { Severity } from "../model/policy.ts";
import { type AuditFailure, type AuditHealth, type Store, sitesLedger } from "../state/store.ts";
import { type LedgerFilter, passes } from "./ledger-filter.ts";
import { byUrgency } from "./urgency.ts";

/** What the ledger of findings says now, as JSON. */
export interface LedgerReport {
  readonly at: string;
  readonly filter: LedgerFilter;
  /** Of everything, whatever the filter. */
  readonly summary: {
    readonly open: Readonly<Record<Severity, number>>;
    readonly undetermined: number;
    readonly waived: number;
  };
  readonly audits: readonly AuditEntry[];
  /** Messages that nobody could handle, by queue. */
  readonly poison: Readonly<Record<string, number>>;
  /** How many findings pass the filter; `findings` are those from `filter.offset` on. */
  readonly matching: number;
  readonly findings: readonly ReportedFinding[];
}

export interface AuditEntry {
  readonly subscriptionId: string;
  /** Failing: the last attempt failed after the last audit that was completed. */
  readonly state: "ok" | "failing" | "out of scope" | "never completed";
  readonly auditedAt?: string;
  readonly completed?: CompletedAudit;
  readonly failure?: AuditFailure;
}

export interface ReportedFinding extends LedgerEntry {
  readonly lastSeenAt: string;
  /** When its rule was last asked about it. */
  readonly lastEvaluatedAt: string;
}

export interface Circumstances {
  readonly poison: Readonly<Record<string, number>>;
  readonly now: Date;
}

export async function ledgerReport(store: Store, filter: LedgerFilter, around: Circumstances): Promise<LedgerReport> {
  const health = await store.health();
  const names = [...health.map(({ subscriptionId }) => subscriptionId), sitesLedger];
  const readOne = async (name: string) => ({ name, ...(await store.read(name)) });
  const ledgers = await pMap(names, readOne, { concurrency });
  const all = ledgers.flatMap(({ name, head, lines }) =>
    lines.map(({ line }) => ({ line, ledger: name, auditedAt: head.auditedAt })),
  );
  const isAsked = (ledger: string) => filter.subscription === undefined || filter.subscription === ledger;
  const matching = all
    .filter(({ line, ledger }) => isAsked(ledger) && passes(line, filter))
    .sort((a, b) => byUrgency(a.line, b.line));
  const page = matching.slice(filter.offset, filter.offset + filter.limit);
  const findOne = async ({ line, ledger, auditedAt }: (typeof page)[number]) => {
    const known = await store.find(ledger, line.id);
    return known === undefined ? undefined : toReported(known.entry, auditedAt);
  };
  const findings = await pMap(page, findOne, { concurrency });
  return {
    at: around.now.toISOString(),
    filter,
    summary: summaryOf(all.map(({ line }) => line)),
    audits: health.map(toAuditEntry),
    poison: around.poison,
    matching: matching.length,
    findings: findings.filter((finding) => finding !== undefined),
  };
}

/** Undefined where nobody knows the finding. */
export async function reportedFinding(
  store: Store,
  ledger: string,
  findingId: string,
): Promise<ReportedFinding | undefined> {
  const [known, { auditedAt }] = await Promise.all([store.find(ledger, findingId), store.head(ledger)]);
  return known === undefined ? undefined : toReported(known.entry, auditedAt);
}

/** An audit that finds everything as it was writes nothing of a finding: the ledger's head knows when it was. */
function toReported(entry: LedgerEntry, auditedAt: string | undefined): ReportedFinding {
  const lastSeenAt = entry.state === "resolved" ? entry.seenAt : latest(entry.seenAt, auditedAt);
  return { ...entry, lastSeenAt, lastEvaluatedAt: latest(entry.seenAt, auditedAt) };
}

const concurrency = 16;

function latest(a: string, b: string | undefined): string {
  return b !== undefined && b > a ? b : a;
}

function summaryOf(lines: readonly LedgerLine[]): LedgerReport["summary"] {
  const open = lines.filter(({ state }) => state === "open");
  const failed = (severity: Severity) =>
    open.filter((line) => line.status === "fail" && line.severity === severity).length;
  return {
    open: { high: failed("high"), medium: failed("medium"), low: failed("low"), info: failed("info") },
    undetermined: open.filter(({ status }) => status === "undetermined").length,
    waived: lines.filter(({ state }) => state === "waived").length,
  };
}

function toAuditEntry({ isInScope, ...health }: AuditHealth): AuditEntry {
  return { ...health, state: isInScope ? stateOf(health) : "out of scope" };
}

function stateOf({ completed, auditedAt, failure }: Omit<AuditHealth, "isInScope">): AuditEntry["state"] {
  const last = [completed?.completedAt, auditedAt]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  if (failure !== undefined && (last === undefined || failure.at > last)) {
    return last === undefined ? "never completed" : "failing";
  }
  return last === undefined ? "never completed" : "ok";
}
