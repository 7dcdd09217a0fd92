import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receive } from "../../lib/facts/arm-resource.ts";
import { securityGroup } from "../../lib/facts/security-group.ts";
import { SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { internetView } from "../../lib/reach/network-view.ts";
import { decide } from "../../lib/reach/security-rules.ts";
import { publicSpace } from "../../lib/reach/spaces.ts";
import { readSet } from "../net/read-set.ts";
import { sayGoal } from "./goal.ts";
import { best, type Measurement } from "./measured.ts";
import { wideGroup, wideGroups } from "./wide-groups.ts";

// Run by run.ts in a process of its own: security rules by the million (G2, the best of three), and one question to a thousand of them (G6).
sayAudit(1_000, 1_000);
sayQuestions(1_000);

function sayAudit(groups: number, rulesEach: number): void {
  const folder = mkdtempSync(join(tmpdir(), "cordon-bench-"));
  try {
    const path = join(folder, "groups.ndjson");
    const file = openSync(path, "w");
    for (const body of wideGroups(groups, rulesEach)) writeSync(file, `${JSON.stringify(body)}\n`);
    closeSync(file);
    const runs = Array.from({ length: 3 }, (): Measurement => {
      const output = execFileSync(process.execPath, [join(import.meta.dirname, "audit-file.ts"), path]);
      return JSON.parse(output.toString());
    });
    const { cpuSeconds, seconds, peakBytes } = best(runs);
    const size = `${(statSync(path).size / 1e9).toFixed(2)} GB, ${seconds.toFixed(1)} s by the clock`;
    const name = `G2 audit of ${(groups * rulesEach).toLocaleString("en")} rules (${size})`;
    sayGoal(name, cpuSeconds, "s of one core", { atMost: 6 });
    process.stdout.write(`     its peak memory is ${(peakBytes / 1e6).toFixed(0)} MB\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each about another port and other callers, so that nothing is remembered of the ones before. */
function sayQuestions(rules: number): void {
  const received = receive(wideGroup(0, rules * 2));
  if (received.kind === "problem") throw new Error(received.message);
  const { inbound } = securityGroup(received.resource);
  if (inbound.kind === "unknown") throw new Error(inbound.because);
  const asked = inbound.value.slice(0, rules);
  const snapshot = new SnapshotBuilder();
  const destinations = readSet("10.1.0.0/24");
  const times: number[] = [];
  for (let port = 1; port <= 20_000; port++) {
    const question = {
      direction: "inbound",
      protocol: port % 2 === 0 ? "tcp" : "udp",
      sources: port % 3 === 0 ? publicSpace : readSet(`10.${port % 200}.0.0/16`),
      destinations,
      destinationPorts: PortSet.ofEach(port),
      sourcePorts: PortSet.all,
      of: "sources",
      other: "any",
    } as const;
    const view = internetView(destinations, snapshot);
    const start = performance.now();
    decide([asked], view, question);
    times.push((performance.now() - start) * 1000);
  }
  const settled = times.slice(times.length / 2).sort((a, b) => a - b);
  const median = settled[Math.floor(settled.length / 2)] ?? Number.NaN;
  sayGoal(`G6 one question to ${asked.length.toLocaleString("en")} rules`, median, "µs", { atMost: 20 });
}
