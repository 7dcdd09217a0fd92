import { IpSet } from "./ip-set.ts";
import { parseAddresses } from "./parse-addresses.ts";

/** How long the prefixes of blocks are. */
const lengths = { ipv4: [16, 24, 32], ipv6: [48, 64, 128] } as const;

interface Prefix {
  readonly set: IpSet;
  readonly length: number;
  readonly family: keyof typeof lengths;
}

/** Whether it fits into blocks. */
export function isNarrow({ countIpv4, countIpv6 }: IpSet): boolean {
  return countIpv4 <= 2 ** (32 - lengths.ipv4[0]) && countIpv6 <= 1n << BigInt(128 - lengths.ipv6[0]);
}

/** INVARIANT: where two sets overlap, the narrowest blocks of a narrow one and all blocks of the other have one in common. */
export function narrowestBlocks(set: IpSet): readonly string[] {
  const blocks = prefixesOf(set).flatMap((prefix) => {
    const length = lengths[prefix.family].findLast((one) => one <= prefix.length);
    return length === undefined ? [] : (blockAt(prefix.set, length) ?? []);
  });
  return [...new Set(blocks)];
}

/** Those that overlap the set, each as a prefix, but for blocks of which there are more than 2,048 in one of its own prefixes. */
export function allBlocks(set: IpSet): readonly string[] {
  return [...new Set(prefixesOf(set).flatMap(blocksWith))];
}

function blocksWith({ set, length: own, family }: Prefix): readonly string[] {
  return lengths[family].flatMap((length) => {
    if (length > own + 11) return [];
    const size = 2 ** ((family === "ipv4" ? 32 : 128) - length);
    const count = 2 ** Math.max(length - own, 0);
    return Array.from({ length: count }, (_, index) => set.at(index * size)).flatMap((address) => {
      return address === undefined ? [] : (blockAt(address, length) ?? []);
    });
  });
}

function blockAt({ lowest = "" }: IpSet, length: number): string | undefined {
  const [first, ...others] = parseAddresses(`${lowest}/${length}`)?.toPrefixes() ?? [];
  return others.length === 0 ? first : undefined;
}

function prefixesOf(set: IpSet): readonly Prefix[] {
  return set.prefixes().map((one) => {
    const family = one.overlaps(IpSet.ipv4) ? "ipv4" : "ipv6";
    const length = one.toPrefixes()[0]?.split("/")[1];
    return { set: one, length: length === undefined ? (family === "ipv4" ? 32 : 128) : Number(length), family };
  });
}
