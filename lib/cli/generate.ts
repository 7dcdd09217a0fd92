import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { policyJsonSchema } from "../config.ts";
import { comparisonJsonSchema } from "../reports/comparison-schema.ts";
import { eventJsonSchemas } from "../reports/event-schema.ts";
import { fixJsonSchema } from "../reports/fix-schema.ts";
import { readerRole } from "../reports/reader-role.ts";
import { toMarkdown } from "../reports/rules-markdown.ts";
import { reportJsonSchema } from "../reports/schema.ts";
import { rules } from "../rules/index.ts";
import { sampleSettings, settingsMarkdown } from "../settings/documents.ts";
import { say } from "./messages.ts";

/** Files of the package that are made from its sources. */
const generated: ReadonlyMap<string, string> = new Map([
  ["RULES.md", toMarkdown(rules)],
  ["cordon.policy.schema.json", toJson(policyJsonSchema())],
  ["infra/cordon-reader.role.json", toJson(readerRole())],
  ["report.schema.json", toJson(reportJsonSchema())],
  ["docs/settings.md", settingsMarkdown()],
  ["local.settings.sample.json", toJson(sampleSettings())],
  ...[...eventJsonSchemas].map(([name, schema]) => [name, toJson(schema)] as const),
  ["fix.schema.json", toJson(fixJsonSchema())],
  ["comparison.schema.json", toJson(comparisonJsonSchema())],
]);

const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
const stale = await staleFiles();
if (!check) await Promise.all(stale.map(([name, text]) => write(pathOf(name), text)));
else if (stale.length > 0) {
  say(`not current: ${stale.map(([name]) => name).join(", ")} (run \`npm run generate\`)`);
  process.exitCode = 1;
}

async function staleFiles(): Promise<readonly (readonly [string, string])[]> {
  const current = await Promise.all([...generated.keys()].map(readIfThere));
  return [...generated].filter(([, text], index) => current[index] !== text);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function readIfThere(name: string): Promise<string | undefined> {
  return readFile(pathOf(name), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

function toJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
