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

  /** All that goes together, without what it does not take; undefined where even all does not close it. */
  irreducible(): readonly Change[] | undefined {
    const all: Change[] = [];
    for (const one of this.#pool) if (canGoTogether([...all, one])) all.push(one);
    if (!this.#closes(all)) return undefined;
    return all.reduce<readonly Change[]>((set, one) => {
      const others = set.filter((other) => other !== one);
      return this.#closes(others) ? others : set;
    }, all);
  }
}

/** Every way to take `size` of the elements, in the order of the elements. */
export function* combinations<T>(elements: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [index, first] of elements.entries()) {
    if (index < from) continue;
    for (const rest of combinations(elements, size - 1, index + 1)) yield [first, ...rest];
  }
}

/** Two changes of one value, or of a thing and of a part of it, do not. */
export function canGoTogether(changes: readonly Change[]): boolean {
  return changes.every((one, index) =>
    changes.slice(index + 1).every((other) => {
      return editsOf(one).every((a) => editsOf(other).every((b) => areCompatible(a, b)));
    }),
  );
}

function editsOf({ edits, follows = [] }: Change): readonly Edit[] {
  return [...edits, ...follows];
}
