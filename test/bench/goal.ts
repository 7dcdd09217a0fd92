/** What one figure should be. */
export interface Goal {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Prints a figure beside its goal, and whether that is met. */
export function sayGoal(name: string, figure: number, unit: string, { atMost, atLeast }: Goal): void {
  const isMet = figure <= (atMost ?? Number.POSITIVE_INFINITY) && figure >= (atLeast ?? Number.NEGATIVE_INFINITY);
  const goal = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const shown = figure.toLocaleString("en", { maximumSignificantDigits: 3 });
  process.stdout.write(`  ${name.padEnd(58)}${shown.padStart(8)} ${unit}, ${goal}: ${isMet ? "met" : "missed"}\n`);
}

/** The least time that one of some calls took, in milliseconds: what disturbs a call only makes it slower. */
export function leastTime(calls: number, call: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < calls; count++) {
    const start = performance.now();
    call();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
