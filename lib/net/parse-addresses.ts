import { readDecimal } from "./decimal.ts";
import { IpSet } from "./ip-set.ts";
import { readIpv4 } from "./ipv4-text.ts";
import { readIpv6 } from "./ipv6-text.ts";

/**
 * Reads a single address, a CIDR prefix or an `a-b` range; undefined for anything else, which is unknown and not empty.
 * Refused are leading zeros, short forms, spaces, zone ids and host names. Host bits in a prefix are ignored, as Azure does.
 */
export function parseAddresses(text: string): IpSet | undefined {
  const slash = text.indexOf("/");
  if (slash !== -1) return parsePrefix(text, slash);
  const dash = text.indexOf("-");
  return dash === -1 ? parseSpan(text, text.length, 0) : parseSpan(text, dash, dash + 1);
}

/** Whether the text is a CIDR prefix whose address has bits beyond the prefix, such as `10.0.0.5/24`. */
export function hasHostBits(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash === -1) return false;
  const prefix = parsePrefix(text, slash);
  return prefix !== undefined && prefix.lowest !== parseAddresses(text.slice(0, slash))?.lowest;
}

function parsePrefix(text: string, slash: number): IpSet | undefined {
  const v4 = readIpv4(text, 0, slash);
  if (v4 !== undefined) {
    const length = readDecimal(text, slash + 1, text.length, 32);
    if (length === undefined) return undefined;
    if (length === 0) return IpSet.ipv4; // a shift by 32 would be one by 0
    const hostBits = 32 - length;
    const first = ((v4 >>> hostBits) << hostBits) >>> 0;
    return IpSet.ofIpv4(first, first + ((1 << hostBits) >>> 0) - 1);
  }
  const v6 = readIpv6(text, 0, slash);
  const length = readDecimal(text, slash + 1, text.length, 128);
  if (v6 === undefined || length === undefined) return undefined;
  const hostBits = BigInt(128 - length);
  const first = (v6 >> hostBits) << hostBits;
  return IpSet.ofIpv6(first, first + (1n << hostBits) - 1n);
}

/** From the address in text[0, firstEnd) to the one in text[lastStart, end); these may be the same. */
function parseSpan(text: string, firstEnd: number, lastStart: number): IpSet | undefined {
  const first4 = readIpv4(text, 0, firstEnd);
  if (first4 !== undefined) {
    const last4 = readIpv4(text, lastStart, text.length);
    return last4 === undefined || last4 < first4 ? undefined : IpSet.ofIpv4(first4, last4);
  }
  const first6 = readIpv6(text, 0, firstEnd);
  const last6 = readIpv6(text, lastStart, text.length);
  if (first6 === undefined || last6 === undefined || last6 < first6) return undefined;
  return IpSet.ofIpv6(first6, last6);
}
