import type { Subject } from "../analyze.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { Finding } from "../model/finding.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { suggest } from "../model/wording.ts";
import type { Rule } from "../rules/rule.ts";
import { findRule } from "./find-rule.ts";
import { isNamed, namesApart } from "./resource-names.ts";

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
  const meant = findings.filter((finding) => isMeant(finding, wanted));
  const [only, another] = meant;
  if (only !== undefined && another === undefined) return { kind: "finding", finding: only };
  if (only !== undefined) {
    const message = `\`${text}\` could be ${listed(meant, 5)}: give one of those`;
    throw new CordonError("ERR_FINDING_AMBIGUOUS", message, text);
  }
  const [ruleText = "", ...rest] = wanted.split(":");
  const rule = findRule(ruleText);
  if (rule === undefined) {
    const hint = ofResource(wanted, findings, subjects) ?? whatAnIdIs(text, findings);
    throw new CordonError("ERR_FINDING_UNKNOWN", `no finding \`${text}\`${hint}`, text);
  }
  const [name = ""] = rest.join(":").split("#");
  const subject = subjects.find(({ id }) => isNamed(id, name));
  if (subject !== undefined) return { kind: "passes", rule, subject };
  throw new CordonError("ERR_FINDING_UNKNOWN", `no finding \`${text}\`${nearest(rule, text, findings)}`, text);
}

/** The findings of a resource, and those that concern it, where the (folded) text is its id or its name. */
function ofResource(text: string, findings: readonly Finding[], subjects: readonly Subject[]): string | undefined {
  const isOne = (id: ResourceId) => isNamed(id, text);
  const own = findings.filter(({ resource }) => isOne(resource));
  const others = findings.filter((one) => !own.includes(one) && one.services.some(isOne));
  const all = [...own, ...others];
  if (all.length > 0) return `, that is a resource; its findings are ${listed(all, 10)}`;
  return subjects.some(({ id }) => isOne(id)) ? ", that is a resource, and nothing was found of it" : undefined;
}

function whatAnIdIs(text: string, findings: readonly Finding[]): string {
  const known = findings.flatMap((one) => [one.id, ...shortIds(one), one.resource.name]);
  const hint = suggest(text, known);
  if (hint !== "") return hint;
  const [example] = findings;
  const what = "; the id of a finding is that of its rule and the name of the resource";
  return example === undefined ? what : `${what}: \`${shortIds(example)[0]}\``;
}

/** By names that tell their resources apart. */
function listed(findings: readonly Finding[], count: number): string {
  const nameOf = namesApart(findings.map(({ resource }) => resource));
  const ids = findings.map((one) => `\`${shortId(one, nameOf(one.resource))}\``);
  return `${ids.slice(0, count).join(", ")}${ids.length > count ? ` and ${ids.length - count} more` : ""}`;
}

/** `NI501:sql-erp#site:plant`, and without the part; also by the names on the way to the resource. */
function isMeant({ rule, resource, part }: Finding, text: string): boolean {
  const prefix = `${fold(rule)}:`;
  if (!text.startsWith(prefix)) return false;
  const name = text.slice(prefix.length);
  const suffix = part === undefined ? "" : `#${fold(part)}`;
  const names = name.endsWith(suffix) ? [name, name.slice(0, name.length - suffix.length)] : [name];
  return names.some((one) => isNamed(resource, one) || fold(siteName(resource)) === one);
}

function siteName({ name }: ResourceId): string {
  return name.replace(/^site:/i, "");
}

function shortId({ rule, part }: Finding, name: string): string {
  return `${rule}:${name.replace(/^site:/i, "")}${part === undefined ? "" : `#${part}`}`;
}

function shortIds(finding: Finding): readonly string[] {
  const short = `${finding.rule}:${siteName(finding.resource)}`;
  return finding.part === undefined ? [short] : [shortId(finding, finding.resource.name), short];
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
