import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../lib/reports/schema.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { cordon } from "./cordon.ts";

const fixture = fileURLToPath(new URL("../fixtures/contoso-erp", import.meta.url));
const policy = ["--policy", `${fixture}/cordon.policy.json`];
let simulator: ArmSimulator;
let folder = "";

beforeAll(async () => {
  simulator = await simulateArm(worldOfRecording(fixture), {
    serviceTags: serviceTagsOfRecording(fixture),
    managementGroups: new Map([["contoso", worldOfRecording(fixture).subscriptions]]),
  });
  folder = mkdtempSync(join(tmpdir(), "cordon-live-"));
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

async function reportOf(...source: readonly string[]): Promise<Report> {
  const { stdout, stderr, code } = await cordon(["audit", ...source, ...policy, "--format", "json"]);
  expect(stderr).not.toContain("error");
  expect(code).toBe(1);
  return JSON.parse(stdout);
}

function idsIn({ findings }: Report): readonly string[] {
  return findings.map(({ id, status }) => `${id} ${status}`);
}

/** Rules that look up addresses in the lists of service tags, which a scrubbed recording has not. */
const needsTags = new Set(["NI104", "NI105", "NI208", "NI503", "NI604"]);

const everything = () => ["--management-group", "contoso", "--arm-loopback", simulator.address];

describe("a subscription in the place of a recording", () => {
  test("is audited, and its recording gives the same report", async () => {
    const live = await reportOf(...everything());
    expect(idsIn(live)).toEqual(idsIn(await reportOf("--recording", fixture)));
    const recording = join(folder, "recording");
    const { stderr, code } = await cordon(["record", ...everything(), ...policy, "--out", recording]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/recorded \d+ answers in/)]);
    expect(idsIn(await reportOf("--recording", recording))).toEqual(idsIn(live));
    const lines = readFileSync(join(recording, "answers.ndjson"), "utf8").trim().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toEqual({ answers: lines.length - 1 });
    const requests = lines
      .slice(1)
      .map((line) => JSON.parse(line))
      .map(({ method, url }) => `${method} ${url}`);
    expect(requests.some((request) => request.startsWith("POST /providers/Microsoft.ResourceGraph/"))).toBe(true);
    expect(requests.some((request) => request.endsWith("/effectiveRouteTable"))).toBe(true);
  });

  test("is recorded without its names, with the findings that it has", async () => {
    const recording = join(folder, "scrubbed");
    const { code } = await cordon(["record", ...everything(), "--scrub", "--out", recording]);
    expect(code).toBe(0);
    expect(readFileSync(join(recording, "answers.ndjson"), "utf8").toLowerCase()).not.toContain("contoso");
    const plain = join(folder, "plain");
    await cordon(["record", ...everything(), "--out", plain]);
    const verdictsOf = async (of: string) => {
      const { stdout } = await cordon(["audit", "--recording", of, "--format", "json"]);
      const { findings }: Report = JSON.parse(stdout);
      return findings
        .filter(({ rule }) => !needsTags.has(rule))
        .map(({ rule, status }) => `${rule} ${status}`)
        .sort();
    };
    const verdicts = await verdictsOf(plain);
    expect(verdicts.length).toBeGreaterThan(40);
    expect(await verdictsOf(recording)).toEqual(verdicts);
  });

  test.each([
    "NI101:stcontosointerface",
    "NI401:snet-scan",
    "NI306:pe-evh-contoso-machines",
    "NI202:sql-contoso-planning",
  ])("%s has the fix that its recording has", async (finding) => {
    const fixOf = async (...source: readonly string[]) =>
      JSON.parse((await cordon(["fix", finding, ...source, ...policy, "--format", "json"])).stdout);
    const live = await fixOf(...everything());
    expect(live.outcome).toBe("fix");
    expect(live).toEqual(await fixOf("--recording", fixture));
  });

  test.each([
    ["reach", "sql-contoso-erp-prod"],
    ["reach", "kv-contoso-hr", "--from", "snet-app"],
    ["routes", "vnet-erp-prod/snet-app"],
  ])("%s %s gives the answer that its recording gives", async (...question) => {
    const recording = join(folder, `asked-${question[1]?.replaceAll("/", "-")}`);
    await cordon(["record", ...everything(), ...policy, "--out", recording]);
    const [, erp = ""] = worldOfRecording(fixture).subscriptions;
    const answerOf = async (...source: readonly string[]) => {
      const { stdout, stderr, code } = await cordon([...question, ...source, ...policy, "--format", "json"]);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
      return JSON.parse(stdout);
    };
    expect(await answerOf(...everything())).toEqual(await answerOf("--recording", recording));
    const ofOne = await answerOf("--subscription", erp, "--arm-loopback", simulator.address);
    expect(JSON.stringify(ofOne)).not.toContain("was not read");
  });

  test("that is not there is told", async () => {
    const id = "00000000-0000-4000-8000-00000000000f";
    const { stderr, code } = await cordon(["audit", "--subscription", id, "--arm-loopback", simulator.address]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`subscription \`${id}\` is not there`)]);
  });
});

describe("rights that are missing", () => {
  const [hub = "", erp = ""] = worldOfRecording(fixture).subscriptions;

  async function auditedWith(actions: readonly string[]) {
    const poor = await simulateArm(worldOfRecording(fixture), { actions: new Map([[erp, actions]]) });
    const source = ["--subscription", erp, "--arm-loopback", poor.address];
    try {
      return await cordon(["audit", ...source, ...policy, "--format", "json"]);
    } finally {
      await poor.close();
    }
  }

  test("are told before the audit, with how to grant them, and do not stop it", async () => {
    const { stdout, stderr, code } = await auditedWith(["*/read"]);
    expect(code).toBe(1);
    const lines = stderr.split("\n");
    expect(lines[0]).toMatch(`warning: in subscription \`${erp}\` you lack 2 of the `);
    expect(lines[1]).toBe(
      "warning:   Microsoft.Network/networkInterfaces/effectiveRouteTable/action: the effective routes of network interfaces (NI208)",
    );
    expect(stderr).toContain(`--role "Cordon Reader" --scope /subscriptions/${erp}`);
    expect(stderr).not.toContain(hub);
    const { gaps, findings }: Report = JSON.parse(stdout);
    expect(gaps.join()).toContain("Cordon lacks 2 of ");
    expect(findings.length).toBeGreaterThan(40);
  });

  test("stop it where nothing can be read", async () => {
    const { stderr, code } = await auditedWith(["Microsoft.Authorization/*/read"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Cordon may read nothing in subscription \`${erp}\``);
    expect(stderr).toContain("error: nothing to audit");
  });

  test("are told by a recording that was made without them, with the same findings, scrubbed or not", async () => {
    const actions = [
      "Microsoft.Authorization/*/read",
      "Microsoft.Storage/*/read",
      "Microsoft.Network/virtualNetworks/*",
    ];
    const poor = await simulateArm(worldOfRecording(fixture), {
      actions: new Map([[erp, actions]]),
      managementGroups: new Map([["contoso", [hub, erp]]]),
    });
    const source = ["--management-group", "contoso", "--arm-loopback", poor.address];
    try {
      const live = await reportOf(...source);
      expect(live.gaps.join()).toMatch(/Cordon lacks \d+ of/);
      const recording = join(folder, "poor");
      await cordon(["record", ...source, ...policy, "--out", recording]);
      const replayed = await reportOf("--recording", recording);
      expect(idsIn(replayed)).toEqual(idsIn(live));
      expect(replayed.gaps.filter((gap) => gap.startsWith("Cordon lacks"))).toEqual(
        live.gaps.filter((gap) => gap.startsWith("Cordon lacks")),
      );
      const scrubbed = join(folder, "poor-scrubbed");
      await cordon(["record", ...source, "--scrub", "--out", scrubbed]);
      const { stdout } = await cordon(["audit", "--recording", scrubbed, "--format", "json"]);
      const { gaps }: Report = JSON.parse(stdout);
      expect(gaps.filter((gap) => gap.startsWith("Cordon lacks the right"))).toHaveLength(
        live.gaps.filter((gap) => gap.startsWith("Cordon lacks the right")).length,
      );
    } finally {
      await poor.close();
    }
  });

  test("are none to speak of with the role that comes with Cordon", async () => {
    const { Actions } = JSON.parse(
      readFileSync(fileURLToPath(new URL("../../infra/cordon-reader.role.json", import.meta.url)), "utf8"),
    );
    const { stderr, code } = await auditedWith(Actions);
    expect(code).toBe(1);
    expect(stderr).not.toContain("lack");
  });
});

describe("what is refused", () => {
  test.each([
    { args: ["audit", "--subscription", "mine"], says: "a subscription id looks like" },
    { args: ["audit", "--management-group", "g", "--recording", fixture], says: "cannot be used with" },
    {
      args: ["audit", "--management-group", "g", "--arm-loopback", "https://example.com"],
      says: "has to be at http://127.0.0.1",
    },
    { args: ["audit", "--management-group", ""], says: "is invalid: it is not the id of a management group" },
    { args: ["record", "--out", "nowhere"], says: "give --subscription or --management-group" },
  ])("$args", async ({ args, says }) => {
    const { stderr, code } = await cordon(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});
