import * as z from "zod/mini";
import { doors } from "../model/door.ts";
import type { FindingRecord, WaiverRecord } from "../model/finding-record.ts";
import { entryKeys, entryKinds, severities } from "../model/policy.ts";
import type { ReachRecord } from "../model/reach-record.ts";

/** From the widest to the narrowest; what is not known may be the widest. */
export const widths = ["internet", "unknown", "azure", "addresses", "subnets", "private", "nobody"] as const;

const count = z.int().check(z.nonnegative());
const severity = z.enum(severities);
const door = z.enum(doors);
const reasons = z.array(z.string());
const resourceId = z.string().check(z.describe("An ARM id, as Azure spelled it."));
const subjectId = z.string().check(z.describe("An ARM id, as Azure spelled it, or `site:` and the name of a site."));
const pointer = z
  .string()
  .check(z.describe("JSON pointer (RFC 6901) into the body that ARM returns, or into the site's entry in the policy."));

const waiver = z
  .object({
    reason: z.string(),
    owner: z.string(),
    expires: z.string().check(z.describe("The last day on which it holds, in UTC: 2027-03-31.")),
  })
  .check(z.meta({ id: "waiver", description: "The owner of the estate accepts the finding for a while." }));

const unusedWaiver = z
  .object({ rule: z.string(), resource: z.string(), ...waiver.shape })
  .check(z.meta({ id: "unusedWaiver", description: "A waiver in the policy that no finding needs." }));

const cause = z
  .object({ resource: subjectId, pointer })
  .check(z.meta({ id: "cause", description: "The value to look at first; findings with equal causes are one fault." }));

export const evidenceSchema = z
  .object({
    resource: subjectId,
    pointer,
    value: z.unknown().check(z.describe("As ARM returned it; null where the property is absent.")),
  })
  .check(
    z.meta({ id: "evidence", description: "A value that the finding rests on, and where anyone can look it up." }),
  );

export const reachSchema = z
  .object({
    widest: z
      .enum(widths)
      .check(z.describe("The widest door that stands open; unknown where atLeast and atMost differ.")),
    atLeast: door.check(z.describe("The widest door that is certainly open.")),
    atMost: door.check(z.describe("The widest door that may be open.")),
    because: z.exactOptional(reasons.check(z.describe("Why atLeast and atMost differ."))),
    parts: z.exactOptional(
      z
        .array(z.string())
        .check(z.describe("Where the widest door leads to some parts of the service only: which ones, SCM site.")),
    ),
    addresses: z
      .array(z.string())
      .check(
        z.describe(
          "The prefixes that are certainly admitted, without those in which no caller on the internet has an address.",
        ),
      ),
    hasIpv6: z.exactOptional(
      z.literal(true).check(z.describe("The service answers over IPv6 as well, or may: IPv4 is not everybody.")),
    ),
    subnets: z.array(resourceId).check(z.describe("The subnets that certainly get in over a service endpoint.")),
    privateEndpoints: z.array(resourceId),
    exceptions: z.array(z.string()).check(z.describe("Callers that get in whatever their address.")),
    assumptions: z.exactOptional(reasons),
  })
  .check(z.meta({ id: "reach", description: "Who can reach a service." }));

export const serviceSchema = z
  .object({
    id: resourceId,
    type: z.string().check(z.describe("As Azure's documentation spells it: Microsoft.Storage/storageAccounts.")),
    state: z
      .enum(["audited", "placed", "retired"])
      .check(
        z.describe(
          "Placed: only its place in subnets was audited, and who can reach it is not known. Retired: Azure has ended the service.",
        ),
      ),
    reach: z.exactOptional(reachSchema).check(z.describe("Of audited services only.")),
    subnets: z.exactOptional(z.array(resourceId).check(z.describe("The subnets that a placed service is in."))),
    findings: z.array(z.string()).check(z.describe("Ids of the findings that concern the service.")),
  })
  .check(z.meta({ id: "service" }));

export const findingSchema = z
  .object({
    id: z.string().check(z.describe("The same fault has the same id in every audit.")),
    rule: z.string(),
    name: z.string().check(z.describe("The name of the rule.")),
    severity,
    status: z.enum(["fail", "undetermined"]),
    resource: subjectId,
    part: z.exactOptional(z.string().check(z.describe("What is at fault inside the resource: a connection, a site."))),
    services: z.array(resourceId).check(z.describe("The services whose isolation it concerns.")),
    title: z.string(),
    message: z.exactOptional(z.string().check(z.describe("What is wrong here; in failed findings."))),
    because: z.exactOptional(reasons.check(z.describe("What could not be known; in undetermined findings."))),
    cause: z.exactOptional(cause),
    evidence: z.array(evidenceSchema),
    assumptions: z.array(z.string()).check(z.describe("What had to be taken for granted.")),
    remedy: z.string(),
    link: z.string(),
    waived: z.exactOptional(waiver),
    expiredWaiver: z.exactOptional(waiver).check(z.describe("A waiver that would apply, had it not expired.")),
  })
  .check(z.meta({ id: "finding" }));

const summary = z
  .object({
    services: count,
    states: z
      .object({ audited: count, placed: count, retired: count })
      .check(z.describe("Services by what the audit could say of them.")),
    resources: count.check(z.describe("How many resources were read.")),
    subjects: count.check(z.describe("How many of them, and of the policy's sites, rules were asked about.")),
    findings: z
      .object({ high: count, medium: count, low: count, info: count })
      .check(z.describe("Failed findings that are not waived.")),
    undetermined: count.check(z.describe("Undetermined findings that are not waived.")),
    waived: count,
    unreadable: count.check(z.describe("Problems and gaps together.")),
    widest: z
      .object({
        internet: count,
        azure: count,
        addresses: count,
        subnets: count,
        private: count,
        nobody: count,
        unknown: count,
      })
      .check(z.describe("Audited services by the widest door that stands open.")),
  })
  .check(z.meta({ id: "summary" }));

export const reportSchema = z.object({
  services: z.array(serviceSchema).check(z.describe("The widest reach first.")),
  findings: z.array(findingSchema).check(z.describe("The worst first.")),
  summary,
  problems: z
    .array(
      z.object({
        where: z.string(),
        message: z.string(),
        isLost: z.exactOptional(
          z.literal(true).check(z.describe("It is broken or was cut off: what is lost was not audited.")),
        ),
      }),
    )
    .check(z.describe("Input that could not be understood.")),
  gaps: z.array(z.string()).check(z.describe("What was refused or failed while reading.")),
  conflicts: z.array(resourceId).check(z.describe("Resources that were read with two different bodies.")),
  unusedWaivers: z
    .array(unusedWaiver)
    .check(z.describe("Empty where only some of the rules or services were asked for.")),
  unmatchedEntries: z
    .array(
      z.object({
        key: z.enum(entryKeys),
        kind: z.enum(entryKinds),
        resource: z.string().check(z.describe("As the policy has it: a pattern, an id, a type, a tag, or an address.")),
      }),
    )
    .check(
      z.describe(
        "Entries of the policy that are for no resource of their kind that was read; firewalls are for the route tables that name them.",
      ),
    ),
});

/** What an audit found out, in a stable order and without times: equal input gives equal bytes. */
export interface Report extends Omit<z.infer<typeof reportSchema>, "services" | "findings"> {
  readonly services: readonly ServiceEntry[];
  readonly findings: readonly FindingEntry[];
}

export interface ServiceEntry extends Omit<z.infer<typeof serviceSchema>, "reach" | "subnets"> {
  readonly reach?: ReachEntry;
  readonly subnets?: readonly string[];
}

export type ReachEntry = ReachRecord;
export type FindingEntry = FindingRecord;
export type WaiverEntry = WaiverRecord;

/** JSON Schema 2020-12 of a report; open, so that a later version can say more. */
export function reportJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { io: "input" });
  return {
    $schema,
    $id: "https://raw.githubusercontent.com/cordon-audit/cordon/main/report.schema.json",
    title: "Cordon report",
    description: "What `cordon audit --format json` writes; with `--format ndjson`, each line is one `finding`.",
    ...schema,
  };
}
