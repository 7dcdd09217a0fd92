import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOut, type Paragraph } from "../../lib/reports/layout.ts";
import { printable } from "../../lib/reports/printable.ts";

const paper = { width: 20, colour: false };

describe("layOut", () => {
  test.each<{ when: string; given: Paragraph; want: string }>([
    { when: "a short text", given: { text: "one two" }, want: "one two\n" },
    { when: "nothing", given: { text: "" }, want: "\n" },
    {
      when: "a long text",
      given: { indent: 2, text: "one two three four five" },
      want: "  one two three four\n  five\n",
    },
    {
      when: "a label in its column",
      given: { indent: 1, label: "fix", labelWidth: 6, text: "one two three four" },
      want: " fix   one two three\n       four\n",
    },
    {
      when: "a label that is wider than its column",
      given: { label: "assumed:", labelWidth: 4, text: "one two three" },
      want: "assumed: one two\n    three\n",
    },
    {
      when: "a hanging indent of its own",
      given: { indent: 2, label: "fix:", hang: 1, text: "one two three four" },
      want: "  fix: one two three\n   four\n",
    },
    {
      when: "a word that is longer than the line",
      given: { indent: 2, text: "a /subscriptions/0000-0000-0000 b" },
      want: "  a\n  /subscriptions/0000-0000-0000\n  b\n",
    },
    { when: "leading spaces", given: { text: "  7 high" }, want: "  7 high\n" },
  ])("$when", ({ given, want }) => {
    expect(layOut([given], paper)).toBe(want);
  });

  test("colours each line by itself, and only where asked", () => {
    const paragraph: Paragraph = { label: "high", labelStyle: "red", text: "one two three four five", style: "bold" };
    const coloured = layOut([paragraph], { width: 20, colour: true });
    expect(coloured.split("\n")[1]).toBe("\u001b[1mfour five\u001b[22m");
    expect(stripVTControlCharacters(coloured)).toBe(layOut([paragraph], paper));
  });

  test("property: no line is wider than the paper unless it is one word, and no word is lost", () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "1"), minLength: 1, maxLength: 30 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 10, max: 60 }), (text, width) => {
        const lines = layOut([{ indent: 3, text: text.join(" ") }], { width, colour: false }).split("\n");
        for (const line of lines) expect(line.length <= width || !line.trim().includes(" ")).toBe(true);
        expect(lines.join(" ").trim().split(/ +/)).toEqual(text);
      }),
    );
  });
});

describe("printable", () => {
  test.each([
    ["a\u001b[31mb\u001b[0m", "ab"],
    ["a\u001b]0;title\u0007b", "ab"],
    ["a\u009b2Jb", "ab"],
    ["a\r\nb\tc", "a  b c"],
    ["a\u202eb\u2066c", "abc"],
    ["a\u0000\u0008b\u007f", "ab"],
    ["a\u00adb\u200d\u2060c\u3164d\u{e0041}", "abcd"],
    ["Zürich 東京 ½", "Zürich 東京 ½"],
  ])("%j", (given, want) => {
    expect(printable(given)).toBe(want);
  });

  test("property: no control character is left", () => {
    const nasty = fc.string({
      unit: fc.constantFrom("\u001b", "[", "3", "1", "m", "\u009b", "]", "\u0007", "\n", "a", ";"),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        expect(printable(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
