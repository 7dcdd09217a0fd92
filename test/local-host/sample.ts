import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QueueClient } from "@azure/storage-queue";
import { bundle } from "../../infra/build.ts";
import { type HostOptions, type LocalHost, startHost } from "../../infra/local/host.ts";
import type { LogLine } from "../../infra/local/protocol.ts";

export interface AppFiles {
  readonly main?: string;
  /** Of index.cjs; the bundled sample app where there is none. */
  readonly code?: string;
  readonly hostJson?: object;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A connection string that leads nowhere, for apps that are refused before anybody connects. */
export const nowhere =
  "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a";

/** Writes a built function app into a folder of its own. */
export async function appFolder({
  main = "index.cjs",
  code,
  hostJson = {},
  settings = {},
}: AppFiles = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "cordon-app-"));
  if (code === undefined) {
    await bundle({ entry: "test/local-host/sample-app.ts", outfile: join(folder, "index.cjs") });
  } else {
    writeFileSync(join(folder, "index.cjs"), code);
  }
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  write("package.json", { type: "module", main });
  write("host.json", { version: "2.0", extensions: { queues: { maxPollingInterval: "00:00:00.1" } }, ...hostJson });
  const values = { SCHEDULE: "0 0 0 1 1 *", FANNED_QUEUE: "fanned", ...settings };
  write("local.settings.json", {
    IsEncrypted: false,
    Values: { AzureWebJobsStorage: "UseDevelopmentStorage=true", ...values },
  });
  return folder;
}

export interface Sample extends LocalHost {
  readonly log: readonly LogLine[];
  queue(name: string): QueueClient;
}

export async function startSample(files: AppFiles = {}, options: Partial<HostOptions> = {}): Promise<Sample> {
  const folder = await appFolder(files);
  const log: LogLine[] = [];
  const host = await startHost({ appFolder: folder, port: 0, log: (line) => log.push(line), ...options });
  return {
    ...host,
    log,
    queue: (name) => new QueueClient(host.storage, name),
    async stop() {
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes the next message off a queue, which may not be there yet; parsed, from base64. */
export async function nextMessage(queue: QueueClient, seconds = 10): Promise<unknown> {
  return JSON.parse(Buffer.from(await nextText(queue, seconds), "base64").toString("utf8"));
}

export async function nextText(queue: QueueClient, seconds = 10): Promise<string> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const { receivedMessageItems } = await queue.receiveMessages().catch(() => ({ receivedMessageItems: [] }));
    const [message] = receivedMessageItems;
    if (message !== undefined) {
      await queue.deleteMessage(message.messageId, message.popReceipt);
      return message.messageText;
    }
    await sleep(50);
  }
  throw new Error(`no message in queue ${queue.name} within ${seconds} s`);
}

/** Waits until the log has a line that reads so. */
export async function logged({ log }: Sample, pattern: RegExp, seconds = 10): Promise<LogLine> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const line = log.find(({ message }) => pattern.test(message));
    if (line !== undefined) return line;
    await sleep(50);
  }
  throw new Error(`no line like ${pattern} in the log:\n${log.map(({ message }) => message).join("\n")}`);
}

export function base64(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
}
