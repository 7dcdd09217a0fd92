import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomWorld } from "../oracle/random-world.ts";
import { expectNextHops } from "../support/next-hops.ts";

describe("where packets go next", () => {
  test("property: is where the oracle says for every atom, and unknown only where the oracle's answer is", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(randomWorld(), (world) => {
        for (const { type } of expectNextHops(world)) seen.set(type, (seen.get(type) ?? 0) + 1);
      }),
      { numRuns: 1_000 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(7);
    for (const count of seen.values()) expect(count).toBeGreaterThan(100);
  });
});
