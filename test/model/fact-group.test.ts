import { expect, test } from "vitest";
import type { Fact } from "../../lib/model/fact.ts";
import { FactGroup } from "../../lib/model/fact-group.ts";
import { group, idOf } from "../support/builders.ts";

test("of a thousand facts those of one kind are looked for once, and again after a change", () => {
  let looks = 0;
  const factAt = (at: number, kind: "other" | "retired"): Fact => {
    const id = idOf(`${group}/providers/N/t/x${String(at).padStart(4, "0")}`);
    const fact = kind === "other" ? { kind, id, names: [] } : { kind, id, names: [], location: undefined };
    return new Proxy(fact as Fact, {
      get(target, name) {
        if (name === "kind") looks += 1;
        return Reflect.get(target, name);
      },
    });
  };
  const facts = new FactGroup();
  for (let at = 0; at < 1000; at++) facts.add(factAt(at, at === 500 ? "retired" : "other"));
  for (let ask = 0; ask < 1000; ask++) expect(facts.ofKinds(["retired"])).toHaveLength(1);
  expect(looks).toBeLessThanOrEqual(3000);
  facts.add(factAt(1000, "retired"));
  expect(facts.ofKinds(["retired"])).toHaveLength(2);
  expect(facts.ofKinds([])).toHaveLength(1001);
});
