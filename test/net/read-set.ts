import { IpSet } from "../../lib/net/ip-set.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";

/** The set of several texts, each of which must be readable. */
export function readSet(...texts: readonly string[]): IpSet {
  return IpSet.union(
    texts.map((text) => {
      const set = parseAddresses(text);
      if (set === undefined) throw new TypeError(`the test wrote an unreadable address: \`${text}\``);
      return set;
    }),
  );
}
