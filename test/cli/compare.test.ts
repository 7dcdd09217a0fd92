import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aStorageAccount, group } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const closed = aStorageAccount();
const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
const listed = (value: string) => aStorageAccount({ networkAcls: { ipRules: [{ value }] } });
const unclear = aStorageAccount({ networkAcls: { defaultAction: "Perhaps" } });
const exempt = aStorageAccount({ networkAcls: { bypass: "AzureServices" } });
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
      ...{ code: 0, says: "was reached by  nobody\n  now             nobody; exceptions: AzureServices\n" },
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
      ...{ when: "looks harmless: no rule objects, and others get in", code: 0 },
      ...{ before: { body: listed("203.0.113.7") }, after: { body: listed("203.0.113.8") } },
      says: "was reached by  1 listed address (203.0.113.7)\n  now             1 listed address (203.0.113.8)\n",
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
      ...{ when: "what opened is milder than asked for", before: { body: closed }, after: { body: exempt }, code: 0 },
      says: "1 finding opened\n  info    NI106",
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
