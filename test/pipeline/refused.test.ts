import fc from "fast-check";
import { expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import { readPolicyFile } from "../../lib/config.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { App } from "../../lib/pipeline/app.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { rules } from "../../lib/rules/index.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { ticking } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { readingsIn } from "../support/recorded-world.ts";
import { type Refusal, refusalsOf } from "../support/refusals.ts";

const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";

/** A ledger of its own, and audits of whatever readings they are given, one subscription at a time. */
function ledgersOf(policy: Policy) {
  let readings: readonly Reading[] = [];
  const events: OutgoingEvent[] = [];
  const table = memoryTable();
  const store = tableStore(table);
  const app: App = {
    readerFor: () => ({
      async *readAll() {
        yield readings;
        yield [{ kind: "end", because: "is not there" }];
      },
      async *read() {},
    }),
    expectations: { policy, rules },
    homeOfSites: hub,
    scope: [hub, erp],
    store,
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: { async put() {} },
    sinks: [{ name: "test", send: async (event) => void events.push(event) }],
    now: ticking(),
    log() {},
  };
  let runs = 0;
  return {
    /** What became of findings, as "opened NI101:/subscriptions/…". */
    async audit(given: readonly Reading[]): Promise<readonly string[]> {
      readings = given;
      events.length = 0;
      runs += 1;
      for (const subscriptionId of [hub, erp]) {
        await auditSubscription(app, { runId: `run-${runs}`, subscriptionId, isLastDelivery: true });
      }
      return events.flatMap(({ type, data }) =>
        "findingId" in data ? [`${type.split(".")[2]} ${data.findingId}`] : [],
      );
    },
    /** What is open, and what it says. */
    async open(): Promise<ReadonlyMap<string, string>> {
      const ledgers = await Promise.all([hub, erp, "sites"].map((name) => store.read(name)));
      const lines = ledgers.flatMap((ledger) => ledger.lines.map(({ line }) => line));
      return new Map(lines.filter(({ state }) => state === "open").map(({ id, digest }) => [id, digest]));
    },
  };
}

async function recordingIn(name: string) {
  const folder = `test/fixtures/${name}`;
  const [readings, policy] = await Promise.all([readingsIn(folder), readPolicyFile(`${folder}/cordon.policy.json`)]);
  return { readings: readings.filter(({ kind }) => kind !== "end"), policy };
}

function resolvedIn(changes: readonly string[]): readonly string[] {
  return changes.filter((change) => change.startsWith("resolved "));
}

test("whatever is refused, no finding is resolved, and all is as it was when it can be read again", async () => {
  const { readings, policy } = await recordingIn("contoso-erp");
  const { audit, open } = ledgersOf(policy);
  await audit(readings);
  const before = await open();
  expect(before.size).toBeGreaterThan(80);
  const lost: string[] = [];
  for (const refusal of refusalsOf(readings)) {
    const resolved = resolvedIn(await audit(refusal.of(readings)));
    const known = resolved.filter((change) => before.has(change.slice("resolved ".length)));
    lost.push(...known.map((change) => `${change} without ${refusal.what}`));
  }
  expect(lost).toEqual([]);
  await audit(readings);
  expect(await open()).toEqual(before);
}, 400_000);

test.each([
  "contoso-erp",
  "contoso-erp-closed",
])("%s: while more and more is refused, nothing is ever resolved", async (name) => {
  const { readings, policy } = await recordingIn(name);
  const some = fc.shuffledSubarray([...refusalsOf(readings)], { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(some, async (refusals: readonly Refusal[]) => {
      const { audit } = ledgersOf(policy);
      await audit(readings);
      let left: readonly Reading[] = readings;
      for (const refusal of refusals) {
        left = refusal.of(left);
        expect(resolvedIn(await audit(left)), `without ${refusal.what}`).toEqual([]);
      }
    }),
    { numRuns: 10 },
  );
}, 400_000);
