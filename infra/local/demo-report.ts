import { counted } from "../../lib/model/wording.ts";
import type { LedgerReport, ReportedFinding } from "../../lib/reports/ledger-report.ts";

/** Everything that the running app has found, resolved findings included. */
export async function fetchReport(address: string, key: string): Promise<LedgerReport> {
  const findings: ReportedFinding[] = [];
  for (;;) {
    const query = new URLSearchParams({ format: "json", state: "all", limit: "500", offset: String(findings.length) });
    const response = await fetch(`${address}/api/report?${query}`, { headers: { "x-functions-key": key } });
    if (!response.ok) throw new Error(`the report answered ${response.status}`);
    const report = (await response.json()) as LedgerReport;
    findings.push(...report.findings);
    if (report.findings.length === 0 || findings.length >= report.matching) return { ...report, findings };
  }
}

export function isAudited({ audits }: LedgerReport, subscriptions: readonly string[]): boolean {
  return subscriptions.every((id) => {
    return audits.some(
      ({ subscriptionId, completed }) => subscriptionId === id.toLowerCase() && completed !== undefined,
    );
  });
}

export function summaryText({ summary, audits, findings }: LedgerReport): string {
  const { open, undetermined, waived } = summary;
  const counts = Object.entries(open).map(([severity, count]) => `${count} ${severity}`);
  const resources = Math.max(0, ...audits.map(({ completed }) => completed?.counts.resources ?? 0));
  const worst = findings.filter(({ state, severity, status }) => {
    return state === "open" && severity === "high" && status === "fail";
  });
  return [
    `${counted(audits.length, "subscription")}, ${counted(resources, "resource")}: ${counts.join(", ")}, ${undetermined} undetermined, ${waived} waived`,
    ...worst.slice(0, 5).map((finding) => `  ${lineOf(finding)}`),
    ...(worst.length > 5 ? [`  and ${worst.length - 5} more of the severity high`] : []),
    ...unreadText(audits),
  ].join("\n");
}

/** An audit of a recording reads all of it, so that each may name the same. */
function unreadText(audits: LedgerReport["audits"]): readonly string[] {
  const gaps = [...new Set(audits.flatMap(({ completed }) => completed?.gaps ?? []))];
  if (gaps.length === 0) return [];
  const shown = gaps.slice(0, 5).map((gap) => `  ${gap}`);
  const more = gaps.length > 5 ? [`  and ${gaps.length - 5} more, which the report names`] : [];
  return ["could not be read:", ...shown, ...more];
}

/** A line for each finding that has another state, or says something else, than before. */
export function differences(before: LedgerReport, after: LedgerReport): readonly string[] {
  const known = new Map(before.findings.map((finding) => [finding.id, finding]));
  return after.findings.flatMap((finding) => {
    const { state, sequence, resolution } = finding;
    const last = known.get(finding.id);
    if (last?.sequence === sequence) return [];
    const what = state === "open" && last?.state === "open" ? "changed" : state === "open" ? "opened" : state;
    return [`${what.padEnd(9)} ${lineOf(finding)}${resolution === undefined ? "" : ` (${resolution})`}`];
  });
}

/** With what a finding says it is, or "unsure" where it is not known whether anything is wrong. */
function lineOf({ rule, severity, status, resource, finding }: ReportedFinding): string {
  const isUnsure = status === "undetermined";
  const said = isUnsure ? `cannot tell: ${finding.because?.[0] ?? finding.title}` : (finding.message ?? finding.title);
  const label = (isUnsure ? "unsure" : severity).padEnd(6);
  return `${rule}  ${label}  ${resource.slice(resource.lastIndexOf("/") + 1)}: ${said}`;
}
