// INVARIANT: a boundary list is strictly ascending and of even length; a value belongs to the set when an odd number of
// boundaries is at or below it. So each pair is one maximal range [first, end), and equal sets have equal lists.

/** A truth table: bit (in a) + 2 · (in b) says whether such a value is kept. Values in neither set never are. */
export type Operation = typeof union | typeof intersection | typeof difference;
export const union = 0b1110;
export const intersection = 0b1000;
export const difference = 0b0010;

const onlyA = 0b0010;
const onlyB = 0b0100;
const both = 0b1000;

/** The list of the empty set. */
export const nothing: readonly never[] = [];

/** The answer when it needs no comparison: identical operands or an empty one. */
export function shortcut<T>(a: readonly T[], b: readonly T[], keep: Operation): readonly T[] | undefined {
  if (a === b) return keep & both ? a : nothing;
  if (b.length === 0) return keep & onlyA ? a : nothing;
  if (a.length === 0) return keep & onlyB ? b : nothing;
  return undefined;
}

export function combine(a: readonly number[], b: readonly number[], keep: Operation): readonly number[] {
  const known = shortcut(a, b, keep);
  if (known !== undefined) return known;
  if (keep !== union && areApart(a, b)) return keep === intersection ? nothing : a;
  const part = keep === intersection ? inRange(a, b) : undefined;
  if (part !== undefined) return part;
  const length = sweep(a, b, keep, a.length + b.length);
  if (length === 0) return nothing;
  const result = new Array<number>(length);
  for (let at = 0; at < length; at++) result[at] = scratch[at] as number;
  return result;
}

/** Whether the operation leaves anything; stops at the first value found. */
export function leavesAny(a: readonly number[], b: readonly number[], keep: Operation): boolean {
  const known = shortcut(a, b, keep);
  if (known !== undefined) return known.length > 0;
  if (keep === intersection) {
    if (areApart(a, b)) return false;
    if (a.length === 2 && b.length === 2) return true;
  }
  return leavesOfRange(a, b, keep) ?? sweep(a, b, keep, 1) > 0;
}

/** One ends before the other begins: neither is empty. */
function areApart(a: readonly number[], b: readonly number[]): boolean {
  return (a[a.length - 1] as number) <= (b[0] as number) || (b[b.length - 1] as number) <= (a[0] as number);
}

/** Whether a value is in the set. */
export function holds<T extends number | bigint>(boundaries: readonly T[], value: T): boolean {
  return countUpTo(boundaries, value) % 2 === 1;
}

/** How many boundaries are at the value or below it. */
function countUpTo<T extends number | bigint>(boundaries: readonly T[], value: T): number {
  let [first, end] = [0, boundaries.length];
  while (first < end) {
    const middle = (first + end) >>> 1;
    if ((boundaries[middle] as T) <= value) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** In lists that are longer one range is looked up rather than met on the way. */
const few = 16;

/** What both have, where one is a single range and the other a long list. */
export function inRange<T extends number | bigint>(a: readonly T[], b: readonly T[]): readonly T[] | undefined {
  if (b.length === 2 && a.length > few) return within(a, b);
  return a.length === 2 && b.length > few ? within(b, a) : undefined;
}

/** Whether the operation leaves anything, where one is a single range and the other a long list. */
export function leavesOfRange<T extends number | bigint>(
  a: readonly T[],
  b: readonly T[],
  keep: Operation,
): boolean | undefined {
  if (a.length === 2 && b.length > few && keep === difference) return !hasAllWithin(b, a);
  if (a.length === 2 && b.length > few && keep === intersection) return hasAnyWithin(b, a);
  return b.length === 2 && a.length > few && keep === intersection ? hasAnyWithin(a, b) : undefined;
}

function within<T extends number | bigint>(boundaries: readonly T[], range: readonly T[]): readonly T[] {
  const [first, end] = range as readonly [T, T];
  const from = countUpTo(boundaries, first);
  const upTo = countUpTo(boundaries, end);
  const to = boundaries[upTo - 1] === end ? upTo - 1 : upTo;
  const inside = boundaries.slice(from, to);
  if (from % 2 === 1) inside.unshift(first);
  if (to % 2 === 1) inside.push(end);
  if (inside.length === 0) return nothing;
  return inside.length === 2 && inside[0] === first && inside[1] === end ? range : inside;
}

function hasAnyWithin<T extends number | bigint>(boundaries: readonly T[], range: readonly T[]): boolean {
  const [first, end] = range as readonly [T, T];
  const from = countUpTo(boundaries, first);
  return from % 2 === 1 || (from < boundaries.length && (boundaries[from] as T) < end);
}

function hasAllWithin<T extends number | bigint>(boundaries: readonly T[], range: readonly T[]): boolean {
  const [first, end] = range as readonly [T, T];
  const from = countUpTo(boundaries, first);
  return from % 2 === 1 && end <= (boundaries[from] as T);
}

export function sameBoundaries<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((boundary, at) => boundary === b[at]));
}

/** The maximal ranges [first, end) of a list, ascending. */
export function* rangesOf<T>(boundaries: readonly T[]): Generator<readonly [first: T, end: T]> {
  for (let at = 0; at < boundaries.length; at += 2) yield [boundaries[at] as T, boundaries[at + 1] as T];
}

let scratch = new Float64Array(64);

/**
 * Writes the first `limit` boundaries of the result (or a few more) to `scratch` and returns how many there are.
 * Free of branches on the operands, which are unpredictable: each step stores its boundary and keeps it by moving `length` on.
 */
function sweep(a: readonly number[], b: readonly number[], keep: Operation, limit: number): number {
  if (scratch.length <= a.length + b.length) scratch = new Float64Array(2 * (a.length + b.length));
  const out = scratch;
  let i = 0;
  let j = 0;
  let length = 0;
  let inside = 0; // 1 in a, 2 in b
  let kept = 0;
  while (i < a.length && j < b.length && length < limit) {
    const x = a[i] as number;
    const y = b[j] as number;
    const crossesA = x <= y ? 1 : 0;
    const crossesB = y <= x ? 1 : 0;
    out[length] = crossesA ? x : y;
    i += crossesA;
    j += crossesB;
    inside ^= crossesA | (crossesB << 1);
    const keeps = (keep >> inside) & 1;
    length += keeps ^ kept;
    kept = keeps;
  }
  // With one list used up the other's boundaries all count, or none does.
  if (keep & onlyA) for (; i < a.length && length < limit; i++) out[length++] = a[i] as number;
  if (keep & onlyB) for (; j < b.length && length < limit; j++) out[length++] = b[j] as number;
  return length;
}
