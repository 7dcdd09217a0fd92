import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { readSet } from "./read-set.ts";

const top6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff";

// Windows of 256 addresses at both ends of each family and across 2^31.
const windows = [
  { name: "0.0.0.0/24", width: 32, address: (low: number) => `0.0.0.${low}` },
  { name: "128.0.0.0/24", width: 32, address: (low: number) => `128.0.0.${low}` },
  { name: "255.255.255.0/24", width: 32, address: (low: number) => `255.255.255.${low}` },
  { name: "::/120", width: 128, address: (low: number) => (low === 0 ? "::" : `::${low.toString(16)}`) },
  { name: `${top6}00/120`, width: 128, address: (low: number) => `${top6}${low.toString(16).padStart(2, "0")}` },
];

type Window = (typeof windows)[number];

/** The naive cover, top down: a block wholly inside is a prefix, any other is halved. */
function cover(inside: readonly boolean[], window: Window, start = 0, size = 256): string[] {
  const block = inside.slice(start, start + size);
  if (!block.includes(true)) return [];
  if (!block.includes(false)) {
    const address = window.address(start);
    return [size === 1 ? address : `${address}/${window.width - Math.log2(size)}`];
  }
  return [...cover(inside, window, start, size / 2), ...cover(inside, window, start + size / 2, size / 2)];
}

const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
  .map(([x, y]) => [Math.min(x, y), Math.max(x, y)] as const);

describe("IpSet.toPrefixes", () => {
  it.each([
    { set: IpSet.empty, want: [] },
    { set: IpSet.all, want: ["0.0.0.0/0", "::/0"] },
    { set: readSet("10.0.0.5"), want: ["10.0.0.5"] },
    { set: readSet("2001:db8::1", "10.0.0.0/8"), want: ["10.0.0.0/8", "2001:db8::1"] },
    { set: readSet("10.0.0.0-10.0.0.4"), want: ["10.0.0.0/30", "10.0.0.4"] },
    { set: readSet("10.0.0.1-10.0.0.4"), want: ["10.0.0.1", "10.0.0.2/31", "10.0.0.4"] },
    { set: readSet("127.255.255.255-128.0.0.0"), want: ["127.255.255.255", "128.0.0.0"] },
    { set: readSet("128.0.0.0-255.255.255.255"), want: ["128.0.0.0/1"] },
    { set: readSet("10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"), want: ["10.0.0.0/23", "10.0.2.0/24"] },
    { set: readSet("10.0.1.0/24", "10.0.2.0/24"), want: ["10.0.1.0/24", "10.0.2.0/24"] },
    { set: readSet("::ffff:10.0.0.0/104"), want: ["::ffff:10.0.0.0/104"] },
  ])("writes $want", ({ set, want }) => {
    expect(set.toPrefixes()).toEqual(want);
  });

  it("needs the most prefixes when one address at each end is missing", () => {
    expect(readSet("0.0.0.1-255.255.255.254").toPrefixes()).toHaveLength(2 * 31);
    expect(readSet(`::1-${top6}fe`).toPrefixes()).toHaveLength(2 * 127);
  });

  it.each(windows)("agrees with halving blocks in $name", (window) => {
    fc.assert(
      fc.property(fc.array(anyRange, { maxLength: 6 }), (ranges) => {
        const inside = Array.from({ length: 256 }, (_, low) => ranges.some(([x, y]) => x <= low && low <= y));
        const set = readSet(...ranges.map(([x, y]) => `${window.address(x)}-${window.address(y)}`));
        expect(set.toPrefixes()).toEqual(cover(inside, window));
      }),
      { numRuns: 300 },
    );
  });

  it("covers any set exactly, without overlap, and no two prefixes could be one", () => {
    const anyText = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
    );
    const anySet = fc.array(anyText, { maxLength: 6 }).map((texts) => readSet(...texts));
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        const set = a.minus(b);
        const prefixes = set.toPrefixes().map((text) => readSet(text));
        expect(IpSet.union(prefixes).equals(set)).toBe(true);
        expect(prefixes.reduce((sum, prefix) => sum + prefix.countIpv4, 0)).toBe(set.countIpv4);
        expect(prefixes.reduce((sum, prefix) => sum + prefix.countIpv6, 0n)).toBe(set.countIpv6);
        for (const parent of set.toPrefixes().map(parentOf)) {
          if (parent !== undefined) expect(readSet(parent).isSubsetOf(set)).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** The prefix one bit shorter. */
function parentOf(prefix: string): string | undefined {
  const [address = "", length = address.includes(":") ? "128" : "32"] = prefix.split("/");
  return length === "0" ? undefined : `${address}/${Number(length) - 1}`;
}
