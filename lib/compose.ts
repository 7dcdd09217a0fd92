import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Expectations } from "./analyze.ts";
import type { LiveOptions } from "./compose-live.ts";
import { policyFileName, readPolicyFile } from "./config.ts";
import { Policy } from "./model/policy.ts";
import type { Reader } from "./readers/reader.ts";
import { recorded } from "./readers/recorded.ts";
import { readServiceTagFile, withServiceTags } from "./readers/service-tag-file.ts";
import type { Rule } from "./rules/rule.ts";

/** The recording that comes with Cordon. */
export const exampleRecording: string = fileURLToPath(new URL("../test/fixtures/contoso-erp", import.meta.url));

export interface AuditOptions {
  readonly recordings: readonly string[];
  /** What is read from Azure in the place of recordings. */
  readonly live?: LiveOptions | undefined;
  /** Where there is none, it is looked for in `folder` and beside the recordings. */
  readonly policyFile: string | undefined;
  /** A published list, which counts beside those in the recordings. */
  readonly serviceTagFile?: string | undefined;
  readonly rules: readonly Rule[];
  readonly today: string;
  /** The working folder. */
  readonly folder: string;
}

export interface Composition {
  readonly reader: Reader;
  readonly expectations: Expectations;
  /** Undefined where no policy was found and the default applies. */
  readonly policyFile: string | undefined;
}

/** Puts reader, policy and rules together; throws where the policy or the service tags cannot be used. */
export async function compose({ recordings, rules, today, folder, ...options }: AuditOptions): Promise<Composition> {
  const policyFile = options.policyFile ?? (await findPolicyFile(folder, recordings));
  const policy = policyFile === undefined ? Policy.default : await readPolicyFile(policyFile);
  const source = options.live === undefined ? recorded(recordings) : await liveFrom(options.live);
  const reader = await withTagsOf(options.serviceTagFile, source);
  return { reader, expectations: { policy, rules, today }, policyFile };
}

/** The SDKs take a moment to load, which recordings need not wait for. */
async function liveFrom(options: LiveOptions): Promise<Reader> {
  const { liveReader } = await import("./compose-live.ts");
  return liveReader(options);
}

async function withTagsOf(serviceTagFile: string | undefined, reader: Reader): Promise<Reader> {
  return serviceTagFile === undefined ? reader : withServiceTags(await readServiceTagFile(serviceTagFile), reader);
}

/** The policy in the working folder, or in or beside a recording. */
export async function findPolicyFile(folder: string, recordings: readonly string[]): Promise<string | undefined> {
  const beside = await Promise.all(recordings.map(foldersOf));
  for (const candidate of [folder, ...beside.flat()]) {
    const file = join(candidate, policyFileName);
    if ((await kindOf(file)) !== "absent") return file;
  }
  return undefined;
}

async function foldersOf(recording: string): Promise<readonly string[]> {
  const outside = dirname(recording);
  return (await kindOf(recording)) === "folder" ? [recording, outside] : [outside];
}

async function kindOf(path: string): Promise<"absent" | "folder" | "other"> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (!(found instanceof Error)) return found.isDirectory() ? "folder" : "other";
  return found.code === "ENOENT" || found.code === "ENOTDIR" ? "absent" : "other";
}
