import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { hasHostBits, parseAddresses } from "../../lib/net/parse-addresses.ts";
import { agreesWithIpaddr, agreesWithNet, ipaddrDisagreements, isListed, netDisagreements } from "./oracles.ts";

describe("parseAddresses", () => {
  it.each([
    { text: "0.0.0.0", want: "0.0.0.0" },
    { text: "255.255.255.255", want: "255.255.255.255" },
    { text: "10.0.0.0/8", want: "10.0.0.0-10.255.255.255" },
    { text: "10.0.0.5/24", want: "10.0.0.0-10.0.0.255" },
    { text: "0.0.0.0/0", want: "0.0.0.0-255.255.255.255" },
    { text: "9.9.9.9/0", want: "0.0.0.0-255.255.255.255" },
    { text: "200.1.2.3/1", want: "128.0.0.0-255.255.255.255" },
    { text: "255.255.255.255/32", want: "255.255.255.255" },
    { text: "255.255.255.255/31", want: "255.255.255.254-255.255.255.255" },
    { text: "10.0.0.5-10.0.0.9", want: "10.0.0.5-10.0.0.9" },
    { text: "10.0.0.5-10.0.0.5", want: "10.0.0.5" },
    { text: "0.0.0.0-255.255.255.255", want: "0.0.0.0-255.255.255.255" },
    { text: "::", want: "::" },
    { text: "::1", want: "::1" },
    { text: "1::", want: "1::" },
    { text: "1:2:3:4:5:6:7:8", want: "1:2:3:4:5:6:7:8" },
    { text: "1:2:3:4:5:6:7::", want: "1:2:3:4:5:6:7:0" },
    { text: "::2:3:4:5:6:7:8", want: "0:2:3:4:5:6:7:8" },
    { text: "2001:DB8:0:0:0:0:0:1", want: "2001:db8::1" },
    { text: "2001:0db8::0001", want: "2001:db8::1" },
    { text: "1:0:0:2:0:0:0:3", want: "1:0:0:2::3" },
    { text: "1:0:0:2:0:0:3:4", want: "1::2:0:0:3:4" },
    { text: "::ffff:192.0.2.1", want: "::ffff:192.0.2.1" },
    { text: "::ffff:c000:201", want: "::ffff:192.0.2.1" },
    { text: "::192.0.2.1", want: "::c000:201" },
    { text: "1:2:3:4:5:6:1.2.3.4", want: "1:2:3:4:5:6:102:304" },
    { text: "2001:db8::/32", want: "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" },
    { text: "2001:db8::5/126", want: "2001:db8::4-2001:db8::7" },
    { text: "::/0", want: "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
    { text: "::1/128", want: "::1" },
    { text: "::1-::ff", want: "::1-::ff" },
  ])("reads `$text`", ({ text, want }) => {
    expect(parseAddresses(text)?.toRanges()).toEqual([want]);
  });

  it.each([
    { reason: "nothing", texts: ["", "/", "-", "/24", "-10.0.0.1", "10.0.0.1-", "10.0.0.1/"] },
    { reason: "space", texts: [" 10.0.0.1", "10.0.0.1 ", "10.0.0.1 - 10.0.0.2", "10.0.0.0 /24", "::1\n"] },
    { reason: "leading zero", texts: ["010.0.0.1", "10.0.0.01", "10.0.0.00", "::ffff:10.0.0.01"] },
    { reason: "short form", texts: ["127.1", "10.0.1", "2130706433", "10.0.0", "10.0.0.", ".10.0.0", "10..0.1"] },
    { reason: "hex octet", texts: ["0x7f.0.0.1", "0x7f000001", "a.0.0.1"] },
    { reason: "too large", texts: ["256.0.0.1", "10.0.0.999", "1.2.3.4294967296", "10.0.0.0.0"] },
    {
      reason: "prefix length",
      texts: ["10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/00", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/-1"],
    },
    { reason: "prefix length in IPv6", texts: ["::/129", "::/0128", "::/", "::/a"] },
    { reason: "mask", texts: ["10.0.0.0/255.0.0.0"] },
    { reason: "descending", texts: ["10.0.0.2-10.0.0.1", "::2-::1"] },
    { reason: "mixed families", texts: ["10.0.0.1-::1", "::1-10.0.0.1"] },
    {
      reason: "range of prefixes",
      texts: ["10.0.0.0/24-10.0.1.0/24", "10.0.0.0-10.0.0.9/24", "10.0.0.0-10.0.0.1-10.0.0.2"],
    },
    { reason: "zone id", texts: ["fe80::1%eth0", "fe80::1%1", "fe80::%eth0/64"] },
    { reason: "host name", texts: ["localhost", "example.com", "dead.beef", "Internet", "*", "VirtualNetwork"] },
    {
      reason: "colons",
      texts: [":", ":::", "1:", ":1", "1::2::3", "1:::2", "::1:", ":::1", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8"],
    },
    { reason: "group count", texts: ["1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8"] },
    { reason: "group", texts: ["::12345", "::00001", "::g", "::0x1", "::-1"] },
    {
      reason: "embedded IPv4",
      texts: [
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "::1.2.3.256",
        "::.1.2.3",
        "1:2:3:4:5:1.2.3.4",
      ],
    },
    { reason: "bracket", texts: ["[::1]", "10.0.0.1:80"] },
    { reason: "other digits", texts: ["١.1.1.1", "1.1.1.１", "::１"] },
  ])("refuses $reason", ({ texts }) => {
    expect(texts.filter((text) => parseAddresses(text) !== undefined)).toEqual([]);
  });
});

describe("hasHostBits", () => {
  it.each([
    { text: "10.0.0.5/24", want: true },
    { text: "10.0.0.0/24", want: false },
    { text: "10.0.0.5/32", want: false },
    { text: "0.0.0.0/0", want: false },
    { text: "128.0.0.0/0", want: true },
    { text: "10.0.0.5", want: false },
    { text: "10.0.0.1-10.0.0.5", want: false },
    { text: "2001:db8::1/64", want: true },
    { text: "2001:DB8::/64", want: false },
    { text: "::ffff:10.0.0.1/104", want: true },
    { text: "010.0.0.5/24", want: false },
    { text: "10.0.0.5/33", want: false },
  ])("says $want of `$text`", ({ text, want }) => {
    expect(hasHostBits(text)).toBe(want);
  });
});

// Valid addresses with up to three characters inserted, removed or replaced.
const anyEdit = fc.record({
  at: fc.nat(40),
  remove: fc.nat(1),
  insert: fc.constantFrom("", "", ..."0123456789afAFgxX...::::% "),
});
const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());
const almostAddress = fc
  .tuple(fc.oneof(anyAddress, fc.ipV4Extended()), fc.array(anyEdit, { maxLength: 3 }))
  .map(([address, edits]) =>
    edits.reduce((text, { at, remove, insert }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + insert + text.slice(start + remove);
    }, address),
  );

describe("parseAddresses against oracles", () => {
  it.each(netDisagreements)("knows that $reason", ({ example, applies }) => {
    expect(applies(example)).toBe(true);
    expect(agreesWithNet(example)).toBe(false);
  });

  it.each(ipaddrDisagreements)("knows that ipaddr.js $reason", ({ example, applies }) => {
    expect(applies(example)).toBe(true);
    expect(agreesWithIpaddr(example)).toBe(false);
  });

  it("agrees with net.isIP and ipaddr.js on valid and mutated addresses", () => {
    fc.assert(
      fc.property(almostAddress, (text) => {
        if (!isListed(text, netDisagreements)) expect(agreesWithNet(text)).toBe(true);
        if (!isListed(text, ipaddrDisagreements)) expect(agreesWithIpaddr(text)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it("agrees with net.isIP on arbitrary text", () => {
    const anyText = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."01259af.:"), maxLength: 20 }));
    fc.assert(
      fc.property(anyText, (text) => /[-/%]/.test(text) || agreesWithNet(text)),
      { numRuns: 5000 },
    );
  });

  it("reads any valid address and writes it as ipaddr.js does", () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        fc.pre(!isListed(text, ipaddrDisagreements));
        const address = ipaddr.parse(text);
        // RFC 5952 section 5 recommends the IPv4 tail here; ipaddr.js writes hex.
        fc.pre(address.range() !== "ipv4Mapped");
        expect(parseAddresses(text)?.lowest).toBe(
          address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString(),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it("finds the ends of a prefix where ipaddr.js does", () => {
    const anyPrefix = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 31 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 127 })),
    );
    fc.assert(
      fc.property(anyPrefix, ([address, length]) => {
        fc.pre(!isListed(address, ipaddrDisagreements));
        const text = `${address}/${length}`;
        const family = address.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
        const first = family.networkAddressFromCIDR(text);
        const last = family.broadcastAddressFromCIDR(text);
        const ends = parseAddresses(text)
          ?.toRanges()
          .flatMap((range) => range.split("-"));
        expect(ends?.map((end) => ipaddr.parse(end).toNormalizedString())).toEqual([
          first.toNormalizedString(),
          last.toNormalizedString(),
        ]);
        expect(hasHostBits(text)).toBe(first.toNormalizedString() !== ipaddr.parse(address).toNormalizedString());
      }),
      { numRuns: 3000 },
    );
  });

  it("reads a range exactly when both ends are addresses of one family in order", () => {
    // Short numbers, so that order and family both vary.
    const end = fc.oneof(
      fc.integer({ min: 0, max: 20 }).map((low) => ({ text: `10.0.0.${low}`, family: 4, low })),
      fc.integer({ min: 0, max: 20 }).map((low) => ({ text: `2001:db8::${low.toString(16)}`, family: 6, low })),
    );
    fc.assert(
      fc.property(end, end, (a, b) => {
        const set = parseAddresses(`${a.text}-${b.text}`);
        if (a.family !== b.family || a.low > b.low) expect(set).toBeUndefined();
        else expect(BigInt(set?.countIpv4 ?? 0) + (set?.countIpv6 ?? 0n)).toBe(BigInt(b.low - a.low + 1));
      }),
      { numRuns: 500 },
    );
  });

  it("reads a prefix exactly when its length is a plain decimal in range", () => {
    const length = fc.oneof(
      fc.nat(140).map(String),
      fc.string({ unit: fc.constantFrom(..."0123 +-e."), maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.constantFrom("10.0.0.0", "2001:db8::"), length, (address, text) => {
        const width = address.includes(":") ? 128 : 32;
        const plain = Array.from({ length: width + 1 }, (_, at) => String(at)).includes(text);
        expect(parseAddresses(`${address}/${text}`) !== undefined).toBe(plain);
      }),
      { numRuns: 2000 },
    );
  });
});
