import { createHash } from "node:crypto";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { AddressScrambler } from "../../lib/net/address-scrambler.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import { ipv4NearSpecial, ipv6NearSpecial } from "./near-special.ts";

const keyed = (key: number) => (before: string) =>
  ((createHash("sha256").update(`${key} ${before}`).digest()[0] ?? 0) & 1) === 1;

const key = fc.nat();
const ipv4 = fc.ipV4();
const address = fc.oneof(ipv4, fc.ipV6());
const prefix = fc.oneof(
  fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([start, length]) => `${start}/${length}`),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([start, length]) => `${start}/${length}`),
);

function setOf(text: string) {
  const set = parseAddresses(text);
  if (set === undefined) throw new Error(text);
  return set;
}

function scrambled(scrambler: AddressScrambler, text: string): string {
  return scrambler.scramble(text) ?? `${text} is refused`;
}

const readable = address.filter((text) => parseAddresses(text) !== undefined);
const nearSpecial = fc.oneof(ipv4NearSpecial, ipv6NearSpecial);
const readablePrefix = prefix.filter((text) => parseAddresses(text) !== undefined);

describe("scrambled addresses", () => {
  test("lie in the same prefixes as before, and prefixes keep their length", () => {
    fc.assert(
      fc.property(key, readable, readablePrefix, (by, one, block) => {
        const scrambler = new AddressScrambler(keyed(by));
        const [after, around] = [scrambled(scrambler, one), scrambled(scrambler, block)];
        expect(around.split("/")[1]).toBe(block.split("/")[1]);
        expect(setOf(after).isSubsetOf(setOf(around))).toBe(setOf(one).isSubsetOf(setOf(block)));
      }),
    );
  });

  test("are as special or as public as before, and different ones stay different", () => {
    fc.assert(
      fc.property(key, nearSpecial, readable, (by, one, other) => {
        const scrambler = new AddressScrambler(keyed(by));
        expect(ipaddr.parse(scrambled(scrambler, one)).range()).toBe(ipaddr.parse(one).range());
        const areEqual = setOf(one).equals(setOf(other));
        expect(setOf(scrambled(scrambler, one)).equals(setOf(scrambled(scrambler, other)))).toBe(areEqual);
      }),
    );
  });

  test("keep the order of a range and what lies in it", () => {
    fc.assert(
      fc.property(key, ipv4, ipv4, ipv4, (by, a, b, one) => {
        const [first = "", last = ""] = [a, b].sort((x, y) => numberOf(x) - numberOf(y));
        const scrambler = new AddressScrambler(keyed(by));
        scrambler.keepOrder(first, last);
        const range = setOf(scrambled(scrambler, `${first}-${last}`));
        expect(setOf(scrambled(scrambler, one)).isSubsetOf(range)).toBe(
          setOf(one).isSubsetOf(setOf(`${first}-${last}`)),
        );
      }),
    );
  });

  test.each([
    "0.0.0.0",
    "255.255.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "0.0.0.0/1",
  ])("%s stays what it is", (text) => {
    for (let by = 0; by < 20; by++) expect(new AddressScrambler(keyed(by)).scramble(text)).toBe(text);
  });

  test("are others than before", () => {
    const scrambler = new AddressScrambler(keyed(1));
    const before = ["10.20.30.40", "52.1.2.3", "198.51.100.7", "2001:470::1"];
    expect(before.filter((text) => scrambler.scramble(text) === text)).toEqual([]);
  });

  test.each([
    "",
    "contoso",
    "1.2.3",
    "1.2.3.4/",
    "1.2.3.4/x",
    "1.2.3.4-",
    "1.2.3.4/8/8",
  ])("%j is no address", (text) => {
    expect(new AddressScrambler(keyed(1)).scramble(text)).toBeUndefined();
  });
});

function numberOf(text: string): number {
  return text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
