/** What one run in a process of its own took. */
export interface Measurement {
  readonly resources: number;
  /** From the start of the process, the loading of its modules included. */
  readonly seconds: number;
  /** The same without the loading. */
  readonly secondsOfWork: number;
  /** Of all cores together, the loading and the collecting of garbage included. */
  readonly cpuSeconds: number;
  /** The most that the process ever had in memory. */
  readonly peakBytes: number;
}

/** Each figure on its own: what disturbs a run only ever makes it slower or larger. */
export function best(all: readonly Measurement[]): Measurement {
  const least = (figure: keyof Measurement) => Math.min(...all.map((one) => one[figure]));
  return {
    resources: least("resources"),
    seconds: least("seconds"),
    secondsOfWork: least("secondsOfWork"),
    cpuSeconds: least("cpuSeconds"),
    peakBytes: least("peakBytes"),
  };
}

/** Runs `work` on the file that the command line names, and prints what it gives and what it took as JSON. */
export async function measured(work: (path: string) => Promise<{ readonly resources: number }>): Promise<void> {
  const [, , path = ""] = process.argv;
  const start = performance.now();
  const result = await work(path);
  const end = performance.now();
  const { user, system } = process.cpuUsage();
  const measurement: Measurement = {
    ...result,
    seconds: end / 1000,
    secondsOfWork: (end - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.stdout.write(JSON.stringify(measurement));
}
