import { describe, expect, test } from "vitest";
import type { Change } from "../../lib/fix/change.ts";
import { ClosingSets } from "../../lib/fix/closing-sets.ts";
import { idOf, storageId } from "../support/builders.ts";

const pool = Array.from({ length: 1000 }, (_, at): Change => {
  const edit = { resource: idOf(storageId), path: `/properties/list/${at}`, old: at, new: undefined };
  return { edits: [edit], commands: () => [] };
});

/** What is left of the pool where it takes some of the changes, and how many sets were looked at. */
function reduced(isNeeded: (at: number) => boolean, setsAtMost = 4096) {
  const needed = pool.filter((_, at) => isNeeded(at));
  let looks = 0;
  const closes = (changes: readonly Change[]) => {
    looks += 1;
    const taken = new Set(changes);
    return needed.every((one) => taken.has(one));
  };
  const left = new ClosingSets(pool, closes, setsAtMost).irreducible();
  return { left, needed, looks };
}

describe("what a thousand changes come down to", () => {
  test.each([
    { when: "none is needed", isNeeded: () => false, atMost: 2 },
    { when: "one is needed", isNeeded: (at: number) => at === 700, atMost: 22 },
    { when: "three are needed", isNeeded: (at: number) => at % 400 === 0, atMost: 62 },
    { when: "all are needed", isNeeded: () => true, atMost: 2000 },
  ])("$when: no more than $atMost sets are looked at", ({ isNeeded, atMost }) => {
    const { left, needed, looks } = reduced(isNeeded);
    expect(left).toEqual(needed);
    expect(looks).toBeLessThanOrEqual(atMost);
  });

  test("the effort ends it", () => {
    const { left, looks } = reduced(() => true, 100);
    expect(left).toEqual(pool);
    expect(looks).toBe(101);
  });
});
