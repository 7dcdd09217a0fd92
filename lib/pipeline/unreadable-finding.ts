import { type Expectations, waiverFor } from "../analyze.ts";
import type { Finding } from "../model/finding.ts";
import type { FindingRecord } from "../model/finding-record.ts";
import { ResourceId } from "../model/resource-id.ts";

/** What a finding becomes when its subject can no longer be read: nobody knows whether it still holds. */
export function unreadableFinding(
  { id, rule, severity, resource, part, services, title, remedy }: FindingRecord,
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
    evidence: [],
    assumptions: [],
    remedy,
    ...waiverFor(rule, subject, policy, today),
  };
}

/** The id of a finding's resource: an ARM id, or that of a site. */
export function subjectOf(resource: string): ResourceId {
  return ResourceId.parse(resource) ?? ResourceId.ofSite(resource.slice("site:".length));
}
