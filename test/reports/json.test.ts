import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { Glob } from "../../lib/model/glob.ts";
import { toJson, toNdjson } from "../../lib/reports/json.ts";
import { reportOf } from "../../lib/reports/report.ts";
import { findingSchema, reportJsonSchema, reportSchema } from "../../lib/reports/schema.ts";
import { rules } from "../../lib/rules/index.ts";
import { aNetwork, aSqlServer, aStorageAccount, group, refused, storageId } from "../support/builders.ts";
import { auditOf, policyWith } from "../support/world.ts";

const waiver = { rule: "NI103", resource: new Glob("*"), reason: "soon", owner: "ann", expires: "2020-01-01" };

/** A report in which every optional property occurs somewhere. */
async function aFullReport() {
  const given = [
    aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
    aSqlServer({ notRead: ["firewallRules"] }),
    aNetwork([{ nsg: undefined }]),
    refused(`${group}/providers/Microsoft.KeyVault/vaults/kv-closed`),
  ];
  const waivers = [
    { ...waiver, rule: "NI101", resource: new Glob("*/stdrawings"), expires: "2099-12-31" },
    { ...waiver, rule: "NI601" },
    { ...waiver, rule: "NI302" },
  ];
  return reportOf(await auditOf(given, policyWith({ waivers })), rules);
}

test("the published schema is the one in the package, and a report is valid by it", async () => {
  const published: object = JSON.parse(await readFile("report.schema.json", "utf8"));
  expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  const validate = new Ajv2020({ strict: false }).compile(published);
  const report = JSON.parse(toJson(await aFullReport()));
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...report, gaps: [1] })).toBe(false);
});

test("a report says nothing that the schema does not know", async () => {
  const report = await aFullReport();
  expect(reportSchema.parse(report)).toEqual(report);
  const text = toJson(report);
  for (const name of ["because", "assumptions", "cause", "waived", "expiredWaiver", "unusedWaivers"]) {
    expect(text).toContain(`"${name}"`);
  }
});

test("NDJSON has one finding a line", async () => {
  const report = await aFullReport();
  const lines = toNdjson(report).trimEnd().split("\n");
  expect(lines.map((line) => findingSchema.parse(JSON.parse(line)))).toEqual(report.findings);
  expect(toNdjson({ ...report, findings: [] })).toBe("");
});

test("what a terminal might obey is escaped, and is the same text when parsed", async () => {
  const hostile = `${storageId}\u009b31m\u202e\u2028\u007f\u00ad\u200d\u{e0041}`;
  const json = toJson(reportOf(await auditOf(aStorageAccount({}, { id: hostile })), rules));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may occur
  expect(json).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\p{Cf}]/u);
  expect(JSON.parse(json).services[0].id).toBe(hostile);
});
