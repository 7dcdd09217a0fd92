import { readIpv4, writeIpv4 } from "./ipv4-text.ts";

const colon = 58;
const dot = 46;

/** Reads all of text[start, end) as an IPv6 address, its last 32 bits as IPv4 if so written; undefined when it is anything else. */
export function readIpv6(text: string, start: number, end: number): bigint | undefined {
  const groups: number[] = [];
  let gap: number | undefined; // how many groups stand before the `::`
  let at = start;
  if (text.charCodeAt(start) === colon && text.charCodeAt(start + 1) === colon) {
    gap = 0;
    at += 2;
  }
  while (at < end) {
    const groupEnd = endOfHex(text, at, end);
    if (groupEnd < end && text.charCodeAt(groupEnd) === dot) {
      const tail = readIpv4(text, at, end);
      if (tail === undefined) return undefined;
      groups.push(tail >>> 16, tail & 0xffff);
      break;
    }
    if (groupEnd === at || groupEnd > at + 4) return undefined;
    groups.push(Number.parseInt(text.slice(at, groupEnd), 16));
    if (groupEnd === end) break;
    if (text.charCodeAt(groupEnd) !== colon || groupEnd + 1 === end) return undefined;
    at = groupEnd + 1;
    if (text.charCodeAt(at) === colon) {
      if (gap !== undefined) return undefined;
      gap = groups.length;
      at++;
    }
  }
  if (gap === undefined ? groups.length !== 8 : groups.length > 7) return undefined;
  return join(groups, gap ?? 8);
}

/** RFC 5952: lower case, the first longest run of zero groups as `::`, an IPv4-mapped address with its IPv4 tail (section 5). */
export function writeIpv6(address: bigint): string {
  if (address >> 32n === 0xffffn) return `::ffff:${writeIpv4(Number(BigInt.asUintN(32, address)))}`;
  const digits = address.toString(16).padStart(32, "0");
  const groups = Array.from({ length: 8 }, (_, at) => Number.parseInt(digits.slice(at * 4, at * 4 + 4), 16));
  const text = (some: readonly number[]) => some.map((group) => group.toString(16)).join(":");
  const { start, length } = longestZeroRun(groups);
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function endOfHex(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isHexDigit(text.charCodeAt(at))) at++;
  return at;
}

function isHexDigit(code: number): boolean {
  const lower = code | 32;
  return (code >= 48 && code <= 57) || (lower >= 97 && lower <= 102);
}

function join(groups: readonly number[], gap: number): bigint {
  let address = 0n;
  for (const group of groups.slice(0, gap)) address = (address << 16n) | BigInt(group);
  address <<= BigInt(16 * (8 - groups.length));
  for (const group of groups.slice(gap)) address = (address << 16n) | BigInt(group);
  return address;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, at) => {
    if (group !== 0) start = at + 1;
    else if (at + 1 - start > longest.length) longest = { start, length: at + 1 - start };
  });
  return longest;
}
