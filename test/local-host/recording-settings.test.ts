import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settingsOfRecording } from "../../infra/local/recording-settings.ts";

const one = "aaaaaaaa-1111-4111-8111-000000000001";
const two = "bbbbbbbb-2222-4222-8222-000000000002";
const elsewhere = "cccccccc-3333-4333-8333-000000000003";

let folder: string;
let recording: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cordon-own-"));
  recording = join(folder, "recording");
  mkdirSync(recording);
  const resources = [two, one.toUpperCase(), one].map((subscription) => ({
    id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st`,
    type: "Microsoft.Storage/storageAccounts",
  }));
  writeFileSync(join(recording, "storage.json"), JSON.stringify({ value: resources }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const settle = (chosen: Readonly<Record<string, string>>) =>
  settingsOfRecording(recording, join(folder, "elsewhere"), (name) => {
    const value = chosen[name];
    return value === undefined ? undefined : { value, from: "the environment" };
  });

test("a recording settles its subscriptions, and that it has no policy", async () => {
  expect(await settle({})).toEqual({
    settings: { CORDON_SUBSCRIPTIONS: `${one},${two}`, CORDON_POLICY: "" },
    subscriptions: [one, two],
    policyFile: undefined,
    notes: [],
  });
});

test.each(["recording/cordon.policy.json", "cordon.policy.json"])("the policy %s is taken", async (name) => {
  const policyFile = join(folder, name);
  writeFileSync(policyFile, "{}");
  expect(await settle({})).toMatchObject({ settings: { CORDON_POLICY: policyFile }, policyFile, notes: [] });
});

test("what somebody has chosen counts, and is told", async () => {
  writeFileSync(join(recording, "cordon.policy.json"), "{}");
  const given = { CORDON_SUBSCRIPTIONS: two.toUpperCase(), CORDON_POLICY: "own.json" };
  const { settings, subscriptions, policyFile, notes } = await settle(given);
  expect({ settings, subscriptions, policyFile }).toEqual({
    settings: { CORDON_POLICY: "own.json" },
    subscriptions: [two],
    policyFile: "own.json",
  });
  expect(notes).toEqual([
    `CORDON_SUBSCRIPTIONS is that of the environment: ${two.toUpperCase()}`,
    "CORDON_POLICY is that of the environment: own.json",
  ]);
});

test.each([
  { given: { CORDON_SUBSCRIPTIONS: `${one}, ${elsewhere}` }, says: `names \`${elsewhere}\`, of which` },
  { given: { CORDON_MANAGEMENT_GROUP: "contoso" }, says: "`CORDON_MANAGEMENT_GROUP` (the environment) cannot be" },
])("$given is refused", async ({ given, says }) => {
  await expect(settle(given)).rejects.toMatchObject({
    code: "ERR_NOT_IN_RECORDING",
    message: expect.stringContaining(says),
  });
});

test("a recording without resources is refused", async () => {
  writeFileSync(join(recording, "storage.json"), JSON.stringify({ value: [] }));
  await expect(settle({})).rejects.toMatchObject({ code: "ERR_RECORDING_EMPTY" });
});
