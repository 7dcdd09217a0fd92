import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Glob } from "../../lib/model/glob.ts";
import { group, idOf, storageId, subscription } from "../support/builders.ts";

describe("a glob", () => {
  it.each([
    { when: "the id itself", glob: storageId, want: true },
    { when: "another spelling of it", glob: storageId.toUpperCase(), want: true },
    { when: "a star alone", glob: "*", want: true },
    { when: "a star across slashes", glob: `${subscription}/*/stdrawings`, want: true },
    { when: "a star for nothing", glob: `${storageId}*`, want: true },
    { when: "several stars", glob: "*/storageaccounts/st*", want: true },
    { when: "stars side by side", glob: "/subscriptions/**/stdrawings", want: true },
    { when: "the beginning of the id only", glob: group, want: false },
    { when: "the end of the id only", glob: "stdrawings", want: false },
    { when: "a part in the middle", glob: "*/providers/microsoft.sql/*", want: false },
    { when: "nothing", glob: "", want: false },
    {
      when: "a dot, which is no wildcard",
      glob: storageId.replace("Microsoft.Storage", "Microsoft?Storage"),
      want: false,
    },
    {
      when: "letters that stand for a dot",
      glob: storageId.replace("Microsoft.Storage", "MicrosoftxStorage"),
      want: false,
    },
  ])("matches $when: $want", ({ glob, want }) => {
    expect(new Glob(glob).matches(idOf(storageId))).toBe(want);
  });

  it("takes the characters of a regular expression as they are", () => {
    const odd = idOf(`${group}/providers/Microsoft.Storage/storageAccounts/a.(b)+[c]$`);
    expect(new Glob(odd.text).matches(odd)).toBe(true);
    expect(new Glob("*/a.(b)+[c]$").matches(odd)).toBe(true);
    expect(new Glob("*/a.(b)+[c]").matches(odd)).toBe(false);
  });

  it("matches as a naive matcher does", () => {
    const text = (letters: string) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 7 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text("ab*"), text("ab"), (pattern, name) => {
        const id = idOf(`${group}/providers/N/t/x${name}`);
        expect(new Glob(`${group}/providers/N/t/x${pattern}`).matches(id)).toBe(matches(pattern, name));
      }),
    );
  });
});

function matches(pattern: string, text: string): boolean {
  const [first] = pattern;
  if (first === undefined) return text === "";
  if (first !== "*") return text.startsWith(first) && matches(pattern.slice(1), text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, skipped) => skipped).some((skipped) =>
    matches(pattern.slice(1), text.slice(skipped)),
  );
}
