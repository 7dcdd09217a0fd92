import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { globalIpv6, publicIpv4, specialRangeOf, unroutable, withoutUnroutable } from "../../lib/net/special-ranges.ts";
import { readSet } from "./read-set.ts";

describe("specialRangeOf", () => {
  it.each([
    { texts: ["10.0.0.0/8"], want: "private" },
    { texts: ["10.1.2.3", "192.168.0.0/24"], want: "private" },
    { texts: ["172.16.0.0-172.31.255.255"], want: "private" },
    { texts: ["172.16.0.0-172.32.0.0"], want: undefined },
    { texts: ["127.0.0.1"], want: "loopback" },
    { texts: ["127.0.0.1", "::1"], want: "loopback" },
    { texts: ["127.0.0.1", "10.0.0.1"], want: undefined },
    { texts: ["169.254.169.254"], want: "linkLocal" },
    { texts: ["169.254.0.0/16", "fe80::/10"], want: "linkLocal" },
    { texts: ["100.64.0.0/10"], want: "carrierGradeNat" },
    { texts: ["0.0.0.0"], want: "unspecified" },
    { texts: ["255.255.255.255"], want: "broadcast" },
    { texts: ["240.0.0.0/4"], want: "reserved" },
    { texts: ["203.0.113.7"], want: "reserved" },
    { texts: ["fd00::/8"], want: "uniqueLocal" },
    { texts: ["2001:db8::/32"], want: "reserved" },
    { texts: ["2001:3::1"], want: "amt" },
    { texts: ["::ffff:10.0.0.1"], want: "ipv4Mapped" },
    { texts: ["8.8.8.8"], want: undefined },
    { texts: ["2603:1000::/24"], want: undefined },
    { texts: ["0.0.0.0/0"], want: undefined },
    { texts: [], want: undefined },
  ])("calls $texts $want", ({ texts, want }) => {
    expect(specialRangeOf(readSet(...texts))).toBe(want);
  });

  it("gives a single address the name ipaddr.js gives it", () => {
    // Random addresses seldom hit a narrow range, so most start like one of them.
    const heads4 = [
      [10],
      [172, 16],
      [192, 0, 0],
      [192, 0, 2],
      [192, 88, 99],
      [198, 18],
      [224],
      [240],
      [255, 255, 255, 255],
      [100, 64],
    ];
    const heads6 = [
      [0],
      [0x100],
      [0xfe80],
      [0xfec0],
      [0xff02],
      [0xfc00],
      [0x2001],
      [0x2001, 3],
      [0x2002],
      [0x64, 0xff9b],
      [0x3fff],
    ];
    const startingLike = (heads: number[][], parts: fc.Arbitrary<number[]>) =>
      fc.tuple(fc.constantFrom(...heads, []), parts).map(([head, all]) => [...head, ...all.slice(head.length)]);
    const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const groups = fc.array(group, { minLength: 8, maxLength: 8 });
    const anyAddress = fc.oneof(
      startingLike(heads4, octets).map((parts) => new ipaddr.IPv4(parts)),
      startingLike(heads6, groups).map((parts) => new ipaddr.IPv6(parts)),
    );
    fc.assert(
      fc.property(anyAddress, (address) => {
        const name = address.range();
        expect(specialRangeOf(readSet(address.toString()))).toBe(name === "unicast" ? undefined : name);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("unroutable", () => {
  it("is exactly this list", () => {
    const ipv4 = [
      "0.0.0.0/8",
      "10.0.0.0/8",
      "100.64.0.0/10",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.168.0.0/16",
    ];
    const multicastAndAbove = ["224.0.0.0/4", "240.0.0.0/4"];
    const ipv6 = ["::", "::1", "::ffff:0:0/96", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"];
    expect(unroutable.toRanges()).toEqual(readSet(...ipv4, ...multicastAndAbove, ...ipv6).toRanges());
  });

  it("leaves out the documentation ranges", () => {
    const documentation = readSet("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32");
    expect(documentation.overlaps(unroutable)).toBe(false);
  });
});

describe("withoutUnroutable", () => {
  it.each([
    { given: ["10.70.0.0/16", "203.0.113.0/28", "fd00::/8"], want: ["203.0.113.0/28"] },
    { given: ["9.0.0.0/8", "10.0.0.0/9", "11.0.0.0/8"], want: ["9.0.0.0/8", "11.0.0.0/8"] },
    { given: ["8.0.0.0/6"], want: ["8.0.0.0/6"] },
    { given: ["0.0.0.0/0", "::/0"], want: ["0.0.0.0/0", "::/0"] },
    { given: ["10.0.0.0/8"], want: [] },
    { given: [], want: [] },
  ])("leaves $want of $given", ({ given, want }) => {
    expect(withoutUnroutable(readSet(...given)).toPrefixes()).toEqual(want);
  });
});

describe("publicIpv4", () => {
  it("holds exactly the addresses ipaddr.js calls unicast", () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(readSet(text).isSubsetOf(publicIpv4)).toBe(ipaddr.IPv4.parse(text).range() === "unicast");
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    { text: "8.8.8.8", want: true },
    { text: "1.0.0.0", want: true },
    { text: "223.255.255.255", want: true },
    { text: "0.255.255.255", want: false },
    { text: "224.0.0.0", want: false },
    { text: "255.255.255.255", want: false },
    { text: "203.0.113.1", want: false },
    { text: "192.175.48.1", want: false },
    { text: "2603::1", want: false },
  ])("has $text: $want", ({ text, want }) => {
    expect(readSet(text).isSubsetOf(publicIpv4)).toBe(want);
  });

  it("does not overlap what is unroutable", () => {
    expect(publicIpv4.overlaps(unroutable)).toBe(false);
  });
});

describe("globalIpv6", () => {
  it("goes from 2000:: to 3fff:…:ffff", () => {
    expect(globalIpv6.toRanges()).toEqual(["2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]);
    expect(globalIpv6.overlaps(unroutable)).toBe(false);
    expect(globalIpv6.isSubsetOf(IpSet.ipv6)).toBe(true);
  });
});
