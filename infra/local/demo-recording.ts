import { cpSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundled = join(root, "test/fixtures/contoso-erp");
const copy = join(root, ".local/contoso-erp");

/** A copy of the bundled recording that may be edited, made afresh. */
export function copyRecording(): string {
  rmSync(copy, { recursive: true, force: true });
  cpSync(bundled, copy, { recursive: true });
  return copy;
}

/** A change that resolves a finding: one value in one line. */
export interface SuggestedEdit {
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly type: string;
}

const vault = "kv-contoso-integration";

export function suggestEdit(recording: string): SuggestedEdit | undefined {
  const file = join(recording, "erp-key-vaults.json");
  const lines = readFileSync(file, "utf8").split("\n");
  const from = '"publicNetworkAccess": "Enabled"';
  const start = lines.findIndex((line) => line.includes(`"name": "${vault}"`));
  const index = lines.findIndex((line, at) => at > start && line.includes(from));
  const id = lines.map((line) => /"id": "(.*)"/.exec(line)?.[1]).find((id) => id?.endsWith(`/${vault}`));
  if (start === -1 || index === -1 || id === undefined) return undefined;
  const to = from.replace("Enabled", "Disabled");
  return { file: relative(root, file), line: index + 1, from, to, id, type: "Microsoft.KeyVault/vaults" };
}
