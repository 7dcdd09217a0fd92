import { counted } from "../model/wording.ts";
import { evidenceText } from "./evidence-text.ts";
import { explanationRows } from "./explanation-rows.ts";
import { type Html, html, type Insert, when } from "./html.ts";
import type { ReportedFinding } from "./ledger-report.ts";
import { abbreviate, kindOf, nameOf, nameWithin } from "./names.ts";

const evidenceShown = 8;
const servicesShown = 8;

/** One finding in a list: what is wrong where, what shows it, and what helps. */
export function findingCard(finding: ReportedFinding, link: string): Html {
  const { resource } = finding;
  const { evidence } = finding.finding;
  return html`<article class="${kindOfCard(finding)}">
      <h3><span class="badge">${badge(finding)}</span> ${nameOf(resource)} <small>${kindOf(resource)}</small></h3>
      <p class="what"><a href="${link}">${finding.rule}</a> ${sentence(finding)}</p>
      <details><summary>${evidence.length === 0 ? "more" : counted(evidence.length, "setting")}</summary>
      ${evidenceList(finding, evidenceShown)}
      ${facts(finding)}
      </details>
    </article>`;
}

/** The whole finding on a page of its own. */
export function findingDetails(finding: ReportedFinding): Html {
  const { resource } = finding;
  const { title, assumptions } = finding.finding;
  return html`<article class="${kindOfCard(finding)}">
      <h2><span class="badge">${badge(finding)}</span> ${nameOf(resource)} <small>${kindOf(resource)}</small></h2>
      <p class="what">${sentence(finding)}</p>
      <p>${title}.</p>
      ${wholeEvidence(finding)}
      ${assumptions.map((assumption) => html`<p class="quiet">Assumed: ${assumption}.</p>`)}
      ${facts(finding)}
    </article>`;
}

function kindOfCard({ state, status, severity }: ReportedFinding): string {
  if (state !== "open") return state;
  return status === "undetermined" ? "undetermined" : severity;
}

function badge({ state, status, severity, resolution }: ReportedFinding): string {
  if (state === "resolved") return resolution ?? state;
  if (state === "waived") return state;
  return status === "undetermined" ? "unsure" : severity;
}

function sentence({ finding }: ReportedFinding): string {
  const { message, because = [], title, resource } = finding;
  const text = message ?? (because.length === 0 ? title : `cannot tell, because ${because.join("; ")}`);
  return abbreviate(text, resource);
}

function evidenceList({ finding, omitted }: ReportedFinding, most: number): Insert {
  const { evidence, resource } = finding;
  const more = evidence.length - most + (omitted?.evidence ?? 0);
  if (evidence.length === 0) return undefined;
  return html`<ul class="evidence">${evidence.slice(0, most).map((one) => html`<li><code>${evidenceText(one, resource)}</code></li>`)}${
    more > 0 ? html`<li>and ${more} more</li>` : undefined
  }</ul>`;
}

/** Each value as it was read, and where. */
function wholeEvidence({ finding, omitted }: ReportedFinding): Html {
  const left = omitted?.evidence ?? 0;
  return html`<dl class="values">${finding.evidence.map(({ resource, pointer, value }) => {
    const place = [nameWithin(resource, finding.resource), pointer].filter((part) => part !== "").join(" ");
    return html`<dt><code>${place}</code></dt><dd>${
      value === null ? "is not set" : html`<pre>${lines(JSON.stringify(value, undefined, 2))}</pre>`
    }</dd>`;
  })}</dl>${left > 0 ? html`<p class="quiet">${left} more were too large to be kept.</p>` : undefined}`;
}

/** Line by line, since a line break is a character that texts are rid of. */
function lines(text: string): readonly Insert[] {
  return text.split("\n").map((line) => html`${line}\n`);
}

function facts(reported: ReportedFinding): Html {
  const { finding, explanation, severity, status, waived, services } = reported;
  const { firstSeenAt, lastSeenAt, lastEvaluatedAt, resolvedAt } = reported;
  const { remedy, link, resource, part } = finding;
  const others = services.filter((service) => service !== resource);
  return html`<dl>
      ${status === "undetermined" ? fact("Severity", `${severity}, if it is so`) : undefined}
      ${explanationRows(explanation, resource)}
      ${fact("Remedy", html`${remedy} ${safeLink(link)}`)}
      ${waived === undefined ? undefined : fact("Waived", `by ${waived.owner}, until ${waived.expires}: ${waived.reason}`)}
      ${fact("Resource", html`<code>${resource}</code>`)}
      ${part === undefined ? undefined : fact("Part", part)}
      ${others.length === 0 ? undefined : fact("Concerns", servicesText(others))}
      ${fact("Seen", `first ${when(firstSeenAt)}, last ${when(lastSeenAt)}`)}
      ${resolvedAt === undefined ? undefined : fact("Resolved", when(resolvedAt))}
      ${fact("Evaluated", `last ${when(lastEvaluatedAt)}`)}
    </dl>`;
}

function fact(name: string, value: Insert): Html {
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

function servicesText(services: readonly string[]): string {
  const names = services.slice(0, servicesShown).map(nameOf);
  const more = services.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Only what leads to the web: a link is text that was kept, too. */
function safeLink(link: string): Insert {
  return link.startsWith("https://") ? html`<a href="${link}" rel="noreferrer">read more</a>` : undefined;
}
