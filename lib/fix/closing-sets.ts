import type { Change } from "./change.ts";
import { areCompatible, type Edit } from "./edit.ts";

/** Looks for sets of changes that close a finding, for as long as its effort lasts. */
export class ClosingSets {
  readonly #pool: readonly Change[];
  readonly #closes: (changes: readonly Change[]) => boolean;
  readonly #setsAtMost: number;
  #tried = 0;

  constructor(pool: readonly Change[], closes: (changes: readonly Change[]) => boolean, setsAtMost: number) {
    this.#pool = pool;
    this.#closes = closes;
    this.#setsAtMost = setsAtMost;
  }

  /** Whether some set was not tried for want of effort: then nothing is proved. */
  isSpent = false;

  /** Those of so many changes, in the order of the pool. */
  *ofSize(size: number): Generator<readonly Change[]> {
    for (const set of combinations(this.#pool, size)) {
      if (!canGoTogether(set)) continue;
      if (this.#tried >= this.#setsAtMost) {
        this.isSpent = true;
        return;
      }
      this.#tried += 1;
      if (this.#closes(set)) yield set;
    }
  }

  /**
   * Changes that close it together, each of which it takes even beside all others: no smaller set is worth looking for. Undefined
   * where there are no such changes, or so few smaller sets that trying all of them proves more.
   */
  indispensable(): readonly Change[] | undefined {
    const { length } = this.#pool;
    if (setsBelow(length + 1, length) <= this.#setsAtMost || !canGoTogether(this.#pool)) return undefined;
    const left = this.irreducible();
    if (left === undefined || setsBelow(left.length, length) <= this.#setsAtMost) return undefined;
    const isNeeded = (one: Change) => !this.#closes(this.#pool.filter((other) => other !== one));
    return left.every(isNeeded) ? left : undefined;
  }

  /**
   * All that goes together, without what it does not take, as far as as many more sets tell; undefined where even all does
   * not close it.
   */
  irreducible(): readonly Change[] | undefined {
    const all = asManyAsGoTogether(this.#pool);
    if (!this.#closes(all)) return undefined;
    const effort = { left: this.#setsAtMost };
    const kept = new Set(all);
    this.#reduce(all, kept, effort);
    return [...kept];
  }

  /** Leaves out the part of what is kept, or parts of that: where few are needed, few sets are tried. */
  #reduce(part: readonly Change[], kept: Set<Change>, effort: { left: number }): void {
    if (effort.left === 0 || part.length === 0) return;
    effort.left -= 1;
    const out = new Set(part);
    if (this.#closes([...kept].filter((one) => !out.has(one)))) {
      for (const one of part) kept.delete(one);
      return;
    }
    if (part.length === 1) return;
    const middle = part.length >>> 1;
    this.#reduce(part.slice(0, middle), kept, effort);
    this.#reduce(part.slice(middle), kept, effort);
  }
}

/** How many sets of fewer than `size` of so many elements there are, the empty one left out. */
function setsBelow(size: number, elements: number): number {
  let all = 0;
  let ofSize = 1;
  for (let taken = 1; taken < size; taken++) {
    ofSize *= (elements - taken + 1) / taken;
    all += ofSize;
  }
  return all;
}

/** Every way to take `size` of the elements, in the order of the elements. */
export function* combinations<T>(elements: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let index = from; index + size <= elements.length; index++) {
    const first = elements[index] as T;
    for (const rest of combinations(elements, size - 1, index + 1)) yield [first, ...rest];
  }
}

/** Two changes of one value, or of a thing and of a part of it, do not. */
export function canGoTogether(changes: readonly Change[]): boolean {
  return asManyAsGoTogether(changes).length === changes.length;
}

/** Each that goes with those before it; only edits of one resource can be at odds. */
function asManyAsGoTogether(changes: readonly Change[]): readonly Change[] {
  const byResource = new Map<string, Edit[]>();
  return changes.filter((change) => {
    const edits = editsOf(change);
    const isApart = edits.every((edit) => {
      const others = byResource.get(edit.resource.key) ?? [];
      return others.every((other) => areCompatible(edit, other));
    });
    if (!isApart) return false;
    for (const edit of edits) {
      const known = byResource.get(edit.resource.key);
      if (known === undefined) byResource.set(edit.resource.key, [edit]);
      else known.push(edit);
    }
    return true;
  });
}

function editsOf({ edits, follows = [] }: Change): readonly Edit[] {
  return [...edits, ...follows];
}
