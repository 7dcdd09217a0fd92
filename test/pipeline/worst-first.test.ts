import { expect, test } from "vitest";
import { exampleRecording } from "../../lib/compose.ts";
import { severities } from "../../lib/model/policy.ts";
import { worstFirst } from "../../lib/pipeline/worst-first.ts";
import { readingsIn } from "../support/recorded-world.ts";
import { auditOf, policyWith } from "../support/world.ts";

test("subjects stand in the order of their worst findings, those with none and those that were not evaluated last", async () => {
  const readings = await readingsIn(exampleRecording);
  const { evaluations } = await auditOf(
    readings.filter(({ kind }) => kind !== "end"),
    policyWith({}),
  );
  const subjects = evaluations.map(({ subject }) => subject.id).reverse();
  const [unknown, ...others] = subjects;
  const evaluated = evaluations.filter(({ subject }) => subject.id.key !== unknown?.key);
  const sorted = worstFirst(subjects, evaluated);
  const worstOf = (key: string) => {
    const findings = evaluated.find(({ subject }) => subject.id.key === key)?.findings ?? [];
    const failed = findings.filter(({ status }) => status === "fail").map(({ severity }) => severity);
    return severities.find((one) => failed.includes(one)) ?? "none";
  };
  const order = sorted.map(({ key }) => worstOf(key));
  expect(order.filter((one, index) => one !== order[index - 1])).toEqual([...severities, "none"]);
  expect(new Set(sorted)).toEqual(new Set([unknown, ...others]));
});
