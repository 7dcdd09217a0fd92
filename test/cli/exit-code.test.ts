import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aNetwork, aStorageAccount, group, sqlId } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const closed = aStorageAccount();
const clean = JSON.stringify(closed);
const accounts = `${group}/providers/Microsoft.Storage/storageAccounts`;
const firstPage = JSON.stringify({
  ...{ at: "2026-11-20T09:30:00Z", method: "GET", url: `${accounts}?api-version=2025-01-01`, status: 200 },
  body: { value: [closed], nextLink: `https://management.azure.com${accounts}?api-version=2025-01-01&$skiptoken=2` },
});
const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
const exempt = aStorageAccount({ networkAcls: { bypass: "AzureServices" } });
const bare = {
  id: sqlId,
  name: "sql-erp",
  type: "Microsoft.Sql/servers",
  properties: { publicNetworkAccess: "Enabled" },
};
const refusal = { url: `${group}/providers/Microsoft.KeyVault/vaults/kv?api-version=1`, status: 403 };
const other = { id: `${group}/providers/Microsoft.Compute/disks/d`, properties: {} };
const waiver = { rule: "NI101", resource: "*", reason: "soon", owner: "ann", expires: "2099-12-31" };

describe("0: nothing to object to", () => {
  test.each<{ when: string; given: unknown; args?: readonly string[]; policy?: unknown }>([
    { when: "nobody gets in", given: closed },
    { when: "the only finding is milder than low", given: exempt },
    { when: "the finding is milder than asked for", given: aNetworkAnd(closed), args: ["--fail-on", "high"] },
    { when: "the finding is waived", given: open, policy: { waivers: [waiver] } },
    { when: "something cannot be told", given: bare },
    { when: "something could not be read", given: [closed, refusal] },
    { when: "something could not be understood", given: [closed, 3] },
    { when: "there is no service, and something was refused", given: [aNetwork([]), refusal] },
    { when: "the rule asked for passes", given: open, args: ["--rule", "ni103"] },
  ])("$when", async ({ given, args = [], policy = {} }) => {
    const folder = await folderWith({ "a.json": given, "cordon.policy.json": policy });
    const { code, stderr } = await cordon(["audit", "--recording", join(folder, "a.json"), ...args]);
    expect(code, stderr).toBe(0);
  });

  test.each(["--help", "--version", "help"])("%s", async (arg) => {
    const { code, stdout } = await cordon([arg]);
    expect(code).toBe(0);
    expect(stdout).not.toBe("");
  });

  test("`audit --help`", async () => {
    expect(await cordon(["audit", "--help"])).toMatchObject({ code: 0, stderr: "" });
  });
});

/** A recording of one answer that says how many there are. */
function holding(answers: number, body: { readonly id: string }): string {
  const answer = { url: `${body.id}?api-version=2025-01-01`, status: 200, body };
  return [{ answers }, answer].map((line) => `${JSON.stringify(line)}\n`).join("");
}

describe("1: findings", () => {
  test.each<{ when: string; given: unknown; args?: readonly string[]; policy?: unknown }>([
    { when: "one at the default severity", given: open },
    { when: "one at the severity asked for", given: exempt, args: ["--fail-on", "info"] },
    { when: "one above the severity asked for", given: aNetworkAnd(closed), args: ["--fail-on", "medium"] },
    { when: "a waiver that expired", given: open, policy: { waivers: [{ ...waiver, expires: "2026-01-31" }] } },
    { when: "a severity that the policy raised", given: exempt, policy: { severities: { NI106: "high" } } },
    { when: "one that cannot be told, when strict", given: bare, args: ["--strict", "--fail-on", "high"] },
  ])("$when", async ({ given, args = [], policy = {} }) => {
    const folder = await folderWith({ "a.json": given, "cordon.policy.json": policy });
    const { code, stderr } = await cordon(["audit", "--recording", join(folder, "a.json"), ...args]);
    expect(code, stderr).toBe(1);
  });
});

describe("2: could not audit", () => {
  test.each<{ when: string; args: readonly string[]; says: string }>([
    { when: "no command", args: [], says: "Usage: cordon" },
    { when: "an unknown command", args: ["audits"], says: "unknown command 'audits'" },
    {
      when: "an unknown option",
      args: ["audit", "--foo"],
      says: "unknown option '--foo'\n(see `cordon audit --help`)",
    },
    { when: "an argument too many", args: ["audit", "x"], says: "too many arguments" },
    { when: "a missing value", args: ["audit", "--recording"], says: "argument missing" },
    {
      when: "an unknown format",
      args: ["audit", "--format", "xml"],
      says: "is invalid: allowed choices are text, json, ndjson.",
    },
    { when: "an unknown severity", args: ["audit", "--fail-on", "bad"], says: "high, medium, low, info" },
    { when: "an unknown rule", args: ["audit", "--rule", "NI999"], says: "known rules: NI101, NI102" },
    { when: "an unknown rule to explain", args: ["explain", "NI999"], says: "known rules: NI101, NI102" },
    { when: "a misspelt rule", args: ["explain", "NI1044"], says: "`NI1044` is no rule, did you mean `NI104`?" },
    { when: "a word of rules' names", args: ["explain", "nsg"], says: "rules about that: NI601, NI602, NI603, NI605" },
    { when: "a misspelt rule to audit by", args: ["audit", "--rule", "NI10"], says: "did you mean `NI101`?" },
    {
      when: "a recording that is not there",
      args: ["audit", "--recording", "/nowhere"],
      says: "`/nowhere`: there is no such file or folder\n",
    },
    { when: "a folder in the place of a policy", args: ["audit", "--policy", "."], says: "`.`: it is a folder" },
    { when: "a policy that is not there", args: ["audit", "--policy", "/nowhere"], says: "`/nowhere`" },
    {
      when: "a file that cannot be written",
      args: ["audit", "--out", "/nowhere/x"],
      says: "cannot write `/nowhere/x`: there is no such folder\n",
    },
    {
      when: "a folder for a recording that cannot be made",
      args: ["record", "--subscription", "00000000-0000-4000-8000-000000000001", "--out", `${import.meta.filename}/x`],
      says: `cannot write \`${import.meta.filename}/x\`: what its path leads through is no folder\n`,
    },
    {
      when: "a name where a pattern of ids is meant",
      args: ["audit", "--service", "kv-bare"],
      says: "as in `*/kv-bare`",
    },
    { when: "no service matches", args: ["audit", "--service", "*/none"], says: "no service that matches `*/none`" },
  ])("$when", async ({ args, says }) => {
    const { code, stdout, stderr } = await cordon(args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
    if (!args.includes("--service")) expect(stdout).toBe("");
  });

  test("no service: the report is written all the same", async () => {
    const folder = await folderWith({ "a.json": other });
    const { code, stdout, stderr } = await cordon(["audit", "--recording", folder, "--format", "json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("error: nothing to audit among 1 resource\n");
    expect(JSON.parse(stdout)).toMatchObject({ services: [], summary: { resources: 1 } });
  });

  test("no service, and something that could not be read: a recording that was cut off is not clean", async () => {
    const lines = [aNetwork(), closed].map((body) => JSON.stringify(body)).join("\n");
    const folder = await folderWith({ "cut.ndjson": lines.slice(0, -20), "whole.ndjson": JSON.stringify(aNetwork()) });
    const cut = await cordon(["audit", "--recording", join(folder, "cut.ndjson"), "--fail-on", "high"]);
    expect(cut.code).toBe(2);
    expect(cut.stderr).toContain("error: no service was read, and 1 input could not be understood\n");
    const whole = await cordon(["audit", "--recording", join(folder, "whole.ndjson"), "--fail-on", "high"]);
    expect(whole.code).toBe(0);
  });

  test.each<{ when: string; files: Readonly<Record<string, string>> }>([
    { when: "a recording that was cut off", files: { "a.ndjson": `${clean}\n${clean.slice(0, 40)}` } },
    { when: "a list that was cut off", files: { "a.json": clean, "b.json": `{"value": [\n${clean},\n{"id": "/subs` } },
    { when: "a line that is broken", files: { "a.ndjson": `${clean}\n{"id": \n${clean}` } },
    { when: "a recording that was cut off after a line", files: { "a.ndjson": holding(2, closed) } },
    { when: "a recording that was cut off between two pages", files: { "a.ndjson": clean, "b.json": firstPage } },
    { when: "an answer that never came", files: { "a.json": clean, "b.json": "" } },
  ])("$when: what is left is clean, and that is no clean result", async ({ files }) => {
    const folder = await folderWith({ ...files, "cordon.policy.json": {} });
    const { code, stdout, stderr } = await cordon(["audit", "--recording", folder]);
    expect(stderr).toContain(
      "error: nothing to object to in what was read, but 1 input broken or cut off: what is lost was not audited\n",
    );
    expect(code).toBe(2);
    expect(stdout).toContain("stdrawings");
  });

  test("looks cut off: two recordings in one file hold as many answers as they say", async () => {
    const folder = await folderWith({ "a.ndjson": holding(1, closed).repeat(2), "cordon.policy.json": {} });
    const { code, stderr } = await cordon(["audit", "--recording", folder]);
    expect(stderr).not.toContain("error:");
    expect(code).toBe(0);
  });

  test("looks clean: a finding in what is left of a recording is one", async () => {
    const line = JSON.stringify(open);
    const folder = await folderWith({ "a.ndjson": `${line}\n${line.slice(0, 40)}`, "cordon.policy.json": {} });
    const { code, stderr } = await cordon(["audit", "--recording", folder]);
    expect(stderr).not.toContain("error:");
    expect(code).toBe(1);
  });

  test("no resource: the sites of the policy alone are no audit", async () => {
    const sites = [{ name: "Plant", natAddresses: ["203.0.113.9"], connection: "microsoftPeering" }];
    const folder = await folderWith({ "a.json": refusal, "cordon.policy.json": { sites } });
    const { code, stderr } = await cordon(["audit", "--recording", join(folder, "a.json")]);
    expect(code).toBe(2);
    expect(stderr).toContain("error: nothing to audit among 0 resources\n");
  });

  test("a wrong policy: every mistake is named", async () => {
    const folder = await folderWith({ "a.json": open, "cordon.policy.json": { sitess: [], nearlyInternet: "x" } });
    const { code, stdout, stderr } = await cordon(["audit", "--recording", folder]);
    expect(code).toBe(2);
    expect(stderr).toContain("sitess");
    expect(stderr).toContain("/nearlyInternet");
    expect(stdout).toBe("");
  });

  test.each<{ when: string; given: unknown; says: string }>([
    { when: "a refusal", given: [open, refusal], says: "403 reading" },
    { when: "something that is no answer", given: [open, 3], says: "3 is not an ARM answer" },
  ])("$when when strict, which wins over findings; the report is written", async ({ given, says }) => {
    const folder = await folderWith({ "a.json": given });
    const { code, stdout, stderr } = await cordon(["audit", "--recording", folder, "--strict"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`warning: .*${says}`));
    expect(stderr).toContain("error: 1 input could not be read, which `--strict` does not allow\n");
    expect(stdout).toContain("high    NI101");
  });
});

function aNetworkAnd(service: object): readonly unknown[] {
  return [service, aNetwork([{ nsg: undefined }])];
}
