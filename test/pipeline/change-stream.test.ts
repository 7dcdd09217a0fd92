import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anyAzure,
  anyChange,
  anyStream,
  differencesIn,
  differingIn,
  eventOf,
  one,
  play,
  recordedAzure,
  two,
  Watch,
} from "../support/change-stream.ts";
import { isAlwaysRead } from "../support/changing-azure.ts";

const recordedSubscriptions = ["c0c0c0c0-0000-4000-8000-000000000001", "e4e4e4e4-0000-4000-8000-000000000002"];
const numRuns = Number(process.env.CORDON_RUNS ?? 40);

test.each(["as they are", "mixed"] as const)(
  "property: when the stream of events is quiet, ledgers hold what an audit without a past finds (messages %s)",
  async (mixed) => {
    await fc.assert(
      fc.asyncProperty(anyAzure, anyStream, fc.scheduler(), async (make, stream, scheduler) => {
        const watch = await play(make, stream, scheduler, mixed);
        watch.received.expectSound();
        expect(await differencesIn(watch), watch.story.join("\n")).toEqual([]);
      }),
      { numRuns, endOnFailure: process.env.CORDON_SHRINK !== "1" },
    );
  },
  60_000 * numRuns,
);

test(
  "property: what no event told of the next scheduled audit mends, and counts",
  async () => {
    const script = fc.array(anyChange, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyAzure, script, async (make, edits) => {
        const asked: object[] = [];
        const watch = new Watch(make(), (message) => asked.push(message));
        const answer = async () => {
          for (let message = asked.shift(); message !== undefined; message = asked.shift()) {
            await watch.handle(message, true);
          }
        };
        await watch.auditAll();
        await answer();
        const before = watch.azure.bodies;
        for (const edit of edits) watch.azure.do(edit);
        for (const subscriptionId of [two, one]) {
          const runId = watch.newRun();
          await watch.audit(subscriptionId, undefined, runId);
          const differing = differingIn(subscriptionId, before, watch.azure.bodies);
          const { untold } = Object(await watch.counts(subscriptionId, runId));
          // what nobody asks for is not read, and so not counted
          expect(untold).toBeGreaterThanOrEqual(differing.filter(isAlwaysRead).length);
          expect(untold).toBeLessThanOrEqual(differing.length);
        }
        await answer();
        expect(await differencesIn(watch)).toEqual([]);
      }),
      { numRuns },
    );
  },
  60_000 * numRuns,
);

test(
  "property: of each change of the recording an audit finds what an audit without a past finds",
  async () => {
    const kinds = ["remove", "remove", "drop", "recase", "reorder"];
    const anyStep = fc.oneof(
      anyChange.filter(({ kind }) => kinds.includes(kind)),
      fc.constant("undo" as const),
    );
    const asked: object[] = [];
    const watch = new Watch(recordedAzure(), (message) => asked.push(message), undefined, recordedSubscriptions);
    const answer = async () => {
      for (let message = asked.shift(); message !== undefined; message = asked.shift())
        await watch.handle(message, true);
    };
    await watch.auditAll();
    await answer();
    expect(await differencesIn(watch)).toEqual([]);
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 6 }), async (edits) => {
        for (const edit of [...edits, "undo" as const, "undo" as const]) {
          for (const told of watch.azure.do(edit)) await watch.handle(eventOf(told, watch.now()), true);
          await answer();
        }
        expect(await differencesIn(watch), JSON.stringify(edits)).toEqual([]);
      }),
      { numRuns, endOnFailure: true },
    );
  },
  60_000 * numRuns,
);
