import { counted } from "../model/wording.ts";
import { type Html, html, type Insert, when } from "./html.ts";
import type { AuditEntry } from "./ledger-report.ts";

const rowsShown = 200;

/** How the last audits went, the subscriptions with trouble first. */
export function auditsTable(audits: readonly AuditEntry[]): Html {
  if (audits.length === 0) return html`<p class="quiet">No subscription has been audited yet.</p>`;
  const order: readonly AuditEntry["state"][] = ["failing", "never completed", "ok", "out of scope"];
  const sorted = [...audits].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const more = sorted.length - rowsShown;
  return html`<div class="wide"><table>
      <thead><tr><th>Subscription</th><th>State</th><th>Last looked at</th><th>Looked at</th><th>Changes</th><th>Gaps</th></tr></thead>
      <tbody>${sorted.slice(0, rowsShown).map(row)}</tbody>
    </table></div>${more > 0 ? html`<p class="quiet">And ${more} more, which <code>format=json</code> has as well.</p>` : undefined}`;
}

function row({ subscriptionId, state, auditedAt, completed, failure }: AuditEntry): Html {
  const counts = completed?.counts;
  const isFailing = state === "failing" || state === "never completed";
  return html`<tr class="${isFailing ? "failing" : "fine"}">
      <td><code>${subscriptionId}</code></td>
      <td>${state}${isFailing && failure !== undefined ? html`<br><small>${when(failure.at)}: ${failure.message}</small>` : undefined}</td>
      <td>${auditedAt === undefined ? "never" : when(auditedAt)}</td>
      <td>${counts === undefined ? "" : `${counted(counts.resources, "resource")}, ${counted(counts.subjects, "subject")}`}</td>
      <td>${counts === undefined ? "" : `${counts.opened} opened, ${counts.changed} changed, ${counts.resolved} resolved${untoldText(counts.untold)}`}</td>
      <td>${gapsText(completed?.gaps ?? [], counts?.gaps ?? 0)}</td>
    </tr>`;
}

function gapsText(gaps: readonly string[], count: number): Insert {
  if (count === 0) return "none";
  const more = count - gaps.length;
  return html`<details><summary>${counted(count, "gap")}</summary><ul>${gaps.map((gap) => html`<li>${gap}</li>`)}${
    more > 0 ? html`<li>and ${more} more</li>` : undefined
  }</ul></details>`;
}

/** Messages that nobody could handle need somebody to look at them. */
export function poisonLine(poison: Readonly<Record<string, number>>): Insert {
  const stuck = Object.entries(poison).filter(([, count]) => count > 0);
  if (stuck.length === 0) return undefined;
  const texts = stuck.map(([queue, count]) => `${counted(count, "message")} in ${queue}`);
  return html`<p class="alarm">Not handled: ${texts.join(", ")}.</p>`;
}

/** Changes that an audit came upon, since no event told of them. */
function untoldText(untold = 0): string {
  return untold === 0 ? "" : `; ${counted(untold, "change")} that no event told of`;
}
