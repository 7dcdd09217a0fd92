import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anyAzure,
  anyChange,
  anyStream,
  differencesIn,
  differingIn,
  one,
  play,
  two,
  Watch,
} from "../support/change-stream.ts";
import { isAlwaysRead } from "../support/changing-azure.ts";

const numRuns = Number(process.env.CORDON_RUNS ?? 40);

test(
  "property: when the stream of events is quiet, ledgers hold what an audit without a past finds",
  async () => {
    await fc.assert(
      fc.asyncProperty(anyAzure, anyStream, fc.scheduler(), async (make, stream, scheduler) => {
        const watch = await play(make, stream, scheduler);
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
