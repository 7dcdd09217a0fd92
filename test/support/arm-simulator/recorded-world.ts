import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bodiesIn } from "./answers.ts";
import { World } from "./world.ts";

/** What a recording knows of the addresses behind service tags. */
export function serviceTagsOfRecording(folder: string): unknown {
  return answersIn(folder).find(({ url, status }) => status === 200 && /serviceTags\?/.test(String(url)))?.body;
}

/** The resources of a recording that holds one answer a file, and what the answers to POST requests said. */
export function worldOfRecording(folder: string): World {
  const workedOut = new Map<string, unknown>();
  const recorded = new Map<string, { readonly status: number; readonly body?: unknown }>();
  const bodies = answersIn(folder).flatMap(({ method, url, status, body }) => {
    const [path = ""] = url.split("?");
    const isAnswered = status === 200;
    if (method !== "POST") {
      recorded.set(path.toLowerCase(), { status, body });
      return isAnswered && !isServiceTags(path) ? bodiesIn(body) : [];
    }
    if (isAnswered) workedOut.set(path, body);
    return [];
  });
  return new World(bodies, workedOut, recorded);
}

function isServiceTags(path: string): boolean {
  return path.toLowerCase().endsWith("/servicetags");
}

interface RecordedAnswer {
  readonly method?: string;
  readonly url: string;
  readonly status: number;
  readonly body?: unknown;
}

function answersIn(folder: string): readonly RecordedAnswer[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json") && basename(name) !== "cordon.policy.json")
    .map((name): Partial<RecordedAnswer> => JSON.parse(readFileSync(join(folder, name), "utf8")))
    .filter((answer): answer is RecordedAnswer => answer.url !== undefined && answer.status !== undefined);
}
