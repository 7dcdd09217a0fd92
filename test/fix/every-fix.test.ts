import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { audit, auditSnapshot } from "../../lib/audit.ts";
import { compose } from "../../lib/compose.ts";
import { auditedEstate, findingsOf } from "../../lib/fix/estate.ts";
import { remedies } from "../../lib/fix/remedies.ts";
import { fixOf } from "../../lib/fix.ts";
import type { ClosingRecord } from "../../lib/model/closing-record.ts";
import type { Finding } from "../../lib/model/finding.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { fixAnswer } from "../../lib/reports/fix-answer.ts";
import { type FixAnswer, fixSchema } from "../../lib/reports/fix-schema.ts";
import { rules } from "../../lib/rules/index.ts";
import { today } from "../support/world.ts";
import { answersIn, applied } from "./applied.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true }))));

describe.each(["contoso-erp", "contoso-erp-closed"])("every fix of the recording %s", async (name) => {
  const folder = resolve("test/fixtures", name);
  const options = { recordings: [folder], policyFile: undefined, rules, today, folder: "/nowhere" };
  const { reader, expectations } = await compose(options);
  const { snapshot } = await auditSnapshot(reader, expectations);
  const estate = auditedEstate(snapshot, expectations);
  const answers = await answersIn(folder);
  const before = findingsOf(estate);
  const failing = before.filter(({ status }) => status === "fail");

  async function auditAfter(closing: ClosingRecord): Promise<readonly Finding[]> {
    const changed = await mkdtemp(join(tmpdir(), "cordon-fixed-"));
    made.push(changed);
    const lines = applied(answers, closing).map((answer) => `${JSON.stringify(answer)}\n`);
    await writeFile(join(changed, "recording.ndjson"), lines.join(""));
    const found = await audit(recorded([changed]), expectations);
    expect(found.problems).toEqual([]);
    return found.evaluations.flatMap(({ findings }) => findings);
  }

  async function check(finding: Finding, closing: ClosingRecord): Promise<void> {
    const after = await auditAfter(closing);
    const ids = new Map(after.map(({ id, status }) => [id, status]));
    expect(ids.has(finding.id), "the finding is gone").toBe(false);
    const known = new Map(before.map(({ id, status }) => [id, status]));
    const idsOf = (told: ClosingRecord["goes"]) => told.map(({ id }) => id);
    expect(idsOf(closing.goes)).toEqual([...known.keys()].filter((id) => !ids.has(id)).sort());
    expect(idsOf(closing.comes)).toEqual([...ids.keys()].filter((id) => !known.has(id)).sort());
    const turned = [...ids].filter(([id, status]) => (known.get(id) ?? status) !== status);
    expect(closing.turns.map(({ id, status }) => [id, status])).toEqual(turned.sort());
  }

  test("there are findings to fix, or the recording is the closed one", () => {
    expect(failing.length > 0).toBe(name === "contoso-erp");
  });

  test.each(failing.map((finding) => [finding.id, finding] as const))("%s", { timeout: 60_000 }, async (_, finding) => {
    const { fix, bodies } = await fixOf(finding, estate, reader);
    const rule = rules.find(({ id }) => id === finding.rule);
    const answer: FixAnswer = fixAnswer(finding, rule, fix, bodies);
    expect(() => fixSchema.parse(JSON.parse(JSON.stringify(answer)))).not.toThrow();
    const closings = [answer.fix, answer.milder, answer.rejected, ...(answer.alternatives ?? []).slice(0, 2)];
    for (const closing of closings.filter((one) => one !== undefined)) {
      expect(closing.edits.length).toBeGreaterThan(0);
      expect(closing.commands.length).toBeGreaterThan(0);
      expect(closing.commands.every((command) => command.startsWith("az ") && !command.includes("undefined"))).toBe(
        true,
      );
      await check(finding, closing);
    }
    if (fix.kind === "none") expect(answer.because[0], "says why").toMatch(/\w{3,} \w+/);
  });
});

describe("remedies", () => {
  test("there is one for every rule, and for no other", () => {
    const ids = rules.map(({ id }) => id);
    const advice = "say in lib/fix/remedies.ts what can close the findings of the rule, or why Cordon knows nothing";
    expect(Object.keys(remedies), advice).toEqual(ids);
  });

  test.each(Object.entries(remedies))("%s has proposers, or a reason that makes a sentence", (_, remedy) => {
    if ("none" in remedy) expect(remedy.none).toMatch(/^[a-z].*\w$/);
    else expect(remedy.from.length).toBeGreaterThan(0);
  });
});
