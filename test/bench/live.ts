import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { estate, resourcesIn } from "./estate.ts";
import type { Measurement } from "./measured.ts";

/** `node test/bench/live.ts [<size> …]`: audits of a simulated Azure that is 30 ms away, a thousand resources a page. */
const asked = process.argv.slice(2).map(Number);

for (const size of asked.length === 0 ? [1_000, 10_000] : asked) await say(size);

async function say(size: number): Promise<void> {
  const azure = fork(join(import.meta.dirname, "simulated-azure.ts"), [String(size)]);
  try {
    const [{ address }] = await once(azure, "message");
    const script = join(import.meta.dirname, "audit-live.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [script, address, ...subscriptionsOf(size)]);
    const { resources, seconds, peakBytes }: Measurement = JSON.parse(stdout);
    const told = once(azure, "message");
    azure.send("how many?");
    const [{ requests, queries }] = await told;
    process.stdout.write(
      `${size.toLocaleString("en").padStart(9)} resources (${resources.toLocaleString("en")} with children): ` +
        `${requests} requests, ${queries} of them for pages of Resource Graph, ${seconds.toFixed(1)} s, ` +
        `${(peakBytes / 1e6).toFixed(0)} MB\n`,
    );
  } finally {
    azure.disconnect();
  }
}

function subscriptionsOf(size: number): readonly string[] {
  const found = new Set<string>();
  for (const line of estate(size)) {
    const [, id] = /^\/subscriptions\/([^/]+)/.exec(resourcesIn(line)[0]?.id ?? "") ?? [];
    if (id !== undefined) found.add(id);
  }
  return [...found];
}
