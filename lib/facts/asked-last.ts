export interface Forgetful {
  /** How long the list is that it remembers most of; it does not change. */
  readonly elements: number;
  forget(): void;
}

/** Enough for a subject and all that is asked about it: so many facts, with so many elements of lists between them. */
export const factsAtMost = 400;
export const elementsAtMost = 4_000;

/** The facts that know what they answered. Those that were asked first make room, but never the last. */
export class AskedLast {
  readonly #facts: Forgetful[] = [];
  /** Those before it have made room. */
  #first = 0;
  #elements = 0;

  add(fact: Forgetful): void {
    this.#facts.push(fact);
    this.#elements += fact.elements;
    while (this.#isFull() && this.#first < this.#facts.length - 1) this.#forgetFirst();
    if (this.#first < factsAtMost) return;
    this.#facts.splice(0, this.#first);
    this.#first = 0;
  }

  #isFull(): boolean {
    return this.#elements > elementsAtMost || this.#facts.length - this.#first > factsAtMost;
  }

  #forgetFirst(): void {
    const fact = this.#facts[this.#first];
    this.#elements -= fact?.elements ?? 0;
    fact?.forget();
    this.#first += 1;
  }
}
