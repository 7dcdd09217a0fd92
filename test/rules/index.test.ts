import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { severities } from "../../lib/model/policy.ts";
import { rules } from "../../lib/rules/index.ts";

const root = new URL("../../", import.meta.url);

/** Files of lib/rules that are no rule. */
const notRules = [
  "admitted-words.ts",
  "entry-words.ts",
  "index.ts",
  "notable-ports.ts",
  "private-endpoint-controls.ts",
  "public-access-policies.ts",
  "rule.ts",
  "wording.ts",
];

const namesOfFiles = readdirSync(new URL("lib/rules/", root))
  .filter((file) => !notRules.includes(file))
  .map((file) => file.replace(/\.ts$/, ""));

/** The text of a file of the repository, empty where there is none. */
function textOf(path: string): string {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch {
    return "";
  }
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function isUnique(values: readonly string[], value: string): boolean {
  return values.indexOf(value) === values.lastIndexOf(value);
}

describe("lib/rules/index.ts", () => {
  test("lists the rules in the order of their ids", () => {
    const ids = rules.map(({ id }) => id);
    expect(ids, "move the rule's line in lib/rules/index.ts to its place by id").toEqual([...ids].sort());
  });

  test.each(namesOfFiles)("lists the rule of lib/rules/%s.ts", (name) => {
    const listed = rules.map((rule) => rule.name);
    const advice = `add \`${camelCase(name)}\` to lib/rules/index.ts, or set its \`name\` to that of its file`;
    expect(listed, advice).toContain(name);
  });
});

describe.each(rules)("$id $name", (rule) => {
  const { id, name, severity, title, why, remedy, link, controls } = rule;
  const file = `lib/rules/${name}.ts`;

  test("has an id of its own", () => {
    expect(id, `${file}: an id is NI and three digits`).toMatch(/^NI\d{3}$/);
    const ids = rules.map((one) => one.id);
    expect(isUnique(ids, id), `${file}: ${id} belongs to another rule; ids are never reused`).toBe(true);
  });

  test("is called like its file", () => {
    expect(name, `${file}: a name is in kebab-case`).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(namesOfFiles, `rename the file of ${id} to ${name}.ts, or the rule`).toContain(name);
    const exported = `export const ${camelCase(name)}: Rule`;
    expect(textOf(file), `${file} should \`${exported} = …\``).toContain(exported);
  });

  test("says what is wrong, why, and what to do", () => {
    expect(severities, `${file}: \`severity\` is one of ${severities.join(", ")}`).toContain(severity);
    expect(title, `${file}: write a \`title\` that starts with a capital and has no final period`).toMatch(
      /^[A-Z0-9].*[^.\s]$/,
    );
    const titles = rules.map((one) => one.title);
    expect(isUnique(titles, title), `${file}: another rule has the same \`title\``).toBe(true);
    expect(why, `${file}: write sentences into \`why\``).toMatch(/^\S.{20,}\.$/);
    expect(remedy, `${file}: write sentences into \`remedy\``).toMatch(/^\S.{10,}\.$/);
    expect(URL.canParse(link), `${file}: \`link\` is an address`).toBe(true);
    expect(link, `${file}: \`link\` is a page of Microsoft, with https and without a language`).toMatch(
      /^https:\/\/learn\.microsoft\.com\/(?![a-z]{2}-[a-z]{2}\/)/,
    );
  });

  test("says where other catalogues ask the same", () => {
    const { mcsb, cis, azurePolicy } = controls;
    expect(mcsb, `${file}: name at least one control of the Microsoft cloud security benchmark`).not.toEqual([]);
    for (const control of mcsb) expect(control, `${file}: a control is NS-1 to NS-10`).toMatch(/^NS-([1-9]|10)$/);
    for (const [version, recommendations] of Object.entries(cis)) {
      expect(version, `${file}: \`cis\` goes from a version, as "4.0", to recommendations`).toMatch(/^\d\.\d$/);
      expect(recommendations, `${file}: \`cis\` ${version} names no recommendation: drop it`).not.toEqual([]);
      for (const one of recommendations) expect(one, `${file}: a recommendation is "1.2.3"`).toMatch(/^\d+(\.\d+)+$/);
    }
    for (const definition of azurePolicy) {
      const advice = `${file}: \`azurePolicy\` holds the names of definitions, GUIDs in lower case`;
      expect(definition, advice).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(isUnique(azurePolicy, definition), `${file}: ${definition} is there twice`).toBe(true);
    }
  });

  // That the table has rows for each outcome is a test of its own, which `ruleTable` adds to it.
  test("has a table of tests", () => {
    const path = `test/rules/${name}.test.ts`;
    const text = textOf(path);
    expect(text, `write ${path}: one table with rows that pass, fail and are undetermined`).not.toBe("");
    const table = `ruleTable(${camelCase(name)}, [`;
    expect(text, `${path} should import the rule and call \`${table}…])\``).toContain(table);
    const skipping = /\b(it|test|describe)\.(only|skip|todo|fails)\b/;
    expect(text, `${path} leaves tests out`).not.toMatch(skipping);
  });

  test("stands in RULES.md", () => {
    const text = textOf("RULES.md");
    const advice = `run \`npm run generate\`: RULES.md does not have ${id} ${name}`;
    for (const part of [id, name, title]) expect(text, advice).toContain(part);
  });
});
