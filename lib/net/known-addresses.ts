import { IpSet } from "./ip-set.ts";
import { parseAddresses } from "./parse-addresses.ts";

/** The addresses of texts that stand in the program; throws for one that is no address, prefix or range. */
export function knownAddresses(...texts: readonly string[]): IpSet {
  return IpSet.union(
    texts.map((text) => {
      const set = parseAddresses(text);
      if (set === undefined) throw new TypeError(`cannot read the addresses \`${text}\``);
      return set;
    }),
  );
}
