import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { globalIpv6, publicIpv4, unroutable, withoutUnroutable } from "../../lib/net/special-ranges.ts";
import { ipv4NearSpecial } from "./near-special.ts";
import { readSet } from "./read-set.ts";

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
      fc.property(ipv4NearSpecial, (text) => {
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
