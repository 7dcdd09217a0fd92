import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { estate } from "./estate.ts";
import { sayGoal } from "./goal.ts";
import type { Measurement } from "./measured.ts";
import type { Requests } from "./simulated-azure.ts";

/** Run by run.ts, or `node test/bench/live.ts [<size> …]`: live audits of a simulated Azure, 30 ms away, 1,000 resources a page. */
const asked = process.argv.slice(2).map(Number);
const sizes = asked.length === 0 ? [1_000, 10_000, 100_000] : asked;

interface Azure {
  readonly address: string;
  readonly subscriptions: readonly string[];
  requests(): Promise<Requests>;
}

type LiveAudit = Measurement & { readonly findings: number; readonly digest: string };

say("Live audits of a simulated Azure: 30 ms for each request, 1,000 resources a page\n");
for (const size of sizes) await sayAudit(size);
await sayStorm();

async function sayAudit(size: number): Promise<void> {
  const { audit, requests } = await withAzure(size, "calm", async (azure) => ({
    audit: await runAlone<LiveAudit>("audit-live.ts", azure.address, "audit", ...azure.subscriptions),
    requests: await azure.requests(),
  }));
  const { all, pages, checks, pagesThereAre, childrenThereAre } = requests;
  say(
    `  ${count(size)} resources (${count(audit.resources)} with children): ${count(all)} requests, ${seconds(audit)}, ${megabytes(audit)}`,
  );
  say(
    `    ${count(pages)} for pages, ${count(all - pages - checks)} for children, ${count(checks)} for rights, tags and effective routes`,
  );
  assertAtMost("    requests for resources", all - checks, pagesThereAre + childrenThereAre);
  const reading = await withAzure(size, "calm", ({ address, subscriptions }) => {
    return runAlone<Measurement>("audit-live.ts", address, "read", ...subscriptions);
  });
  const recorded = await auditRecording(size);
  const hidden = reading.secondsOfWork + recorded.secondsOfWork - audit.secondsOfWork;
  say(
    `    reading alone ${seconds(reading)}, the same from a recording ${seconds(recorded)}: ` +
      `${((hidden / recorded.secondsOfWork) * 100).toFixed(0)} % of that is done while Azure answers`,
  );
  sayGoal("  memory, × that of the audit of a recording", audit.peakBytes / recorded.peakBytes, "", { atMost: 1.5 });
  say("");
}

/** Most requests are refused at first; what is found has to be the same. */
async function sayStorm(): Promise<void> {
  const size = 1000;
  const run = ({ address, subscriptions }: Azure) =>
    runAlone<LiveAudit>("audit-live.ts", address, "audit", ...subscriptions);
  const calm = await withAzure(size, "calm", run);
  const { storm, requests } = await withAzure(size, "storm", async (azure) => ({
    storm: await run(azure),
    requests: await azure.requests(),
  }));
  say(
    `  ${count(size)} resources in a storm of 429: ${count(requests.refused)} of ${count(requests.all)} requests refused, ${seconds(storm)}`,
  );
  const isSame = calm.digest === storm.digest && calm.findings > 0;
  say(`    ${count(storm.findings)} findings, ${isSame ? "the same as" : "NOT THE SAME AS"} without a storm`);
  if (requests.refused === 0) throw new Error("there was no storm");
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
    for (const line of estate(size)) writeFileSync(file, `${JSON.stringify(line)}\n`, { flag: "a" });
    return await runAlone<Measurement>("audit-file.ts", file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runAlone<T>(script: string, ...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, script), ...args]);
  return JSON.parse(stdout);
}

function assertAtMost(name: string, figure: number, most: number): void {
  if (figure > most) throw new Error(`${name.trim()}: ${figure}, at most ${most}`);
  say(`${name}: ${count(figure)}, at most ${count(most)}: met`);
}

function count(value: number): string {
  return value.toLocaleString("en");
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
