import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chosenSetting, readSettings } from "../../infra/local/settings.ts";

test.each([
  { text: '{ "Values": {\n "A": "b", }', says: /local\.settings\.json`:\n {2}- line 2, column \d+: broken JSON/ },
  { text: '{ "Values": 1 }', says: /local\.settings\.json`:\n {2}- `Values`/ },
])("$text is refused, with the place", ({ text, says }) => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "local.settings.json"), text);
  expect(() => readSettings(folder, {})).toThrow(says);
});

test.each([
  { when: "only the sample says it", own: undefined, env: {}, want: undefined },
  { when: "local.settings.json says it", own: "b", env: {}, want: { value: "b", from: "local.settings.json" } },
  { when: "local.settings.json leaves it empty", own: "", env: {}, want: undefined },
  { when: "the environment says it", own: undefined, env: { A: "c" }, want: { value: "c", from: "the environment" } },
  { when: "both say it", own: "b", env: { A: "c" }, want: { value: "c", from: "the environment" } },
  { when: "the environment empties it", own: "b", env: { A: "" }, want: undefined },
])("what is chosen of a setting where $when", ({ own, env, want }) => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (name: string, value: string) =>
    writeFileSync(join(folder, name), JSON.stringify({ Values: { A: value } }));
  write("local.settings.sample.json", "a");
  if (own !== undefined) write("local.settings.json", own);
  expect(chosenSetting(folder, env, "A")).toEqual(want);
});
