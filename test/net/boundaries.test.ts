import { describe, expect, test } from "vitest";
import { difference, inRange, intersection, leavesOfRange, type Operation } from "../../lib/net/boundaries.ts";

/** A list that counts how often one of its boundaries is looked at. */
function counted(count: number) {
  const looks = { count: 0 };
  const list = Array.from({ length: 2 * count }, (_, at) => 10 * at);
  const get = (boundaries: readonly number[], name: string | symbol) => {
    if (typeof name === "string" && /^\d+$/.test(name)) looks.count += 1;
    return Reflect.get(boundaries, name);
  };
  return { looks, list: new Proxy(list, { get }) };
}

describe("one range and 30,000 others", () => {
  test.each<{ when: string; range: readonly number[]; ask: Operation; want: boolean }>([
    { when: "overlap", range: [300_005, 300_007], ask: intersection, want: true },
    { when: "do not overlap", range: [300_011, 300_017], ask: intersection, want: false },
    { when: "hold it", range: [300_000, 300_010], ask: difference, want: false },
    { when: "do not hold it", range: [300_000, 300_011], ask: difference, want: true },
  ])("are looked up, not gone through, where they $when", ({ range, ask, want }) => {
    const { looks, list } = counted(30_000);
    expect(leavesOfRange(range, list, ask)).toBe(want);
    expect(looks.count).toBeLessThanOrEqual(20);
  });

  test("are looked up for what they have in common", () => {
    const { looks, list } = counted(30_000);
    expect(inRange([300_005, 300_025], list)).toEqual([300_005, 300_010, 300_020, 300_025]);
    expect(looks.count).toBeLessThanOrEqual(40);
  });
});
