import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { fold } from "./resource-id.ts";

/** One list of service tags, as the service tag API and Microsoft's published files have it. */
export interface ServiceTagList {
  /** Grows with each list. */
  readonly changeNumber: number;
  readonly values: readonly { readonly name: string; readonly addressPrefixes: readonly string[] }[];
}

/**
 * The addresses that service tags stand for: the same list for a whole audit.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview
 */
export class ServiceTags {
  readonly #prefixes: ReadonlyMap<string, readonly string[]>;
  readonly #sets = new Map<string, IpSet | undefined>();

  /** The newest list that has a tag decides about it. */
  constructor(lists: readonly ServiceTagList[]) {
    const newestLast = [...lists].sort((a, b) => a.changeNumber - b.changeNumber);
    this.#prefixes = new Map(
      newestLast.flatMap(({ values }) => values.map(({ name, addressPrefixes }) => [fold(name), addressPrefixes])),
    );
  }

  static readonly none: ServiceTags = new ServiceTags([]);

  get isEmpty(): boolean {
    return this.#prefixes.size === 0;
  }

  /** Undefined for a tag that is in no list, or has a prefix that cannot be understood. */
  addressesOf(name: string): IpSet | undefined {
    const key = fold(name);
    if (!this.#sets.has(key)) this.#sets.set(key, parse(this.#prefixes.get(key)));
    return this.#sets.get(key);
  }
}

function parse(prefixes: readonly string[] | undefined): IpSet | undefined {
  const sets = prefixes?.map(parseAddresses);
  return sets === undefined || sets.includes(undefined)
    ? undefined
    : IpSet.union(sets.filter((set) => set !== undefined));
}
