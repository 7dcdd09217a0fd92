import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bodiesIn } from "./answers.ts";
import { World } from "./world.ts";

/** The resources of a recording that holds one answer a file, and what the answers to POST requests said. */
export function worldOfRecording(folder: string): World {
  const workedOut = new Map<string, unknown>();
  const bodies = readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.startsWith("cordon.policy"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")))
    .filter((answer) => answer.url !== undefined && answer.status === 200)
    .flatMap(({ method, url, body }) => {
      const [path = ""] = String(url).split("?");
      if (method !== "POST") return bodiesIn(body);
      workedOut.set(path, body);
      return [];
    });
  return new World(bodies, workedOut);
}
