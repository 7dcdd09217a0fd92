import fc from "fast-check";
import { expect, test } from "vitest";
import { allBlocks, isNarrow, narrowestBlocks, widest } from "../../lib/net/address-blocks.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import { readSet } from "./read-set.ts";

test.each([
  { set: ["20.50.1.4"], narrowest: ["20.50.1.4/32"], all: ["20.50.0.0/16", "20.50.1.0/24", "20.50.1.4/32"] },
  {
    set: ["20.50.1.6/31"],
    narrowest: ["20.50.1.0/24"],
    all: ["20.50.0.0/16", "20.50.1.0/24", "20.50.1.6/32", "20.50.1.7/32"],
  },
  {
    set: ["20.50.2.0/23"],
    narrowest: ["20.50.0.0/16"],
    all: undefined,
  },
  { set: ["20.0.0.0/12"], narrowest: [], all: undefined },
  { set: ["0.0.0.0/0"], narrowest: [], all: [] },
  {
    set: ["2603:1020:206:1::4"],
    narrowest: ["2603:1020:206:1::/64"],
    all: ["2603:1020:206::/48", "2603:1020:206:1::/64"],
  },
  { set: [], narrowest: [], all: [] },
])("of $set", ({ set, narrowest, all }) => {
  expect(narrowestBlocks(readSet(...set))).toEqual(narrowest);
  if (all !== undefined) expect(allBlocks(readSet(...set))).toEqual(all);
});

test("property: where two sets overlap, they have a block in common", () => {
  const prefix = (least: number) =>
    fc
      .tuple(fc.constantFrom("20.50.", "20.51.", "21.50."), fc.nat(3), fc.nat(255), fc.integer({ min: least, max: 32 }))
      .map(([start, third, last, length]) => `${start}${third}.${last}/${length}`);
  fc.assert(
    fc.property(fc.array(prefix(16)), fc.array(prefix(widest.ipv4)), (asked, had) => {
      const [one, other] = [asked, had].map((texts) =>
        IpSet.union(texts.flatMap((text) => parseAddresses(text) ?? [])),
      );
      if (one === undefined || other === undefined) return;
      const blocks = new Set(narrowestBlocks(one)).intersection(new Set(allBlocks(other)));
      if (isNarrow(one) && one.overlaps(other)) expect(blocks.size).toBeGreaterThan(0);
    }),
  );
});
