import { expect, test } from "vitest";
import { eventLine, peekSummary } from "../../infra/local/peek-summary.ts";

test.each([
  { count: 0, shown: 0, says: "0 messages in findings" },
  { count: 1, shown: 1, says: "1 message in findings" },
  { count: 32, shown: 32, says: "32 messages in findings" },
  {
    count: 40,
    shown: 32,
    says:
      "40 messages in findings: these are the first 32, and 8 more come behind them " +
      "(Azure Storage shows nobody more than the 32 at the front before these are taken out)",
  },
  {
    count: 3,
    shown: 1,
    says:
      "3 messages in findings: 2 of them cannot be seen now, " +
      "since somebody works on them or they wait to be tried again",
  },
  { count: 1, shown: 2, says: "2 messages in findings" },
])("$shown messages of $count", ({ count, shown, says }) => {
  expect(peekSummary("findings", count, shown)).toBe(says);
});

const opened = (data: object) =>
  JSON.stringify({ type: "cordon.finding.opened.v1", subject: "/subscriptions/x", data });
test.each([
  {
    text: opened({ rule: "NI101", severity: "high", status: "fail" }),
    says: "cordon.finding.opened.v1  NI101  high    /subscriptions/x",
  },
  {
    text: opened({ rule: "NI101", severity: "high", status: "undetermined" }),
    says: "cordon.finding.opened.v1  NI101  unsure  /subscriptions/x",
  },
  {
    text: JSON.stringify({ type: "cordon.audit.completed.v1", subject: "/subscriptions/x", data: { runId: "r" } }),
    says: "cordon.audit.completed.v1  /subscriptions/x",
  },
  { text: '{"v":1,"kind":"audit"}', says: '{"v":1,"kind":"audit"}' },
  { text: "no JSON", says: "no JSON" },
])("$says is shown of $text", ({ text, says }) => {
  expect(eventLine(text)).toBe(says);
});
