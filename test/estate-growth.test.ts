import { expect, test } from "vitest";
import type { Estate } from "../lib/estate.ts";
import { type Changed, changes, loadedEstate } from "./bench/changes.ts";

const [small, large] = [1_000, 10_000].map((count) => {
  const estate = loadedEstate(count);
  estate.catchUp();
  return estate;
}) as [Estate, Estate];

/** Of the first landing zone, which is the same in both estates: which subjects are evaluated again after each change. */
function evaluated(estate: Estate, what: Changed): readonly (readonly string[])[] {
  return [0, 1, 2, 3, 4].map((item) => {
    estate.snapshot.add(changes[what](0, item, 1));
    return estate
      .catchUp()
      .map(({ subject }) => subject.id.key)
      .sort();
  });
}

test.each<{ what: Changed; atMost: number }>([
  { what: "service", atMost: 2 },
  { what: "endpoint", atMost: 2 },
  { what: "firewall rule", atMost: 1 },
  { what: "subnet", atMost: 20 },
  { what: "NSG", atMost: 40 },
])("after one changed $what the same subjects are evaluated, however large the estate", ({ what, atMost }) => {
  const inSmall = evaluated(small, what);
  expect(evaluated(large, what)).toEqual(inSmall);
  const counts = inSmall.map(({ length }) => length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.max(...counts)).toBeLessThanOrEqual(atMost);
});

test("nothing is evaluated where the body says the same", () => {
  for (const change of Object.values(changes)) {
    for (const _ of [1, 2]) large.snapshot.add(change(1, 0, 7));
    large.catchUp();
    large.snapshot.add(change(1, 0, 7));
    expect(large.catchUp()).toEqual([]);
  }
});
