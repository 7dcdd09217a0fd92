import type { Fact } from "./fact.ts";

/** Facts that have something in common, in the order of their keys as soon as somebody asks. */
export class FactGroup {
  #facts: Fact[] = [];
  #isSorted = true;

  add(fact: Fact): void {
    const last = this.#facts.at(-1);
    if (last === undefined)
      this.#facts = [fact]; // most groups stay that small, and what grows has room for many
    else {
      this.#isSorted &&= last.id.key < fact.id.key;
      this.#facts.push(fact);
    }
  }

  delete(fact: Fact): void {
    this.#facts = this.#facts.filter((one) => one !== fact);
  }

  get size(): number {
    return this.#facts.length;
  }

  /** Good until the next change of the group. */
  get facts(): readonly Fact[] {
    if (!this.#isSorted) this.#facts = this.#facts.toSorted(byKey);
    this.#isSorted = true;
    return this.#facts;
  }
}

function byKey(a: Fact, b: Fact): number {
  if (a.id.key === b.id.key) return 0;
  return a.id.key < b.id.key ? -1 : 1;
}
