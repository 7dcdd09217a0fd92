import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { secondsOf } from "./time-span.ts";
import { linesOf, wrongInput } from "./wrong-input.ts";

/** What of host.json the local host acts on: https://learn.microsoft.com/azure/azure-functions/functions-host-json */
export interface HostJson {
  readonly functionTimeoutSeconds: number | undefined;
  readonly routePrefix: string;
  readonly queues: QueueSettings;
}

export interface QueueSettings {
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxPollingSeconds: number;
  readonly messageEncoding: "base64" | "none";
}

const timeSpan = z.pipe(
  z.string().check(z.refine((text) => secondsOf(text) !== undefined, { error: "is no time span hh:mm:ss" })),
  z.transform((text) => secondsOf(text) ?? 0),
);

/** A value in an environment variable is text. */
const number = (least: number, most: number) => z.coerce.number().check(z.int(), z.gte(least), z.lte(most));

const schema = z.strictObject({
  version: z.literal("2.0"),
  /** Logging and telemetry change nothing that the local host does. */
  logging: z.optional(z.unknown()),
  telemetryMode: z.optional(z.unknown()),
  extensionBundle: z.optional(z.strictObject({ id: z.string(), version: z.string() })),
  functionTimeout: z.optional(z.union([z.literal("-1"), timeSpan])),
  extensions: z.optional(
    z.strictObject({
      http: z.optional(z.strictObject({ routePrefix: z.optional(z.string()) })),
      queues: z.optional(
        z.strictObject({
          batchSize: z.optional(number(1, 32)),
          newBatchThreshold: z.optional(number(0, 1_000)),
          maxDequeueCount: z.optional(number(1, 1_000)),
          visibilityTimeout: z.optional(timeSpan),
          maxPollingInterval: z.optional(timeSpan),
          messageEncoding: z.optional(z.enum(["base64", "none"])),
        }),
      ),
    }),
  ),
});

/** Reads host.json, with the settings `AzureFunctionsJobHost__…` in place of what it says. */
export function readHostJson(folder: string, settings: Readonly<Record<string, string>>): HostJson {
  const file = join(folder, "host.json");
  if (!existsSync(file)) throw wrongInput("ERR_HOST_JSON", `cannot read \`${file}\``, ["there is none"]);
  return hostJsonOf(JSON.parse(readFileSync(file, "utf8")), settings, file);
}

export function hostJsonOf(
  document: unknown,
  settings: Readonly<Record<string, string>>,
  file = "host.json",
): HostJson {
  const { success, data, error } = schema.safeParse(withOverrides(document, settings));
  if (!success) throw wrongInput("ERR_HOST_JSON", `cannot use \`${file}\``, linesOf(error), error);
  const { functionTimeout = 30 * 60, extensions } = data;
  const queues = extensions?.queues ?? {};
  const batchSize = queues.batchSize ?? 16;
  return {
    functionTimeoutSeconds: functionTimeout === "-1" ? undefined : functionTimeout,
    routePrefix: extensions?.http?.routePrefix ?? "api",
    queues: {
      batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor(batchSize / 2),
      maxDequeueCount: queues.maxDequeueCount ?? 5,
      visibilityTimeoutSeconds: queues.visibilityTimeout ?? 0,
      // A minute in Azure; the extension polls more often on a machine of a developer.
      maxPollingSeconds: Math.max(0.1, queues.maxPollingInterval ?? 2),
      messageEncoding: queues.messageEncoding ?? "base64",
    },
  };
}

const prefix = "AzureFunctionsJobHost__";

function withOverrides(document: unknown, settings: Readonly<Record<string, string>>): unknown {
  const result: unknown = structuredClone(document);
  for (const [name, value] of Object.entries(settings)) {
    if (!name.startsWith(prefix)) continue;
    const keys = name.slice(prefix.length).split("__");
    const last = keys.pop();
    let node: unknown = result;
    for (const key of keys) {
      if (!isRecord(node)) break;
      node[key] ??= {};
      node = node[key];
    }
    if (isRecord(node) && last !== undefined) node[last] = value;
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
