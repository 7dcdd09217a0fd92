import * as z from "zod/mini";
import type { ClosingRecord } from "../model/closing-record.ts";
import { severities } from "../model/policy.ts";
import { type FindingEntry, findingSchema, widths } from "./schema.ts";

const texts = z.array(z.string());
const resourceId = z.string().check(z.describe("An ARM id, as Azure spelled it."));

const edit = z
  .object({
    resource: resourceId,
    apiVersion: z.exactOptional(z.string()),
    path: z
      .string()
      .check(
        z.describe(
          "JSON pointer (RFC 6901) into the body that ARM returns; empty for the resource as a whole; `/-` at the end is after the last element of a list, which is made where there is none.",
        ),
      ),
    old: z.unknown().check(z.describe("What stands there; null for what is not there yet.")),
    new: z.unknown().check(z.describe("What is to stand there; null for what is taken away.")),
  })
  .check(
    z.meta({
      id: "edit",
      description: "One change to one body as ARM returns it. Indices are those before all edits.",
    }),
  );

const told = z
  .object({
    id: z.string(),
    rule: z.string(),
    severity: z.enum(severities),
    status: z.enum(["fail", "undetermined"]),
    resource: z.string(),
    says: z.string().check(z.describe("What is wrong, or what could not be known.")),
  })
  .check(z.meta({ id: "told", description: "A finding in brief." }));

const caller = z
  .object({
    kind: z.enum(["addresses", "subnet", "privateEndpoint", "exception"]),
    who: texts.check(z.describe("Prefixes, or one id or name.")),
    because: z.exactOptional(z.string().check(z.describe("Why the policy wants them in: a site, approvedAddresses."))),
  })
  .check(z.meta({ id: "caller" }));

const access = z
  .object({
    service: resourceId,
    part: z.exactOptional(
      z
        .string()
        .check(z.describe("The part of the service where other addresses come or go than elsewhere: SCM site.")),
    ),
    from: z.enum(widths),
    to: z.enum(widths),
    wanted: z
      .array(caller)
      .check(
        z.describe("Lose access although the policy, or the service's own list of subnets, wants them to have it."),
      ),
    lost: z.array(caller).check(z.describe("Others that lose access.")),
    gained: z.array(caller).check(z.describe("Get in and did not before.")),
  })
  .check(z.meta({ id: "access", description: "Who reaches a service no longer, or reaches it now." }));

export const closingSchema = z
  .object({
    changes: z.int().check(z.positive(), z.describe("How many changes it takes; one can be of several edits.")),
    edits: z.array(edit),
    follows: z.array(edit).check(z.describe("What Azure changes along with them.")),
    commands: texts.check(z.describe("The same as command lines of the Azure CLI, quoted for bash.")),
    caveats: texts.check(z.describe("What a person has to know or decide.")),
    goes: z.array(told).check(z.describe("Findings that go, that one included.")),
    comes: z.array(told).check(z.describe("Findings that come.")),
    turns: z.array(told).check(z.describe("Findings that fail where they were undetermined, or the other way round.")),
    access: z.array(access),
  })
  .check(
    z.meta({
      id: "closing",
      description: "Changes after which the finding is gone, as an audit of a changed copy says.",
    }),
  );

export const fixSchema = z.object({
  id: z.string().check(z.describe("The id of the finding.")),
  outcome: z
    .enum(["fix", "none", "undetermined", "passes"])
    .check(
      z.describe(
        "`none`: nothing that Cordon knows closes it. `undetermined`: it is not known whether anything is wrong. `passes`: there is no such finding, and nothing to fix.",
      ),
    ),
  because: texts.check(z.describe("Why there is no fix.")),
  finding: z.exactOptional(findingSchema),
  fix: z.exactOptional(closingSchema),
  isMinimal: z.exactOptional(
    z
      .boolean()
      .check(z.describe("Every smaller set of the changes that Cordon knows for it was tried, and does not close it.")),
  ),
  milder: z.exactOptional(closingSchema).check(z.describe("Takes more changes, and brings less that nobody wants.")),
  alternatives: z
    .exactOptional(z.array(closingSchema))
    .check(z.describe("As small as the fix, or smaller and more than it asks for, in the order of preference.")),
  rejected: z.exactOptional(closingSchema).check(z.describe("Would close it, and bring a finding that is worse.")),
});

export interface FixAnswer {
  readonly id: string;
  readonly outcome: z.infer<typeof fixSchema>["outcome"];
  readonly because: readonly string[];
  readonly finding?: FindingEntry;
  readonly fix?: ClosingRecord;
  readonly isMinimal?: boolean;
  readonly milder?: ClosingRecord;
  readonly alternatives?: readonly ClosingRecord[];
  readonly rejected?: ClosingRecord;
}

/** JSON Schema 2020-12 of what `cordon fix --format json` writes; open, so that a later version can say more. */
export function fixJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(fixSchema, { io: "input" });
  return {
    $schema,
    $id: "https://raw.githubusercontent.com/cordon-audit/cordon/main/fix.schema.json",
    title: "Cordon fix",
    description: "What `cordon fix --format json` writes. Cordon applies nothing of it.",
    ...schema,
  };
}
