import * as z from "zod/mini";
import { findingSchema, reachSchema, serviceSchema } from "./schema.ts";

const findings = z.array(findingSchema);
const services = z.array(serviceSchema);
const texts = z.array(z.string());

const reachChange = z
  .object({
    service: z.string().check(z.describe("The ARM id, as Azure spelled it.")),
    wider: z
      .enum(["yes", "no", "unknown"])
      .check(z.describe("Whether others get in than did before; `unknown` where they may.")),
    gained: z
      .object({ addresses: texts, subnets: texts, privateEndpoints: texts, exceptions: texts })
      .check(
        z.describe(
          "Who certainly gets in that did not certainly get in before; empty lists where only the door is wider, or more parts are behind it.",
        ),
      ),
    before: reachSchema,
    after: reachSchema,
  })
  .check(z.meta({ id: "reachChange", description: "A service that both reports have, and that others reach now." }));

/** What `cordon compare --format json` writes: a `Comparison`. */
export const comparisonSchema = z.object({
  opened: findings.check(z.describe("Findings of the later report only. Waived ones count as none, here and below.")),
  worse: findings.check(z.describe("Their severity rose, or what could not be told fails now.")),
  changed: findings.check(z.describe("What they say or rest on differs in another way.")),
  gone: findings.check(z.describe("Not in the later report, for whatever reason.")),
  reached: z.array(reachChange),
  newServices: services.check(z.describe("Only the later report has them.")),
  missingServices: services.check(z.describe("Only the earlier report has them.")),
  unreadable: z
    .int()
    .check(
      z.nonnegative(),
      z.describe("How many inputs the later audit could not read: what is not found may be there."),
    ),
});

/** JSON Schema 2020-12 of what `cordon compare --format json` writes; open, so that a later version can say more. */
export function comparisonJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(comparisonSchema, { io: "input" });
  return {
    $schema,
    $id: "https://raw.githubusercontent.com/cordon-audit/cordon/main/comparison.schema.json",
    title: "Cordon comparison",
    description: "What `cordon compare --format json` writes; findings and services are those of the reports.",
    ...schema,
  };
}
