import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { aStorageAccount, storageId } from "../support/builders.ts";
import { folderOf, ndjson } from "./recording.ts";

const script = fileURLToPath(new URL("./audit-in-little-memory.ts", import.meta.url));

it("memory does not grow with a recording beyond the facts that are kept", async () => {
  const folder = await folderOf({});
  const path = `${folder}/big.ndjson`;
  const note = "n".repeat(100_000);
  const file = await open(path, "w");
  for (let at = 0; at < 900; at++) await file.write(ndjson({ ...aStorageAccount({ note }), id: `${storageId}${at}` }));
  await file.close();
  const limit = ["--max-old-space-size=64", "--max-semi-space-size=8"];
  const { stdout } = await promisify(execFile)(process.execPath, [...limit, script, path]);
  expect(JSON.parse(stdout)).toEqual({ resources: 900, problems: 0 });
});
