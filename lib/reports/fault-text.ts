import { evidenceText } from "./evidence-text.ts";
import type { Fault } from "./faults.ts";
import type { Paragraph, Style } from "./layout.ts";
import { abbreviate, some } from "./names.ts";
import type { FindingEntry, WaiverEntry } from "./schema.ts";

const severityStyles: Readonly<Record<FindingEntry["severity"], Style>> = {
  high: ["bold", "red"],
  medium: ["bold", "yellow"],
  low: ["bold", "cyan"],
  info: ["bold", "blue"],
};

const unsureStyle: Style = ["bold", "magenta"];

const indent = 2;
const severityWidth = 8;
const ruleWidth = 7;
const evidenceLimit = 7;

/**
 * What stands under a resource for one fault: what is wrong, what shows it, what helps. Of what is assumed that which was not said of
 * the resource already.
 */
export function faultText(
  { kind, findings }: Fault,
  subject: string,
  saidAlready: readonly string[],
): readonly Paragraph[] {
  switch (kind) {
    case "failed":
      return [
        ...findings.map((finding) => head(finding.severity, finding, subject, severityStyles[finding.severity])),
        ...(findings.length > 1 ? [detail("", `${findings.length} findings, one cause:`)] : []),
        ...shownBy(findings, subject),
        ...assumptionsText(findings, subject, saidAlready),
        ...fixText(findings),
        ...findings.flatMap(expiredText),
      ];
    case "undetermined":
      return [
        unsure(findings, findings[0].because ?? [], subject),
        ...shownBy(findings, subject),
        ...findings.flatMap(expiredText),
      ];
    case "waived":
      return findings.flatMap((finding) => [
        head("waived", finding, subject, "dim"),
        ...shownBy([finding], subject),
        ...(finding.waived === undefined ? [] : [waiverText(finding.waived)]),
      ]);
  }
}

function head(label: string, finding: FindingEntry, subject: string, labelStyle: Style): Paragraph {
  const { rule, title, message, because } = finding;
  const text = message ?? (because === undefined ? title : `cannot tell, because ${because.join("; ")}`);
  const labelWidth = severityWidth + ruleWidth;
  const labels = { label: `${label.padEnd(severityWidth)}${rule}`, labelWidth, labelStyle };
  return { indent, ...labels, text: abbreviate(text, subject), style: "bold" };
}

function unsure(findings: readonly FindingEntry[], because: readonly string[], subject: string): Paragraph {
  const reasons = because.length === 0 ? "" : ` because ${abbreviate(because.join("; "), subject)}`;
  const labels = { label: "unsure", labelWidth: severityWidth, labelStyle: unsureStyle };
  return { indent, ...labels, text: `cannot tell: ${rulesOf(findings)}${reasons}` };
}

function shownBy(findings: readonly FindingEntry[], subject: string): readonly Paragraph[] {
  const lines = [...new Set(findings.flatMap(({ evidence }) => evidence.map((one) => evidenceText(one, subject))))];
  const shown = lines.length > evidenceLimit + 1 ? lines.slice(0, evidenceLimit) : lines;
  const more = lines.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => detail("", line));
}

function assumptionsText(
  findings: readonly FindingEntry[],
  subject: string,
  saidAlready: readonly string[],
): readonly Paragraph[] {
  const assumptions = new Set(findings.flatMap((finding) => finding.assumptions)).difference(new Set(saidAlready));
  return [...assumptions].map((assumption) => ({
    ...detail("assumed:", abbreviate(assumption, subject)),
    style: "dim",
    labelStyle: "dim",
  }));
}

function fixText(findings: readonly FindingEntry[]): readonly Paragraph[] {
  const byRemedy = Map.groupBy(findings, (finding) => finding.remedy);
  return [...byRemedy].map(([remedy, fixed]) => {
    const rules = [...new Set(fixed.map(({ rule }) => rule))].join(", ");
    return { ...detail(byRemedy.size === 1 ? "fix:" : `fix ${rules}:`, remedy), labelStyle: "green" };
  });
}

function expiredText({ expiredWaiver }: FindingEntry): readonly Paragraph[] {
  if (expiredWaiver === undefined) return [];
  const { owner, expires, reason } = expiredWaiver;
  return [{ ...detail("waiver expired:", `by ${owner}, on ${expires}: ${reason}`), labelStyle: "yellow" }];
}

function waiverText({ owner, expires, reason }: WaiverEntry): Paragraph {
  return detail("waived:", `by ${owner}, until ${expires}: ${reason}`);
}

/** "NI101, NI302 (pe-storage)". */
function rulesOf(findings: readonly FindingEntry[]): string {
  const texts = [...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, ofRule]) => {
    const parts = ofRule.flatMap(({ part }) => part ?? []);
    return parts.length === 0 ? rule : `${rule} (${some(parts, 3)})`;
  });
  return texts.sort().join(", ");
}

function detail(label: string, text: string): Paragraph {
  return { indent: indent + severityWidth, label, hang: 2, text };
}
