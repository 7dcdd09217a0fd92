import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";

/** The addresses that the elements of a list hold; undefined where it is no list, or one of them cannot be understood. */
export function addressesIn(list: unknown, textOf: (element: unknown) => unknown): IpSet | undefined {
  if (!Array.isArray(list)) return undefined;
  const sets = list.map((element) => singleAddress(textOf(element)));
  return sets.includes(undefined) ? undefined : IpSet.union(sets.filter((set) => set !== undefined));
}

export function singleAddress(text: unknown): IpSet | undefined {
  return typeof text === "string" && !/[-/]/.test(text) ? parseAddresses(text) : undefined;
}
