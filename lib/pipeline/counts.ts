import type { Audit } from "../audit.ts";
import type { AuditCounts } from "../model/finding-event.ts";
import { asManyAsFit } from "../model/fit-finding.ts";
import type { LedgerLine } from "../model/ledger.ts";
import { severities } from "../model/policy.ts";

/** What the ledger of a subscription holds after a run, and what the run changed in it. */
export function countsOf(
  lines: Iterable<LedgerLine>,
  runId: string,
  seen: Pick<AuditCounts, "resources" | "subjects" | "gaps" | "untold">,
): AuditCounts {
  const all = [...lines];
  const open = all.filter(({ state }) => state === "open");
  const failed = open.filter(({ status }) => status === "fail");
  const ofRun = all.filter((line) => line.runId === runId);
  const changed = (kind: LedgerLine["lastChange"]) => ofRun.filter(({ lastChange }) => lastChange === kind).length;
  const [high, medium, low, info] = severities.map((one) => failed.filter(({ severity }) => severity === one).length);
  return {
    ...seen,
    open: { high: high ?? 0, medium: medium ?? 0, low: low ?? 0, info: info ?? 0 },
    undetermined: open.length - failed.length,
    waived: all.filter(({ state }) => state === "waived").length,
    opened: changed("opened"),
    changed: changed("changed"),
    resolved: changed("resolved"),
  };
}

/** What could not be read or understood, a sentence each, sorted and each but once. */
export function gapsOf({ gaps, problems, conflicts }: Audit): readonly string[] {
  const all = [
    ...gaps,
    ...problems.map(({ where, message }) => `${where}: ${message}`),
    ...conflicts.map(({ text }) => `\`${text}\` was read with two different bodies`),
  ];
  return [...new Set(all)].sort();
}

/** Bytes of gaps for which an event has room. */
const roomForGaps = 24 * 1024;
const longestGap = 500;

export function firstGaps(gaps: readonly string[]): readonly string[] {
  const short = gaps.map((gap) => (gap.length <= longestGap ? gap : `${gap.slice(0, longestGap).toWellFormed()}…`));
  return asManyAsFit(short, roomForGaps);
}
