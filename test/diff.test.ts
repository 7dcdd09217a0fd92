import fc from "fast-check";
import { expect, test } from "vitest";
import { diff, type Fate, type Found, type Present, type Remembered, type Transition } from "../lib/diff.ts";
import type { Finding } from "../lib/model/finding.ts";
import { Glob } from "../lib/model/glob.ts";
import { idOf, storageId } from "./support/builders.ts";

const waiver = { rule: "NI101", resource: new Glob("*"), reason: "soon", owner: "ann", expires: "2027-01-01" };
const waived = { reason: "soon", owner: "ann", expires: "2027-01-01" };

function remembered(given: Partial<Remembered> = {}): Remembered {
  return { id: "f", rule: "NI101", resource: storageId, state: "open", digest: "same", ...given };
}

function present(given: Partial<Finding> = {}, digest = "same"): Present {
  const finding: Finding = {
    id: "f",
    rule: "NI101",
    severity: "high",
    status: "fail",
    resource: idOf(storageId),
    services: [],
    title: "",
    because: [],
    evidence: [],
    assumptions: [],
    remedy: "",
    ...given,
  };
  return { finding, digest };
}

function found(present: readonly Present[], fate: Fate = "evaluated", rules: readonly string[] = ["NI101"]): Found {
  return { present, rules: new Set(rules), fateOf: () => fate };
}

function toldOf(transition: Transition): string {
  return "resolution" in transition ? `${transition.kind} ${transition.resolution}` : transition.kind;
}

test.each([
  { when: "new", before: [], now: found([present()]), want: ["opened"] },
  { when: "as it was", before: [remembered()], now: found([present()]), want: [] },
  { when: "changed", before: [remembered()], now: found([present({}, "other")]), want: ["changed"] },
  { when: "fixed", before: [remembered()], now: found([]), want: ["resolved fixed"] },
  { when: "deleted", before: [remembered()], now: found([], "deleted"), want: ["resolved deleted"] },
  { when: "out of scope", before: [remembered()], now: found([], "out of scope"), want: ["resolved out of scope"] },
  { when: "retired", before: [remembered()], now: found([], "deleted", []), want: ["resolved rule retired"] },
  { when: "waived", before: [remembered()], now: found([present({ waived: waiver })]), want: ["resolved waived"] },
  { when: "new and waived", before: [], now: found([present({ waived: waiver })]), want: ["noted"] },
  {
    when: "waived as it was",
    before: [remembered({ state: "waived", waived })],
    now: found([present({ waived: waiver })]),
    want: [],
  },
  {
    when: "waived for longer",
    before: [remembered({ state: "waived", waived: { ...waived, expires: "2026-12-01" } })],
    now: found([present({ waived: waiver })]),
    want: ["noted"],
  },
  {
    when: "waived, and changed",
    before: [remembered({ state: "waived", waived })],
    now: found([present({ waived: waiver }, "other")]),
    want: ["noted"],
  },
  {
    when: "no longer waived",
    before: [remembered({ state: "waived", waived })],
    now: found([present()]),
    want: ["opened"],
  },
  {
    when: "waived, and fixed",
    before: [remembered({ state: "waived", waived })],
    now: found([]),
    want: ["noted fixed"],
  },
  { when: "back", before: [remembered({ state: "resolved" })], now: found([present()]), want: ["opened"] },
  {
    when: "back and waived",
    before: [remembered({ state: "resolved" })],
    now: found([present({ waived: waiver })]),
    want: ["noted"],
  },
  { when: "still resolved", before: [remembered({ state: "resolved" })], now: found([]), want: [] },
])("a finding that is $when: $want", ({ before, now, want }) => {
  expect(diff(before, now).map(toldOf)).toEqual(want);
});

/** What a ledger holds after a transition, as far as the next comparison cares. */
function applied(before: readonly Remembered[], transitions: readonly Transition[]): readonly Remembered[] {
  const all = new Map(before.map((one) => [one.id, one]));
  for (const transition of transitions) {
    const known = all.get(transition.id) ?? remembered({ id: transition.id });
    const now = "present" in transition ? transition.present : undefined;
    const isWaived = now?.finding.waived !== undefined;
    const state = now === undefined ? "resolved" : isWaived ? "waived" : "open";
    const { waived: _, ...rest } = known;
    all.set(transition.id, { ...rest, state, digest: now?.digest ?? known.digest, ...(isWaived ? { waived } : {}) });
  }
  return [...all.values()];
}

const ids = fc.constantFrom("a", "b", "c", "d");
const digests = fc.constantFrom("1", "2");

const ledgers = fc.uniqueArray(
  fc.record({ id: ids, state: fc.constantFrom("open", "waived", "resolved"), digest: digests }),
  { selector: ({ id }) => id },
);

const audits = fc.uniqueArray(fc.record({ id: ids, isWaived: fc.boolean(), digest: digests }), {
  selector: ({ id }) => id,
});

test("property: applied, it makes the ledger say what was found, and asked again it says nothing", () => {
  fc.assert(
    fc.property(ledgers, audits, (known, seen) => {
      const before = known.map((one) => remembered({ ...one, ...(one.state === "waived" ? { waived } : {}) }));
      const now = found(
        seen.map(({ id, isWaived, digest }) => present({ id, ...(isWaived ? { waived: waiver } : {}) }, digest)),
      );
      const transitions = diff(before, now);
      const after = applied(before, transitions);
      const states = new Map(after.map(({ id, state }) => [id, state]));
      for (const { id, isWaived } of seen) expect(states.get(id)).toBe(isWaived ? "waived" : "open");
      for (const { id } of known) if (!seen.some((one) => one.id === id)) expect(states.get(id)).toBe("resolved");
      expect(new Set(transitions.map(({ id }) => id)).size).toBe(transitions.length);
      expect(diff(after, now)).toEqual([]);
    }),
  );
});

test("property: the order of what was found and of what is remembered does not matter", () => {
  fc.assert(
    fc.property(ledgers, audits, (known, seen) => {
      const before = known.map((one) => remembered(one));
      const now = seen.map(({ id, digest }) => present({ id }, digest));
      const told = (some: readonly Transition[]) => some.map((one) => `${one.id} ${toldOf(one)}`).sort();
      expect(told(diff(before.toReversed(), found(now.toReversed())))).toEqual(told(diff(before, found(now))));
    }),
  );
});
