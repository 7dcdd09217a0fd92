import * as z from "zod/mini";
import { findingEventTypes, resolutions } from "../model/finding-event.ts";
import { closingSchema } from "./fix-schema.ts";
import { evidenceSchema, findingSchema, reachSchema } from "./schema.ts";

const count = z.int().check(z.nonnegative());
const time = z.string().check(z.describe("In UTC: 2026-11-20T09:30:00.000Z."));
const { id: _, ...finding } = findingSchema.shape;

const omitted = z
  .object({
    evidence: count.check(z.describe("How many values of evidence.")),
    services: count.check(z.describe("How many services.")),
    reach: z.boolean(),
    witness: z.exactOptional(z.literal(true)),
    fix: z.exactOptional(z.literal(true)),
    texts: z.boolean().check(z.describe("Whether texts were cut.")),
  })
  .check(z.meta({ id: "omitted", description: "What was left out so that the event fits into 40 KiB." }));

const step = z
  .object({
    says: z.string(),
    outcome: z.enum(["passes", "stops", "unknown"]),
    evidence: z.array(evidenceSchema),
  })
  .check(z.meta({ id: "step", description: "One thing on the way that decides." }));

const witness = z
  .object({
    source: z.exactOptional(
      z.string().check(z.describe("Absent where it is known who calls, and from which addresses is not.")),
    ),
    destination: z.exactOptional(z.string().check(z.describe("Absent where only the name of the service is known."))),
    protocol: z.string(),
    port: z.int(),
    steps: z.array(step).check(z.describe("In the order of the way.")),
    assumptions: z.array(z.string()),
  })
  .check(
    z.meta({
      id: "witness",
      description: "One flow of somebody who gets into the service as the finding says, and what lets it through.",
    }),
  );

const fix = z
  .object({
    ...closingSchema.shape,
    isMinimal: z
      .boolean()
      .check(
        z.describe(
          "Every smaller set of the changes that Cordon knows of, from what the audit has read, was tried, and does not close it.",
        ),
      ),
  })
  .check(
    z.meta({
      id: "fix",
      description:
        "The smallest change that closes the finding, as `cordon fix` says it. Cordon applies nothing of it.",
    }),
  );

const findingChange = z
  .object({
    findingId: z.string().check(z.describe("The same fault has the same id in every audit.")),
    sequence: z
      .int()
      .check(
        z.positive(),
        z.describe(
          "One more with each event of the finding. Events may come in any order: drop one that is not above the last.",
        ),
      ),
    subscriptionId: z.exactOptional(z.string()).check(z.describe("Absent for a site of the policy.")),
    ...finding,
    reach: z.exactOptional(reachSchema).check(z.describe("When the event was made; absent in resolved findings.")),
    witness: z
      .exactOptional(witness)
      .check(
        z.describe("In failed findings that say that somebody gets into a service, where such a caller is known."),
      ),
    fix: z
      .exactOptional(fix)
      .check(
        z.describe(
          "In failed findings after a change, where all that the fix touches was looked at; see `cordon fix`.",
        ),
      ),
    resolution: z.exactOptional(z.enum(resolutions)).check(z.describe("Why the finding is no longer open.")),
    report: z.exactOptional(z.string()).check(z.describe("Where the whole finding can be read.")),
    omitted: z.exactOptional(omitted),
  })
  .check(
    z.meta({ id: "findingChange", description: "The finding as it is now; as it last was where it is resolved." }),
  );

const completedAudit = z
  .object({
    runId: z.string(),
    subscriptionId: z.string(),
    startedAt: time,
    completedAt: time,
    counts: z.object({
      resources: count.check(z.describe("Those of other subscriptions that count as evidence included.")),
      subjects: count,
      open: z
        .object({ high: count, medium: count, low: count, info: count })
        .check(z.describe("Failed findings that are not waived.")),
      undetermined: count,
      waived: count,
      gaps: count,
      untold: z.optional(
        count.check(
          z.describe("Resources that had changed without an event having told of it; absent for the first audit."),
        ),
      ),
      opened: count.check(z.describe("What this audit found changed.")),
      changed: count,
      resolved: count,
    }),
    gaps: z.array(z.string()).check(z.describe("The first of what could not be read or understood.")),
  })
  .check(z.meta({ id: "completedAudit" }));

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#required-attributes */
const envelope = {
  specversion: z.literal("1.0"),
  source: z.string(),
  subject: z.string(),
  time,
  datacontenttype: z.literal("application/json"),
  dataschema: z.string(),
};

const eventId = (of: string) =>
  z.string().check(z.regex(/^[\da-f]{64}$/), z.describe(`SHA-256 of \`${of}\`. A repeated event has the same id.`));

const findingEventSchema = z.object({
  id: eventId("<findingId>.<sequence>"),
  type: z.enum(Object.values(findingEventTypes)),
  ...envelope,
  data: findingChange,
});

const auditEventSchema = z.object({
  id: eventId("<runId>.<subscriptionId>"),
  type: z.literal("cordon.audit.completed.v1"),
  ...envelope,
  data: completedAudit,
});

/** JSON Schemas 2020-12 by file name; open, so that a later version can say more. */
export const eventJsonSchemas: ReadonlyMap<string, object> = new Map([
  ["finding-event.schema.json", published("finding-event", "Cordon finding event", findingEventSchema)],
  ["audit-event.schema.json", published("audit-event", "Cordon audit event", auditEventSchema)],
]);

function published(name: string, title: string, type: z.ZodMiniType): object {
  const { $schema, ...schema } = z.toJSONSchema(type, { io: "input" });
  return {
    $schema,
    $id: `https://raw.githubusercontent.com/cordon-audit/cordon/main/${name}.schema.json`,
    title,
    description: "A CloudEvents 1.0 event in its JSON format.",
    ...schema,
  };
}
