import { describe, expect, test } from "vitest";
import { differences, summaryText } from "../../infra/local/demo-report.ts";
import { auditSubscription } from "../../lib/audit-run.ts";
import { filterOf } from "../../lib/reports/ledger-filter.ts";
import { type LedgerReport, ledgerReport } from "../../lib/reports/ledger-report.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { type Account, appOf, subscriptionId } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";

/** What the app reports after it has audited an account in each of these states. */
async function reportsOf<const States extends readonly Account[]>(states: States) {
  const store = tableStore(memoryTable());
  const reports: LedgerReport[] = [];
  for (const [run, account] of states.entries()) {
    const app = appOf(
      store,
      () => ({ accounts: { "st-a": account } }),
      () => undefined,
    );
    await auditSubscription(app, { runId: `run-${run}`, subscriptionId, isLastDelivery: true });
    const filter = filterOf(new URLSearchParams({ format: "json", state: "all" }));
    if ("mistakes" in filter) throw new Error(filter.mistakes.join());
    reports.push(await ledgerReport(store, filter, { poison: {}, now: app.now() }));
  }
  return reports as { [Index in keyof States]: LedgerReport };
}

describe("what `npm start` prints of a finding", () => {
  test("is its severity and what is wrong, where something is", async () => {
    const [before, after] = await reportsOf(["closed", "open"]);
    expect(differences(before, after)).toEqual(["opened    NI101  high    st-a: every address is admitted"]);
  });

  test("is that it is not known whether anything is wrong, and why, where it is not", async () => {
    const [before, after] = await reportsOf(["open", "refused"]);
    expect(differences(before, after)).toEqual([
      expect.stringMatching(/^changed {3}NI101 {2}unsure {2}st-a: cannot tell: 403 /),
    ]);
    expect(summaryText(after)).toMatch(
      /^1 subscription, \d+ resources?: 0 high, 0 medium, 0 low, 0 info, 1 undetermined, 0 waived\ncould not be read:\n {2}403 reading .*$/,
    );
  });

  test("stands above what could not be read: each once, and no more than five", async () => {
    const [report] = await reportsOf(["closed"]);
    const [first] = report.audits;
    if (first?.completed === undefined) throw new Error("nothing was audited");
    const gaps = Array.from({ length: 7 }, (_, index) => `gap ${index}`);
    const audit = { ...first, completed: { ...first.completed, gaps } };
    const [, ...lines] = summaryText({ ...report, audits: [audit, audit] }).split("\n");
    expect(lines).toEqual([
      "could not be read:",
      ...["gap 0", "gap 1", "gap 2", "gap 3", "gap 4"].map((gap) => `  ${gap}`),
      "  and 2 more, which the report names",
    ]);
  });

  test("is how it ended", async () => {
    const [before, after] = await reportsOf(["open", "closed"]);
    expect(differences(before, after)).toEqual(["resolved  NI101  high    st-a: every address is admitted (fixed)"]);
  });
});
