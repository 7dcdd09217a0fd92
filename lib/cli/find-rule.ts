import { fold } from "../model/resource-id.ts";
import { suggest } from "../model/wording.ts";
import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";

/** By id or name, whatever the case. */
export function findRule(text: string): Rule | undefined {
  return rules.find(({ id, name }) => fold(id) === fold(text) || fold(name) === fold(text));
}

/** The end of a sentence that names what was probably meant by a text that is no rule; else every rule. */
export function meantRules(text: string): string {
  const close = suggest(
    text,
    rules.flatMap(({ id, name }) => [id, name]),
  );
  if (close !== "") return close;
  const about = rules.filter(({ name }) => name.split("-").includes(fold(text)));
  if (about.length > 0) return `; rules about that: ${idsOf(about)}`;
  return `; known rules: ${idsOf(rules)}`;
}

function idsOf(some: readonly Rule[]): string {
  return some.map(({ id }) => id).join(", ");
}
