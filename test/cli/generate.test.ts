import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cordon } from "./cordon.ts";

const root = resolve(import.meta.dirname, "../..");
const names = [
  "RULES.md",
  "cordon.policy.schema.json",
  "infra/cordon-reader.role.json",
  "report.schema.json",
  "docs/settings.md",
  "local.settings.sample.json",
  "finding-event.schema.json",
  "audit-event.schema.json",
  "fix.schema.json",
  "comparison.schema.json",
];

/** A copy of what generating needs, so that the package itself stays as it is. */
async function aCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "cordon-"));
  onTestFinished(() => rm(copy, { recursive: true }));
  for (const name of ["lib", "package.json"]) await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

test("the generated files are made, found current, and found stale by name", async () => {
  const copy = await aCopy();
  const generate = (...args: readonly string[]) => cordon(args, copy, join(copy, "lib/cli/generate.ts"));
  const missing = await generate("--check");
  expect(missing.code).toBe(1);
  for (const name of names) expect(missing.stderr).toContain(name);

  expect(await generate()).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await generate("--check")).toEqual({ code: 0, stdout: "", stderr: "" });

  await writeFile(join(copy, "RULES.md"), "stale");
  const stale = await generate("--check");
  expect(stale.code).toBe(1);
  expect(stale.stderr).toBe("not current: RULES.md (run `npm run generate`)\n");
  expect(await readFile(join(copy, "RULES.md"), "utf8")).toBe("stale");
});

test("the generated files of the package are current", async () => {
  expect(await cordon(["--check"], root, join(root, "lib/cli/generate.ts"))).toMatchObject({ code: 0, stderr: "" });
});
