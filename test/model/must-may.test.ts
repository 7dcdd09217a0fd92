import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../lib/model/evidence.ts";
import { allOf, anyOf, certainly, not, perhaps, reasonsOfAll, type Truth } from "../../lib/model/must-may.ts";
import { idOf, storageId } from "../support/builders.ts";

/** A statement over things that are known or not: the model is its truth in every possible world. */
type Statement =
  | { readonly kind: "known"; readonly holds: boolean }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "not"; readonly of: Statement }
  | { readonly kind: "allOf" | "anyOf"; readonly of: readonly Statement[] };

type World = ReadonlyMap<string, boolean>;

const names = ["a", "b", "c", "d"];

const worlds: readonly World[] = Array.from(
  { length: 2 ** names.length },
  (_, bits) => new Map(names.map((name, at) => [name, ((bits >> at) & 1) === 1])),
);

function holdsIn(world: World, statement: Statement): boolean {
  switch (statement.kind) {
    case "known":
      return statement.holds;
    case "unknown":
      return world.get(statement.name) ?? false;
    case "not":
      return !holdsIn(world, statement.of);
    case "allOf":
      return statement.of.every((part) => holdsIn(world, part));
    case "anyOf":
      return statement.of.some((part) => holdsIn(world, part));
  }
}

function truthOf(statement: Statement): Truth {
  switch (statement.kind) {
    case "known":
      return certainly(statement.holds);
    case "unknown":
      return perhaps([statement.name]);
    case "not":
      return not(truthOf(statement.of));
    case "allOf":
      return allOf(statement.of.map(truthOf));
    case "anyOf":
      return anyOf(statement.of.map(truthOf));
  }
}

/** Statements in which every unknown thing may come up any number of times. */
const anyStatement = fc.letrec<{ statement: Statement }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 4, depthIdentifier: "statement" },
    fc.record({ kind: fc.constant("known" as const), holds: fc.boolean() }),
    fc.record({ kind: fc.constant("unknown" as const), name: fc.constantFrom(...names) }),
    fc.record({ kind: fc.constant("not" as const), of: tie("statement") }),
    fc.record({
      kind: fc.constantFrom("allOf" as const, "anyOf" as const),
      of: fc.array(tie("statement"), { maxLength: 3 }),
    }),
  ),
})).statement;

function unknownsIn(statement: Statement): readonly string[] {
  if (statement.kind === "known") return [];
  if (statement.kind === "unknown") return [statement.name];
  return (statement.kind === "not" ? [statement.of] : statement.of).flatMap(unknownsIn);
}

describe("an uncertain truth, against its possible worlds", () => {
  it("never says what some world refutes", () => {
    fc.assert(
      fc.property(anyStatement, (statement) => {
        const { must, may } = truthOf(statement);
        if (must) expect(worlds.every((world) => holdsIn(world, statement))).toBe(true);
        if (!may) expect(worlds.some((world) => holdsIn(world, statement))).toBe(false);
      }),
    );
  });

  it("says all that can be said where no unknown thing comes up twice", () => {
    fc.assert(
      fc.property(anyStatement, (statement) => {
        const unknowns = unknownsIn(statement);
        fc.pre(new Set(unknowns).size === unknowns.length);
        const { must, may } = truthOf(statement);
        expect(must).toBe(worlds.every((world) => holdsIn(world, statement)));
        expect(may).toBe(worlds.some((world) => holdsIn(world, statement)));
      }),
    );
  });

  it("implies that it may hold where it must, and has reasons exactly where the two differ", () => {
    fc.assert(
      fc.property(anyStatement, (statement) => {
        const { must, may, because } = truthOf(statement);
        expect(!must || may).toBe(true);
        expect(because.length > 0).toBe(must !== may);
        expect(new Set(because).size).toBe(because.length);
        for (const reason of because) expect(unknownsIn(statement)).toContain(reason);
      }),
    );
  });

  it("names an unknown thing that would settle it", () => {
    fc.assert(
      fc.property(anyStatement, (statement) => {
        const unknowns = unknownsIn(statement);
        fc.pre(new Set(unknowns).size === unknowns.length);
        for (const reason of truthOf(statement).because) {
          const matters = worlds.some((world) => {
            const flipped = new Map(world).set(reason, !world.get(reason));
            return holdsIn(world, statement) !== holdsIn(flipped, statement);
          });
          expect(matters).toBe(true);
        }
      }),
    );
  });
});

describe("evidence and reasons", () => {
  const evidence = (pointer: string): Evidence => ({ resource: idOf(storageId), pointer, value: 1 });
  const pointersOf = (truth: Truth) => truth.evidence.map(({ pointer }) => pointer);

  it.each([
    {
      when: "all hold",
      given: allOf([certainly(true, [evidence("/a")]), certainly(true, [evidence("/b")])]),
      want: ["/a", "/b"],
    },
    {
      when: "one part refutes",
      given: allOf([
        certainly(true, [evidence("/a")]),
        certainly(false, [evidence("/b")]),
        perhaps(["?"], [evidence("/c")]),
      ]),
      want: ["/b"],
    },
    {
      when: "one part is enough",
      given: anyOf([
        certainly(false, [evidence("/a")]),
        certainly(true, [evidence("/b")]),
        perhaps(["?"], [evidence("/c")]),
      ]),
      want: ["/b"],
    },
    {
      when: "none holds",
      given: anyOf([certainly(false, [evidence("/a")]), certainly(false, [evidence("/b")])]),
      want: ["/a", "/b"],
    },
    { when: "it is turned round", given: not(certainly(true, [evidence("/a")])), want: ["/a"] },
  ])("come from the parts that decide: $when", ({ given, want }) => {
    expect(pointersOf(given)).toEqual(want);
  });

  it("hold for the empty list: all of nothing holds, any of nothing does not", () => {
    expect(allOf([])).toEqual(certainly(true));
    expect(anyOf([])).toEqual(certainly(false));
  });

  it("are given once", () => {
    const shared = evidence("/a");
    expect(pointersOf(allOf([certainly(true, [shared]), certainly(true, [shared])]))).toEqual(["/a"]);
    expect(reasonsOfAll([perhaps(["x", "y"]), perhaps(["y", "z"])])).toEqual(["x", "y", "z"]);
  });
});
