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

/** The places in the pool of what each set takes that closes it, and how many sets were looked at. */
function indispensable(from: readonly Change[], isClosed: (taken: (at: number) => boolean) => boolean) {
  let looks = 0;
  const closes = (changes: readonly Change[]) => {
    looks += 1;
    const taken = new Set(changes);
    return isClosed((at) => from.slice(at, at + 1).some((one) => taken.has(one)));
  };
  const needed = new ClosingSets(from, closes, 4096).indispensable();
  return { needed: needed?.map((one) => from.indexOf(one)), looks };
}

describe("changes each of which is needed", () => {
  const hundred = pool.slice(0, 100);
  const all = hundred.map((_, at) => at);
  const some = [3, 50, 98];
  const clash: Change = { edits: hundred[0]?.edits ?? [], commands: () => [] };

  test.each<{
    when: string;
    from: readonly Change[];
    isClosed: (taken: (at: number) => boolean) => boolean;
    want: readonly number[] | undefined;
    atMost: number;
  }>([
    { when: "all", from: hundred, isClosed: (taken) => all.every(taken), want: all, atMost: 300 },
    { when: "some", from: hundred, isClosed: (taken) => some.every(taken), want: some, atMost: 80 },
    {
      ...{ when: "looks so: one of two does as well", from: hundred, want: undefined, atMost: 80 },
      isClosed: (taken) => some.every(taken) && (taken(7) || taken(8)),
    },
    {
      when: "all that can be tried is tried",
      from: pool.slice(0, 12),
      isClosed: () => true,
      want: undefined,
      atMost: 0,
    },
    {
      ...{ when: "too few for a doubt", from: hundred, want: undefined, atMost: 40 },
      isClosed: (taken) => taken(3) && taken(98),
    },
    { when: "not even all close it", from: hundred, isClosed: () => false, want: undefined, atMost: 1 },
    { when: "some do not go together", from: [...hundred, clash], isClosed: () => true, want: undefined, atMost: 0 },
  ])("$when", ({ from, isClosed, want, atMost }) => {
    const { needed, looks } = indispensable(from, isClosed);
    expect(needed).toEqual(want);
    expect(looks).toBeLessThanOrEqual(atMost);
  });
});

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
