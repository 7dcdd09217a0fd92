import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { comparisonSchema } from "../../lib/reports/comparison-schema.ts";
import { aNetwork, aStorageAccount, group } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const closed = aStorageAccount();
const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
const listed = (value: string) => aStorageAccount({ networkAcls: { ipRules: [{ value }] } });
const unclear = aStorageAccount({ networkAcls: { defaultAction: "Perhaps" } });
const exempt = aStorageAccount({ networkAcls: { bypass: "AzureServices" } });
const unfiltered = aNetwork([{ nsg: undefined }]);
const another = aStorageAccount(
  {},
  { id: `${group}/providers/Microsoft.Storage/storageAccounts/stnew`, name: "stnew" },
);
const waivers = [{ rule: "NI101", resource: "*", reason: "soon", owner: "ann", expires: "2099-12-31" }];
const raised = { severities: { NI106: "high" } };

interface Side {
  readonly body: unknown;
  readonly policy?: unknown;
}

async function reportOf({ body, policy = {} }: Side): Promise<string> {
  const folder = await folderWith({ "a.json": body, "cordon.policy.json": policy });
  const file = join(folder, "report");
  await cordon(["audit", "--recording", join(folder, "a.json"), "--format", "json", "--out", file]);
  return file;
}

describe("cordon compare", () => {
  test.each<{ when: string; before: Side; after: Side; args?: readonly string[]; code: number; says: string }>([
    {
      ...{ when: "a door was opened", before: { body: closed }, after: { body: open }, code: 1 },
      says: "now             the internet: every address\n\n1 finding opened\n  high    NI101",
    },
    {
      ...{
        when: "looks like the same callers, and one is excepted now",
        before: { body: closed },
        after: { body: exempt },
      },
      ...{ code: 1, says: "was reached by  nobody\n  now             nobody; exceptions: AzureServices\n" },
    },
    {
      ...{ when: "others get in, though no finding is as grave as asked for", code: 1, args: ["--fail-on", "high"] },
      ...{ before: { body: closed }, after: { body: exempt } },
      says: "Services that let in others than before\n  stdrawings: exceptions: AzureServices\n",
    },
    {
      ...{ when: "a door was closed", before: { body: open }, after: { body: closed }, code: 0 },
      says: "now             nobody\n\n1 finding no longer found\n  high    NI101",
    },
    {
      ...{ when: "all is as before", before: { body: open }, after: { body: open }, code: 0 },
      says: "no finding is different, and nobody gets in who did not before\n",
    },
    {
      ...{ when: "looks harmless: no rule objects, and others get in", code: 1 },
      ...{ before: { body: listed("203.0.113.7") }, after: { body: listed("203.0.113.8") } },
      says: "was reached by  1 listed address (203.0.113.7)\n  now             1 listed address (203.0.113.8)\n",
    },
    {
      ...{ when: "looks wider: the same addresses in other words", code: 0 },
      ...{ before: { body: listed("203.0.113.4/31") }, after: { body: listed("203.0.113.5") } },
      says: "was reached by  2 listed addresses (203.0.113.4/31)\n  now             1 listed address (203.0.113.5)\n",
    },
    {
      ...{ when: "looks closed, and is not known", before: { body: open }, after: { body: unclear }, code: 0 },
      says: "NI101  stdrawings: cannot tell, because",
    },
    {
      ...{ when: "what could not be told fails", before: { body: unclear }, after: { body: open }, code: 1 },
      says: "1 finding got worse\n  high    NI101",
    },
    {
      ...{ when: "nobody knows any more, when strict", before: { body: closed }, after: { body: unclear }, code: 1 },
      ...{ args: ["--strict"], says: "opened\n  unsure  NI101" },
    },
    {
      ...{ when: "a waiver ended", before: { body: open, policy: { waivers } }, after: { body: open }, code: 1 },
      says: "1 finding opened\n  high    NI101",
    },
    {
      ...{ when: "a severity rose", before: { body: exempt }, after: { body: exempt, policy: raised }, code: 1 },
      says: "1 finding got worse\n  high    NI106",
    },
    {
      ...{
        when: "what opened is milder than asked for",
        before: { body: closed },
        after: { body: [closed, unfiltered] },
        code: 0,
      },
      ...{ args: ["--fail-on", "high"], says: "1 finding opened\n  medium  NI601" },
    },
    {
      ...{ when: "a service is new", before: { body: closed }, after: { body: [closed, another] }, code: 0 },
      says: "1 new service\n  stnew, storage account in rg: nobody\n",
    },
    {
      ...{ when: "a service is not there", before: { body: [closed, another] }, after: { body: closed }, code: 0 },
      says: "1 service in the earlier report only\n  stnew, storage account in rg: nobody\n",
    },
  ])("$when", async ({ before, after, args = [], code, says }) => {
    const { stdout, ...run } = await cordon(["compare", await reportOf(before), await reportOf(after), ...args]);
    expect(stdout).toContain(says);
    expect(run).toEqual({ code, stderr: "" });
  });

  test("says where the later audit could not read something, which is an error when strict", async () => {
    const files = [await reportOf({ body: open }), await reportOf({ body: [closed, 3] })];
    const lenient = await cordon(["compare", ...files]);
    expect(lenient).toMatchObject({ code: 0, stderr: expect.stringContaining("could not read 1 input: what is not") });
    expect(await cordon(["compare", ...files, "--strict"])).toMatchObject({ code: 2 });
  });

  test("a later recording that was cut off is no answer, unless something got worse all the same", async () => {
    const [cut, worse] = [closed, open].map((body) => ({ body: `${JSON.stringify(body)}\n{"id": "/subscr` }));
    const files = [await reportOf({ body: closed }), await reportOf(cut ?? { body: closed })];
    const error = "error: nothing got worse in what the later audit read, but 1 input broken or cut off";
    expect(await cordon(["compare", ...files])).toMatchObject({ code: 2, stderr: expect.stringContaining(error) });
    const after = await reportOf(worse ?? { body: closed });
    expect(await cordon(["compare", ...files.slice(0, 1), after])).toMatchObject({ code: 1 });
  });

  test("a later audit of nothing is no answer", async () => {
    const files = [await reportOf({ body: closed }), await reportOf({ body: [] })];
    expect(await cordon(["compare", ...files])).toMatchObject({
      code: 2,
      stderr: "error: the later report is of an audit that found nothing to audit\n",
    });
  });

  test("writes JSON by the published schema, also to a file", async () => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(await readFile("comparison.schema.json", "utf8")),
    );
    const [before, after] = [
      await reportOf({ body: [unfiltered, exempt] }),
      await reportOf({ body: [open, another, 3] }),
    ];
    const { code, stdout } = await cordon(["compare", before, after, "--format", "json"]);
    const comparison = JSON.parse(stdout);
    expect(validate(comparison), JSON.stringify(validate.errors)).toBe(true);
    expect(comparisonSchema.parse(comparison)).toEqual(comparison);
    expect(comparison).toMatchObject({
      opened: [{ rule: "NI101" }],
      gone: [{ rule: "NI601" }, { rule: "NI106" }],
      reached: [{ wider: "yes", gained: { addresses: ["0.0.0.0/0"], exceptions: [] } }],
      newServices: [{ id: another.id }],
      unreadable: 1,
    });
    const file = `${after}.comparison`;
    expect(await cordon(["compare", before, after, "--format", "json", "--out", file])).toMatchObject({
      code,
      stdout: "",
    });
    expect(await readFile(file, "utf8")).toBe(stdout);
  });

  test.each([
    { files: ["/nowhere", "/nowhere"], says: "error: cannot read report `/nowhere`: there is no such file\n" },
    { files: [import.meta.filename, "/nowhere"], says: "is no report: it must be what `cordon audit --format json`" },
    { files: ["/nowhere"], says: "missing required argument 'after'" },
  ])("refuses $files", async ({ files, says }) => {
    const { code, stdout, stderr } = await cordon(["compare", ...files]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });
});
