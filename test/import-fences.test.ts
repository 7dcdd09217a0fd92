import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder = "";
let refused: ReadonlySet<string> = new Set();

const fences = [
  { file: "lib/model/node.ts", code: 'import "node:fs/promises";', is: "refused" },
  { file: "lib/reach/package.ts", code: 'import "lodash";', is: "refused" },
  { file: "lib/rules/outwards.ts", code: 'import "../readers/reader.ts";', is: "refused" },
  { file: "lib/rules/round.ts", code: 'import "../../lib/readers/reader.ts";', is: "refused" },
  { file: "lib/rules/dotted.ts", code: 'import "./../readers/reader.ts";', is: "refused" },
  { file: "lib/rules/inwards.ts", code: 'import "../reach/boundary.ts";', is: "allowed" },
  { file: "lib/net/outwards.ts", code: 'import "../model/fact.ts";', is: "refused" },
  { file: "lib/net/special.ts", code: 'import "ipaddr.js";', is: "allowed" },
  { file: "lib/model/special.ts", code: 'import "ipaddr.js";', is: "refused" },
  { file: "lib/analyze.ts", code: 'import "./readers/reader.ts";', is: "refused" },
  { file: "lib/audit.ts", code: 'import "./readers/recorded.ts";', is: "refused" },
  { file: "lib/fix/outwards.ts", code: 'import "../readers/reader.ts";', is: "refused" },
  { file: "lib/fix/inwards.ts", code: 'import "../analyze.ts";', is: "allowed" },
  { file: "lib/fix/clock.ts", code: "export const now = Date.now();", is: "refused" },
  { file: "lib/fix.ts", code: 'import "./readers/recorded.ts";', is: "refused" },
  { file: "lib/readers/files.ts", code: 'import "node:fs/promises";', is: "allowed" },
  { file: "lib/readers/facts.ts", code: 'import "../facts/project.ts";', is: "refused" },
  { file: "lib/diff.ts", code: 'import "./state/store.ts";', is: "refused" },
  { file: "lib/state/algebra.ts", code: 'import "../net/ip-set.ts";', is: "refused" },
  { file: "lib/events/reader.ts", code: 'import "../readers/reader.ts";', is: "refused" },
  { file: "lib/events/schema.ts", code: 'import "zod/mini";', is: "allowed" },
  { file: "lib/sinks/signature.ts", code: 'import "standardwebhooks";', is: "allowed" },
  { file: "lib/sinks/events.ts", code: 'import "../events/messages.ts";', is: "refused" },
  { file: "lib/settings/sdk.ts", code: 'import "@azure/identity";', is: "refused" },
  { file: "lib/settings/schedule.ts", code: 'import "croner";', is: "allowed" },
  { file: "functions/calls.ts", code: 'import "../lib/compose-app.ts";', is: "allowed" },
  { file: "functions/sdk.ts", code: 'import "@azure/storage-queue";', is: "refused" },
  { file: "functions/files.ts", code: 'import "node:fs";', is: "refused" },
  { file: "functions/core.ts", code: 'import "../lib/rules/index.ts";', is: "refused" },
  { file: "functions/environment.ts", code: "export const home = process.env.HOME;", is: "refused" },
  { file: "lib/state/tables.ts", code: 'import "@azure/data-tables";', is: "allowed" },
  { file: "lib/sinks/store.ts", code: 'import "../state/store.ts";', is: "refused" },
  { file: "lib/pipeline/store.ts", code: 'import "../state/store.ts";', is: "allowed" },
  { file: "lib/pipeline/tables.ts", code: 'import "../state/azure-table.ts";', is: "refused" },
  { file: "lib/pipeline/queue.ts", code: 'import "@azure/storage-queue";', is: "refused" },
  { file: "lib/audit-run.ts", code: 'import "./readers/recorded.ts";', is: "refused" },
  { file: "lib/reports/store.ts", code: 'import "../state/store.ts";', is: "allowed" },
  { file: "lib/reports/tables.ts", code: 'import "../state/azure-table.ts";', is: "refused" },
  { file: "lib/reports/reader.ts", code: 'import "../readers/recorded.ts";', is: "refused" },
  { file: "lib/model/clock.ts", code: "export const now = Date.now();", is: "refused" },
  { file: "lib/model/global.ts", code: "export const now = globalThis.Date;", is: "refused" },
  { file: "lib/model/environment.ts", code: "export const home = process.env.HOME;", is: "refused" },
  { file: "lib/model/random.ts", code: "export const some = Math.random();", is: "refused" },
] as const;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cordon-fences-"));
  cpSync(join(root, "biome.json"), join(folder, "biome.json"));
  cpSync(join(root, ".config"), join(folder, ".config"), { recursive: true });
  for (const { file, code } of fences) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
  refused = filesWithErrors();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The linter ends with 1 where it refuses something, so its output comes with the error. */
function filesWithErrors(): ReadonlySet<string> {
  const biome = join(root, "node_modules", ".bin", "biome");
  const run = () =>
    execFileSync(biome, ["lint", "--reporter=github", "--max-diagnostics=none", "lib", "functions"], { cwd: folder });
  let output = "";
  try {
    output = run().toString();
  } catch (error) {
    output = typeof error === "object" && error !== null && "stdout" in error ? String(error.stdout) : String(error);
  }
  return new Set([...output.matchAll(/^::error .*?file=([^,]+),/gm)].map(([, file]) => file ?? ""));
}

test.each(fences)("$file with `$code` is $is", ({ file, is }) => {
  expect(refused.has(file) ? "refused" : "allowed").toBe(is);
});
