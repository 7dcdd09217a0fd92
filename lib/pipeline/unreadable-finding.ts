import { type Expectations, waiverFor } from "../analyze.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Finding } from "../model/finding.ts";
import type { EvidenceRecord, FindingRecord } from "../model/finding-record.ts";
import type { LedgerEntry } from "../model/ledger.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Found } from "../model/snapshot.ts";

/**
 * What a finding becomes when its subject, or what it was found by, can no longer be read: nobody knows whether it still holds.
 * Its evidence stays as it was last read, so that whoever asks again knows what to look at.
 */
export function unreadableFinding(
  { id, rule, severity, resource, part, services, title, remedy, evidence }: FindingRecord,
  because: string,
  { policy, today }: Expectations,
): Finding {
  const subject = subjectOf(resource);
  return {
    id,
    rule,
    severity: policy.severities.get(rule) ?? severity,
    status: "undetermined",
    resource: subject,
    ...(part === undefined ? {} : { part }),
    services: services.flatMap((text) => ResourceId.parse(text) ?? []),
    title,
    because: [because],
    evidence: evidence.map(toEvidence),
    assumptions: [],
    remedy,
    ...waiverFor(rule, subject, policy, today),
  };
}

/** What an audit knows, as far as it decides whether a finding may be taken for fixed. */
export interface Known {
  readonly find: (id: ResourceId) => Promise<Found>;
  /** What was refused or failed, a sentence each. */
  readonly gaps: readonly string[];
}

/**
 * Why a finding that a rule no longer makes may hold all the same: something that it was found by cannot be read any more. A
 * rule that asks who is there sees nobody then. Undefined where all of it was read, or is proved to be gone.
 */
export async function unreadEvidence(
  { finding, omitted }: Pick<LedgerEntry, "finding" | "omitted">,
  { find, gaps }: Known,
): Promise<string | undefined> {
  for (const id of resourcesIn(finding.evidence)) {
    const found = await find(id);
    if (found.kind === "unreadable") return `what it was found by cannot be read any more: ${found.because}`;
  }
  const gap = (omitted?.evidence ?? 0) === 0 ? undefined : [...gaps].sort()[0];
  if (gap === undefined) return undefined;
  return `not all that it was found by is known any more, and not everything could be read: ${gap}`;
}

/** Each once; the sites of the policy are none. */
function resourcesIn(evidence: readonly EvidenceRecord[]): readonly ResourceId[] {
  return [...new Set(evidence.map(({ resource }) => resource))].flatMap((text) => ResourceId.parse(text) ?? []);
}

function toEvidence({ resource, pointer, value }: EvidenceRecord): Evidence {
  return { resource: subjectOf(resource), pointer, value };
}

/** The id of a finding's resource: an ARM id, or that of a site. */
export function subjectOf(resource: string): ResourceId {
  return ResourceId.parse(resource) ?? ResourceId.ofSite(resource.slice("site:".length));
}
