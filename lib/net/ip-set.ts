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
import { foldBalanced } from "./fold-balanced.ts";
import { writeIpv4 } from "./ipv4-text.ts";
import { writeIpv6 } from "./ipv6-text.ts";
import { ipv4Prefixes, ipv6Prefixes } from "./prefixes.ts";
import { combineWide, leavesAnyWide } from "./wide-boundaries.ts";

/** An immutable set of IPv4 and IPv6 addresses; an IPv4-mapped IPv6 address is an IPv6 address. */
export class IpSet {
  private readonly v4: readonly number[]; // boundaries in 0..2^32
  private readonly v6: readonly bigint[]; // boundaries in 0..2^128

  private constructor(v4: readonly number[], v6: readonly bigint[]) {
    this.v4 = v4;
    this.v6 = v6;
  }

  static readonly empty: IpSet = new IpSet(nothing, nothing);
  static readonly ipv4: IpSet = new IpSet([0, 2 ** 32], nothing);
  static readonly ipv6: IpSet = new IpSet(nothing, [0n, 1n << 128n]);
  static readonly all: IpSet = new IpSet(IpSet.ipv4.v4, IpSet.ipv6.v6);

  /** The addresses from `first` to `last`, both included, as numbers with 0 ≤ first ≤ last < 2^32. */
  static ofIpv4(first: number, last: number): IpSet {
    return new IpSet([first, last + 1], nothing);
  }

  /** The addresses from `first` to `last`, both included, as numbers with 0 ≤ first ≤ last < 2^128. */
  static ofIpv6(first: bigint, last: bigint): IpSet {
    return new IpSet(nothing, [first, last + 1n]);
  }

  static union(sets: Iterable<IpSet>): IpSet {
    return foldBalanced(sets, (a, b) => a.union(b)) ?? IpSet.empty;
  }

  get isEmpty(): boolean {
    return this.v4.length === 0 && this.v6.length === 0;
  }

  /** How many maximal ranges it is made of. */
  get rangeCount(): number {
    return (this.v4.length + this.v6.length) / 2;
  }

  get countIpv4(): number {
    return this.v4.reduce((count, boundary, at) => (at % 2 === 0 ? count - boundary : count + boundary), 0);
  }

  get countIpv6(): bigint {
    return this.v6.reduce((count, boundary, at) => (at % 2 === 0 ? count - boundary : count + boundary), 0n);
  }

  /** The lowest address as text, any IPv4 address before the IPv6 ones. */
  get lowest(): string | undefined {
    const [v4] = this.v4;
    if (v4 !== undefined) return writeIpv4(v4);
    const [v6] = this.v6;
    return v6 === undefined ? undefined : writeIpv6(v6);
  }

  /** The address at a distance from the lowest one, IPv4 before IPv6; undefined where there are not as many. */
  at(distance: number): IpSet | undefined {
    let left = distance;
    for (const [first, end] of rangesOf(this.v4)) {
      if (left < end - first) return IpSet.ofIpv4(first + left, first + left);
      left -= end - first;
    }
    for (const [first, end] of rangesOf(this.v6)) {
      if (BigInt(left) < end - first) return IpSet.ofIpv6(first + BigInt(left), first + BigInt(left));
      left -= Number(end - first);
    }
    return undefined;
  }

  /** Each address by itself, in the same order; none after so many. */
  singles(atMost: number): readonly IpSet[] {
    const count = Math.min(this.countIpv4 + Number(this.countIpv6), atMost);
    return Array.from({ length: count }, (_, index) => this.at(index) ?? IpSet.empty);
  }

  union(other: IpSet): IpSet {
    return this.combine(other, union);
  }

  intersect(other: IpSet): IpSet {
    if (other === IpSet.all) return this;
    if (other === IpSet.ipv4) return this.part(this.v4, nothing);
    if (other === IpSet.ipv6) return this.part(nothing, this.v6);
    return this.combine(other, intersection);
  }

  minus(other: IpSet): IpSet {
    return this.combine(other, difference);
  }

  isSubsetOf(other: IpSet): boolean {
    return !this.leavesAny(other, difference);
  }

  overlaps(other: IpSet): boolean {
    return this.leavesAny(other, intersection);
  }

  /** Whether the lowest address of a set that is not empty, IPv4 before IPv6, is in this one. */
  holdsLowestOf(other: IpSet): boolean {
    const lowest = other.v4[0];
    return lowest === undefined ? holds(this.v6, other.v6[0] as bigint) : holds(this.v4, lowest);
  }

  equals(other: IpSet): boolean {
    return sameBoundaries(this.v4, other.v4) && sameBoundaries(this.v6, other.v6);
  }

  /** The fewest CIDR prefixes, IPv4 first, ascending; a single address without its `/32` or `/128`. */
  toPrefixes(): string[] {
    const texts: string[] = [];
    for (const [first, end] of rangesOf(this.v4)) {
      for (const { address, length } of ipv4Prefixes(first, end)) {
        const text = writeIpv4(address);
        texts.push(length === 32 ? text : `${text}/${length}`);
      }
    }
    for (const [first, end] of rangesOf(this.v6)) {
      for (const { address, length } of ipv6Prefixes(first, end)) {
        const text = writeIpv6(address);
        texts.push(length === 128 ? text : `${text}/${length}`);
      }
    }
    return texts;
  }

  /** The fewest CIDR prefixes, which are the largest ones that lie in the set, as sets of their own. */
  prefixes(): readonly IpSet[] {
    const sets: IpSet[] = [];
    for (const [first, end] of rangesOf(this.v4)) {
      for (const { address, length } of ipv4Prefixes(first, end)) {
        sets.push(IpSet.ofIpv4(address, address + 2 ** (32 - length) - 1));
      }
    }
    for (const [first, end] of rangesOf(this.v6)) {
      for (const { address, length } of ipv6Prefixes(first, end)) {
        sets.push(IpSet.ofIpv6(address, address + (1n << BigInt(128 - length)) - 1n));
      }
    }
    return sets;
  }

  /** The maximal ranges as `a` or `a-b`, IPv4 first, ascending. */
  toRanges(): string[] {
    const texts: string[] = [];
    for (const [first, end] of rangesOf(this.v4)) texts.push(writeRange(writeIpv4(first), writeIpv4(end - 1)));
    for (const [first, end] of rangesOf(this.v6)) texts.push(writeRange(writeIpv6(first), writeIpv6(end - 1n)));
    return texts;
  }

  private combine(other: IpSet, keep: Operation): IpSet {
    const v4 = combine(this.v4, other.v4, keep);
    const v6 = combineWide(this.v6, other.v6, keep);
    return v4 === other.v4 && v6 === other.v6 && v4.length + v6.length > 0 ? other : this.part(v4, v6);
  }

  /** What is left of it; an instance that there is already, where there is one. */
  private part(v4: readonly number[], v6: readonly bigint[]): IpSet {
    if (v4.length === 0 && v6.length === 0) return IpSet.empty;
    return v4 === this.v4 && v6 === this.v6 ? this : new IpSet(v4, v6);
  }

  private leavesAny(other: IpSet, keep: Operation): boolean {
    return leavesAny(this.v4, other.v4, keep) || leavesAnyWide(this.v6, other.v6, keep);
  }
}

function writeRange(first: string, last: string): string {
  return first === last ? first : `${first}-${last}`;
}
