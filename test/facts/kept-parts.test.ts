import { describe, expect, it } from "vitest";
import { keeper } from "../../lib/facts/kept-parts.ts";
import { networkId, nsgId } from "../support/builders.ts";

describe("the kept parts of a body", () => {
  it.each([
    { when: "a value", keeps: ["/a"], given: { a: 1, b: 2 }, want: { a: 1 } },
    { when: "a whole object", keeps: ["/a"], given: { a: { b: [1, { c: nsgId }], d: {} } }, want: "given" },
    { when: "a part of an object", keeps: ["/a/b"], given: { a: { b: 1, c: 2 }, d: 3 }, want: { a: { b: 1 } } },
    {
      when: "two parts",
      keeps: ["/a/b", "/a/c/d"],
      given: { a: { b: 1, c: { d: 2, e: 3 } } },
      want: { a: { b: 1, c: { d: 2 } } },
    },
    { when: "a whole and a part of it", keeps: ["/a/b", "/a"], given: { a: { b: 1, c: 2 } }, want: "given" },
    {
      when: "each element",
      keeps: ["/a/*/b"],
      given: { a: [{ b: 1, c: 2 }, { b: 3 }] },
      want: { a: [{ b: 1 }, { b: 3 }] },
    },
    { when: "nothing in an array", keeps: ["/a/*/b", "/c"], given: { a: [], c: [] }, want: "given" },
    { when: "null like what is absent", keeps: ["/a", "/b"], given: { a: null, b: 1 }, want: { b: 1 } },
    { when: "null in what is kept whole", keeps: ["/a"], given: { a: [null, { b: null }] }, want: "given" },
    { when: "a value in the place of an object", keeps: ["/a/b"], given: { a: "text" }, want: "given" },
    { when: "a value in the place of an array", keeps: ["/a/*/b"], given: { a: { b: 1 } }, want: { a: {} } },
    {
      when: "ids, whatever they end in",
      keeps: ["/a"],
      given: { a: [nsgId, `${nsgId}/`, "/subscriptions/"] },
      want: "given",
    },
  ])("are $when", ({ keeps, given, want }) => {
    expect(keeper(keeps)(given)).toEqual(want === "given" ? given : want);
  });

  it("differ between bodies of different shapes", () => {
    const keep = keeper(["/a", "/b"]);
    const given = [{ a: 1 }, { b: 2 }, {}, { b: 3, a: 4 }, { a: 5 }];
    expect(given.map(keep)).toEqual(given);
  });

  it("leave the body as it was", () => {
    const body = { a: { list: [], id: networkId }, b: [{ id: nsgId }] };
    const before = structuredClone(body);
    keeper(["/a", "/b"])(body);
    expect(body).toEqual(before);
  });

  it("cannot be of more names than there are bits", () => {
    const names = Array.from({ length: 32 }, (_, index) => `/name${index}`);
    expect(() => keeper(names)).toThrow(RangeError);
    expect(keeper(names.slice(1))({ name31: 1 })).toEqual({ name31: 1 });
  });
});
