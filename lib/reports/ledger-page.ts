import { type Severity, severities } from "../model/policy.ts";
import { counted } from "../model/wording.ts";
import { auditsTable, poisonLine } from "./audits-table.ts";
import { findingCard, findingDetails } from "./finding-card.ts";
import { type Html, html, type Insert, when } from "./html.ts";
import { type LedgerFilter, states, statuses } from "./ledger-filter.ts";
import type { LedgerReport, ReportedFinding } from "./ledger-report.ts";
import { pageOf } from "./page.ts";

/** What links and forms of the page take along: the function key, so that a page that was reached leads on. */
export type Key = string | undefined;

export function ledgerPage(report: LedgerReport, key: Key): string {
  const { summary, filter, findings } = report;
  const body = html`
    <ul class="totals">
      ${severities.map((severity) => total(summary.open[severity], severity, linkTo(key, { severity, status: "fail" })))}
      ${total(summary.undetermined, "undetermined", linkTo(key, { status: "undetermined" }))}
      ${total(summary.waived, "waived", linkTo(key, { state: "waived" }))}
    </ul>
    ${poisonLine(report.poison)}
    <section>
      <h2>Audits</h2>
      ${auditsTable(report.audits)}
    </section>
    <section>
      <h2>Findings</h2>
      ${filterForm(filter, key)}
      <p class="quiet">${countText(report)}</p>
      ${findings.map((finding) => findingCard(finding, linkTo(key, { finding: finding.id })))}
      ${pager(report, key)}
    </section>`;
  return pageOf("Cordon", body, html`as of ${when(report.at)}`, linkTo(key, {}));
}

export function findingPage(finding: ReportedFinding, at: string, key: Key): string {
  const heading = `${finding.rule} ${finding.finding.name}`;
  return pageOf(heading, findingDetails(finding), html`as of ${when(at)}`, linkTo(key, {}));
}

/** For what cannot be answered. */
export function refusalPage(title: string, reasons: readonly string[], key: Key): string {
  return pageOf(title, html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`, undefined, linkTo(key, {}));
}

/** Leads to what it counts. */
function total(count: number, kind: Severity | "undetermined" | "waived", link: string): Html {
  return html`<li class="${count === 0 ? "none" : kind}"><a href="${link}"><b>${count}</b> ${kind}</a></li>`;
}

function countText({ matching, findings, filter }: LedgerReport): string {
  const what = filter.state === "all" ? "finding" : `${filter.state} finding`;
  if (matching === 0) return `No ${what} here.`;
  if (findings.length === matching) return `${counted(matching, what)}, the worst first.`;
  return `${counted(matching, what)}, the worst first: ${filter.offset + 1} to ${filter.offset + findings.length}.`;
}

function filterForm(filter: LedgerFilter, key: Key): Html {
  return html`<form method="get">
      ${key === undefined ? undefined : html`<input type="hidden" name="code" value="${key}">`}
      ${select("state", states, filter.state)}
      ${select("severity", ["", ...severities], filter.severity)}
      ${select("status", ["", ...statuses], filter.status)}
      ${input("rule", filter.rule, "NI101")}
      ${input("service", filter.service, "name or */pattern")}
      ${input("subscription", filter.subscription, "id")}
      <button>Filter</button>
    </form>`;
}

function select(name: string, values: readonly string[], chosen = ""): Html {
  const option = (value: string) =>
    html`<option value="${value}"${chosen === value ? html` selected` : undefined}>${value === "" ? "any" : value}</option>`;
  return html`<label>${name} <select name="${name}">${values.map(option)}</select></label>`;
}

function input(name: string, value = "", placeholder = ""): Html {
  return html`<label>${name} <input name="${name}" value="${value}" placeholder="${placeholder}"></label>`;
}

function pager({ filter, matching, findings }: LedgerReport, key: Key): Insert {
  const link = (offset: number, text: string) =>
    html`<a href="${linkTo(key, { ...asked(filter), offset: String(offset) })}">${text}</a> `;
  const next = filter.offset + findings.length;
  const links = [
    filter.offset > 0 ? link(Math.max(0, filter.offset - filter.limit), "previous") : undefined,
    next < matching && findings.length > 0 ? link(next, "next") : undefined,
  ];
  return links.every((one) => one === undefined) ? undefined : html`<p class="pager">${links}</p>`;
}

function asked({ offset: _, ...filter }: LedgerFilter): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]));
}

function linkTo(key: Key, query: Readonly<Record<string, string>>): string {
  const all = new URLSearchParams({ ...query, ...(key === undefined ? {} : { code: key }) });
  return `?${all}`;
}
