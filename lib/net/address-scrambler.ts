import { readIpv4, writeIpv4 } from "./ipv4-text.ts";
import { readIpv6, writeIpv6 } from "./ipv6-text.ts";
import { specialPrefixes } from "./special-ranges.ts";

/** Of Azure's platform, or with a meaning of their own in a firewall: they stay what they are. */
const keptAddresses = ["0.0.0.0", "255.255.255.255", "168.63.129.16", "169.254.169.254"];

type Family = 4 | 6;

/**
 * Puts addresses in the place of others such that what lies in what stays the same: a bit is turned or not by the bits
 * before it alone. Special ranges stay where they are and public addresses public; prefixes keep their length, and
 * ranges from one address to another their order: the more addresses a range spans, the more bits of its ends stay.
 */
export class AddressScrambler {
  readonly #isTurned: (before: string) => boolean;
  readonly #known = new Map<string, boolean>();
  /** The beginnings after which no bit is turned. */
  readonly #fixed = new Set<string>();

  /** `isTurned` says for a beginning, `4:1100…`, whether the bit after it is turned: the same whenever it is asked. */
  constructor(isTurned: (before: string) => boolean) {
    this.#isTurned = isTurned;
    for (const text of [...specialPrefixes, ...keptAddresses]) this.#fix(text);
  }

  #fix(text: string): void {
    const [address = "", length] = text.split("/");
    const parsed = bitsOf(address);
    if (parsed === undefined) throw new RangeError(`${text} is no prefix`);
    const { family, bits } = parsed;
    for (let at = 0; at < Number(length ?? bits.length); at++) this.#fixed.add(`${family}:${bits.slice(0, at)}`);
  }

  /** From now on these two, and all between them, stay in order; has to be said before anything is scrambled. */
  keepOrder(first: string, last: string): void {
    const a = bitsOf(first);
    const b = bitsOf(last);
    if (a === undefined || b === undefined || a.family !== b.family || first === last) return;
    let shared = 0;
    while (a.bits[shared] === b.bits[shared]) shared++;
    for (const { family, bits } of [a, b]) {
      for (let at = shared; at < bits.length; at++) this.#fixed.add(`${family}:${bits.slice(0, at)}`);
    }
  }

  /** For an address, a prefix or an `a-b` range; undefined for anything else. */
  scramble(text: string): string | undefined {
    const [address = "", length, ...rest] = text.split("/");
    if (rest.length > 0) return undefined;
    if (length !== undefined) {
      const scrambled = /^\d{1,3}$/.test(length) ? this.#one(address, Number(length)) : undefined;
      return scrambled === undefined ? undefined : `${scrambled}/${length}`;
    }
    const [first = "", last, ...more] = text.split("-");
    if (last === undefined || more.length > 0) return this.#one(text, 128);
    const ends = [this.#one(first, 128), this.#one(last, 128)];
    return ends.includes(undefined) ? undefined : ends.join("-");
  }

  #one(address: string, length: number): string | undefined {
    const parsed = bitsOf(address);
    if (parsed === undefined) return undefined;
    const { family, bits } = parsed;
    const scrambled = [...bits].map((bit, at) => {
      return at < length && this.#turns(`${family}:${bits.slice(0, at)}`) ? 1 - Number(bit) : bit;
    });
    return textOf(family, scrambled.join(""));
  }

  #turns(before: string): boolean {
    if (this.#fixed.has(before)) return false;
    const turned = this.#known.get(before) ?? this.#isTurned(before);
    this.#known.set(before, turned);
    return turned;
  }
}

function bitsOf(address: string): { readonly family: Family; readonly bits: string } | undefined {
  const v4 = readIpv4(address, 0, address.length);
  if (v4 !== undefined) return { family: 4, bits: v4.toString(2).padStart(32, "0") };
  const v6 = readIpv6(address, 0, address.length);
  return v6 === undefined ? undefined : { family: 6, bits: v6.toString(2).padStart(128, "0") };
}

function textOf(family: Family, bits: string): string {
  return family === 4 ? writeIpv4(Number.parseInt(bits, 2)) : writeIpv6(BigInt(`0b${bits}`));
}
