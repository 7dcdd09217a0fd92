import type { Subject } from "../analyze.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { Finding } from "../model/finding.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { suggest } from "../model/wording.ts";
import type { Rule } from "../rules/rule.ts";
import { findRule } from "./find-rule.ts";

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
    const hint = ofResource(wanted, findings, subjects) ?? whatAnIdIs(text, findings);
    throw new CordonError("ERR_FINDING_UNKNOWN", `no finding \`${text}\`${hint}`, text);
  }
  const [name = ""] = rest.join(":").split("#");
  const subject = subjects.find(({ id }) => id.key === name || fold(id.name) === name);
  if (subject !== undefined) return { kind: "passes", rule, subject };
  throw new CordonError("ERR_FINDING_UNKNOWN", `no finding \`${text}\`${nearest(rule, text, findings)}`, text);
}

/** The findings of a resource, and those that concern it, where the (folded) text is its id or its name. */
function ofResource(text: string, findings: readonly Finding[], subjects: readonly Subject[]): string | undefined {
  const isMeant = ({ key, name }: ResourceId) => key === text || fold(name) === text;
  const own = findings.filter(({ resource }) => isMeant(resource));
  const others = findings.filter((one) => !own.includes(one) && one.services.some(isMeant));
  const all = [...own, ...others];
  if (all.length > 0) return `, that is a resource; its findings are ${listed(all, 10)}`;
  return subjects.some(({ id }) => isMeant(id)) ? ", that is a resource, and nothing was found of it" : undefined;
}

function whatAnIdIs(text: string, findings: readonly Finding[]): string {
  const known = findings.flatMap((one) => [one.id, ...shortIds(one), one.resource.name]);
  const hint = suggest(text, known);
  if (hint !== "") return hint;
  const [example] = findings;
  const what = "; the id of a finding is that of its rule and the name of the resource";
  return example === undefined ? what : `${what}: \`${shortIds(example)[0]}\``;
}

function listed(findings: readonly Finding[], count: number): string {
  const some = findings.slice(0, count).map((one) => `\`${shortIds(one)[0]}\``);
  return `${some.join(", ")}${findings.length > some.length ? ` and ${findings.length - some.length} more` : ""}`;
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
  return `; those of ${id} are ${listed(ofRule, 5)}`;
}
