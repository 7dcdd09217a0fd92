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
    .flatMap((name) => documentsIn(contentOf(join(folder, name))))
    .map((document): Partial<RecordedAnswer> => Object(document))
    .filter((answer): answer is RecordedAnswer => answer.url !== undefined && answer.status !== undefined);
}

/** Unpacked, and in whichever encoding its first bytes say. */
function contentOf(path: string): string {
  const packed = readFileSync(path);
  const content = packed[0] === 0x1f && packed[1] === 0x8b ? gunzipSync(packed) : packed;
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(content);
}

/** The file as a whole, or one a line; an audit leaves out what is broken, too, and says so. */
function documentsIn(text: string): readonly unknown[] {
  const whole = parsed(text);
  return whole.length > 0 ? whole : text.split("\n").flatMap(parsed);
}

function parsed(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
