import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { estate } from "./estate.ts";
import type { Measurement } from "./measured.ts";
import type { Requests } from "./simulated-azure.ts";

/** Run by run.ts, or `node test/bench/live.ts [<size> …]`: live audits of a simulated Azure, 30 ms away, 1,000 resources a page. */
const asked = process.argv.slice(2).map(Number);
const sizes = asked.length === 0 ? [1_000, 10_000, 100_000] : asked;

/** In MB, the same at every size: a reading that kept what it handed on would run out of it. Only ids are remembered. */
const heapOfReading = "--max-old-space-size=128";

interface Azure {
  readonly address: string;
  readonly subscriptions: readonly string[];
  requests(): Promise<Requests>;
}

interface LiveAudit extends Measurement {
  readonly findings: number;
  readonly digest: string;
  /** Until everything is read and projected. */
  readonly cpuSecondsOfReading: number;
  /** How often rules were asked; those that were asked too early are asked again afterwards. */
  readonly asked: { readonly whileReading: number; readonly afterwards: number };
}

say("Live audits of a simulated Azure: 30 ms for each request, 1,000 resources a page\n");
for (const size of sizes) await sayAudit(size);
await sayStorm();

async function sayAudit(size: number): Promise<void> {
  const [audit, requests] = await auditOf(size);
  const { all, pages, checks, pagesThereAre, childrenThereAre } = requests;
  const found = `${count(size)} resources (${count(audit.resources)} with children)`;
  say(`  ${found}: ${count(all)} requests, ${seconds(audit)}, ${megabytes(audit)}`);
  say(
    `    ${count(pages)} for pages, ${count(all - pages - checks)} for children, ${count(checks)} for rights, tags and routes`,
  );
  assertAtMost("    requests for resources", all - checks, pagesThereAre + childrenThereAre);
  const reading = await readingOf(size);
  const recorded = await auditRecording(size);
  const { whileReading, afterwards } = audit.asked;
  say(`    rules are asked ${count(whileReading)} times while Azure answers, ${count(afterwards)} times afterwards`);
  say(`    ${percent(audit.cpuSecondsOfReading / audit.cpuSeconds)} of its work is done while Azure answers`);
  say(
    `    reading alone ${seconds(reading)}, ${megabytes(reading)}, in a heap of 128 MB: met; a full audit of the same from a recording ${seconds(recorded)}, ${megabytes(recorded)}`,
  );
  say("");
}

async function auditOf(size: number): Promise<readonly [LiveAudit, Requests]> {
  const runs: (readonly [LiveAudit, Requests])[] = [];
  for (let run = 0; run < runsOf(size); run += 1) {
    const work = async (azure: Azure) => {
      const audit = await runAlone<LiveAudit>("audit-live.ts", azure.address, "audit", ...azure.subscriptions);
      return [audit, await azure.requests()] as const;
    };
    runs.push(await withAzure(size, "calm", work));
  }
  return best(runs, ([audit]) => audit);
}

async function readingOf(size: number): Promise<Measurement> {
  const runs: Measurement[] = [];
  for (let run = 0; run < runsOf(size); run += 1) {
    const work = ({ address, subscriptions }: Azure) =>
      runAlone<Measurement>(heapOfReading, "audit-live.ts", address, "read", ...subscriptions);
    runs.push(await withAzure(size, "calm", work));
  }
  return best(runs, (one) => one);
}

/** The quickest: whatever disturbs a run only makes it slower. */
function best<T>(runs: readonly T[], measurementOf: (run: T) => Measurement): T {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error("nothing was measured");
  const time = (run: T) => measurementOf(run).secondsOfWork;
  return others.reduce((least, run) => (time(run) < time(least) ? run : least), first);
}

function runsOf(size: number): number {
  return size <= 10_000 ? 3 : 1;
}

/** A third of the requests is refused at first; what is found has to be the same. */
async function sayStorm(): Promise<void> {
  const size = 1000;
  const run = ({ address, subscriptions }: Azure) =>
    runAlone<LiveAudit>("audit-live.ts", address, "audit", ...subscriptions);
  const calm = await withAzure(size, "calm", run);
  const [storm, { refused, all }] = await withAzure(size, "storm", async (azure) => {
    return [await run(azure), await azure.requests()] as const;
  });
  say(
    `  ${count(size)} resources in a storm of 429: ${count(refused)} of ${count(all)} requests refused, ${seconds(storm)}`,
  );
  const isSame = calm.digest === storm.digest && calm.findings > 0;
  say(`    ${count(storm.findings)} findings, ${isSame ? "the same as" : "NOT THE SAME AS"} without a storm`);
  if (refused === 0) throw new Error("there was no storm");
  if (!isSame)
    throw new Error(`a storm of 429 has changed the findings: ${calm.findings} before, ${storm.findings} in it`);
}

async function withAzure<T>(size: number, weather: "calm" | "storm", work: (azure: Azure) => Promise<T>): Promise<T> {
  const child = fork(join(import.meta.dirname, "simulated-azure.ts"), [String(size), weather]);
  try {
    const [{ address, subscriptions }] = await once(child, "message");
    const requests = async () => {
      const told = once(child, "message");
      child.send("how many?");
      return (await told)[0] as Requests;
    };
    return await work({ address, subscriptions, requests });
  } finally {
    child.disconnect();
  }
}

async function auditRecording(size: number): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), "cordon-bench-"));
  try {
    const file = join(folder, "estate.ndjson");
    const lines = estate(size)
      [Symbol.iterator]()
      .map((line) => `${JSON.stringify(line)}\n`);
    await pipeline(lines, createWriteStream(file));
    const runs: Measurement[] = [];
    for (let run = 0; run < runsOf(size); run += 1) runs.push(await runAlone<Measurement>("audit-file.ts", file));
    return best(runs, (one) => one);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Options of node may come first. */
async function runAlone<T>(...args: readonly string[]): Promise<T> {
  const options = args.filter((one) => one.startsWith("--"));
  const [script = "", ...others] = args.filter((one) => !one.startsWith("--"));
  const path = join(import.meta.dirname, script);
  const { stdout } = await promisify(execFile)(process.execPath, [...options, path, ...others]);
  return JSON.parse(stdout);
}

function assertAtMost(name: string, figure: number, most: number): void {
  if (figure > most) throw new Error(`${name.trim()}: ${figure}, at most ${most}`);
  say(`${name}: ${count(figure)}, at most ${count(most)}: met`);
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function seconds({ secondsOfWork }: Measurement): string {
  return `${secondsOfWork.toFixed(1)} s`;
}

function megabytes({ peakBytes }: Measurement): string {
  return `${(peakBytes / 1e6).toFixed(0)} MB`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
