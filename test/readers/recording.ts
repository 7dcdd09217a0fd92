import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Audit, audit } from "../../lib/audit.ts";
import { Policy } from "../../lib/model/policy.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { rules } from "../../lib/rules/index.ts";
import type { Rule } from "../../lib/rules/rule.ts";
import { everythingOf, today } from "../support/world.ts";

/** Name → content; anything but text and bytes is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

/** Writes a recording to a folder that is gone when the test ends. */
export async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cordon-recording-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const isWritten = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(path, isWritten ? content : JSON.stringify(content));
  }
  return folder;
}

/** What a recording says, in texts that are easy to compare. */
export interface Told {
  /** Ids, in their order. */
  readonly resources: readonly string[];
  readonly absent: readonly string[];
  /** Id → reason. */
  readonly unreadable: Readonly<Record<string, string>>;
  /** "scope type" → "complete" or the reason. */
  readonly lists: Readonly<Record<string, string>>;
  /** "file:line: message", the file as in the folder. */
  readonly problems: readonly string[];
}

export async function readFolder(files: Files): Promise<Told> {
  const folder = await folderOf(files);
  return await readPaths([folder], `${folder}/`);
}

/** `prefix` is left out of the places of problems. */
export async function readPaths(paths: readonly string[], prefix: string): Promise<Told> {
  const resources: string[] = [];
  const absent: string[] = [];
  const unreadable: Record<string, string> = {};
  const lists: Record<string, string> = {};
  const problems: string[] = [];
  for (const reading of await everythingOf(recorded(paths))) {
    switch (reading.kind) {
      case "resource":
        resources.push(idIn(reading.body));
        break;
      case "absent":
        absent.push(reading.id.text);
        break;
      case "unreadable":
        unreadable[reading.id.text] = reading.unreadable.because;
        break;
      case "list":
        lists[`${reading.scope.text} ${reading.type}`] =
          reading.completeness.kind === "unreadable" ? reading.completeness.because : reading.completeness.kind;
        break;
      case "problem":
        problems.push(`${reading.where.replace(prefix, "")}: ${reading.message}`);
        break;
      case "end":
        break;
    }
  }
  return { resources, absent, unreadable, lists, problems };
}

function idIn(body: unknown): string {
  const isNamed = typeof body === "object" && body !== null && "id" in body;
  return isNamed ? String(body.id) : JSON.stringify(body);
}

/** Nothing was told; a test names only what was. */
export const nothing: Told = { resources: [], absent: [], unreadable: {}, lists: {}, problems: [] };

export async function auditFolder(files: Files, only: readonly Rule[] = rules): Promise<Audit & { folder: string }> {
  const folder = await folderOf(files);
  const result = await audit(recorded([folder]), { policy: Policy.default, rules: only, today });
  return { ...result, folder };
}

export function ndjson(...documents: readonly unknown[]): string {
  return documents.map((document) => `${JSON.stringify(document)}\n`).join("");
}

/** The answer to a GET request, in Cordon's own form. */
export function answer(url: string, body: unknown, others: Readonly<Record<string, unknown>> = {}): object {
  return {
    at: "2026-11-20T09:30:00Z",
    method: "GET",
    url: `${url}?api-version=2025-01-01`,
    status: 200,
    body,
    ...others,
  };
}

export function listAnswer(url: string, value: readonly unknown[], nextLink?: string): object {
  return answer(url, nextLink === undefined ? { value } : { value, nextLink });
}

export function refusal(url: string, status = 403, code = "AuthorizationFailed"): object {
  return answer(url, { error: { code, message: "…" } }, { status });
}
