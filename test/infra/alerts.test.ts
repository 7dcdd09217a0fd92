import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import { planAudits } from "../../lib/plan-audits.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { appOf, subscriptionId } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { criteriaIn } from "./checks/queries.ts";
import { closed, deployed } from "./scenarios.ts";
import { templates } from "./templates.ts";

const alerts = deployed(templates, closed).resources.filter(
  ({ type }) => type === "Microsoft.Insights/scheduledQueryRules",
);
const queries = alerts.flatMap(({ body }) => criteriaIn(body).map(({ query }) => query));

function phrases(pattern: RegExp): readonly string[] {
  return [...new Set(queries.flatMap((query) => [...query.matchAll(pattern)].map(([, phrase = ""]) => phrase)))];
}

/** What `parse message with step " subscription `" subscriptionId "`" *` makes of a line. */
function parsed(line: string): readonly string[] {
  return /^(.*?) subscription `(.*?)`/s.exec(line)?.slice(1) ?? [];
}

describe("the alert on subscriptions that are not audited", () => {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const store = tableStore(memoryTable());
  const app = {
    ...appOf(
      store,
      () => ({ accounts: {} }),
      () => undefined,
    ),
    log,
  };
  const asked = "asking for an audit of";
  const audited = "audited";

  test("looks for two lines, and no others", () => {
    expect(
      queries.filter((query) => query.includes('parse message with step " subscription `" subscriptionId "`" *')),
    ).toHaveLength(1);
    expect(phrases(/step == "([^"]*)"/g)).toEqual([asked, audited]);
  });

  test("finds that a subscription is asked for", async () => {
    await planAudits({ store, scope: [subscriptionId], log }, "run-1");
    expect(lines.splice(0).map(parsed)).toEqual([[asked, subscriptionId]]);
  });

  test("finds that it was audited, also by an audit that was completed before", async () => {
    for (const _ of ["first", "again"]) {
      await auditSubscription(app, { runId: "run-1", subscriptionId, isLastDelivery: false });
      expect(lines.splice(0).map(parsed)).toEqual([[audited, subscriptionId]]);
    }
  });

  test("finds nothing of an audit that fails", async () => {
    const readerFor = () => {
      throw new Error("503");
    };
    const failing = auditSubscription({ ...app, readerFor }, { runId: "run-2", subscriptionId, isLastDelivery: false });
    await expect(failing).rejects.toThrow("503");
    expect(lines.splice(0)).toEqual([]);
  });

  test("is not kept waiting by one that left the scope, which is asked for once more", async () => {
    const readerFor = async () => undefined;
    await auditSubscription({ ...app, readerFor }, { runId: "run-3", subscriptionId, isLastDelivery: false });
    expect(lines.splice(0).map(parsed)).toEqual([[audited, subscriptionId]]);
    expect(await planAudits({ store, scope: [], log }, "run-4")).toEqual([]);
    expect(lines).toEqual([]);
  });
});

test("alerts on requests ask for functions of the app", () => {
  const functions = readdirSync(new URL("../../functions", import.meta.url)).map((name) => name.replace(".ts", ""));
  const named = phrases(/name (?:==|in) \(?(.*?)\)? and/g).flatMap((list) => list.replaceAll('"', "").split(", "));
  expect(named).toContain("audit-subscription");
  for (const name of named) expect(functions).toContain(name);
});
