import {
  combine,
  difference,
  holds,
  intersection,
  leavesAny,
  nothing,
  type Operation,
  rangesOf,
  sameBoundaries,
  union,
} from "./boundaries.ts";
import { readDecimal } from "./decimal.ts";
import { foldBalanced } from "./fold-balanced.ts";

const maxPort = 65_535;

/** An immutable set of ports, 0 to 65535. */
export class PortSet {
  private readonly boundaries: readonly number[];
  #text: string | undefined;

  private constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries;
  }

  static readonly empty: PortSet = new PortSet(nothing);
  static readonly all: PortSet = new PortSet([0, maxPort + 1]);

  /** The ports from `first` to `last`, both included, with 0 ≤ first ≤ last ≤ 65535. */
  static of(first: number, last: number): PortSet {
    return new PortSet([first, last + 1]);
  }

  /** Single ports. */
  static ofEach(...ports: readonly number[]): PortSet {
    return PortSet.union(ports.map((port) => PortSet.of(port, port)));
  }

  static union(sets: Iterable<PortSet>): PortSet {
    return foldBalanced(sets, (a, b) => a.union(b)) ?? PortSet.empty;
  }

  get isEmpty(): boolean {
    return this.boundaries.length === 0;
  }

  /** The lowest one. */
  get lowest(): number | undefined {
    return this.boundaries[0];
  }

  /** The highest one. */
  get highest(): number | undefined {
    const end = this.boundaries[this.boundaries.length - 1];
    return end === undefined ? undefined : end - 1;
  }

  /** Each port as a set of its own, ascending. */
  *each(): Generator<PortSet> {
    for (const [first, end] of rangesOf(this.boundaries)) {
      if (end - first === 1 && this.boundaries.length === 2) yield this;
      else for (let port = first; port < end; port++) yield PortSet.of(port, port);
    }
  }

  get count(): number {
    let count = 0;
    for (const [first, end] of rangesOf(this.boundaries)) count += end - first;
    return count;
  }

  union(other: PortSet): PortSet {
    return this.combine(other, union);
  }

  intersect(other: PortSet): PortSet {
    return this.combine(other, intersection);
  }

  minus(other: PortSet): PortSet {
    return this.combine(other, difference);
  }

  isSubsetOf(other: PortSet): boolean {
    return !leavesAny(this.boundaries, other.boundaries, difference);
  }

  overlaps(other: PortSet): boolean {
    return leavesAny(this.boundaries, other.boundaries, intersection);
  }

  /** Whether the lowest port of a set that is not empty is in this one. */
  holdsLowestOf(other: PortSet): boolean {
    return this === other || holds(this.boundaries, other.boundaries[0] as number);
  }

  equals(other: PortSet): boolean {
    return sameBoundaries(this.boundaries, other.boundaries);
  }

  /** The maximal ranges as `22` or `20-30`, ascending. */
  toRanges(): string[] {
    return Array.from(rangesOf(this.boundaries), ([first, end]) =>
      end - first === 1 ? `${first}` : `${first}-${end - 1}`,
    );
  }

  /** The same text for equal sets. */
  toString(): string {
    this.#text ??= this.toRanges().join();
    return this.#text;
  }

  private combine(other: PortSet, keep: Operation): PortSet {
    const boundaries = combine(this.boundaries, other.boundaries, keep);
    if (boundaries === this.boundaries) return this;
    if (boundaries === other.boundaries) return other;
    return boundaries.length === 0 ? PortSet.empty : new PortSet(boundaries);
  }
}

/** Reads `22`, `20-30` or `*`; undefined for anything else, leading zeros and spaces included. */
export function parsePorts(text: string): PortSet | undefined {
  if (text === "*") return PortSet.all;
  const dash = text.indexOf("-");
  const first = readDecimal(text, 0, dash === -1 ? text.length : dash, maxPort);
  const last = readDecimal(text, dash + 1, text.length, maxPort);
  return first === undefined || last === undefined || last < first ? undefined : PortSet.of(first, last);
}
