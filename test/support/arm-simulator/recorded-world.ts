import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { bodiesIn } from "./answers.ts";
import { World } from "./world.ts";

/** What a recording knows of the addresses behind service tags. */
export function serviceTagsOfRecording(folder: string): unknown {
  return answersIn(folder).find(({ url, status }) => status === 200 && /serviceTags\?/.test(String(url)))?.body;
}

/** The resources of a recording that holds one answer a file or a line, and what the answers to other POST requests said. */
export function worldOfRecording(folder: string): World {
  const workedOut = new Map<string, unknown>();
  const recorded = new Map<string, { readonly status: number; readonly body?: unknown }>();
  const bodies = answersIn(folder).flatMap(({ method, url, status, body }) => {
    const [path = ""] = url.split("?");
    const isAnswered = status === 200;
    if (isAnswered && isResourceGraph(path)) return bodiesIn({ value: Object(body).data });
    if (method !== "POST") {
      recorded.set(path.toLowerCase(), { status, body });
      return isAnswered && !isServiceTags(path) ? bodiesIn(body) : [];
    }
    if (isAnswered) workedOut.set(path, body);
    return [];
  });
  return new World(bodies, workedOut, recorded);
}

function isResourceGraph(path: string): boolean {
  return path.toLowerCase() === "/providers/microsoft.resourcegraph/resources";
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
    .filter((name) => /\.(json|ndjson|jsonl)(\.gz)?$/i.test(name) && basename(name) !== "cordon.policy.json")
    .flatMap((name) => textsIn(name, contentOf(join(folder, name))))
    .map((text): Partial<RecordedAnswer> => JSON.parse(text))
    .filter((answer): answer is RecordedAnswer => answer.url !== undefined && answer.status !== undefined);
}

function contentOf(path: string): string {
  const content = readFileSync(path);
  return (path.toLowerCase().endsWith(".gz") ? gunzipSync(content) : content).toString("utf8");
}

/** One a line, or the file as a whole. */
function textsIn(name: string, text: string): readonly string[] {
  return /\.json(\.gz)?$/i.test(name) ? [text] : text.split("\n").filter((line) => line.trim() !== "");
}
