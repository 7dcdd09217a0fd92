import { isKeptByAzure } from "../catalog/regional-tags.ts";
import { fold } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { evidenceOf } from "../model/setting.ts";
import { fail, pass, undetermined } from "../model/verdict.ts";
import { type HiddenRule, hiddenRules } from "../reach/hidden-rules.ts";
import { tagsRequiredIn } from "../reach/tagged-rules.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const nsgRuleShadowed: Rule = {
  id: "NI605",
  name: "nsg-rule-shadowed",
  severity: "low",
  title: "A security rule can never decide",
  why: "Rules with lower priority numbers decide about everything that it is for, one of them or several together. Who reads the group takes it to be in force; where it denies what those before it allow, the door that it should close stands open, and the severity is high.",
  remedy: "Give the rule a lower priority number than those that hide it, make them narrower, or remove it.",
  link: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "securityGroup",

  check({ securityGroup: group, snapshot }) {
    const directions = [group.inbound, group.outbound];
    const all = directions.flatMap((rules) =>
      rules.kind === "known" ? hiddenRules(rules.value, group, snapshot) : [],
    );
    const required = all.length === 0 ? new Set<string>() : tagsRequiredIn(group, snapshot);
    const hidden = all.filter((one) => !isWanted(one, required));
    const certain = hidden.filter(({ because }) => because.length === 0).sort(worstFirst);
    if (certain.length > 0) {
      const verdict = fail(
        certain.map(wordsFor).join("; "),
        certain.flatMap(({ evidence }) => evidence),
      );
      return verdict.kind === "fail" && certain.some(isUndone) ? { ...verdict, severity: "high" } : verdict;
    }
    const because = [...directions.flatMap(whyUnknown), ...hidden.flatMap((one) => one.because)];
    const unknown = directions.flatMap((rules) => (rules.kind === "unknown" ? evidenceOf(group.id, rules) : []));
    if (because.length === 0) return pass;
    return undetermined([...new Set(because)], [...unknown, ...hidden.flatMap(({ evidence }) => evidence)]);
  },
};

/**
 * It says nothing that those before it do not say as well, and Azure keeps it, or a service in the subnet wants it all the
 * same: "you must create all of the following ingress and egress traffic rules".
 * https://learn.microsoft.com/azure/bastion/bastion-nsg
 */
function isWanted({ rule, by }: HiddenRule, required: ReadonlySet<string>): boolean {
  if (by.some(({ access }) => access !== rule.access)) return false;
  const tags = [...rule.sources.tags, ...rule.destinations.tags];
  return isKeptByAzure(rule.name) || (rule.access === "allow" && tags.some((tag) => required.has(fold(tag))));
}

/** It denies what others allow. */
function isUndone({ rule, by }: HiddenRule): boolean {
  return rule.access === "deny" && by.some(({ access }) => access === "allow");
}

function worstFirst(a: HiddenRule, b: HiddenRule): number {
  return Number(isUndone(b)) - Number(isUndone(a));
}

function wordsFor({ rule, by }: HiddenRule): string {
  const names = listed(by.map(({ name }) => `\`${name}\``));
  return `\`${rule.name}\` never decides, since ${names} ${by.length === 1 ? "comes" : "come"} first`;
}

function whyUnknown(rules: Setting<unknown>): readonly string[] {
  return rules.kind === "unknown" ? [rules.because] : [];
}
