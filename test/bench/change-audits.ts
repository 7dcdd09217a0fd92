import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ChangeCost } from "./change-cost.ts";
import { linesOfOneSubscription, type Shape } from "./estate-world.ts";
import type { IndexCost } from "./index-cost.ts";
import type { Measurement } from "./measured.ts";

/**
 * Run by run.ts, or `node test/bench/change-audits.ts [<size> …]`: what audits after a change ask for, the same at every size, and what
 * audits of everything leave behind for them.
 */
const asked = process.argv.slice(2).map(Number);
const sizes = asked.length === 0 ? [1_000, 10_000, 100_000] : asked;

await sayRequests();
await sayIndex();

async function sayRequests(): Promise<void> {
  say(
    "One change after scheduled audits of a simulated Azure, on the mean of five: requests to Azure, and to the table",
  );
  // subscriptions are audited one after the other, which takes more than ten minutes at 100,000
  const mostInMany = Math.min(Math.max(...sizes), 10_000);
  const runs: readonly { size: number; shape: Shape }[] = [
    ...sizes.map((size) => ({ size, shape: "one subscription" as const })),
    { size: mostInMany, shape: "many subscriptions" },
  ];
  const all: (readonly ChangeCost[])[] = [];
  for (const { size, shape } of runs) {
    const costs = await runAlone<readonly ChangeCost[]>("change-cost.ts", String(size), shape);
    all.push(costs);
    say(`\n  ${count(size)} resources in ${shape}`);
    for (const [what, some] of Map.groupBy(costs, (cost) => cost.what)) say(`    ${what.padEnd(32)}${textOf(some)}`);
  }
  assertSame(all);
}

function textOf(costs: readonly ChangeCost[]): string {
  const mean = (figure: (cost: ChangeCost) => number) => {
    return (costs.reduce((sum, cost) => sum + figure(cost), 0) / costs.length).toFixed(0).padStart(4);
  };
  return [
    `${mean(({ requests }) => requests)} requests`,
    `${mean(({ table }) => table.gets + table.queries)} reads`,
    `${mean(({ table }) => table.writes)} writes`,
    `${mean(({ table }) => table.charactersRead / 1000)} KB read`,
    `${mean(({ told }) => told)} findings`,
  ].join(",");
}

/** The first of an instance asks for what it then remembers: rights in each subscription, and service tags. */
function assertSame(all: readonly (readonly ChangeCost[])[]): void {
  const [first = [], ...others] = all.map((costs) => costs.filter(({ what }) => !what.startsWith("the first")));
  for (const costs of others) {
    for (const [turn, { what, requests, table, told }] of costs.entries()) {
      const one = first[turn];
      if (one?.requests !== requests) throw new Error(`${what}: ${requests} requests, and ${one?.requests} elsewhere`);
      if (one.told !== told) throw new Error(`${what}: ${told} findings told of, and ${one.told} elsewhere`);
      const [here, there] = [table, one.table].map(operations);
      if (Number(here) > 1.25 * Number(there)) throw new Error(`${what}: ${here} operations, and ${there} elsewhere`);
    }
  }
  say(`\n  requests: the same number at every size, met; operations on the table: at most a quarter more, met\n`);
}

function operations({ gets, queries, writes }: ChangeCost["table"]): number {
  return gets + queries + writes;
}

async function sayIndex(): Promise<void> {
  say("What a scheduled audit leaves behind for them, of one subscription; times are of all cores, table in memory");
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "cordon-bench-"));
    try {
      const path = join(folder, "one.ndjson");
      const file = openSync(path, "w");
      for (const line of linesOfOneSubscription(size)) writeSync(file, `${JSON.stringify(line)}\n`);
      closeSync(file);
      const audit = await runAlone<Measurement>("audit-file.ts", path);
      const cost = await runAlone<IndexCost>("index-cost.ts", path);
      const share = (seconds: number) => `${((seconds / audit.cpuSeconds) * 100).toFixed(0)} %`;
      const { noting, first, again, rows, characters } = cost;
      say(`\n  ${count(size)} resources: an audit of the recording takes ${audit.cpuSeconds.toFixed(1)} s of CPU`);
      say(`    with notes of what rests on what ${share(noting)} of that, and what is left behind takes`);
      say(`    ${share(first)} more the first time, ${share(again)} more where nothing has changed`);
      say(`    ${count(rows)} rows, ${(characters / size).toFixed(0)} characters for each resource`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  say("");
}

async function runAlone<T>(script: string, ...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, script), ...args]);
  return JSON.parse(stdout);
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
