import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileReason } from "../model/file-reason.ts";
import { Policy } from "../model/policy.ts";
import { quote, suggest } from "../model/wording.ts";
import { isLoopback, readAddress } from "./addresses.ts";
import { describedSettings } from "./described.ts";
import { Given } from "./given.ts";
import { readSchedule } from "./schedule.ts";
import { readScope, type Scope } from "./scope.ts";
import { readStorage, type StorageSettings } from "./storage.ts";
import { readWebhook, type WebhookSettings } from "./webhook.ts";

const sinkNames = ["queue", "webhook"] as const;
const readerNames = ["live", "recorded"] as const;
const cloudNames = ["public", "usgov", "china"] as const;

export type ReaderSettings =
  | { readonly kind: "recorded"; readonly recording: string }
  /** `loopback` is a simulated Azure on this machine. */
  | { readonly kind: "live"; readonly cloud: (typeof cloudNames)[number]; readonly loopback?: string };

export interface Settings {
  readonly schedule: string;
  readonly scope: Scope;
  readonly reader: ReaderSettings;
  readonly policy: Policy;
  readonly sinks: readonly (typeof sinkNames)[number][];
  /** Also where it is no sink any more, for what is still on its way. */
  readonly webhook: WebhookSettings | undefined;
  readonly storage: StorageSettings;
  /** Where the report is; without query. */
  readonly reportUrl: string | undefined;
}

/** Throws one CordonError that names every wrong setting; relative paths are taken from `folder`. */
export async function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<Settings> {
  const given = new Given(environment);
  const schedule = readSchedule(given);
  const scope = readScope(given);
  const reader = await readReader(given, folder, scope);
  const policy = await readPolicy(given, folder);
  const sinks = readSinks(given);
  const webhook = readWebhook(given);
  if (sinks?.includes("webhook")) {
    given.required("CORDON_WEBHOOK_URL", "a sink is `webhook`");
    given.required("CORDON_WEBHOOK_SECRET", "a sink is `webhook`");
  }
  const storage = readStorage(given);
  const reportUrl = readReportUrl(given);
  given.refuseMisspelled(describedSettings.map(({ name }) => name));
  if (given.isRefused || !schedule || !scope || !reader || !policy || !sinks || !storage) throw given.error();
  return { schedule, scope, reader, policy, sinks, webhook, storage, reportUrl };
}

async function readReader(given: Given, folder: string, scope: Scope | undefined): Promise<ReaderSettings | undefined> {
  const kind = given.required("CORDON_READER", "`live` or `recorded`");
  if (kind === undefined) return undefined;
  if (kind === "live") return readLive(given);
  if (kind !== "recorded") {
    return given.refuse(
      "CORDON_READER",
      `is ${quote(kind)}, not \`live\` or \`recorded\`${suggest(kind, readerNames)}`,
    );
  }
  if (scope?.kind === "managementGroup") {
    const hint = "name its subscriptions in `CORDON_SUBSCRIPTIONS`";
    given.refuse("CORDON_MANAGEMENT_GROUP", `cannot be looked up in a recording: ${hint}`);
  }
  const written = given.required("CORDON_RECORDING", "the reader is `recorded`");
  if (written === undefined) return undefined;
  const recording = resolve(folder, written);
  const found = await stat(recording).catch((error: NodeJS.ErrnoException) => error);
  if (!(found instanceof Error)) return { kind, recording } as const;
  const reason = fileReason(found, "there is no such file or folder");
  return given.refuse("CORDON_RECORDING", `is ${quote(written)}: ${reason}`);
}

function readLive(given: Given): ReaderSettings | undefined {
  const written = given.optional("CORDON_CLOUD") ?? "public";
  const cloud = cloudNames.find((name) => name === written);
  const address = readAddress(given, "CORDON_ARM_LOOPBACK");
  if (address !== undefined && address.hostname !== "127.0.0.1") {
    return given.refuse("CORDON_ARM_LOOPBACK", "must begin with `http://127.0.0.1`: it is for a simulated Azure");
  }
  if (cloud === undefined) {
    const known = cloudNames.map(quote).join(", ");
    return given.refuse("CORDON_CLOUD", `is ${quote(written)}, there are ${known}${suggest(written, cloudNames)}`);
  }
  return { kind: "live", cloud, ...(address === undefined ? {} : { loopback: address.origin }) };
}

async function readPolicy(given: Given, folder: string): Promise<Policy | undefined> {
  const written = given.optional("CORDON_POLICY");
  if (written === undefined) return Policy.default;
  const { readPolicyFile } = await import("../config.ts");
  return readPolicyFile(resolve(folder, written)).catch((error: unknown) => {
    return given.refuse("CORDON_POLICY", `is ${quote(written)}: ${error instanceof Error ? error.message : error}`);
  });
}

function readSinks(given: Given): Settings["sinks"] | undefined {
  const written = given.required("CORDON_SINKS", "`queue`, `webhook` or both, separated by a comma");
  if (written === undefined) return undefined;
  const words = written.split(/[\s,;]+/).filter((word) => word !== "");
  const strange = words.find((word) => !sinkNames.some((name) => name === word));
  if (strange !== undefined) {
    const known = sinkNames.map(quote).join(" and ");
    return given.refuse("CORDON_SINKS", `names ${quote(strange)}, there are ${known}${suggest(strange, sinkNames)}`);
  }
  const sinks = sinkNames.filter((name) => words.includes(name));
  return sinks.length > 0 ? sinks : given.refuse("CORDON_SINKS", "names no sink");
}

/** https://learn.microsoft.com/azure/app-service/reference-app-settings (`WEBSITE_HOSTNAME`) */
function readReportUrl(given: Given): string | undefined {
  const url = readAddress(given, "CORDON_REPORT_URL");
  if (url !== undefined) return `${url.origin}${url.pathname}`;
  const host = given.optional("WEBSITE_HOSTNAME");
  if (host === undefined) return undefined;
  return `${isLoopback(host.replace(/:\d+$/, "")) ? "http" : "https"}://${host}/api/report`;
}
