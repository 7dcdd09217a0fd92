export interface Prefix<T> {
  readonly address: T;
  readonly length: number;
}

// A block can be no larger than its address is aligned to, nor than what is left.

/** The fewest IPv4 prefixes that make up [first, end), ascending. */
export function* ipv4Prefixes(first: number, end: number): Generator<Prefix<number>> {
  let address = first;
  while (address < end) {
    const aligned = address === 0 ? 32 : 31 - Math.clz32(address & -address);
    const hostBits = Math.min(aligned, Math.floor(Math.log2(end - address)));
    yield { address, length: 32 - hostBits };
    address += 2 ** hostBits;
  }
}

/** The fewest IPv6 prefixes that make up [first, end), ascending. */
export function* ipv6Prefixes(first: bigint, end: bigint): Generator<Prefix<bigint>> {
  let address = first;
  while (address < end) {
    const aligned = address === 0n ? 128 : bitLength(address & -address) - 1;
    const hostBits = Math.min(aligned, bitLength(end - address) - 1);
    yield { address, length: 128 - hostBits };
    address += 1n << BigInt(hostBits);
  }
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
