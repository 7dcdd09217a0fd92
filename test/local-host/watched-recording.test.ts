import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Watching, watchRecording } from "../../infra/local/watched-recording.ts";

const subscription = "/subscriptions/aaaaaaaa-1111-4111-8111-000000000001";
const idOf = (name: string) => `${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/${name}`;
const bodyOf = (name: string, access: string) =>
  JSON.stringify({
    id: idOf(name),
    type: "Microsoft.Storage/storageAccounts",
    properties: { publicNetworkAccess: access },
  });

let folder: string;
let watching: Watching;
let seen: string[];
let problems: string[];
/** How often whoever is told of changes fails. */
let refusals: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cordon-watch-"));
  writeFileSync(join(folder, "one.json"), bodyOf("one", "Disabled"));
  writeFileSync(join(folder, "two.json"), bodyOf("two", "Disabled"));
  writeFileSync(join(folder, "never-readable.json"), "");
  refusals = 0;
  seen = [];
  problems = [];
  watching = await watchRecording(folder, {
    onChange: (changes) => {
      if (refusals > 0) throw new Error(`refused ${refusals--}`);
      seen.push(...changes.map(({ id, kind }) => `${kind} ${id.split("/").at(-1)}`));
    },
    onProblem: (problem) => problems.push(problem),
  });
});
afterEach(async () => {
  await watching.stop();
  rmSync(folder, { recursive: true });
});

const ways = {
  "in place": (file: string, text: string) => writeFileSync(file, text),
  "by rename": (file: string, text: string) => {
    writeFileSync(`${file}.tmp`, text);
    renameSync(`${file}.tmp`, file);
  },
  "by rename from another folder": (file: string, text: string) => {
    const outside = `${folder}.tmp`;
    writeFileSync(outside, text);
    renameSync(outside, file);
  },
  "after deleting it": (file: string, text: string) => {
    rmSync(file);
    writeFileSync(file, text);
  },
};
type Way = keyof typeof ways;

async function save(way: Way, name: string, access: string, want: readonly string[]): Promise<void> {
  seen = [];
  ways[way](join(folder, `${name}.json`), bodyOf(name, access));
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual(want);
}

describe("a file of the recording", () => {
  test.each(Object.keys(ways) as Way[])("is seen each time that it is saved %s", async (way) => {
    for (const access of ["Enabled", "Disabled", "SecuredByPerimeter", "Enabled"]) {
      await save(way, "one", access, ["written one"]);
    }
  });

  test("is seen however it is saved after it was saved in another way", async () => {
    for (const [index, way] of [...(Object.keys(ways) as Way[]), ...(Object.keys(ways) as Way[]).reverse()].entries()) {
      await save(way, "one", `Access${index}`, ["written one"]);
    }
  });

  test("that is deleted, made again and deleted again is seen each time", async () => {
    for (const access of ["Enabled", "Disabled"]) {
      seen = [];
      rmSync(join(folder, "one.json"));
      await expect.poll(() => seen, { timeout: 5_000 }).toEqual(["deleted one"]);
      await save("in place", "one", access, ["written one"]);
    }
  });

  test("in a folder that is new is seen, and seen again", async () => {
    mkdirSync(join(folder, "more"));
    await save("in place", "more/three", "Enabled", ["written three"]);
    await save("by rename", "more/three", "Disabled", ["written three"]);
  });

  test("that cannot be read is told, and what changed meanwhile once it can be", async () => {
    const file = join(folder, "one.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, 30));
    await expect.poll(() => problems, { timeout: 5_000 }).toEqual([expect.stringContaining("one.json")]);
    expect(seen).toEqual([]);
    await save("in place", "one", "Enabled", ["written one"]);
  });

  test("that could not be read from the start keeps nothing back, and is seen once it can be", async () => {
    await save("in place", "never-readable", "Enabled", ["written never-readable"]);
    expect(problems).toEqual([]);
  });

  test("comes again with the next change where nobody could be told of it", async () => {
    refusals = 1;
    ways["in place"](join(folder, "one.json"), bodyOf("one", "Enabled"));
    await expect.poll(() => problems, { timeout: 5_000 }).toEqual(["refused 1"]);
    await save("in place", "two", "Enabled", ["written one", "written two"]);
  });
});
