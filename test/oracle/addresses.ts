/** One address: its family and its number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** All addresses from the first to the last, both included. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

export interface Prefix extends Range {
  readonly length: number;
}

function remembered<T>(parse: (text: string) => T | undefined): (text: string) => T | undefined {
  const known = new Map<string, T | undefined>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before;
    const parsed = parse(text);
    known.set(text, parsed);
    return parsed;
  };
}

/** Dotted decimal without leading zeros, or any IPv6 spelling; undefined for every other text. */
export const parseAddress = remembered((text: string): Address | undefined => {
  if (!text.includes(":")) {
    const parts = text.split(".");
    const isDotted = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
    return isDotted ? { family: 4, value: parts.reduce((value, part) => value * 256n + BigInt(part), 0n) } : undefined;
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const given = [...(head ?? []), ...(tail ?? [])];
  if (!given.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const missing = 8 - given.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...(head ?? []), ...Array<string>(missing).fill("0"), ...(tail ?? [])];
  return { family: 6, value: groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) };
});

/** A prefix in CIDR form, or a bare address; undefined for every other text. */
export const parsePrefix = remembered((text: string): Prefix | undefined => {
  const [written, length, ...rest] = text.split("/");
  const address = parseAddress(written ?? "");
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const kept = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : bits + 1;
  if (kept > bits) return undefined;
  const size = 1n << BigInt(bits - kept);
  const first = address.value - (address.value % size);
  return { family: address.family, first, last: first + size - 1n, length: kept };
});

export function holds({ family, first, last }: Range, address: Address): boolean {
  return family === address.family && first <= address.value && address.value <= last;
}

/** The usual spelling: dotted decimal, or lower-case IPv6 with the longest run of zeros left out. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((value >> shift) & 65535n).toString(16));
  const runs = groups.map((_, start) => groups.slice(start).findIndex((group) => group !== "0"));
  const lengths = runs.map((length, start) => (length === -1 ? 8 - start : length));
  const longest = Math.max(...lengths);
  if (longest < 2) return groups.join(":");
  const start = lengths.indexOf(longest);
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + longest).join(":")}`;
}

export function formatPrefix({ family, first, length }: Prefix): string {
  return `${formatAddress({ family, value: first })}/${length}`;
}
