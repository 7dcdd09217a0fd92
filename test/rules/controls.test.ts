import { expect, test } from "vitest";
import { rules } from "../../lib/rules/index.ts";
import published from "../fixtures/controls.json" with { type: "json" };

/** What CIS recommends → its number in each version. */
const recommendations: readonly Readonly<Record<string, readonly string[]>>[] = Object.values(published.cis);
const definitions: Readonly<Record<string, string>> = published.azurePolicy;

test.each(rules)("$id $name names what other catalogues have", ({ controls: { cis, azurePolicy } }) => {
  const named = Object.entries(cis).flatMap(([version, ids]) => ids.map((id) => ({ version, id })));
  const unknown = named.filter(({ version, id }) => !recommendations.some((one) => one[version]?.includes(id)));
  expect(unknown).toEqual([]);
  expect(azurePolicy.filter((id) => definitions[id] === undefined)).toEqual([]);
});

test.each(rules)("$id $name names a recommendation in every version that has it", ({ controls: { cis } }) => {
  const isNamed = ([version, ids]: readonly [string, readonly string[]]) =>
    ids.some((id) => cis[version]?.includes(id));
  const missing = recommendations.flatMap((one) => {
    const versions = Object.entries(one);
    return versions.some(isNamed) ? versions.filter((version) => !isNamed(version)) : [];
  });
  expect(missing).toEqual([]);
});

test.each([
  ["NI101", "NI303", "should disable public network access"],
  ["NI301", "NI302", "should use private link"],
])("%s and %s name the same definitions that say: %s", (one, other, phrase) => {
  const named = (id: string) =>
    rules
      .filter((rule) => rule.id === id)
      .flatMap(({ controls }) => controls.azurePolicy.filter((name) => definitions[name]?.includes(phrase)))
      .sort();
  expect(named(one)).not.toEqual([]);
  expect(named(one)).toEqual(named(other));
});
