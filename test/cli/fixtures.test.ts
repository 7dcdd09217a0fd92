import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { Report } from "../../lib/reports/schema.ts";
import { cordon } from "./cordon.ts";

const fixtures = resolve(import.meta.dirname, "../fixtures");

async function auditOf(name: string) {
  const recording = join(fixtures, name);
  const { code, stdout } = await cordon(["audit", "--recording", recording, "--format", "json", "--strict"]);
  const report: Report = JSON.parse(stdout);
  const expected: { findings: readonly object[] } = JSON.parse(
    await readFile(join(recording, "expected.json"), "utf8"),
  );
  return { code, report, expected: expected.findings };
}

function sorted(findings: readonly object[]): readonly string[] {
  return findings.map((finding) => JSON.stringify(Object.entries(finding).sort())).sort();
}

test("contoso-erp has the planted faults, and no others", async () => {
  const { code, report, expected } = await auditOf("contoso-erp");
  const found = report.findings.map(({ rule, resource, part, waived }) => ({
    rule,
    resource,
    ...(part === undefined ? {} : { part }),
    ...(waived === undefined ? {} : { waived: true }),
  }));
  expect(sorted(found)).toEqual(sorted(expected));
  expect(report.findings.filter(({ status }) => status !== "fail")).toEqual([]);
  expect(report).toMatchObject({ problems: [], gaps: [], conflicts: [], unusedWaivers: [], unmatchedEntries: [] });
  expect(code).toBe(1);
});

test("contoso-erp-closed has none", async () => {
  const { code, report } = await auditOf("contoso-erp-closed");
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ problems: [], gaps: [], conflicts: [], unusedWaivers: [], unmatchedEntries: [] });
  expect(code).toBe(0);
});

test.each(["contoso-erp", "contoso-erp-closed"])("the report on %s is valid by the published schema", async (name) => {
  const schema: object = JSON.parse(await readFile(resolve(fixtures, "../../report.schema.json"), "utf8"));
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const { report } = await auditOf(name);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
});

test("the example is audited where no recording is given, and standard error says so", async () => {
  const { code, stdout, stderr } = await cordon(["audit"]);
  expect(stderr).toContain(`reading the example \`${join(fixtures, "contoso-erp")}\``);
  expect(stderr).toContain(`policy: ${join(fixtures, "contoso-erp", "cordon.policy.json")}\n`);
  expect(stdout).toContain("kv-contoso-erp  key vault in rg-erp-data\n");
  expect(stdout).not.toContain("\u001b");
  expect(code).toBe(1);
});
