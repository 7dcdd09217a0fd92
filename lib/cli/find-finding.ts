import type { Subject } from "../analyze.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { Finding } from "../model/finding.ts";
import { fold } from "../model/resource-id.ts";
import { suggest } from "../model/wording.ts";
import type { Rule } from "../rules/rule.ts";
import { findRule, knownRules } from "./find-rule.ts";

export type Asked =
  | { readonly kind: "finding"; readonly finding: Finding }
  /** The rule was asked about the subject, and there is no such finding. */
  | { readonly kind: "passes"; readonly rule: Rule; readonly subject: Subject };

/**
 * What a person means by the id of a finding, or by its rule and the name of the resource: `NI501:sql-erp#site:plant`.
 * Throws, and names those that could be meant, where it is none or not just one.
 */
export function findFinding(text: string, findings: readonly Finding[], subjects: readonly Subject[]): Asked {
  const wanted = fold(text);
  const exact = findings.find(({ id }) => fold(id) === wanted);
  if (exact !== undefined) return { kind: "finding", finding: exact };
  const meant = findings.filter((finding) => shortIds(finding).some((short) => fold(short) === wanted));
  const [only, another] = meant;
  if (only !== undefined && another === undefined) return { kind: "finding", finding: only };
  if (only !== undefined) {
    const ids = meant.map(({ id }) => `\`${id}\``).slice(0, 5);
    throw new CordonError("ERR_FINDING_AMBIGUOUS", `\`${text}\` could be ${ids.join(", ")}: give the whole id`, text);
  }
  const [ruleText = "", ...rest] = wanted.split(":");
  const rule = findRule(ruleText);
  if (rule === undefined) {
    const known = findings.flatMap((one) => [one.id, ...shortIds(one)]);
    const hint = suggest(text, known) || `; ids begin with a rule: ${knownRules()}`;
    throw new CordonError("ERR_FINDING_UNKNOWN", `no finding \`${text}\`${hint}`, text);
  }
  const [name = ""] = rest.join(":").split("#");
  const subject = subjects.find(({ id }) => id.key === name || fold(id.name) === name);
  if (subject !== undefined) return { kind: "passes", rule, subject };
  throw new CordonError("ERR_FINDING_UNKNOWN", `no finding \`${text}\`${nearest(rule, text, findings)}`, text);
}

/** `NI501:sql-erp#site:plant`, and without the part. */
function shortIds({ rule, resource, part }: Finding): readonly string[] {
  const short = `${rule}:${resource.name.replace(/^site:/i, "")}`;
  return part === undefined ? [short] : [`${short}#${part}`, short];
}

function nearest({ id }: Rule, text: string, findings: readonly Finding[]): string {
  const ofRule = findings.filter(({ rule }) => rule === id);
  const hint = suggest(
    text,
    ofRule.flatMap((one) => [one.id, ...shortIds(one)]),
  );
  if (hint !== "") return hint;
  if (ofRule.length === 0) return `, and ${id} has no finding at all`;
  const some = ofRule.slice(0, 5).map((one) => `\`${shortIds(one)[0]}\``);
  const more = ofRule.length > some.length ? ` and ${ofRule.length - some.length} more` : "";
  return `; those of ${id} are ${some.join(", ")}${more}`;
}
