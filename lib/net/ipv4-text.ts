const dot = 46;
const zero = 48;

/** Reads all of text[start, end) as four decimal octets without leading zeros; undefined when it is anything else. */
export function readIpv4(text: string, start: number, end: number): number | undefined {
  let address = 0;
  let octet = -1; // -1 before an octet's first digit
  let dots = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (octet === -1) return undefined;
      dots++;
      address = address * 256 + octet;
      octet = -1;
      continue;
    }
    const digit = code - zero;
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet === -1 ? digit : octet * 10 + digit;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet !== -1 ? address * 256 + octet : undefined;
}

export function writeIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}
