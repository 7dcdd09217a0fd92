import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../infra/build.ts";
import sample from "../../local.settings.sample.json" with { type: "json" };
import packageJson from "../../package.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
let metafile: Metafile;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cordon-build-")));
  metafile = await bundle({ entry: "functions/index.ts", outfile: join(folder, packageJson.main) });
  for (const file of ["package.json", "host.json"]) copyFileSync(join(root, file), join(folder, file));
  copyFileSync(join(root, "test/build/load-app.cjs"), join(folder, "load-app.cjs"));
  cpSync(join(root, "test/fixtures/contoso-erp"), join(folder, "test/fixtures/contoso-erp"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the bundle", () => {
  test("registers every function, in a folder of its own beyond which it can read nothing", () => {
    const permissions = ["--permission", `--allow-fs-read=${folder}/`];
    const output = execFileSync(process.execPath, [...permissions, "load-app.cjs", packageJson.main], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", ...sample.Values },
      encoding: "utf8",
    });
    const { functions } = JSON.parse(output) as {
      functions: { name: string; bindings: Record<string, { type: string }> }[];
    };
    const triggers = functions.map(({ name, bindings }) => {
      return [name, Object.values(bindings).find(({ type }) => type.endsWith("Trigger"))?.type];
    });
    expect(Object.fromEntries(triggers)).toEqual({
      "plan-audits": "timerTrigger",
      "audit-subscription": "queueTrigger",
      "receive-event": "eventGridTrigger",
      "audit-change": "queueTrigger",
      "deliver-webhook": "queueTrigger",
      "audit-now": "httpTrigger",
      report: "httpTrigger",
    });
  });

  test("has source maps: what goes wrong is shown where it stands in the sources", () => {
    const command = ["--enable-source-maps", "load-app.cjs", packageJson.main];
    const env = { PATH: process.env.PATH ?? "", ...sample.Values, CORDON_SINKS: "mail" };
    const { stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: "utf8" });
    expect(stderr).toContain("`CORDON_SINKS` names `mail`");
    expect(stderr).toMatch(/lib\/settings\/given\.ts:\d+:\d+/);
  });

  test("is one file: without its source maps it runs as well", () => {
    const alone = mkdtempSync(join(folder, "alone-"));
    copyFileSync(join(folder, packageJson.main), join(alone, "app.cjs"));
    const output = execFileSync(process.execPath, ["load-app.cjs", join(alone, "app.cjs")], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", ...sample.Values },
      encoding: "utf8",
    });
    expect(JSON.parse(output).functions).toHaveLength(7);
  });

  test("has every SDK in working order", async () => {
    const file = join(folder, "sdks.cjs");
    await bundle({ entry: "test/build/every-sdk.ts", outfile: file });
    const script = 'require("./sdks.cjs").everySdk().then((made) => process.stdout.write(JSON.stringify(made)))';
    const output = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
    expect(JSON.parse(output)).toEqual({
      made: Array(7).fill("object").join(" "),
      signed: expect.stringMatching(/^v1,/),
    });
  });

  test("leaves to import() what the start does not need: SDKs, the rules, the reports", () => {
    const files = [...loadedAtOnce(metafile, "functions/index.ts")];
    const packages = new Set(files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
    packages.delete(undefined);
    expect(["@azure/functions", "@azure/functions-extensions-base", "cookie"]).toEqual(
      expect.arrayContaining([...packages]),
    );
    expect(files.filter((file) => /^lib\/(rules|reach|facts|reports|readers)\//.test(file))).toEqual([]);
  });
});

/** The files that run when the entry point does. */
function loadedAtOnce({ inputs }: Metafile, entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path, kind } of inputs[entry]?.imports ?? []) {
    if (kind === "import-statement" || kind === "require-call") loadedAtOnce({ inputs, outputs: {} }, path, seen);
  }
  return seen;
}
