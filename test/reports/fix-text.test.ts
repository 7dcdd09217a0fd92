import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { commandLine } from "../../lib/fix/command.ts";
import type { ClosingRecord } from "../../lib/model/closing-record.ts";
import type { FixAnswer } from "../../lib/reports/fix-schema.ts";
import { fixText } from "../../lib/reports/fix-text.ts";
import { storageId } from "../support/builders.ts";

const paper = { width: 100, colour: false };

function answerWith(closing: Partial<ClosingRecord>): FixAnswer {
  const none = {
    changes: 1,
    edits: [],
    follows: [],
    commands: [],
    caveats: [],
    goes: [],
    comes: [],
    turns: [],
    access: [],
  };
  return {
    id: "NI101:x",
    outcome: "fix",
    because: [],
    isMinimal: true,
    fix: { ...none, ...closing },
    alternatives: [],
  };
}

/** The lines of the command in the text, as somebody would copy them. */
function commandIn(text: string): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith("  az "));
  const length = lines.slice(first).findIndex((line) => !line.endsWith(" \\"));
  return lines.slice(first, first + length + 1).join("\n");
}

test("property: a command that was broken into lines says to bash what it said before", () => {
  const anyValue = fc.oneof(
    fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
    fc.constantFrom("a --b c", "it's --x 'y'", "two  spaces", "\u00a0", "\u001b[31m", "back\\slash --z", "\t"),
  );
  const anyOptions = fc.array(fc.tuple(fc.constantFrom("--name", "--ids", "--value"), anyValue), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(anyOptions, fc.integer({ min: 40, max: 120 }), (options, width) => {
      const words = ["network", "nsg", "show", ...options.flat()];
      const text = fixText(answerWith({ commands: [commandLine(words)] }), { width, colour: false });
      const script = `az() { printf '%s\\0' "$@"; }\n${commandIn(text)}`;
      const output = execFileSync("bash", ["-c", script], { env: { ...process.env, LC_ALL: "C.UTF-8" } }).toString();
      expect(output.split("\0").slice(0, -1)).toEqual(words);
    }),
    { numRuns: 60 },
  );
});

test.each([
  { who: ["0.0.0.0/0", "::/0"], says: "everybody on the internet from stdrawings" },
  { who: ["0.0.0.0/8", "1.0.0.0/8", "3.0.0.0/8", "5.0.0.0/8", "7.0.0.0/8"], says: "everybody else on the internet" },
  { who: ["203.0.113.7"], part: "SCM site", says: "203.0.113.7 from the SCM site of stdrawings" },
])("who is shut out of an open service: $says", ({ who, says, ...part }) => {
  const lost = [{ kind: "addresses" as const, who }];
  const change = {
    service: storageId,
    ...part,
    from: "internet" as const,
    to: "nobody" as const,
    wanted: [],
    lost,
    gained: [],
  };
  expect(fixText(answerWith({ access: [change] }), { width: 100, colour: false })).toContain(`shuts out ${says}`);
});

test.each([
  { from: "azure", to: "addresses", lost: [], says: ["every tenant's workloads in Azure"] },
  { from: "azure", to: "nobody", lost: ["203.0.113.7"], says: ["every tenant's workloads in Azure", "203.0.113.7"] },
  { from: "azure", to: "azure", lost: ["203.0.113.7"], says: ["203.0.113.7"] },
  { from: "azure", to: "unknown", lost: [], says: [] },
  { from: "internet", to: "azure", lost: ["0.0.0.0/0"], says: ["everybody on the internet"] },
  { from: "addresses", to: "nobody", lost: ["203.0.113.7"], says: ["203.0.113.7"] },
] as const)("who is shut out from $from to $to is told of the fix and of what would do as well", ({
  from,
  to,
  lost,
  says,
}) => {
  const callers = lost.length === 0 ? [] : [{ kind: "addresses" as const, who: lost }];
  const change = { service: storageId, from, to, wanted: [], lost: callers, gained: [] };
  const answer = answerWith({ access: [change] });
  const text = fixText({ ...answer, alternatives: answer.fix === undefined ? [] : [answer.fix] }, paper);
  const lines = text.split("\n").filter((line) => line.includes("shuts out"));
  const ofOther = says.length === 0 ? [] : [`  shuts out ${says.join("; ")}`];
  expect(lines).toEqual([...says.map((who) => `  shuts out ${who} from stdrawings`), ...ofOther]);
});

test("edits are told by what they do", () => {
  const edit = (path: string, old: unknown, value: unknown) => ({ resource: storageId, path, old, new: value });
  const text = fixText(
    answerWith({
      edits: [
        edit("/properties/a", null, "x"),
        edit("/properties/a", "x", false),
        edit("/properties/list/0", { value: "1" }, null),
        edit("/properties/list/-", null, { name: "r", properties: { access: "Allow", none: [] } }),
        edit("", null, {}),
        edit("", {}, null),
      ],
      follows: [edit("/properties/state", "a", "b"), edit("/properties/list/3", {}, null)],
    }),
    { width: 100, colour: false },
  );
  for (const line of [
    'stdrawings /properties/a: not set → "x"',
    'stdrawings /properties/a: "x" → false',
    'stdrawings /properties/list/0: take away {"value":"1"}',
    'stdrawings /properties/list: add r {"access":"Allow"}',
    "create stdrawings (storage account in rg)",
    "delete stdrawings (storage account in rg)",
    'Azure then sets /properties/state of stdrawings to "b"',
    "Azure then takes /properties/list/3 out of stdrawings",
  ]) {
    expect(text).toContain(`\n  ${line}\n`);
  }
});
