import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { aStorageAccount, storageId } from "../support/builders.ts";
import { folderOf } from "./recording.ts";

const script = fileURLToPath(new URL("./audit-in-little-memory.ts", import.meta.url));
const limit = ["--max-old-space-size=96", "--max-semi-space-size=8"];

// About 60 MB each; the character of two bytes is cut by some end of a piece.
const note = Array.from({ length: 600 }, () => `${"n".repeat(99)}é`);
const bodies = Array.from({ length: 900 }, (_, at) => ({ ...aStorageAccount({ note }), id: `${storageId}${at}` }));

it.each([
  { shape: "one resource a line", begin: "", between: "\n", end: "\n", space: 0 },
  { shape: "an array on one line", begin: "[", between: ",", end: "]", space: 0 },
  { shape: "a list over many lines", begin: '{\n  "value": [\n', between: ",\n", end: "\n  ]\n}\n", space: 2 },
])("memory does not grow with $shape beyond the facts that are kept", async ({ begin, between, end, space }) => {
  const folder = await folderOf({});
  const path = `${folder}/big.json`;
  const file = await open(path, "w");
  await file.write(begin);
  for (const [at, body] of bodies.entries()) {
    await file.write(`${at === 0 ? "" : between}${JSON.stringify(body, undefined, space)}`);
  }
  await file.write(end);
  await file.close();
  const { stdout } = await promisify(execFile)(process.execPath, [...limit, script, path]);
  expect(JSON.parse(stdout)).toEqual({ resources: 900, problems: 0 });
});

it("an answer that is too large to be read as one still says what is there", async () => {
  const folder = await folderOf({});
  const path = `${folder}/answer.json`;
  const url = "/subscriptions/s/providers/Microsoft.Storage/storageAccounts?api-version=2025-01-01";
  const answer = { url, status: 200, body: { value: bodies.slice(0, 400) } };
  const file = await open(path, "w");
  await file.write(JSON.stringify(answer, undefined, 2));
  await file.close();
  const { stdout } = await promisify(execFile)(process.execPath, [script, path]);
  expect(JSON.parse(stdout)).toEqual({ resources: 400, problems: 1 });
});
