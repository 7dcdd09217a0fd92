import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { bundledRecording } from "../../infra/local/demo-recording.ts";
import { worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { simulateArm } from "../support/arm-simulator/server.ts";

const configFile = "erp-app-portal-config-web.json";
const slotsFile = "erp-app-portal-slots.json";
const config = answerIn(join(bundledRecording, configFile));
const slots = answerIn(join(bundledRecording, slotsFile));

interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body?: unknown;
}

function answerIn(file: string): Answer {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Status and code of what the simulated Azure answers to a GET. */
async function ask(url: string, edit: (folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "cordon-simulated-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(bundledRecording, folder, { recursive: true });
  edit(folder);
  const simulator = await simulateArm(worldOfRecording(folder));
  onTestFinished(() => simulator.close());
  const headers = { authorization: `Bearer ${simulator.token}` };
  const response = await fetch(`${simulator.address}${url}`, { headers });
  const { error } = (await response.json()) as { error?: { code: string } };
  return [response.status, error?.code];
}

const refused = { status: 403, body: { error: { code: "AuthorizationFailed" } } };
const noSuch = { status: 404, body: { error: { code: "NotFound" } } };
const rewrite = (name: string, answer: object) => (folder: string) => {
  writeFileSync(join(folder, name), JSON.stringify(answer));
};
const remove = (name: string) => (folder: string) => rmSync(join(folder, name));

test.each([
  { when: "the configuration of an app is recorded", url: config.url, edit: () => undefined, want: [200, undefined] },
  { when: "it is not", url: config.url, edit: remove(configFile), want: [409, "NotRecorded"] },
  {
    when: "it is in a folder of its own",
    url: config.url,
    edit: (folder: string) => {
      mkdirSync(join(folder, "apps"));
      renameSync(join(folder, configFile), join(folder, "apps", configFile));
    },
    want: [200, undefined],
  },
  {
    when: "a refusal of it is recorded",
    url: config.url,
    edit: rewrite(configFile, { ...config, ...refused }),
    want: [403, "AuthorizationFailed"],
  },
  {
    when: "its absence is recorded",
    url: config.url,
    edit: rewrite(configFile, { ...config, ...noSuch }),
    want: [404, "NotFound"],
  },
  {
    when: "nothing of its app is recorded",
    url: config.url.replace("/config/web", "-of-nobody/config/web"),
    edit: () => undefined,
    want: [404, "ResourceNotFound"],
  },
  { when: "a list of children is recorded", url: slots.url, edit: () => undefined, want: [200, undefined] },
  {
    when: "a list of children is recorded and empty",
    url: slots.url,
    edit: rewrite(slotsFile, { ...slots, body: { value: [] } }),
    want: [200, undefined],
  },
  { when: "a list of children is not recorded", url: slots.url, edit: remove(slotsFile), want: [409, "NotRecorded"] },
])("a simulated Azure makes nothing up where $when", async ({ url, edit, want }) => {
  expect(await ask(url, edit)).toEqual(want);
});

test("a simulated Azure serves what `cordon record` writes: an answer a line, those of Resource Graph among them", () => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-simulated-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const id = config.url.slice(0, config.url.indexOf("/config/"));
  const graph = {
    method: "POST",
    url: "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
    status: 200,
    body: { totalRecords: 1, data: [{ id, type: "Microsoft.Web/sites", properties: {} }] },
  };
  writeFileSync(join(folder, "answers.ndjson"), `${JSON.stringify(graph)}\n${JSON.stringify(config)}\n`);
  const world = worldOfRecording(folder);
  expect([world.get(id)?.type, world.get(`${id}/config/web`)?.type]).toEqual([
    "Microsoft.Web/sites",
    "Microsoft.Web/sites/config",
  ]);
});

const listOfVaults = readFileSync(join(bundledRecording, "erp-key-vaults.json"), "utf8");
const onOneLine = JSON.stringify(JSON.parse(listOfVaults));

test.each([
  { name: "answers.json", content: listOfVaults },
  { name: "answers.json.gz", content: gzipSync(listOfVaults) },
  { name: "answers.ndjson", content: `${onOneLine}\n` },
  { name: "answers.jsonl", content: `${onOneLine}\n` },
  { name: "answers.jsonl.gz", content: gzipSync(`${onOneLine}\n`) },
  { name: "one-a-line.json", content: `${onOneLine}\n${onOneLine}\n` },
  { name: "with-a-byte-order-mark.json", content: `\ufeff${listOfVaults}` },
  { name: "in-utf-16.json", content: Buffer.from(`\ufeff${listOfVaults}`, "utf16le") },
  { name: "beside-a-broken-line.ndjson", content: `{"url":\n${onOneLine}\n` },
])("whatever an audit reads is served: $name", ({ name, content }) => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-simulated-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  expect(worldOfRecording(folder).subscriptions).toHaveLength(1);
});
