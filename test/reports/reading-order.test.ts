import fc from "fast-check";
import { expect, test } from "vitest";
import { audit } from "../../lib/audit.ts";
import { compose, exampleRecording } from "../../lib/compose.ts";
import type { Portion, Reading } from "../../lib/readers/reader.ts";
import { toJson } from "../../lib/reports/json.ts";
import { reportOf } from "../../lib/reports/report.ts";
import { rules } from "../../lib/rules/index.ts";
import { everythingOf, today } from "../support/world.ts";

test("property: resources that are read in another order give the same bytes", async () => {
  const options = { recordings: [exampleRecording], policyFile: undefined, rules, today, folder: "/nowhere" };
  const { reader, expectations } = await compose(options);
  const readings = (await everythingOf(reader)).filter(({ kind }) => kind !== "end");
  const bytesOf = async (ordered: readonly Reading[]) => {
    const readAll = async function* (): AsyncGenerator<Portion> {
      yield ordered;
      yield [{ kind: "end", because: "is not in the recording" }];
    };
    const found = await audit({ readAll, async *read() {} }, expectations);
    return toJson(reportOf(found, rules));
  };
  const want = await bytesOf(readings);
  expect(await bytesOf(readings.toReversed())).toBe(want);
  const orders = fc.shuffledSubarray(readings, { minLength: readings.length });
  await fc.assert(
    fc.asyncProperty(orders, async (ordered) => {
      expect(await bytesOf(ordered)).toBe(want);
    }),
    { numRuns: 10 },
  );
});
