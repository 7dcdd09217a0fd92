import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bodiesIn } from "./answers.ts";
import { World } from "./world.ts";

/** What a recording knows of the addresses behind service tags. */
export function serviceTagsOfRecording(folder: string): unknown {
  return answersIn(folder).find(({ url }) => /serviceTags\?/.test(String(url)))?.body;
}

/** The resources of a recording that holds one answer a file, and what the answers to POST requests said. */
export function worldOfRecording(folder: string): World {
  const workedOut = new Map<string, unknown>();
  const bodies = answersIn(folder).flatMap(({ method, url, body }) => {
    const [path = ""] = String(url).split("?");
    if (method !== "POST") return isServiceTags(path) ? [] : bodiesIn(body);
    workedOut.set(path, body);
    return [];
  });
  return new World(bodies, workedOut);
}

function isServiceTags(path: string): boolean {
  return path.toLowerCase().endsWith("/servicetags");
}

interface Recorded {
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly body?: unknown;
}

function answersIn(folder: string): readonly Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.startsWith("cordon.policy"))
    .map((name): Recorded => JSON.parse(readFileSync(join(folder, name), "utf8")))
    .filter(({ url, status }) => url !== undefined && status === 200);
}
