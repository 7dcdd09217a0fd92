import { expect, test } from "vitest";
import { toMarkdown } from "../../lib/reports/rules-markdown.ts";
import { rules } from "../../lib/rules/index.ts";

const markdown = toMarkdown(rules);

test.each(rules.map((rule) => [rule.id, rule] as const))("%s has an entry and a section", (id, rule) => {
  expect(markdown).toContain(`- [${id} ${rule.name}](#${id.toLowerCase()}-${rule.name}) (${rule.severity}): `);
  expect(markdown).toContain(`\n## ${id} ${rule.name}\n`);
  expect(markdown).toContain(`<${rule.link}>`);
});

test("text of a rule is no markup", () => {
  const [rule] = rules;
  if (rule === undefined) throw new Error("there is no rule");
  expect(toMarkdown([{ ...rule, why: "a*b <c> [d]" }])).toContain("a\\*b \\<c\\> \\[d\\]");
});
