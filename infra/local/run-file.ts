import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalHost } from "./host.ts";

/** Where `npm start` says how to reach what it has started; it is there for as long as that runs. */
export const runFile = fileURLToPath(new URL("../../.local/run.json", import.meta.url));

export function writeRunFile({ address, storage, keys }: LocalHost): void {
  mkdirSync(dirname(runFile), { recursive: true });
  writeFileSync(runFile, JSON.stringify({ address, storage, keys }), { mode: 0o600 });
  process.on("exit", () => rmSync(runFile, { force: true }));
}
