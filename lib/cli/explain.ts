import type { Command } from "commander";
import { emptyLine, layOut, type Paragraph } from "../reports/layout.ts";
import type { Rule } from "../rules/rule.ts";
import { findRule, meantRules } from "./find-rule.ts";
import { paperFor } from "./paper.ts";

export function addExplain(program: Command): void {
  program
    .command("explain")
    .summary("say what a rule is about")
    .description("Says what a rule is about: why it matters, and what to do.")
    .argument("<rule>", "the id or the name of a rule: NI104, firewall-range-unapproved")
    .action((text: string, _options: object, command: Command) => {
      const rule = findRule(text);
      if (rule === undefined) command.error(`error: \`${text}\` is no rule${meantRules(text)}`);
      process.stdout.write(layOut(describe(rule), paperFor(process.stdout, process.env)));
    });
}

function describe({ id, name, severity, on, title, why, remedy, link, controls }: Rule): readonly Paragraph[] {
  const { mcsb, cis, azurePolicy } = controls;
  const versions = Object.entries(cis).map(([version, numbers]) => `${version}: ${numbers.join(", ")}`);
  return [
    { text: `${id}  ${name}`, style: "bold" },
    { text: title },
    emptyLine,
    labelled("severity", severity),
    labelled("asked of", `every ${[on].flat().join(" and ")}`),
    labelled("why", why),
    labelled("fix", remedy),
    labelled("read more", link),
    ...list("MCSB", mcsb),
    ...list("CIS Azure", versions),
    ...azurePolicy.map((definition, index) => labelled(index === 0 ? "Azure Policy" : "", definition)),
  ];
}

function list(label: string, entries: readonly string[]): readonly Paragraph[] {
  return entries.length === 0 ? [] : [labelled(label, entries.join("; "))];
}

function labelled(label: string, text: string): Paragraph {
  return { indent: 2, label, labelWidth: 14, labelStyle: "dim", text };
}
