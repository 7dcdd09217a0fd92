import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { policyFileName } from "../../lib/config.ts";
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
import { settingsOfRecording } from "./recording-settings.ts";
import { writeRun } from "./run-file.ts";
import { chosenSetting, readSettings } from "./settings.ts";
import { type SimulatedAzure, simulateAzure } from "./simulated-azure.ts";
import { untilStopped } from "./until-stopped.ts";
import { watchFiles, watchRecording } from "./watched-recording.ts";

// `npm start`: the function app on a copy of the bundled recording, in which editing a file stands for a change in Azure.
const root = fileURLToPath(new URL("../..", import.meta.url));
const options = new Command("npm start --")
  .option("--port <number>", "where it listens", portOf, 7071)
  .option(
    "--recording <folder>",
    "audit this recording as it is, not a copy of the bundled one: every subscription that it holds resources of, with the cordon.policy.json in or beside it, unless the environment or local.settings.json says otherwise",
  )
  .option("--live-simulated", "read it as Azure is read, from a simulated Azure on this machine that serves it")
  .parse()
  .opts<{ port: number; recording?: string; liveSimulated?: true }>();

const longestAuditSeconds = 120;

/** Aborted once somebody has ended it: what it was about to ask fails then, and is no news. */
let stopping: AbortSignal | undefined;

try {
  await start();
} catch (error) {
  failUnlessStopping(error);
}

function failUnlessStopping(error: unknown): void {
  if (!stopping?.aborted) failWith(error);
}

async function start(): Promise<void> {
  const recording = options.recording === undefined ? copyRecording() : resolve(options.recording);
  const choice = (name: string) => {
    const isSettled = name === "CORDON_POLICY" && options.recording === undefined;
    return isSettled ? undefined : chosenSetting(root, process.env, name);
  };
  const own = await settingsOfRecording(recording, options.recording === undefined ? recording : root, choice);
  /** What is edited until the first audit is done is told of then. */
  const firstAuditDone = Promise.withResolvers<void>();
  let azure: SimulatedAzure | undefined;
  // INVARIANT: watched before anybody reads it for an audit, so that no edit goes unseen
  await watchRecording(recording, {
    onChange: async (changes) => {
      await firstAuditDone.promise;
      azure?.readAgain();
      onEdit(changes);
    },
    onProblem: (problem) => say(`not sent, since it cannot be read: ${problem}`),
  });
  if (options.liveSimulated) azure = await simulateAzure(recording);
  await bundle({ entry: "functions/index.ts", outfile: "dist/index.cjs" });
  const settings = {
    ...readSettings(root, process.env),
    ...own.settings,
    ...settingsFor(recording, options.port, azure),
  };
  const print = printedLog(process.stdout, false);
  let seen: LedgerReport | undefined;
  /** Whether the last audit has put off its reading for some seconds. */
  let isPostponed = false;
  /** One after the other, so that nothing is told twice. */
  let telling = Promise.resolve();
  const host = await startHost({ appFolder: root, port: options.port, settings, log, onLost: failWith });
  stopping = untilStopped(host);
  writeRun(host);
  const report = () => fetchReport(host.address, host.keys.function);

  say(`Auditing ${recording}${azure === undefined ? "" : `, which a simulated Azure serves at ${azure.address}`}`);
  say([policyLine(own.policyFile), ...own.notes].join("\n"));
  seen = await firstAudit();
  say(`\n${summaryText(seen)}\n`);
  const webhook = webhookOf(host.address, "receive-event", host.keys.eventGrid);
  await watchFiles(
    [join(recording, policyFileName), ...(own.policyFile === undefined ? [] : [resolve(root, own.policyFile)])],
    () => say("the policy has changed: it counts after a restart"),
    say,
  );
  const edit = suggestEdit(recording);
  say(thingsToTry({ address: host.address, functionKey: host.keys.function, recording, edit, webhook }));
  firstAuditDone.resolve();

  async function firstAudit(): Promise<LedgerReport> {
    const headers = { "x-functions-key": host.keys.master, "content-type": "application/json" };
    await fetch(`${host.address}/admin/functions/plan-audits`, { method: "POST", headers, body: "{}" });
    const end = Date.now() + longestAuditSeconds * 1000;
    while (Date.now() < end) {
      const now = await report();
      if (isAudited(now, own.subscriptions)) return now;
      await sleep(250);
    }
    throw new CordonError(
      "ERR_AUDIT_SLOW",
      `the first audit was not complete after ${longestAuditSeconds} s: see the log`,
    );
  }

  function onEdit(changes: readonly Parameters<typeof changeEvent>[0][]): void {
    if (changes.length === 0) return;
    for (const { id, kind } of changes) say(`${kind} ${id}`);
    sendEvents(
      webhook,
      changes.map((change) => changeEvent(change, new Date())),
    ).catch(failUnlessStopping);
  }

  /** Calls of the report are not worth a line; after each audit, what has changed is. */
  function log(line: LogLine): void {
    if (line.category === "report" && line.level === "information") return;
    print(line);
    if (line.message.includes("will be once more")) isPostponed = true;
    const isAudit = line.category === "audit-change" || line.category === "audit-subscription";
    if (isAudit && line.message.startsWith("succeeded") && seen !== undefined) {
      telling = telling.then(tellChanges).catch((error: unknown) => {
        if (!stopping?.aborted) say(`cannot ask for the report: ${String(error)}`);
      });
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
  };
}

function policyLine(file: string | undefined): string {
  if (file !== undefined) return `Policy: ${file}, as it is now: edits of it count after a restart`;
  return `No ${policyFileName} in or beside the recording: only what is wrong in every estate is reported`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
