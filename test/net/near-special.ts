import fc from "fast-check";
import ipaddr from "ipaddr.js";

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

const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });

function startingLike(heads: number[][], parts: fc.Arbitrary<number[]>): fc.Arbitrary<number[]> {
  return fc.tuple(fc.constantFrom(...heads, []), parts).map(([head, all]) => [...head, ...all.slice(head.length)]);
}

/** Random addresses seldom hit a narrow special range, so most of these start like one of them. */
export const ipv4NearSpecial: fc.Arbitrary<string> = startingLike(heads4, octets).map((parts) =>
  new ipaddr.IPv4(parts).toString(),
);

export const ipv6NearSpecial: fc.Arbitrary<string> = startingLike(heads6, groups).map((parts) =>
  new ipaddr.IPv6(parts).toString(),
);
