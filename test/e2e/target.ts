import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundle } from "../../infra/build.ts";
import { startHost } from "../../infra/local/host.ts";
import { writeEstate } from "./estate.ts";

/** A function app that runs somewhere, and all that the suite knows of it. */
export interface Target {
  readonly address: string;
  /** A connection string. */
  readonly storage: string;
  readonly functionKey: string;
  readonly masterKey: string;
  readonly eventGridKey: string;
  /** The folder of the recording that the app reads. The suite writes into it. */
  readonly recording: string;
  /** How much longer things may take than on the local host. */
  readonly patience: number;
}

/** Where the app sends its webhooks: `http://127.0.0.1:<port>/`. Port 0 is one that is free. */
export const webhook = {
  port: Number(process.env.E2E_WEBHOOK_PORT ?? 0),
  // Nothing secret: it signs what the suite sends to itself.
  secret: process.env.E2E_WEBHOOK_SECRET ?? `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
};

const variables = {
  address: "E2E_ADDRESS",
  storage: "E2E_STORAGE",
  functionKey: "E2E_FUNCTION_KEY",
  masterKey: "E2E_MASTER_KEY",
  eventGridKey: "E2E_EVENT_GRID_KEY",
  recording: "E2E_RECORDING",
  webhookPort: "E2E_WEBHOOK_PORT",
} as const;

/** The host that the environment names; where it names none, a local host of the suite's own. */
export async function openTarget(
  receiverPort: number,
): Promise<{ readonly target: Target; readonly close: () => Promise<void> }> {
  if (!process.env.E2E_ADDRESS) return await startLocalTarget(receiverPort);
  const entries = Object.entries(variables).map(([key, name]) => [key, process.env[name]] as const);
  const missing = entries.filter(([, value]) => !value).map(([key]) => variables[key as keyof typeof variables]);
  if (missing.length > 0) throw new Error(`besides E2E_ADDRESS the suite needs ${missing.join(", ")}`);
  const named = Object.fromEntries(entries) as Record<keyof typeof variables, string>;
  const target: Target = {
    ...named,
    address: named.address.replace(/\/$/, ""),
    patience: Number(process.env.E2E_PATIENCE ?? 10),
  };
  writeEstate(target.recording);
  return { target, close: async () => undefined };
}

async function startLocalTarget(
  receiverPort: number,
): Promise<{ readonly target: Target; readonly close: () => Promise<void> }> {
  const root = resolve(import.meta.dirname, "../..");
  const folder = mkdtempSync(join(tmpdir(), "cordon-e2e-"));
  const recording = join(folder, "recording");
  await bundle({ entry: "functions/index.ts", outfile: join(folder, "dist/index.cjs") });
  cpSync(join(root, "host.json"), join(folder, "host.json"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "dist/index.cjs" }));
  const { subscriptions } = writeEstate(recording);
  const values = settingsFor(recording, subscriptions, receiverPort);
  writeFileSync(join(folder, "local.settings.json"), JSON.stringify({ IsEncrypted: false, Values: values }));
  const log: string[] = [];
  const host = await startHost({
    appFolder: folder,
    port: 0,
    log: ({ level, category, message }) => log.push(`${level} ${category} ${message}`),
  });
  const { keys, address, storage } = host;
  const target = {
    address,
    storage,
    functionKey: keys.function,
    masterKey: keys.master,
    eventGridKey: keys.eventGrid,
    recording,
    patience: 1,
  };
  const close = async () => {
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
    if (process.env.E2E_LOG !== undefined) writeFileSync(process.env.E2E_LOG, log.join("\n"));
  };
  return { target, close };
}

/** What an app must be set up with for the suite: `infra/local/README.md` says it in words. */
function settingsFor(
  recording: string,
  subscriptions: readonly string[],
  receiverPort: number,
): Readonly<Record<string, string>> {
  return {
    FUNCTIONS_WORKER_RUNTIME: "node",
    AzureWebJobsStorage: "UseDevelopmentStorage=true",
    // Once in four years: the suite runs it by hand.
    AUDIT_SCHEDULE: "0 0 0 29 2 *",
    CORDON_SUBSCRIPTIONS: subscriptions.join(","),
    CORDON_READER: "recorded",
    CORDON_RECORDING: recording,
    CORDON_SINKS: "queue,webhook",
    CORDON_WEBHOOK_URL: `http://127.0.0.1:${receiverPort}/`,
    CORDON_WEBHOOK_SECRET: webhook.secret,
    // What fails comes back at once.
    AzureFunctionsJobHost__extensions__queues__visibilityTimeout: "00:00:00",
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:00.100",
  };
}
