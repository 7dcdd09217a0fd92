import { auditNoting } from "../../lib/audit.ts";
import { SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import type { App } from "../../lib/pipeline/app.ts";
import { neighbourhood } from "../../lib/pipeline/neighbourhood.ts";
import { doubtfulIn, leaveBehind } from "../../lib/pipeline/whole-index.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { rules } from "../../lib/rules/index.ts";
import { Session } from "../../lib/session.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { memoryTable } from "../support/memory-table.ts";
import { policy } from "./policy.ts";

/** What an audit of a whole subscription takes besides reading and evaluating, so that changes can be followed: in seconds of CPU. */
export interface IndexCost {
  readonly resources: number;
  /** Reading and evaluating, with a note of what each evaluation rests on. */
  readonly noting: number;
  /** The first time, and again when nothing has changed: the comparison with what was seen before included. */
  readonly first: number;
  readonly again: number;
  readonly rows: number;
  readonly characters: number;
}

// Run by change-audits.ts in a process of its own: `node test/bench/index-cost.ts <recording of one subscription>` prints an IndexCost.
const [, , path = "", subscriptionId = "00000000-0000-4000-8000-000000000000"] = process.argv;

const table = memoryTable();
const index = tableChangeIndex(table);
const app: App = {
  readerFor: () => undefined,
  expectations: { policy, rules },
  homeOfSites: undefined,
  scope: [subscriptionId],
  store: tableStore(table),
  index,
  readingLog: tableReadingLog(table),
  changes: { async put() {} },
  sinks: [],
  now: () => new Date(),
  log() {},
};

const { resources, noting, leaving: first } = await auditAndLeave(1);
const { leaving: again } = await auditAndLeave(2);
const cost: IndexCost = { resources, noting, first, again, ...(await sizeOf(table)) };
process.stdout.write(JSON.stringify(cost));

async function auditAndLeave(ticket: number) {
  const begin = cpuSeconds();
  const session = new Session(undefined, new SnapshotBuilder(({ subscription }) => subscription !== subscriptionId));
  const reader = neighbourhood(recorded([path]), index, app.scope, subscriptionId);
  const found = await auditNoting(session, reader, { policy, rules, today: "2026-11-22" }, {});
  const read = cpuSeconds();
  await doubtfulIn(found.snapshot, subscriptionId, app);
  const tickets = new Map([[subscriptionId, ticket]]);
  const settled = { isClosed: false, isPartial: false, isFirst: ticket === 1, isAfterSettled: ticket > 1 };
  const readAt = new Date().toISOString();
  const { finish } = await leaveBehind(app, { subscriptionId, found, tickets, ...settled, readAt });
  await finish();
  return { resources: found.resources, noting: read - begin, leaving: cpuSeconds() - read };
}

async function sizeOf(kept: Table): Promise<Pick<IndexCost, "rows" | "characters">> {
  let [rows, characters] = [0, 0];
  for (const partition of [`records-${subscriptionId}`, `links-${subscriptionId}`, "links-all", "lists", "settled"]) {
    for await (const { values } of kept.list({ partition })) {
      rows += 1;
      characters += Object.values(values).reduce((sum: number, value) => sum + String(value).length, 0);
    }
  }
  return { rows, characters };
}

/** Of all cores: what else the machine does counts for nothing. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
