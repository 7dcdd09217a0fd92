import fc from "fast-check";
import { expect, test } from "vitest";
import { anyAzure, anyStream, differencesIn, play } from "../support/change-stream.ts";

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
