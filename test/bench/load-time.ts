import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../infra/build.ts";
import sample from "../../local.settings.sample.json" with { type: "json" };

/** More than an empty app takes. */
export const loadGoalMilliseconds = 60;
const runs = 11;

export interface LoadTime {
  readonly bytes: number;
  /** Until every function is registered. */
  readonly loadMilliseconds: number;
  /** Until the hooks for the start are done, too: the settings are checked. */
  readonly startMilliseconds: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const loader = join(root, "test/build/load-app.cjs");

/** The built app beside one with a single empty function, each time in a fresh process, in turns. */
export async function measureLoadTimes(): Promise<{ readonly app: LoadTime; readonly empty: LoadTime }> {
  const folder = mkdtempSync(join(tmpdir(), "cordon-load-"));
  try {
    const entries = { app: "functions/index.ts", empty: "test/bench/empty-app.ts" };
    const app = await prepare(entries.app, join(folder, "app.cjs"));
    const empty = await prepare(entries.empty, join(folder, "empty.cjs"));
    for (let run = 0; run < runs; run += 1) {
      for (const one of [app, empty]) one.samples.push(load(one.outfile));
    }
    return { app: bestOf(app), empty: bestOf(empty) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Prepared {
  readonly outfile: string;
  readonly bytes: number;
  readonly samples: Omit<LoadTime, "bytes">[];
}

async function prepare(entry: string, outfile: string): Promise<Prepared> {
  await bundle({ entry, outfile });
  return { outfile, bytes: statSync(outfile).size, samples: [] };
}

function load(outfile: string): Omit<LoadTime, "bytes"> {
  const env = { PATH: process.env.PATH ?? "", ...sample.Values };
  return JSON.parse(execFileSync(process.execPath, [loader, outfile], { cwd: root, env, encoding: "utf8" }));
}

/** What disturbs a run only ever makes it slower. */
function bestOf({ bytes, samples }: Prepared): LoadTime {
  return {
    bytes,
    loadMilliseconds: Math.min(...samples.map(({ loadMilliseconds }) => loadMilliseconds)),
    startMilliseconds: Math.min(...samples.map(({ startMilliseconds }) => startMilliseconds)),
  };
}
