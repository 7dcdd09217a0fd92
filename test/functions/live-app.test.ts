import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bundle } from "../../infra/build.ts";
import { type LocalHost, startHost } from "../../infra/local/host.ts";
import type { LogLine } from "../../infra/local/protocol.ts";
import { deliveriesAtMost } from "../../lib/last-delivery.ts";
import type { LedgerReport } from "../../lib/reports/ledger-report.ts";
import { storageQueue } from "../../lib/sinks/storage-queue.ts";
import type { Asked } from "../support/arm-simulator/faults.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../support/arm-simulator/recorded-world.ts";
import { type ArmSimulator, simulateArm } from "../support/arm-simulator/server.ts";

const root = resolve(import.meta.dirname, "../..");
const recording = join(root, "test/fixtures/contoso-erp");
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const folder = mkdtempSync(join(tmpdir(), "cordon-live-app-"));
const log: LogLine[] = [];
let simulator: ArmSimulator;
let host: LocalHost;

beforeAll(async () => {
  simulator = await simulateArm(worldOfRecording(recording), {
    serviceTags: serviceTagsOfRecording(recording),
    actions: new Map([[erp, ["*/read"]]]),
  });
  await bundle({ entry: "functions/index.ts", outfile: join(folder, "dist/index.cjs") });
  cpSync(join(root, "host.json"), join(folder, "host.json"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "dist/index.cjs" }));
  const Values = {
    AUDIT_SCHEDULE: "0 0 0 29 2 *",
    CORDON_SUBSCRIPTIONS: erp,
    CORDON_READER: "live",
    CORDON_ARM_LOOPBACK: simulator.address,
    CORDON_POLICY: join(recording, "cordon.policy.json"),
    CORDON_SINKS: "queue",
    AzureWebJobsStorage: "UseDevelopmentStorage=true",
    AzureFunctionsJobHost__extensions__queues__visibilityTimeout: "00:00:00",
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:00.1",
  };
  writeFileSync(join(folder, "local.settings.json"), JSON.stringify({ IsEncrypted: false, Values }));
  host = await startHost({ appFolder: folder, port: 0, log: (line) => log.push(line) });
}, 60_000);
beforeEach(() => simulator.faults.clear());
afterAll(async () => {
  await host.stop();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const audits = () => log.filter(({ category }) => category === "audit-subscription").map(({ message }) => message);
const failures = () => audits().filter((message) => message.startsWith("failed"));

async function put(queue: string, message: object): Promise<void> {
  await storageQueue({ kind: "connectionString", connectionString: host.storage }, queue).put(message);
}

async function audit(runId: string): Promise<void> {
  await put("audits", { v: 1, runId, subscriptionId: erp });
}

async function report(): Promise<LedgerReport> {
  const response = await fetch(`${host.address}/api/report?format=json&state=all&limit=500`, {
    headers: { "x-functions-key": host.keys.function },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as LedgerReport;
}

/** Of the last run. */
async function completed(runId: string) {
  await expect
    .poll(async () => (await report()).audits[0]?.completed?.runId, { timeout: 60_000, interval: 250 })
    .toBe(runId);
  return await report();
}

test("an event that no rule looks at is counted, and Azure is asked nothing for it", async () => {
  const operationName = "Microsoft.Storage/storageAccounts/listKeys/action";
  const resourceUri = `/subscriptions/${erp}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st`;
  const type = "Microsoft.Resources.ResourceActionSuccess";
  await put("changes", { specversion: "1.0", id: "e1", type, data: { resourceUri, operationName } });
  const changes = () => log.filter(({ category }) => category === "audit-change").map(({ message }) => message);
  await expect.poll(() => changes().join(), { timeout: 20_000 }).toMatch(/dropped.*1 × Microsoft.*(succeeded|failed)/s);
  expect(changes().join()).not.toContain("failed");
  expect(simulator.log).toEqual([]);
}, 30_000);

const rulesOfServers = ({ path }: Asked) => /\/servers\/[^/]+\/firewallrules$/.test(path);

test("the app audits what Azure has, and says what rights it lacks", async () => {
  await audit("first");
  const { summary, audits: entries } = await completed("first");
  expect(summary.open.high).toBeGreaterThan(5);
  const lacks = /Cordon lacks 2 of \d+ rights in subscription `e4e4/;
  expect(entries[0]?.completed?.gaps[0]).toMatch(lacks);
  expect(audits().join("\n")).toMatch(lacks);
}, 70_000);

test("what fails for a while brings the message back, and on its last delivery counts as unreadable", async () => {
  const before = await report();
  const failed = failures().length;
  simulator.faults.add({ when: rulesOfServers, what: { kind: "status", status: 503, code: "ServerBusy" } });
  await audit("second");
  const after = await completed("second");
  expect(failures().length - failed).toBe(deliveriesAtMost - 1);
  expect(after.poison["audits-poison"]).toBe(0);
  expect(after.audits[0]?.completed?.gaps.join()).toContain("503 ServerBusy");
  expect(after.summary.undetermined).toBeGreaterThan(before.summary.undetermined);
  expect(after.findings.filter(({ state }) => state === "resolved")).toEqual([]);
}, 70_000);

test("the report is there while Azure is not", async () => {
  simulator.faults.add({ when: () => true, what: { kind: "status", status: 503, code: "ServerBusy" } });
  expect((await report()).findings.length).toBeGreaterThan(40);
});
