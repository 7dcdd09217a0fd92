import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { CordonError } from "../../lib/model/cordon-error.ts";
import type { LedgerReport } from "../../lib/reports/ledger-report.ts";
import { bundle } from "../build.ts";
import { changeEvent, sendEvents, webhookOf } from "./change-event.ts";
import { copyRecording, suggestEdit } from "./demo-recording.ts";
import { differences, fetchReport, isAudited, summaryText } from "./demo-report.ts";
import { thingsToTry } from "./demo-text.ts";
import { failWith } from "./failure.ts";
import { startHost } from "./host.ts";
import { portOf } from "./port-option.ts";
import { printedLog } from "./printed-log.ts";
import type { LogLine } from "./protocol.ts";
import { writeRun } from "./run-file.ts";
import { readSettings } from "./settings.ts";
import { type SimulatedAzure, simulateAzure } from "./simulated-azure.ts";
import { untilStopped } from "./until-stopped.ts";
import { watchRecording } from "./watched-recording.ts";

// `npm start`: the function app on a copy of the bundled recording, in which editing a file stands for a change in Azure.
const root = fileURLToPath(new URL("../..", import.meta.url));
const options = new Command("npm start --")
  .option("--port <number>", "where it listens", portOf, 7071)
  .option("--recording <folder>", "audit this recording as it is, not a copy of the bundled one")
  .option("--live-simulated", "read it as Azure is read, from a simulated Azure on this machine that serves it")
  .parse()
  .opts<{ port: number; recording?: string; liveSimulated?: true }>();

const longestAuditSeconds = 120;

try {
  await start();
} catch (error) {
  failWith(error);
}

async function start(): Promise<void> {
  const recording = options.recording === undefined ? copyRecording() : resolve(options.recording);
  const azure = options.liveSimulated ? await simulateAzure(recording) : undefined;
  await bundle({ entry: "functions/index.ts", outfile: "dist/index.cjs" });
  const settings = { ...readSettings(root, process.env), ...settingsFor(recording, options.port, azure) };
  const print = printedLog(process.stdout, false);
  let seen: LedgerReport | undefined;
  const host = await startHost({ appFolder: root, port: options.port, settings, log, onLost: failWith });
  untilStopped(host);
  writeRun(host);
  const report = () => fetchReport(host.address, host.keys.function);

  say(`Auditing ${recording}${azure === undefined ? "" : `, which a simulated Azure serves at ${azure.address}`}`);
  seen = await firstAudit();
  say(`\n${summaryText(seen)}\n`);
  const webhook = webhookOf(host.address, "receive-event", host.keys.eventGrid);
  await watchRecording(recording, {
    onChange: onEdit,
    onProblem: (problem) => say(`not sent, since it cannot be read: ${problem}`),
  });
  const edit = suggestEdit(recording);
  say(thingsToTry({ address: host.address, functionKey: host.keys.function, recording, edit, webhook }));

  async function firstAudit(): Promise<LedgerReport> {
    const subscriptions = (settings.CORDON_SUBSCRIPTIONS ?? "").split(",").map((id) => id.trim());
    const headers = { "x-functions-key": host.keys.master, "content-type": "application/json" };
    await fetch(`${host.address}/admin/functions/plan-audits`, { method: "POST", headers, body: "{}" });
    const end = Date.now() + longestAuditSeconds * 1000;
    while (Date.now() < end) {
      const now = await report();
      if (isAudited(now, subscriptions)) return now;
      await sleep(250);
    }
    throw new CordonError(
      "ERR_AUDIT_SLOW",
      `the first audit was not complete after ${longestAuditSeconds} s: see the log`,
    );
  }

  function onEdit(changes: readonly Parameters<typeof changeEvent>[0][]): void {
    azure?.readAgain();
    if (changes.length === 0) return;
    for (const { id, kind } of changes) say(`${kind} ${id}`);
    sendEvents(
      webhook,
      changes.map((change) => changeEvent(change, new Date())),
    ).catch(failWith);
  }

  /** Whether the last audit has put off its reading for some seconds. */
  let isPostponed = false;

  /** Calls of the report are not worth a line; after each audit, what has changed is. */
  function log(line: LogLine): void {
    if (line.category === "report" && line.level === "information") return;
    print(line);
    if (line.message.includes("will be once more")) isPostponed = true;
    const isAudit = line.category === "audit-change" || line.category === "audit-subscription";
    if (isAudit && line.message.startsWith("succeeded") && seen !== undefined) {
      tellChanges().catch((error: unknown) => say(`cannot ask for the report: ${String(error)}`));
    }
  }

  async function tellChanges(): Promise<void> {
    const [before, after] = [seen, await report()];
    if (before === undefined) return;
    seen = after;
    const lines = differences(before, after);
    if (lines.length > 0) say(lines.join("\n"));
    else if (!isPostponed) say("no finding has changed");
    isPostponed = false;
  }
}

/** What the recording and the port settle; queues are polled often, since somebody is waiting. */
function settingsFor(recording: string, port: number, azure: SimulatedAzure | undefined): Record<string, string> {
  return {
    ...(azure === undefined
      ? { CORDON_READER: "recorded", CORDON_RECORDING: recording }
      : { CORDON_READER: "live", CORDON_ARM_LOOPBACK: azure.address }),
    CORDON_REPORT_URL: `http://localhost:${port}/api/report`,
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:00.250",
    ...(options.recording === undefined ? { CORDON_POLICY: `${recording}/cordon.policy.json` } : {}),
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
