import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { CordonError } from "../../lib/model/cordon-error.ts";
import type { LocalHost } from "./host.ts";

/** How to reach what `npm start` has started; it is in a file for as long as that runs. */
export type Run = Pick<LocalHost, "address" | "storage" | "keys">;

export function writeRun({ address, storage, keys }: LocalHost): void {
  const file = runFile(Number(new URL(address).port));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ address, storage, keys } satisfies Run), { mode: 0o600 });
  process.on("exit", () => rmSync(file, { force: true }));
}

export function readRun(port: number): Run {
  try {
    return JSON.parse(readFileSync(runFile(port), "utf8"));
  } catch (error) {
    const message = `nothing to look at: no \`npm start\` is running on port ${port}`;
    throw new CordonError("ERR_NOT_RUNNING", message, error);
  }
}

function runFile(port: number): string {
  return fileURLToPath(new URL(`../../.local/run-${port}.json`, import.meta.url));
}
