import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageApp } from "../../infra/package.ts";
import packageJson from "../../package.json" with { type: "json" };

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "cordon-package-")));
const folder = join(scratch, "dist");

beforeAll(() => packageApp(folder));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the folder that is deployed", () => {
  test("holds the app, host.json and the policy, and asks for no package", () => {
    const files = ["cordon.policy.json", "host.json", "index.cjs", "index.cjs.LEGAL.txt", "maps", "package.json"];
    expect(readdirSync(folder).sort()).toEqual(files);
  });

  test("starts with the settings that name what is in it, beyond which it can read nothing", () => {
    const loader = join(folder, "load-app.cjs");
    copyFileSync(join(import.meta.dirname, "../build/load-app.cjs"), loader);
    const permissions = ["--permission", `--allow-fs-read=${folder}/`];
    const output = execFileSync(process.execPath, [...permissions, "load-app.cjs", "index.cjs"], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? "",
        AUDIT_SCHEDULE: "0 0 */6 * * *",
        CORDON_READER: "live",
        CORDON_SUBSCRIPTIONS: "c0c0c0c0-0000-4000-8000-000000000001",
        CORDON_POLICY: "cordon.policy.json",
        CORDON_SINKS: "queue",
        AzureWebJobsStorage__accountName: "stcordon",
      },
      encoding: "utf8",
    });
    expect(JSON.parse(output).functions).toHaveLength(7);
  });

  test("is where azd and `npm run build` look for it", () => {
    const azure = readFileSync(join(import.meta.dirname, "../../azure.yaml"), "utf8");
    expect(azure).toMatch(/^ {4}project: \.\n {4}dist: dist$/m);
    expect(packageJson.scripts.build).toBe("node infra/package.ts");
  });
});

test("a policy that the app would refuse is refused before there is a package", async () => {
  const policy = join(scratch, "wrong.json");
  writeFileSync(policy, '{ "approvedExeptions": [] }');
  const other = join(scratch, "other");
  await expect(packageApp(other, policy)).rejects.toThrow(/approvedExeptions/);
  expect(existsSync(other)).toBe(false);
});
