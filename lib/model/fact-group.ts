import type { Fact, FactKind, FactOf } from "./fact.ts";
import type { Question } from "./questions.ts";

/** A question about the facts of a group, or about those of one kind. */
export interface GroupQuestion {
  readonly question: Question;
  readonly of: FactKind | undefined;
  /** Whether it asks no more than which facts there are. */
  readonly isOfMembers: boolean;
}

const none: readonly never[] = [];

/** So few are gone through whenever somebody asks. */
const few = 16;

/** Facts that have something in common, in the order of their keys as soon as somebody asks. */
export class FactGroup {
  /** What somebody has asked so far. */
  questions: readonly GroupQuestion[] = none;
  #facts: Fact[] = [];
  #isSorted = true;
  /** Before anybody asks, facts come by the thousand: they are put in order all at once. */
  #isKeptSorted = false;
  /** Those of some kinds, by the names of these, of what many name: nearly all ask for the few that are of another kind. */
  #byKinds: Map<string, readonly Fact[]> | undefined;

  add(fact: Fact): void {
    this.#byKinds = undefined;
    const last = this.#facts.at(-1);
    const isLast = last === undefined || last.id.key < fact.id.key;
    if (last === undefined)
      this.#facts = [fact]; // most groups stay that small, and what grows has room for many
    else if (isLast || !this.#isKeptSorted) this.#facts.push(fact);
    else this.#facts.splice(this.#placeOf(fact.id.key), 0, fact);
    this.#isSorted &&= isLast || this.#isKeptSorted;
  }

  delete(fact: Fact): void {
    this.#byKinds = undefined;
    const at = this.#indexOf(fact);
    if (at >= 0) this.#facts.splice(at, 1);
  }

  /** Both facts are of the same resource. */
  replace(before: Fact, after: Fact): void {
    this.#byKinds = undefined;
    const at = this.#indexOf(before);
    if (at >= 0) this.#facts[at] = after;
  }

  get size(): number {
    return this.#facts.length;
  }

  /** Good until the next change of the group. */
  get facts(): readonly Fact[] {
    if (!this.#isSorted) this.#facts = this.#facts.toSorted(byKey);
    this.#isSorted = true;
    this.#isKeptSorted = true;
    return this.#facts;
  }

  /** Those of some kinds, or all where none is given; good until the next change of the group. */
  ofKinds<K extends FactKind>(kinds: readonly K[]): readonly FactOf<K>[] {
    const { facts } = this;
    if (facts.length <= few) return ofKinds(facts, kinds);
    this.#byKinds ??= new Map();
    const name = kinds.join();
    const known = this.#byKinds.get(name) ?? ofKinds(facts, kinds);
    this.#byKinds.set(name, known);
    return known as readonly FactOf<K>[];
  }

  #indexOf(fact: Fact): number {
    if (!this.#isSorted) return this.#facts.lastIndexOf(fact);
    const at = this.#placeOf(fact.id.key);
    return this.#facts[at] === fact ? at : -1;
  }

  /** Where the fact with this key is, or belongs. */
  #placeOf(key: string): number {
    let [first, end] = [0, this.#facts.length];
    while (first < end) {
      const middle = (first + end) >>> 1;
      const fact = this.#facts[middle];
      if (fact !== undefined && fact.id.key < key) first = middle + 1;
      else end = middle;
    }
    return first;
  }
}

/** Nearly always all of them or none: then no array is made. */
function ofKinds<K extends FactKind>(facts: readonly Fact[], kinds: readonly K[]): readonly FactOf<K>[] {
  if (areOf(facts, kinds)) return facts;
  return facts.some((fact) => isOneOf(fact, kinds)) ? facts.filter((fact) => isOneOf(fact, kinds)) : none;
}

/** True, too, where no kind is asked for. */
function areOf<K extends FactKind>(facts: readonly Fact[], kinds: readonly K[]): facts is readonly FactOf<K>[] {
  return kinds.length === 0 || facts.every((fact) => isOneOf(fact, kinds));
}

export function isOneOf<K extends FactKind>(fact: Fact, kinds: readonly K[]): fact is FactOf<K> {
  const all: readonly FactKind[] = kinds;
  return all.includes(fact.kind);
}

function byKey(a: Fact, b: Fact): number {
  if (a.id.key === b.id.key) return 0;
  return a.id.key < b.id.key ? -1 : 1;
}

/** A new one where there is none yet. */
export function groupAt<K>(groups: Map<K, FactGroup>, at: K): FactGroup {
  const known = groups.get(at);
  if (known !== undefined) return known;
  const group = new FactGroup();
  groups.set(at, group);
  return group;
}
