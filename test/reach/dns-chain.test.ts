import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../lib/analyze.ts";
import { isObject } from "../../lib/model/json-object.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { rules } from "../../lib/rules/index.ts";
import { idOf } from "../support/builders.ts";
import { endpointId } from "../support/private-endpoints.ts";
import { readingsOf, snapshotOf, today } from "../support/world.ts";
import { anyDnsWorld, type DnsWorld, givenOf, policyOf, verdictsOf } from "./dns-worlds.ts";
import { hidingsOf } from "./hiding.ts";

const asked = rules.filter(({ on }) => on === "privateEndpoint");

/** What each rule says of the endpoint of a world. */
function saidOf(readings: readonly Reading[], policy: Policy): Readonly<Record<string, string>> {
  const snapshot = snapshotOf(readings);
  const found = snapshot.get(idOf(endpointId()));
  if (found.kind !== "fact" || found.fact.kind !== "privateEndpoint") throw new Error("the test gives no endpoint");
  const { findings } = evaluate(found.fact, snapshot, { policy, rules: asked, today });
  return Object.fromEntries(
    asked.map(({ id }) => {
      const own = findings.filter((finding) => finding.rule === id);
      for (const { status, because } of own) expect(because.length > 0).toBe(status === "undetermined");
      return [id, own[0]?.status ?? "pass"];
    }),
  );
}

function hide(world: DnsWorld, picks: readonly number[]) {
  const all = [...readingsOf(givenOf(world))];
  const hidings = hidingsOf(all);
  const chosen = picks.flatMap((pick) => hidings[pick % hidings.length] ?? []);
  const hidden = chosen.reduce((readings, hiding) => hiding.apply(readings), all as readonly Reading[]);
  return { all, hidden, what: chosen.map((hiding) => hiding.what), count: hidings.length };
}

describe("the names of a private endpoint", () => {
  test("are judged as by trying every behaviour of the networks' DNS servers", () => {
    fc.assert(
      fc.property(anyDnsWorld, (world) => {
        expect(saidOf([...readingsOf(givenOf(world))], policyOf(world))).toMatchObject(verdictsOf(world));
      }),
      { numRuns: 3000 },
    );
  });

  test("never get another verdict from knowing less, only none", () => {
    const anyPicks = fc.array(fc.nat({ max: 9999 }), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(anyDnsWorld, anyPicks, checkHidden), { numRuns: 2000 });
  });

  test("never get another verdict from not knowing any one thing", () => {
    const all = (world: DnsWorld) => {
      const { count } = hide(world, [0]);
      for (let pick = 0; pick < count; pick++) checkHidden(world, [pick]);
    };
    fc.assert(fc.property(anyDnsWorld, all), { numRuns: 60 });
  });

  test("do not depend on the order of reading", () => {
    const anyOrder = fc.array(fc.nat({ max: 9999 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(anyDnsWorld, anyOrder, (world, order) => {
        const all = [...readingsOf(givenOf(world))];
        const shuffled = all.map((one, index) => ({ one, at: order[index] ?? 0 })).sort((a, b) => a.at - b.at);
        const readings = shuffled.map(({ one }) => one);
        expect(saidOf(readings, policyOf(world))).toEqual(saidOf(all, policyOf(world)));
      }),
      { numRuns: 300 },
    );
  });

  // A property over worlds in which a rule never speaks would prove nothing of that rule.
  test.each(asked)("are tried on worlds where $id fails, passes and is undetermined", ({ id }) => {
    const seen = new Set<string | undefined>();
    for (const [world, pick] of fc.sample(fc.tuple(anyDnsWorld, fc.nat()), { numRuns: 500, seed: 1 })) {
      const { all, hidden } = hide(world, [pick]);
      const [whole, part] = [all, hidden].map((readings) => saidOf(readings, policyOf(world))[id]);
      seen.add(whole);
      if (part === "undetermined" && whole !== part) seen.add(`${whole}, hidden`);
    }
    expect([...seen]).toEqual(expect.arrayContaining(["fail", "pass", "fail, hidden", "pass, hidden"]));
  });
});

function checkHidden(world: DnsWorld, picks: readonly number[]): void {
  const { all, hidden, what } = hide(world, picks);
  if (!hidden.some(isEndpoint)) return;
  const [whole, part] = [saidOf(all, policyOf(world)), saidOf(hidden, policyOf(world))];
  const wrong = asked.filter(({ id }) => part[id] !== "undetermined" && part[id] !== whole[id]);
  expect({ wrong: wrong.map(({ id }) => `${id} ${part[id]}, not ${whole[id]}`), what }).toEqual({ wrong: [], what });
}

function isEndpoint(reading: Reading): boolean {
  return reading.kind === "resource" && isObject(reading.body) && reading.body.id === endpointId();
}
