export interface Prefix {
  readonly address: bigint;
  readonly length: number;
}

/** The fewest prefixes that make up [first, end) in an address family of `width` bits, ascending. */
export function* prefixesOf(first: bigint, end: bigint, width: number): Generator<Prefix> {
  let address = first;
  while (address < end) {
    // A block can be no larger than its address is aligned to, nor than what is left.
    const aligned = address === 0n ? width : bitLength(address & -address) - 1;
    const hostBits = Math.min(aligned, bitLength(end - address) - 1);
    yield { address, length: width - hostBits };
    address += 1n << BigInt(hostBits);
  }
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
