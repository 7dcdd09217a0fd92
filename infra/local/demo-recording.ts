import { cpSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const bundledRecording: string = join(root, "test/fixtures/contoso-erp");
const copy = join(root, ".local/contoso-erp");

/** A copy of the bundled recording that may be edited, made afresh. */
export function copyRecording(): string {
  rmSync(copy, { recursive: true, force: true });
  cpSync(bundledRecording, copy, { recursive: true });
  return copy;
}

/** One value in one line that opens a door, as somebody does in a hurry. */
export interface SuggestedEdit {
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly type: string;
}

const account = "stcontosoarchive";

/** Undefined where the recording is another one. */
export function suggestEdit(recording: string): SuggestedEdit | undefined {
  const file = join(recording, "erp-storage-accounts-page-1.json");
  const lines = linesOf(file);
  const from = '"publicNetworkAccess": "Disabled"';
  const start = lines.findIndex((line) => line.includes(`"name": "${account}"`));
  const index = lines.findIndex((line, at) => at > start && line.includes(from));
  const id = lines.map((line) => /"id": "(.*)"/.exec(line)?.[1]).find((id) => id?.endsWith(`/${account}`));
  if (start === -1 || index === -1 || id === undefined) return undefined;
  const to = from.replace("Disabled", "Enabled");
  return { file: relative(root, file), line: index + 1, from, to, id, type: "Microsoft.Storage/storageAccounts" };
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
