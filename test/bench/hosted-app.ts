import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QueueClient } from "@azure/storage-queue";
import { bundle } from "../../infra/build.ts";
import { startHost } from "../../infra/local/host.ts";
import { exampleRecording } from "../../lib/compose.ts";
import { serviceTagsOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";
import { worldOfEstate } from "./estate-world.ts";

/** The function app on the local host, with a simulated Azure 30 ms away and every subscription audited once. */
export interface HostedApp {
  readonly azure: ArmSimulator;
  /** Puts an event into the queue `changes`, as Event Grid does. */
  put(event: object): Promise<void>;
  /** How many messages are in the queue `changes`, those that are worked on or put off included. */
  eventsLeft(): Promise<number>;
  /** Subject of each finding that was told of since the last call, and when it could be seen in the queue `findings`. */
  takeFindings(): readonly Told[];
  /** Warnings and errors so far. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

export interface Told {
  readonly subject: string;
  /** By `performance.now()`. */
  readonly at: number;
}

export async function startHostedApp(size: number): Promise<HostedApp> {
  const root = join(import.meta.dirname, "../..");
  const folder = mkdtempSync(join(tmpdir(), "cordon-bench-"));
  const serviceTags = serviceTagsOfRecording(exampleRecording);
  const azure = await simulateArm(worldOfEstate(size, "many subscriptions"), { latencyMilliseconds: 30, serviceTags });
  await bundle({ entry: "functions/index.ts", outfile: join(folder, "dist/index.cjs") });
  cpSync(join(root, "host.json"), join(folder, "host.json"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "dist/index.cjs" }));
  const values = settingsFor(azure);
  writeFileSync(join(folder, "local.settings.json"), JSON.stringify({ IsEncrypted: false, Values: values }));
  const complaints: string[] = [];
  const host = await startHost({
    appFolder: folder,
    port: 0,
    log({ level, category, message }) {
      if (level === "error" || level === "warning") complaints.push(`${category}: ${message}`);
    },
  });
  const changes = new QueueClient(host.storage, "changes");
  await changes.createIfNotExists();
  const findings = watchFindings(new QueueClient(host.storage, "findings"));
  const headers = { "x-functions-key": host.keys.master, "content-type": "application/json" };
  await fetch(`${host.address}/admin/functions/plan-audits`, { method: "POST", headers, body: "{}" });
  await findings.audits(azure.world.subscriptions.length);
  return {
    azure,
    complaints,
    async put(event) {
      await changes.sendMessage(Buffer.from(JSON.stringify(event)).toString("base64"));
    },
    async eventsLeft() {
      return (await changes.getProperties()).approximateMessagesCount ?? 0;
    },
    takeFindings: findings.take,
    async stop() {
      await findings.stop();
      await host.stop();
      await azure.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsFor({ address, world }: ArmSimulator): Readonly<Record<string, string>> {
  return {
    FUNCTIONS_WORKER_RUNTIME: "node",
    AzureWebJobsStorage: "UseDevelopmentStorage=true",
    AUDIT_SCHEDULE: "0 0 0 29 2 *", // once in four years: it is run by hand
    CORDON_SUBSCRIPTIONS: world.subscriptions.join(","),
    CORDON_READER: "live",
    CORDON_ARM_LOOPBACK: address,
    CORDON_SINKS: "queue",
  };
}

/** Takes messages out of the queue as they come. */
function watchFindings(queue: QueueClient) {
  let isStopping = false;
  let told: Told[] = [];
  let audits = 0;
  const loop = run();
  return {
    take() {
      const taken = told;
      told = [];
      return taken;
    },
    async audits(count: number) {
      while (audits < count) await sleep(100);
      told = [];
    },
    async stop() {
      isStopping = true;
      await loop;
    },
  };

  async function run(): Promise<void> {
    await queue.createIfNotExists();
    while (!isStopping) {
      const { receivedMessageItems: messages } = await queue.receiveMessages({ numberOfMessages: 32 });
      const at = performance.now();
      for (const { messageText, messageId, popReceipt } of messages) {
        const { type, subject } = JSON.parse(Buffer.from(messageText, "base64").toString("utf8"));
        if (type === "cordon.audit.completed.v1") audits += 1;
        else told.push({ subject: String(subject).toLowerCase(), at });
        queue.deleteMessage(messageId, popReceipt).catch(() => undefined);
      }
      if (messages.length === 0) await sleep(20);
    }
  }
}
