import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readSettings } from "../../infra/local/settings.ts";

test.each([
  { text: '{ "Values": {\n "A": "b", }', says: /local\.settings\.json`:\n {2}- line 2, column \d+: broken JSON/ },
  { text: '{ "Values": 1 }', says: /local\.settings\.json`:\n {2}- `Values`/ },
])("$text is refused, with the place", ({ text, says }) => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "local.settings.json"), text);
  expect(() => readSettings(folder, {})).toThrow(says);
});
