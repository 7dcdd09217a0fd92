import { readFileSync } from "node:fs";
import { measured } from "./measured.ts";

// Run by run.ts in a process of its own: what it costs to parse the same resources and hold them in memory.
await measured(async (path) => {
  const resources: readonly unknown[] = JSON.parse(readFileSync(path, "utf8"));
  return { resources: resources.length };
});
