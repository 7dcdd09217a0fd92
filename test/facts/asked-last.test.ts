import { describe, expect, it } from "vitest";
import { AskedLast, elementsAtMost, type Forgetful, factsAtMost } from "../../lib/facts/asked-last.ts";

class Fact implements Forgetful {
  readonly elements: number;
  isForgotten = false;

  constructor(elements: number) {
    this.elements = elements;
  }

  forget(): void {
    this.isForgotten = true;
  }
}

/** Whether each of some facts with lists of so many elements, asked one after the other, is still remembered at the end. */
function remembered(...elements: readonly number[]): readonly boolean[] {
  const last = new AskedLast();
  const facts = elements.map((count) => new Fact(count));
  for (const fact of facts) last.add(fact);
  return facts.map(({ isForgotten }) => !isForgotten);
}

const whole = elementsAtMost;

describe("the facts that were asked last", () => {
  it.each([
    { when: "there is room for all", given: [1, 2, 3], want: [true, true, true] },
    { when: "their lists fill it", given: [whole / 2, whole / 2], want: [true, true] },
    { when: "their lists are too long together", given: [1, whole, 0], want: [false, true, true] },
    { when: "one makes room enough", given: [whole / 2, whole / 2, 1], want: [false, true, true] },
    { when: "several have to make room", given: [1, 1, whole - 2, whole], want: [false, false, false, true] },
    { when: "the last one alone is too large", given: [1, whole * 2], want: [false, true] },
    { when: "another follows one that was too large", given: [whole * 2, 1], want: [false, true] },
  ])("are remembered where $when", ({ given, want }) => {
    expect(remembered(...given)).toEqual(want);
  });

  it("are so many at most, the last of them", () => {
    const kept = remembered(...Array.from({ length: factsAtMost * 3 + 7 }, () => 0));
    expect(kept.indexOf(true)).toBe(factsAtMost * 2 + 7);
    expect(kept.slice(factsAtMost * 2 + 7).every(Boolean)).toBe(true);
  });
});
