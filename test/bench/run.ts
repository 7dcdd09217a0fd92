import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { estate, mix, resourcesIn } from "./estate.ts";
import { sayGoal } from "./goal.ts";
import { type LoadTime, loadGoalMilliseconds, measureLoadTimes } from "./load-time.ts";
import { best, type Measurement } from "./measured.ts";

/**
 * `npm run bench [-- load | live | changes | <size> …]`: how long the function app takes to load, beside an empty one; full audits of
 * generated estates, beside JSON.parse of the same resources; live ones; and audits after changes. With `load`, `live`, `changes` or
 * sizes only these; the sizes count for live audits and changes, too.
 */
const asked = process.argv.slice(2);
const askedSizes = asked.filter((one) => !["load", "live", "changes"].includes(one));
const sizes = asked.length === 0 ? [1_000, 10_000, 100_000] : askedSizes.map(Number);
const runs = 3;
const goals = { size: 100_000, time: 1.5, memory: 1.0, memoryOfBytes: 1.5 };

interface Row {
  readonly size: number;
  readonly bytes: number;
  readonly audit: Measurement;
  readonly parse: Measurement;
}

async function main(): Promise<void> {
  if (asked.length === 0 || asked.includes("load")) await sayLoadTimes();
  const isLive = asked.includes("live");
  const areChanges = asked.includes("changes");
  if (!isLive && !areChanges && sizes.length > 0) sayAudits();
  if (isLive || asked.length === 0) run("live.ts", ...askedSizes);
  if (areChanges || asked.length === 0) {
    run("change-audits.ts", ...askedSizes);
    run("event-latency.ts");
  }
}

async function sayLoadTimes(): Promise<void> {
  const { app, empty } = await measureLoadTimes();
  const figures = ({ bytes, loadMilliseconds, startMilliseconds }: LoadTime) =>
    line(`${(bytes / 1e6).toFixed(2)} MB`, milliseconds(loadMilliseconds), milliseconds(startMilliseconds));
  say("Start of the function app, the best of 11 in fresh processes, in turns: bundle, load, check of the settings");
  say(`  Cordon       ${figures(app)}`);
  say(`  an empty app ${figures(empty)}`);
  const more = app.loadMilliseconds - empty.loadMilliseconds;
  const isMet = more <= loadGoalMilliseconds;
  say(`  load: ${milliseconds(more)} more, at most ${loadGoalMilliseconds} ms: ${isMet ? "met" : "missed"}\n`);
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function sayAudits(): void {
  say(
    `Of 1,000 resources: ${Object.entries(mix)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(", ")}.`,
  );
  say(`Each in a fresh process, the best of ${runs}; time from the start of the process.\n`);
  const rows: Row[] = [];
  say(line("resources", "bytes", "audit", "JSON.parse", "ratio", "audit", "JSON.parse", "ratio"));
  for (const size of sizes) {
    const row = measure(size);
    rows.push(row);
    const { audit, parse, bytes } = row;
    say(
      line(
        size.toLocaleString("en"),
        megabytes(bytes),
        `${audit.seconds.toFixed(2)} s`,
        `${parse.seconds.toFixed(2)} s`,
        ratio(audit.seconds, parse.seconds),
        megabytes(audit.peakBytes),
        megabytes(parse.peakBytes),
        ratio(audit.peakBytes, parse.peakBytes),
      ),
    );
  }
  sayGoals(rows);
  sayGrowth(rows);
  sayShapes(Math.max(...sizes));
  say("\nParts of the engine, each in a process of its own:");
  for (const script of ["rules.ts", "sets.ts"]) run(script);
  run("follow.ts", String(Math.max(...sizes)));
}

/** The same resources in the other forms that recordings have, which prove less: time and memory, without a goal. */
function sayShapes(size: number): void {
  const folder = mkdtempSync(join(tmpdir(), "cordon-bench-"));
  try {
    const { lines, array } = write(size, folder);
    const packed = join(folder, "estate.ndjson.gz");
    writeFileSync(packed, gzipSync(readFileSync(lines), { level: 1 }));
    const pretty = join(folder, "pretty.json");
    const file = openSync(pretty, "w");
    writeSync(file, "[\n");
    let isFirst = true;
    for (const body of [...estate(size)].flatMap(resourcesIn)) {
      writeSync(file, `${isFirst ? "" : ",\n"}${JSON.stringify(body, undefined, 2)}`);
      isFirst = false;
    }
    writeSync(file, "\n]\n");
    closeSync(file);
    say(`\nOther shapes of ${size.toLocaleString("en")} resources:`);
    for (const [name, path] of Object.entries({
      "lines, packed": packed,
      "one array": array,
      "pretty-printed": pretty,
    })) {
      const { seconds, peakBytes } = runAlone("audit-file.ts", path);
      say(`  ${name.padEnd(16)}${seconds.toFixed(2)} s${megabytes(peakBytes).padStart(10)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(size: number): Row {
  const folder = mkdtempSync(join(tmpdir(), "cordon-bench-"));
  try {
    const { lines, array } = write(size, folder);
    if (size === goals.size) run("kept-facts.ts", lines);
    const all = Array.from({ length: runs }, () => ({
      audit: runAlone("audit-file.ts", lines),
      parse: runAlone("parse-file.ts", array),
    }));
    return {
      size,
      bytes: statSync(lines).size,
      audit: best(all.map(({ audit }) => audit)),
      parse: best(all.map(({ parse }) => parse)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The estate with one resource or list a line, and all of its resources as one JSON array. */
function write(size: number, folder: string) {
  const lines = join(folder, "estate.ndjson");
  const array = join(folder, "estate.json");
  const files = [openSync(lines, "w"), openSync(array, "w")] as const;
  writeSync(files[1], "[");
  let isFirst = true;
  for (const line of estate(size)) {
    writeSync(files[0], `${JSON.stringify(line)}\n`);
    for (const body of resourcesIn(line)) {
      writeSync(files[1], `${isFirst ? "" : ","}${JSON.stringify(body)}`);
      isFirst = false;
    }
  }
  writeSync(files[1], "]");
  for (const file of files) closeSync(file);
  return { lines, array };
}

/** Prints what it found itself. */
function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, ["--expose-gc", join(import.meta.dirname, script), ...args], { stdio: "inherit" });
}

function runAlone(script: string, path: string): Measurement {
  const output = execFileSync(process.execPath, [join(import.meta.dirname, script), path]);
  return JSON.parse(output.toString());
}

/** Whether the goals are met, where their size was measured. */
function sayGoals(rows: readonly Row[]): void {
  for (const { size, audit, parse, bytes } of rows.filter((row) => row.size === goals.size)) {
    const [time, memory] = [audit.seconds / parse.seconds, audit.peakBytes / parse.peakBytes];
    say(`\nGoals at ${size.toLocaleString("en")}:`);
    sayGoal("G1 time, × that of JSON.parse", time, "", { atMost: goals.time });
    sayGoal("memory, × that of JSON.parse", memory, "", { atMost: goals.memory });
    sayGoal("G3 memory, × the bytes of the JSON", audit.peakBytes / bytes, "", { atMost: goals.memoryOfBytes });
  }
}

/** How the work on one resource grows with the estate: 1 is linear. */
function sayGrowth(rows: readonly Row[]): void {
  const perResource = ({ size }: Row, { secondsOfWork }: Measurement) => secondsOfWork / size;
  say("");
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (before === undefined) continue;
    const audit = perResource(row, row.audit) / perResource(before, before.audit);
    const parse = perResource(row, row.parse) / perResource(before, before.parse);
    const step = `from ${before.size.toLocaleString("en")} to ${row.size.toLocaleString("en")}`;
    say(`Work per resource, ${step}: audit × ${audit.toFixed(2)}, JSON.parse × ${parse.toFixed(2)} (linear is 1)`);
  }
}

function line(...cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(11)).join("");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function ratio(a: number, b: number): string {
  return `× ${(a / b).toFixed(2)}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
