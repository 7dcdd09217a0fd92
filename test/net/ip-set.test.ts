import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { readSet } from "./read-set.ts";

// The naive model: both families cut by hand into cells, a set being one boolean per cell.
interface Cell {
  readonly first: string;
  readonly last: string;
  readonly size: bigint;
}

const cells4: readonly Cell[] = [
  { first: "0.0.0.0", last: "0.0.0.0", size: 1n },
  { first: "0.0.0.1", last: "0.0.0.1", size: 1n },
  { first: "0.0.0.2", last: "9.255.255.254", size: 10n * 2n ** 24n - 3n },
  { first: "9.255.255.255", last: "9.255.255.255", size: 1n },
  { first: "10.0.0.0", last: "10.0.0.0", size: 1n },
  { first: "10.0.0.1", last: "127.255.255.254", size: 118n * 2n ** 24n - 2n },
  { first: "127.255.255.255", last: "127.255.255.255", size: 1n },
  { first: "128.0.0.0", last: "128.0.0.0", size: 1n },
  { first: "128.0.0.1", last: "255.255.255.253", size: 2n ** 31n - 3n },
  { first: "255.255.255.254", last: "255.255.255.254", size: 1n },
  { first: "255.255.255.255", last: "255.255.255.255", size: 1n },
];

const cells6: readonly Cell[] = [
  { first: "::", last: "::", size: 1n },
  { first: "::1", last: "::1", size: 1n },
  { first: "::2", last: "::ffff:ffff", size: 2n ** 32n - 2n },
  { first: "::1:0:0", last: "::ffff:ffff:ffff:fffe", size: 2n ** 64n - 2n ** 32n - 1n },
  { first: "::ffff:ffff:ffff:ffff", last: "::ffff:ffff:ffff:ffff", size: 1n },
  { first: "0:0:0:1::", last: "0:0:0:1::", size: 1n },
  { first: "::1:0:0:0:1", last: "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", size: 2n ** 127n - 2n ** 64n - 1n },
  { first: "8000::", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", size: 2n ** 127n - 1n },
  {
    first: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    size: 1n,
  },
];

const cellCount = cells4.length + cells6.length;
type Members = readonly boolean[];

const anyMembers: fc.Arbitrary<Members> = fc.array(fc.boolean(), { minLength: cellCount, maxLength: cellCount });

function build(members: Members): IpSet {
  const chosen = [...cells4, ...cells6].filter((_, at) => members[at]);
  return readSet(...chosen.map(({ first, last }) => `${first}-${last}`));
}

function modelRanges(members: Members): string[] {
  const write = (cells: readonly Cell[], inside: Members) => {
    const texts: string[] = [];
    for (let at = 0; at < cells.length; at++) {
      if (!inside[at]) continue;
      const first = cells[at]?.first;
      while (inside[at + 1]) at++;
      const last = cells[at]?.last;
      texts.push(first === last ? `${first}` : `${first}-${last}`);
    }
    return texts;
  };
  return [...write(cells4, members.slice(0, cells4.length)), ...write(cells6, members.slice(cells4.length))];
}

function modelCount(cells: readonly Cell[], members: Members): bigint {
  return cells.reduce((sum, cell, at) => (members[at] ? sum + cell.size : sum), 0n);
}

describe("IpSet", () => {
  it.each([
    { when: "neighbours join", set: readSet("10.0.0.0/25", "10.0.0.128/25"), want: ["10.0.0.0-10.0.0.255"] },
    { when: "overlaps join", set: readSet("10.0.0.0-10.0.0.9", "10.0.0.5-10.0.0.20"), want: ["10.0.0.0-10.0.0.20"] },
    { when: "a gap of one stays", set: readSet("10.0.0.0", "10.0.0.2"), want: ["10.0.0.0", "10.0.0.2"] },
    { when: "IPv4 comes first", set: readSet("::1", "10.0.0.1"), want: ["10.0.0.1", "::1"] },
    { when: "the families do not touch", set: readSet("255.255.255.255", "::"), want: ["255.255.255.255", "::"] },
    {
      when: "a hole is cut",
      set: readSet("10.0.0.0/30").minus(readSet("10.0.0.1")),
      want: ["10.0.0.0", "10.0.0.2-10.0.0.3"],
    },
    { when: "the lower end is cut", set: IpSet.ipv4.minus(readSet("0.0.0.0")), want: ["0.0.0.1-255.255.255.255"] },
    {
      when: "the upper end is cut",
      set: IpSet.ipv4.minus(readSet("255.255.255.255")),
      want: ["0.0.0.0-255.255.255.254"],
    },
    { when: "mapped is not IPv4", set: readSet("::ffff:10.0.0.1").intersect(IpSet.ipv4), want: [] },
    {
      when: "all of it",
      set: IpSet.all,
      want: ["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    },
    { when: "none of it", set: IpSet.empty, want: [] },
  ])("writes ranges when $when", ({ set, want }) => {
    expect(set.toRanges()).toEqual(want);
  });

  it("counts each family whole", () => {
    expect([IpSet.all.countIpv4, IpSet.all.countIpv6]).toEqual([
      4_294_967_296,
      340_282_366_920_938_463_463_374_607_431_768_211_456n,
    ]);
    expect([IpSet.empty.countIpv4, IpSet.empty.countIpv6]).toEqual([0, 0n]);
  });

  it.each([
    { set: IpSet.empty, want: undefined },
    { set: readSet("10.0.0.9", "10.0.0.7", "::1"), want: "10.0.0.7" },
    { set: readSet("2001:db8::/32", "fe80::1"), want: "2001:db8::" },
    { set: IpSet.all, want: "0.0.0.0" },
  ])("knows its lowest address: $want", ({ set, want }) => {
    expect(set.lowest).toBe(want);
  });

  it.each([
    { set: readSet("10.0.0.9", "10.0.0.6/31", "::1"), want: ["10.0.0.6", "10.0.0.7", "10.0.0.9", "::1"] },
    { set: readSet("2001:db8::/127"), want: ["2001:db8::", "2001:db8::1"] },
    { set: IpSet.empty, want: [] },
  ])("hands out its addresses one by one: $want", ({ set, want }) => {
    expect(set.singles(9).map((one) => one.toPrefixes().join())).toEqual(want);
    expect(want.map((_, distance) => set.at(distance)?.lowest)).toEqual(want);
    expect(set.at(want.length)).toBeUndefined();
    expect(set.singles(1).length).toBe(Math.min(1, want.length));
  });

  it("counts its ranges", () => {
    expect(
      [IpSet.empty, readSet("::1"), readSet("10.0.0.0/31", "10.0.0.3", "::1")].map((set) => set.rangeCount),
    ).toEqual([0, 1, 3]);
  });

  it("returns an instance it already has", () => {
    const a = readSet("10.0.0.0/8", "::1");
    const twin = readSet("10.0.0.0/8", "::1");
    expect(a.union(a)).toBe(a);
    expect(a.intersect(a)).toBe(a);
    expect(a.minus(a)).toBe(IpSet.empty);
    expect(a.minus(twin)).toBe(IpSet.empty);
    expect(a.union(IpSet.empty)).toBe(a);
    expect(IpSet.empty.union(a)).toBe(a);
    expect(a.minus(IpSet.empty)).toBe(a);
    expect(a.intersect(IpSet.empty)).toBe(IpSet.empty);
    expect(readSet("10.0.0.0/8").intersect(IpSet.ipv6)).toBe(IpSet.empty);
    expect(IpSet.union([])).toBe(IpSet.empty);
    expect(IpSet.union([a])).toBe(a);
  });

  it("agrees with membership lists in every operation", () => {
    fc.assert(
      fc.property(anyMembers, anyMembers, (a, b) => {
        const [setA, setB] = [build(a), build(b)];
        expect(setA.toRanges()).toEqual(modelRanges(a));
        expect(setA.union(setB).toRanges()).toEqual(modelRanges(a.map((inA, at) => inA || b[at] === true)));
        expect(setA.intersect(setB).toRanges()).toEqual(modelRanges(a.map((inA, at) => inA && b[at] === true)));
        expect(setA.minus(setB).toRanges()).toEqual(modelRanges(a.map((inA, at) => inA && b[at] === false)));
      }),
      { numRuns: 1000 },
    );
  });

  it("agrees with membership lists in every question", () => {
    // Independent draws are almost never related, so b is also drawn as a subset or an equal of a.
    const related = anyMembers.chain((a) =>
      fc.oneof(
        anyMembers.map((b) => ({ a, b })),
        anyMembers.map((mask) => ({ a, b: a.map((inA, at) => inA && mask[at] === true) })),
        anyMembers.map((mask) => ({ a: a.map((inA, at) => inA && mask[at] === true), b: a })),
        anyMembers.map((mask) => ({ a, b: mask.map((inMask, at) => inMask && a[at] === false) })),
        fc.constant({ a, b: [...a] }),
      ),
    );
    fc.assert(
      fc.property(related, ({ a, b }) => {
        const [setA, setB] = [build(a), build(b)];
        expect(setA.isSubsetOf(setB)).toBe(a.every((inA, at) => !inA || b[at]));
        expect(setA.overlaps(setB)).toBe(a.some((inA, at) => inA && b[at]));
        if (!setB.isEmpty) expect(setA.holdsLowestOf(setB)).toBe(a[b.indexOf(true)]);
        expect(setA.equals(setB)).toBe(a.every((inA, at) => inA === b[at]));
        expect(setA.isEmpty).toBe(!a.includes(true));
        expect(BigInt(setA.countIpv4)).toBe(modelCount(cells4, a.slice(0, cells4.length)));
        expect(setA.countIpv6).toBe(modelCount(cells6, a.slice(cells4.length)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    { family: "IPv4", cell: (at: number) => `10.0.0.${at}` },
    { family: "IPv6", cell: (at: number) => `2001:db8::${at.toString(16)}` },
  ])("agrees with membership lists on one range and many, of $family", ({ cell }) => {
    const count = 80;
    const members = fc.array(fc.boolean(), { minLength: count, maxLength: count });
    const bounds = fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).map((pair) => pair.toSorted((a, b) => a - b));
    const setOf = (isIn: readonly boolean[]) => readSet(...isIn.flatMap((one, at) => (one ? [cell(at)] : [])));
    fc.assert(
      fc.property(members, bounds, ([...isIn], [first = 0, last = 0]) => {
        const inRange = isIn.map((_, at) => at >= first && at <= last);
        const [many, range] = [setOf(isIn), setOf(inRange)];
        const both = isIn.map((one, at) => one && inRange[at] === true);
        expect(many.intersect(range).equals(setOf(both))).toBe(true);
        expect(range.intersect(many).equals(setOf(both))).toBe(true);
        expect(many.overlaps(range)).toBe(both.includes(true));
        expect(range.overlaps(many)).toBe(both.includes(true));
        expect(range.isSubsetOf(many)).toBe(isIn.slice(first, last + 1).every((one) => one));
        expect(many.isSubsetOf(range)).toBe(isIn.every((one, at) => !one || inRange[at]));
        expect(many.minus(range).equals(setOf(isIn.map((one, at) => one && !inRange[at])))).toBe(true);
        expect(range.minus(many).equals(setOf(isIn.map((one, at) => !one && inRange[at] === true)))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("is the same union in any order", () => {
    const cells = [...cells4, ...cells6].map(({ first, last }) => readSet(`${first}-${last}`));
    const shuffled = fc.shuffledSubarray(cells, { minLength: cells.length });
    fc.assert(fc.property(shuffled, (sets) => IpSet.union(sets).equals(IpSet.all)));
  });

  it("agrees with membership lists on thousands of ranges", () => {
    const blocks = 4096; // a /28 each, under 255.255.0.0 up to the last address
    const anyBlocks = fc.uint8Array({ minLength: blocks, maxLength: blocks, max: 1, size: "max" });
    const setOf = (members: readonly number[]) =>
      readSet(...members.map((block) => `255.255.${block >> 4}.${(block & 15) * 16}/28`));
    const listOf = (keep: (block: number) => boolean) =>
      Array.from({ length: blocks }, (_, block) => block).filter(keep);
    fc.assert(
      fc.property(anyBlocks, anyBlocks, (a, b) => {
        const setA = setOf(listOf((block) => a[block] === 1));
        const setB = setOf(listOf((block) => b[block] === 1));
        const both = listOf((block) => a[block] === 1 && b[block] === 1);
        expect(setA.intersect(setB).countIpv4).toBe(16 * both.length);
        expect(setA.intersect(setB).equals(setOf(both))).toBe(true);
        expect(setA.minus(setB).equals(setOf(listOf((block) => a[block] === 1 && b[block] === 0)))).toBe(true);
        expect(setA.union(setB).equals(setOf(listOf((block) => a[block] === 1 || b[block] === 1)))).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});
