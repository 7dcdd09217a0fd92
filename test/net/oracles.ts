import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";

/** Where an oracle accepts what we refuse, or means another address. Anything not listed here must agree. */
export interface Disagreement {
  readonly reason: string;
  readonly example: string;
  readonly applies: (text: string) => boolean;
}

export const netDisagreements: readonly Disagreement[] = [
  { reason: "net.isIP accepts zone ids", example: "fe80::1%eth0", applies: (text) => text.includes("%") },
];

export const ipaddrDisagreements: readonly Disagreement[] = [
  { reason: "accepts zone ids", example: "fe80::1%eth0", applies: (text) => text.includes("%") },
  {
    reason: "reads a leading zero as octal, or drops it",
    example: "010.0.0.1",
    applies: (text) => /(^|[.:])0[0-9]+(\.|$)/.test(text),
  },
  { reason: "reads hex octets", example: "0x7f.0.0.1", applies: (text) => /(^|[.:])0x/i.test(text) },
  {
    reason: "reads short forms",
    example: "127.1",
    applies: (text) => !text.includes(":") && text.split(".").length < 4,
  },
  { reason: "takes ::a.b.c.d for ::ffff:a.b.c.d", example: "::192.0.2.1", applies: (text) => /^::[0-9.]+$/.test(text) },
];

export function isListed(text: string, disagreements: readonly Disagreement[]): boolean {
  return disagreements.some(({ applies }) => applies(text));
}

export function agreesWithNet(text: string): boolean {
  return (parseAddresses(text) !== undefined) === (isIP(text) !== 0);
}

/** Same verdict and, if accepted, the same address. */
export function agreesWithIpaddr(text: string): boolean {
  const set = parseAddresses(text);
  if (set?.lowest === undefined || !ipaddr.isValid(text)) return set === undefined && !ipaddr.isValid(text);
  return ipaddr.parse(set.lowest).toNormalizedString() === ipaddr.parse(text).toNormalizedString();
}
