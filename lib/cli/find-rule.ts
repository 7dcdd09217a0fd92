import { fold } from "../model/resource-id.ts";
import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";

/** By id or name, whatever the case. */
export function findRule(text: string): Rule | undefined {
  return rules.find(({ id, name }) => fold(id) === fold(text) || fold(name) === fold(text));
}

export function knownRules(): string {
  return rules.map(({ id }) => id).join(", ");
}
