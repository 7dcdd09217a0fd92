import type { Glob } from "./glob.ts";
import type { ResourceId } from "./resource-id.ts";

interface Indexed<T> {
  readonly glob: Glob;
  readonly one: T;
  readonly at: number;
}

/** So few are gone through faster than looked up. */
const few = 8;

/** What is meant for the resources that a glob matches: of many, found by the names at the end or the beginning of the id. */
export class GlobIndex<T> {
  readonly #all: readonly Indexed<T>[];
  readonly #byEnd: ReadonlyMap<string, readonly Indexed<T>[]>;
  readonly #byBeginning: ReadonlyMap<string, readonly Indexed<T>[]>;

  constructor(all: readonly T[], globOf: (one: T) => Glob) {
    this.#all = all.map((one, at) => ({ glob: globOf(one), one, at }));
    this.#byEnd = Map.groupBy(this.#all, ({ glob }) => glob.end);
    this.#byBeginning = Map.groupBy(
      this.#all.filter(({ glob }) => glob.end === ""),
      ({ glob }) => glob.beginning,
    );
  }

  /** In the order in which they were given. */
  matching(id: ResourceId): readonly T[] {
    const found = this.#candidates(id).filter(({ glob }) => glob.matches(id));
    return found.sort((a, b) => a.at - b.at).map(({ one }) => one);
  }

  hasMatching(id: ResourceId): boolean {
    return this.#candidates(id).some(({ glob }) => glob.matches(id));
  }

  #candidates({ key }: ResourceId): readonly Indexed<T>[] {
    if (this.#all.length <= few) return this.#all;
    const candidates = [...(this.#byEnd.get(key.slice(key.lastIndexOf("/") + 1)) ?? [])];
    for (let end = 0; end >= 0; end = key.indexOf("/", end + 1)) {
      candidates.push(...(this.#byBeginning.get(key.slice(0, end)) ?? []));
    }
    return candidates;
  }
}
