import type { Rule } from "../rules/rule.ts";

/** The reference of all rules, in Markdown. */
export function toMarkdown(rules: readonly Rule[]): string {
  const contents = rules.map(({ id, name, severity, title }) => {
    return `- [${id} ${name}](#${id.toLowerCase()}-${name}) (${severity}): ${escapeMarkdown(title)}`;
  });
  return `${[header, contents.join("\n"), ...rules.map(section)].join("\n\n")}\n`;
}

const header = `# Rules

Generated from \`lib/rules/\` by \`npm run generate\`. Ids are permanent: never reused, never renumbered. The severities are
those that apply unless the policy sets others.`;

function section({ id, name, severity, on, title, why, remedy, link, controls }: Rule): string {
  const { mcsb, cis, azurePolicy } = controls;
  const versions = Object.entries(cis).map(([version, numbers]) => `${version}: ${numbers.join(", ")}`);
  return [
    `## ${id} ${name}`,
    `**${escapeMarkdown(title)}**`,
    `Severity ${severity}; asked of every ${[on].flat().join(" and ")}.`,
    escapeMarkdown(why),
    `**Fix:** ${escapeMarkdown(remedy)}`,
    [
      `- Read more: <${link}>`,
      ...line("Microsoft cloud security benchmark", mcsb),
      ...line("CIS Microsoft Azure Foundations Benchmark", versions, "; "),
      ...line(
        "Azure Policy",
        azurePolicy.map((definition) => `\`${definition}\``),
      ),
    ].join("\n"),
  ].join("\n\n");
}

function line(label: string, entries: readonly string[], separator = ", "): readonly string[] {
  return entries.length === 0 ? [] : [`- ${label}: ${entries.join(separator)}`];
}

function escapeMarkdown(text: string): string {
  return text.replace(/[*_<>[\]\\]/g, "\\$&");
}
