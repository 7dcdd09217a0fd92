import type { IpSet } from "./ip-set.ts";
import { parseAddresses } from "./parse-addresses.ts";

/** How long the prefixes of blocks are. */
const lengths = { ipv4: [16, 24, 32], ipv6: [48, 64] } as const;

/** A prefix has at most so many blocks of one length, as a power of two. */
const mostBits = 11;

/** How long a prefix is at least of which all blocks are named. */
export const widest = { ipv4: 32 - mostBits, ipv6: 64 - mostBits } as const;

interface Prefix {
  readonly set: IpSet;
  readonly length: number;
  readonly family: keyof typeof lengths;
}

/** Whether it fits into blocks. */
export function isNarrow({ countIpv4, countIpv6 }: IpSet): boolean {
  return countIpv4 <= 2 ** (32 - lengths.ipv4[0]) && countIpv6 <= 1n << BigInt(128 - lengths.ipv6[0]);
}

/**
 * INVARIANT: where two sets overlap, the narrowest blocks of a narrow one and all blocks of the other have one in common, if each prefix of
 * the other is at least `widest` long.
 */
export function narrowestBlocks(set: IpSet): readonly string[] {
  const blocks = prefixesOf(set).flatMap((prefix) => {
    const length = lengths[prefix.family].findLast((one) => one <= prefix.length);
    return length === undefined ? [] : (blockAt(prefix.set, length) ?? []);
  });
  return [...new Set(blocks)];
}

/** Those that overlap the set, each as a prefix, but for blocks of which there are too many in one of its own prefixes. */
export function allBlocks(set: IpSet): readonly string[] {
  return [...new Set(prefixesOf(set).flatMap(blocksWith))];
}

function blocksWith({ set, length: own, family }: Prefix): readonly string[] {
  return lengths[family].flatMap((length) => {
    if (length > own + mostBits) return [];
    const size = 2 ** ((family === "ipv4" ? 32 : 128) - length);
    const count = 2 ** Math.max(length - own, 0);
    return Array.from({ length: count }, (_, index) => set.at(index * size)).flatMap((address) => {
      return address === undefined ? [] : (blockAt(address, length) ?? []);
    });
  });
}

function blockAt({ lowest = "" }: IpSet, length: number): string | undefined {
  const rest = restOfIpv4.get(length);
  if (rest !== undefined) return `${lowest.split(".", length / 8).join(".")}${rest}`;
  const [first, ...others] = parseAddresses(`${lowest}/${length}`)?.toPrefixes() ?? [];
  return others.length === 0 ? first : undefined;
}

/** What a block has after the numbers that count. */
const restOfIpv4: ReadonlyMap<number, string> = new Map([
  [16, ".0.0/16"],
  [24, ".0/24"],
  [32, "/32"],
]);

function prefixesOf(set: IpSet): readonly Prefix[] {
  return set.prefixes().map((one) => {
    const { countIpv4, countIpv6 } = one;
    if (countIpv4 > 0) return { set: one, length: 32 - Math.log2(countIpv4), family: "ipv4" };
    return { set: one, length: 129 - countIpv6.toString(2).length, family: "ipv6" };
  });
}
