import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { fold } from "./resource-id.ts";

const tagName = /^[a-z][\w.-]*$/i;

/** Whether a text that is no address can be the name of a service tag. */
export function isTagName(text: string): boolean {
  return tagName.test(text);
}

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
  readonly #names: ReadonlyMap<string, string>;
  readonly #known = new Map<string, Tag | undefined>();

  /** The newest list that has a tag decides about it. */
  constructor(lists: readonly ServiceTagList[]) {
    const newestLast = [...lists].sort((a, b) => a.changeNumber - b.changeNumber);
    this.#names = new Map(newestLast.flatMap(({ values }) => values.map(({ name }) => [fold(name), name])));
    this.#prefixes = new Map(
      newestLast.flatMap(({ values }) => values.map(({ name, addressPrefixes }) => [fold(name), addressPrefixes])),
    );
  }

  /** As the list spells it; undefined for a tag that is in no list. */
  nameOf(name: string): string | undefined {
    return this.#names.get(fold(name));
  }

  static readonly none: ServiceTags = new ServiceTags([]);

  get isEmpty(): boolean {
    return this.#prefixes.size === 0;
  }

  /** Undefined for a tag that is in no list, or has a prefix that cannot be understood. */
  addressesOf(name: string): IpSet | undefined {
    return this.#tag(name)?.addresses;
  }

  /** One by one, as the list has them; undefined as above. */
  prefixesOf(name: string): readonly IpSet[] | undefined {
    return this.#tag(name)?.prefixes;
  }

  #tag(name: string): Tag | undefined {
    const key = fold(name);
    if (!this.#known.has(key)) this.#known.set(key, parse(this.#prefixes.get(key)));
    return this.#known.get(key);
  }
}

interface Tag {
  readonly prefixes: readonly IpSet[];
  readonly addresses: IpSet;
}

function parse(texts: readonly string[] | undefined): Tag | undefined {
  const sets = texts?.map(parseAddresses);
  if (sets === undefined || sets.includes(undefined)) return undefined;
  const prefixes = sets.filter((set) => set !== undefined);
  return { prefixes, addresses: IpSet.union(prefixes) };
}
