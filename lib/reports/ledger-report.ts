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
  const parts = await pMap(names, (name) => partOf(store, name, filter), { concurrency });
  const first = parts.flatMap((part) => part.first).sort((a, b) => byUrgency(a.line, b.line));
  const findOne = async ({ line, ledger, auditedAt }: ReadLine) => {
    const known = await store.find(ledger, line.id);
    return known === undefined ? undefined : toReported(known.entry, auditedAt);
  };
  const findings = await pMap(first.slice(filter.offset, filter.offset + filter.limit), findOne, { concurrency });
  return {
    at: around.now.toISOString(),
    filter,
    summary: parts.map((part) => part.summary).reduce(together, summaryOf([])),
    audits: health.map(toAuditEntry),
    poison: around.poison,
    matching: parts.reduce((sum, part) => sum + part.matching, 0),
    findings: findings.filter((finding) => finding !== undefined),
  };
}

interface ReadLine {
  readonly line: LedgerLine;
  readonly ledger: string;
  readonly auditedAt: string | undefined;
}

/** What is kept of a ledger while others are read: no more than can be on the page that is asked for. */
interface Part {
  readonly summary: LedgerReport["summary"];
  readonly matching: number;
  readonly first: readonly ReadLine[];
}

async function partOf(store: Store, ledger: string, filter: LedgerFilter): Promise<Part> {
  const { head, lines: kept } = await store.read(ledger);
  const lines = kept.map(({ line }) => line);
  const isAsked = filter.subscription === undefined || filter.subscription === ledger;
  const matching = isAsked ? lines.filter((line) => passes(line, filter)) : [];
  const first = matching.sort(byUrgency).slice(0, filter.offset + filter.limit);
  return {
    summary: summaryOf(lines),
    matching: matching.length,
    first: first.map((line) => ({ line, ledger, auditedAt: head.auditedAt })),
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

function together(one: LedgerReport["summary"], other: LedgerReport["summary"]): LedgerReport["summary"] {
  const open = (severity: Severity) => one.open[severity] + other.open[severity];
  return {
    open: { high: open("high"), medium: open("medium"), low: open("low"), info: open("info") },
    undetermined: one.undetermined + other.undetermined,
    waived: one.waived + other.waived,
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
