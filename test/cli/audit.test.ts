import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { aKeyVault, aStorageAccount, group, ipRules, storageId } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const open = aStorageAccount({ networkAcls: { defaultAction: "Allow" } });
const vault = aKeyVault({ networkAcls: { defaultAction: "allow" } });

async function audited(args: readonly string[], folder?: string) {
  const { stdout } = await cordon(["audit", "--format", "json", ...args], folder);
  return JSON.parse(stdout);
}

describe("the policy that counts", () => {
  const isLow = { severities: { NI101: "low" } };
  const isInfo = { severities: { NI101: "info" } };

  test("is the one given", async () => {
    const folder = await folderWith({ "a.json": open, "cordon.policy.json": isLow, "my.json": isInfo });
    const args = ["audit", "--recording", join(folder, "a.json"), "--policy", "my.json"];
    const { stderr, stdout } = await cordon(args, folder);
    expect(stderr).toBe("policy: my.json\n");
    expect(stdout).toContain("info    NI101");
  });

  test("is else the one in the working folder", async () => {
    const folder = await folderWith({ "a.json": open, "cordon.policy.json": isLow });
    const here = await folderWith({ "cordon.policy.json": isInfo });
    const { stderr, stdout } = await cordon(["audit", "--recording", folder], here);
    expect(stderr).toContain(`policy: ${join(here, "cordon.policy.json")}\n`);
    expect(stdout).toContain("info    NI101");
  });

  test("is else the one beside a recorded file", async () => {
    const folder = await folderWith({ "a.json": open, "cordon.policy.json": isLow });
    const { stderr } = await cordon(["audit", "--recording", join(folder, "a.json")]);
    expect(stderr).toBe(`policy: ${join(folder, "cordon.policy.json")}\n`);
  });

  test("is else the one in a recorded folder, then the one outside", async () => {
    const folder = await folderWith({ "cordon.policy.json": isLow });
    const recording = join(folder, "recording");
    await mkdir(recording);
    await writeFile(join(recording, "a.json"), JSON.stringify(open));
    expect((await cordon(["audit", "--recording", recording])).stderr).toBe(
      `policy: ${join(folder, "cordon.policy.json")}\n`,
    );
    await writeFile(join(recording, "cordon.policy.json"), JSON.stringify(isInfo));
    const { stderr, stdout } = await cordon(["audit", "--recording", recording]);
    expect(stderr).toBe(`policy: ${join(recording, "cordon.policy.json")}\n`);
    expect(stdout).toContain("info    NI101");
  });

  test("is the one beside the first recording that has one", async () => {
    const [first, second, third] = await Promise.all([
      folderWith({ "a.json": open }),
      folderWith({ "a.json": vault, "cordon.policy.json": isLow }),
      folderWith({ "a.json": vault, "cordon.policy.json": isInfo }),
    ]);
    const args = ["audit", "--recording", first, "--recording", second, "--recording", third];
    expect((await cordon(args)).stderr).toBe(`policy: ${join(second, "cordon.policy.json")}\n`);
  });

  test("is else the default, which standard error says", async () => {
    const folder = await folderWith({ "a.json": open });
    const { stderr } = await cordon(["audit", "--recording", join(folder, "a.json")], folder);
    expect(stderr).toBe("policy: none found, so the default applies\n");
  });
});

describe("what is asked for", () => {
  test("several recordings are one estate", async () => {
    const folder = await folderWith({ "a.json": open, "b.json": vault });
    const report = await audited(["--recording", join(folder, "a.json"), "--recording", join(folder, "b.json")]);
    expect(report.summary.services).toBe(2);
  });

  test("`--rule` runs only these rules, whatever their case", async () => {
    const exempt = aStorageAccount({ networkAcls: { bypass: "AzureServices" } });
    const folder = await folderWith({ "a.json": [exempt, vault] });
    const report = await audited(["--recording", folder, "--rule", "ni106", "--rule", "firewall-admits-azure"]);
    expect(report.findings.map(({ rule }: { rule: string }) => rule)).toEqual(["NI106"]);
    expect(report.services).toHaveLength(2);
  });

  test("`--service` keeps only these services and their findings", async () => {
    const folder = await folderWith({ "a.json": [open, vault] });
    const report = await audited(["--recording", folder, "--service", "*/VAULTS/*", "--service", "*/none"]);
    expect(report.services.map(({ type }: { type: string }) => type)).toEqual(["Microsoft.KeyVault/vaults"]);
    expect(report.findings).toHaveLength(1);
  });
});

describe("where the result goes", () => {
  test.each([
    "text",
    "json",
    "ndjson",
  ])("as %s to a file with `--out`, and nothing to standard output", async (format) => {
    const folder = await folderWith({ "a.json": open });
    const args = ["audit", "--recording", join(folder, "a.json"), "--format", format];
    const direct = await cordon(args, folder);
    expect(await cordon([...args, "--out", "result"], folder)).toEqual({ ...direct, stdout: "" });
    expect(await readFile(join(folder, "result"), "utf8")).toBe(direct.stdout);
  });

  test("equal input gives equal bytes", async () => {
    const args = ["audit", "--format", "json"];
    expect(await cordon(args)).toEqual(await cordon(args));
  });

  test("nobody is told when the reader of the output goes away", async () => {
    const main = resolve(import.meta.dirname, "../../lib/cli/main.ts");
    const child = spawn(process.execPath, [main, "audit", "--format", "json"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    const closed = once(child, "close");
    const stderr = await child.stderr.setEncoding("utf8").toArray();
    expect(stderr.join("")).not.toContain("EPIPE");
    expect(await closed).toEqual([1, null]);
  });
});

describe("warnings", () => {
  const waiver = { rule: "NI103", resource: "*/none", reason: "soon", owner: "ann", expires: "2099-12-31" };

  test.each(["text", "json", "ndjson"])("go to standard error with %s too", async (format) => {
    const folder = await folderWith({
      "a.json": [open, 3, { url: `${group}/providers/Microsoft.KeyVault/vaults/kv?api-version=1`, status: 403 }],
      "b.json": aStorageAccount({ networkAcls: { ipRules: ipRules("8.8.8.8") } }),
      "cordon.policy.json": {
        waivers: [waiver],
        isolatedSubnets: ["*/subnets/none"],
        firewalls: ["10.9.0.4"],
        reservedSubnets: [{ subnet: "*/subnets/web", serviceName: "Microsoft.Web/serverFarms" }],
      },
    });
    const { stderr, stdout } = await cordon(["audit", "--recording", folder, "--format", format]);
    expect(stderr).toMatch(/^warning: .*a\.json.*: 3 is not an ARM answer$/m);
    expect(stderr).toMatch(/^warning: 403 reading `.*vaults\/kv`$/m);
    expect(stderr).toContain(`warning: \`${storageId}\` was read with two different bodies\n`);
    expect(stderr).toContain("warning: the waiver of NI103 for `*/none` is not used\n");
    expect(stderr).toContain(
      "warning: `*/subnets/none` in isolatedSubnets of the policy matches no subnet that was read\n",
    );
    expect(stderr).toContain(
      "warning: `*/subnets/web` in reservedSubnets of the policy matches no subnet that was read\n",
    );
    expect(stderr).toContain(
      "warning: `10.9.0.4` in firewalls of the policy is the next hop of no route that was read\n",
    );
    expect(stdout).not.toContain("warning:");
  });

  test("are in the JSON as well", async () => {
    const folder = await folderWith({ "a.json": [open, 3], "cordon.policy.json": { waivers: [waiver] } });
    const report = await audited(["--recording", folder]);
    expect(report.problems).toEqual([{ where: expect.stringContaining("a.json"), message: "3 is not an ARM answer" }]);
    expect(report.unusedWaivers).toEqual([waiver]);
    expect(report.summary.unreadable).toBe(1);
  });

  test("about unused waivers are left out where only a part was asked for", async () => {
    const folder = await folderWith({ "a.json": open, "cordon.policy.json": { waivers: [waiver] } });
    for (const part of [
      ["--rule", "NI101"],
      ["--service", "*"],
    ]) {
      const { stderr } = await cordon(["audit", "--recording", folder, ...part]);
      expect(stderr).not.toContain("waiver");
    }
  });

  test("are cut where there are many", async () => {
    const folder = await folderWith({ "a.json": [open, ...Array.from({ length: 25 }, (_, index) => index)] });
    const { stderr } = await cordon(["audit", "--recording", folder]);
    expect(stderr.match(/^warning: .*is not an ARM answer$/gm)).toHaveLength(20);
    expect(stderr).toContain("warning: and 5 more problems\n");
  });

  test("cannot steer the terminal", async () => {
    const id = `${storageId}\u001b[31m\u0007`;
    const folder = await folderWith({
      "a.json": [aStorageAccount({}, { id }), { foo: 1, "\u001b[2J": 2 }],
      "b.json": { ...open, id },
    });
    const { stderr, stdout } = await cordon(["audit", "--recording", folder]);
    expect(`${stderr}${stdout}`.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(stderr).toContain(`warning: \`${storageId}\` was read with two different bodies\n`);
  });
});
