import { combine, inRange, intersection, leavesAny, leavesOfRange, type Operation, shortcut } from "./boundaries.ts";

/** `combine` for boundaries that need a bigint. They take part as ranks, so that the one sweep stays a loop over numbers. */
export function combineWide(a: readonly bigint[], b: readonly bigint[], keep: Operation): readonly bigint[] {
  const known = shortcut(a, b, keep);
  const part = known ?? (keep === intersection ? inRange(a, b) : undefined);
  if (part !== undefined) return part;
  const { values, ranksA, ranksB } = rank(a, b);
  return combine(ranksA, ranksB, keep).map((at) => values[at] as bigint);
}

/** `leavesAny` for boundaries that need a bigint. */
export function leavesAnyWide(a: readonly bigint[], b: readonly bigint[], keep: Operation): boolean {
  const known = shortcut(a, b, keep);
  if (known !== undefined) return known.length > 0;
  const leaves = leavesOfRange(a, b, keep);
  if (leaves !== undefined) return leaves;
  const { ranksA, ranksB } = rank(a, b);
  return leavesAny(ranksA, ranksB, keep);
}

/** Merges two lists into `values`, each value once, and says where the boundaries of each went. */
function rank(a: readonly bigint[], b: readonly bigint[]) {
  const values: bigint[] = [];
  const ranksA: number[] = [];
  const ranksB: number[] = [];
  while (ranksA.length < a.length || ranksB.length < b.length) {
    const x = a[ranksA.length];
    const y = b[ranksB.length];
    const value = y === undefined || (x !== undefined && x < y) ? (x as bigint) : y;
    if (x === value) ranksA.push(values.length);
    if (y === value) ranksB.push(values.length);
    values.push(value);
  }
  return { values, ranksA, ranksB };
}
