import type { ServiceTags } from "../model/service-tags.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addressed, anything, exactly } from "./addressed.ts";
import { publicSpace } from "./spaces.ts";

/** What a service tag that is in no list is taken for. */
export type Unlisted = "unknown" | "nobody" | "everybody";

/** What tags mean wherever they are said: the same for all networks. */
export class PublishedTags {
  readonly #serviceTags: ServiceTags;
  readonly #unlisted: Unlisted;
  readonly #known = new Map<string, Addressed>();

  private constructor(serviceTags: ServiceTags, unlisted: Unlisted) {
    this.#serviceTags = serviceTags;
    this.#unlisted = unlisted;
  }

  static of(serviceTags: ServiceTags, unlisted: Unlisted): PublishedTags {
    const ofList = all.get(serviceTags) ?? new Map<Unlisted, PublishedTags>();
    all.set(serviceTags, ofList);
    const known = ofList.get(unlisted) ?? new PublishedTags(serviceTags, unlisted);
    ofList.set(unlisted, known);
    return known;
  }

  meaningOf(tag: string): Addressed {
    const known = this.#known.get(tag);
    if (known !== undefined) return known;
    if (this.#known.size >= tagsAtMost) this.#known.clear();
    const meaning = this.#workOut(tag);
    this.#known.set(tag, meaning);
    return meaning;
  }

  #workOut(tag: string): Addressed {
    const addresses = this.#serviceTags.addressesOf(tag);
    if (addresses !== undefined) return exactly(addresses);
    if (this.#unlisted !== "unknown") return exactly(this.#unlisted === "nobody" ? IpSet.empty : publicSpace);
    return anything(`the addresses of the service tag \`${tag}\` are not known`);
  }
}

const all = new WeakMap<ServiceTags, Map<Unlisted, PublishedTags>>();

/** More than Azure has; rules may say anything. */
const tagsAtMost = 10_000;
