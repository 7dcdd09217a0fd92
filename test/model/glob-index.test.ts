import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Glob } from "../../lib/model/glob.ts";
import { GlobIndex } from "../../lib/model/glob-index.ts";
import { group, idOf, storageId } from "../support/builders.ts";

const indexOf = (globs: readonly Glob[]) => new GlobIndex(globs, (glob) => glob);

describe("an index of globs", () => {
  it("finds what a walk through all of them finds, in their order", () => {
    const name = fc.constantFrom("a", "b", "ab");
    const id = fc
      .array(name, { minLength: 1, maxLength: 4 })
      .map((names) => idOf(`${group}/providers/N/t/${names.join("/t/")}`));
    const cut = fc.tuple(id, fc.nat(), fc.nat(3)).map(([{ text }, at, length]) => {
      const from = at % (text.length + 1);
      return new Glob(`${text.slice(0, from)}*${text.slice(from + length)}`);
    });
    const glob = fc.oneof(
      cut,
      id.map(({ text }) => new Glob(text)),
      fc.constantFrom("*", "", "*/a", "*b").map((text) => new Glob(text)),
    );
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 30 }), id, (globs, asked) => {
        const index = indexOf(globs);
        const want = globs.filter((one) => one.matches(asked));
        expect(index.matching(asked)).toEqual(want);
        expect(index.hasMatching(asked)).toBe(want.length > 0);
      }),
    );
  });

  it.each([
    { when: "ids", globOf: (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}` },
    { when: "names anywhere", globOf: (name: string) => `*/storageAccounts/${name}` },
    { when: "names in a group", globOf: (name: string) => `${group}/*/${name}` },
    {
      when: "all that is in something",
      globOf: (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}/*`,
    },
  ])("of a thousand $when it looks at no more than the one that matches", ({ globOf }) => {
    let looks = 0;
    class Counting extends Glob {
      override matches(id: ReturnType<typeof idOf>): boolean {
        looks += 1;
        return super.matches(id);
      }
    }
    const names = Array.from({ length: 1000 }, (_, at) => `st${at}`);
    const index = indexOf(names.map((name) => new Counting(globOf(name))));
    const asked = names.map((name) => storageId.replace("stdrawings", name));
    const found = asked.map((text) =>
      index.matching(idOf(globOf("x").endsWith("/*") ? `${text}/blobServices/default` : text)),
    );
    expect(found.map(({ length }) => length)).toEqual(names.map(() => 1));
    expect(looks).toBe(1000);
  });
});
