import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import type { Severity, Waiver } from "./policy.ts";
import { distinctIds, type ResourceId } from "./resource-id.ts";

/** A finding as JSON: what reports, the ledger and events hold of it. */
export interface FindingRecord {
  readonly id: string;
  readonly rule: string;
  /** The name of the rule. */
  readonly name: string;
  readonly severity: Severity;
  readonly status: Finding["status"];
  /** An ARM id, as Azure spelled it, or `site:` and the name of a site. */
  readonly resource: string;
  readonly part?: string;
  readonly services: readonly string[];
  readonly title: string;
  readonly message?: string;
  readonly because?: readonly string[];
  readonly cause?: { readonly resource: string; readonly pointer: string };
  readonly evidence: readonly EvidenceRecord[];
  readonly assumptions: readonly string[];
  readonly remedy: string;
  readonly link: string;
  readonly waived?: WaiverRecord;
  readonly expiredWaiver?: WaiverRecord;
}

export interface EvidenceRecord {
  readonly resource: string;
  readonly pointer: string;
  /** As ARM returned it; null where the property is absent. */
  readonly value: unknown;
}

export interface WaiverRecord {
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

/** What is said of a rule besides its id. */
export interface RuleNames {
  readonly name: string;
  readonly link: string;
}

export function recordOf(finding: Finding, rule: RuleNames | undefined): FindingRecord {
  const { part, message, because, cause, waived, expiredWaiver } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    name: rule?.name ?? finding.rule,
    severity: finding.severity,
    status: finding.status,
    resource: finding.resource.text,
    ...(part === undefined ? {} : { part }),
    services: textsOf(finding.services),
    title: finding.title,
    ...(message === undefined ? {} : { message }),
    ...(because.length === 0 ? {} : { because: [...because] }),
    ...(cause === undefined ? {} : { cause: { resource: cause.resource.text, pointer: cause.pointer } }),
    evidence: finding.evidence.map(toEvidence),
    assumptions: [...finding.assumptions],
    remedy: finding.remedy,
    link: rule?.link ?? "",
    ...(waived === undefined ? {} : { waived: toWaiver(waived) }),
    ...(expiredWaiver === undefined ? {} : { expiredWaiver: toWaiver(expiredWaiver) }),
  };
}

/** Sorted, and each but once. */
export function textsOf(ids: readonly ResourceId[]): readonly string[] {
  return distinctIds(ids)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map((id) => id.text);
}

export function toWaiver({ reason, owner, expires }: Waiver): WaiverRecord {
  return { reason, owner, expires };
}

function toEvidence({ resource, pointer, value }: Evidence): EvidenceRecord {
  return { resource: resource.text, pointer, value: shallow(value ?? null, 8) };
}

/** What lies deeper than any value that a rule looks at is left out: a hostile body must not stop the report. */
function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.map((element) => shallow(element, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, shallow(element, depth - 1)]));
}
