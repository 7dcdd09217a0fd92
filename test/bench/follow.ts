import { type Changed, changes, loadedEstate } from "./changes.ts";

// Run by run.ts in a process of its own, with --expose-gc: one changed resource in an estate of the size that is given.
const size = Number(process.argv[2]);
const goals = { p50: 10, p99: 50 };
/** The turns are measured in parts, of which the best counts: what disturbs one only ever makes it slower. */
const [warmUp, turns, parts] = [3_000, 8_000, 8];

function main(): void {
  const estate = loadedEstate(size);
  const before = heap();
  estate.catchUp();
  const evaluations = estate.evaluations.length;
  const kept = heap() - before;
  say(
    `\nOne change in a loaded estate of ${size.toLocaleString("en")} resources, ${evaluations} subjects, beyond its own`,
  );
  say(`parsing and projection; at most ${goals.p50} µs half of the time, ${goals.p99} µs 99 times in 100:`);
  for (const what of ["service", "endpoint", "firewall rule"] as const) {
    const { p50, p99, looks } = timesOf(what, (block, item, turn) => {
      const projected = changes[what](block, item, turn);
      const start = performance.now();
      estate.snapshot.add(projected);
      const evaluated = estate.catchUp();
      return { microseconds: (performance.now() - start) * 1000, looks: evaluated.length };
    });
    const verdict = p50 <= goals.p50 && p99 <= goals.p99 ? "met" : "missed";
    say(
      `  ${what.padEnd(14)} p50 ${p50.toFixed(1)} µs, p99 ${p99.toFixed(1)} µs, ${looks.toFixed(2)} evaluations: ${verdict}`,
    );
  }
  say(`Findings, reach and who asked what take ${(kept / 1e6).toFixed(0)} MB.`);
}

function timesOf(
  what: Changed,
  change: (block: number, item: number, turn: number) => { microseconds: number; looks: number },
) {
  const all = Array.from({ length: warmUp + turns }, (_, turn) => change((turn * 7) % (size / 1000), turn, turn + 1));
  const measured = all.slice(warmUp);
  const groups = Array.from({ length: parts }, (_, part) =>
    measured.filter((_one, turn) => Math.floor((turn * parts) / turns) === part),
  );
  const sorted = groups.map((part) => part.map(({ microseconds }) => microseconds).sort((a, b) => a - b));
  const at = (share: number) => Math.min(...sorted.map((part) => part[Math.floor(part.length * share)] ?? Number.NaN));
  const looks = measured.reduce((sum, one) => sum + one.looks, 0) / measured.length;
  if (looks === 0) throw new RangeError(`no ${what} has changed`);
  return { p50: at(0.5), p99: at(0.99), looks };
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main();
