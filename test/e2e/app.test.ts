import { createHash } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import auditEventSchema from "../../audit-event.schema.json" with { type: "json" };
import findingEventSchema from "../../finding-event.schema.json" with { type: "json" };
import type { FindingEvent, OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { LedgerReport } from "../../lib/reports/ledger-report.ts";
import { type AppClient, clientOf } from "./app-client.ts";
import { type Door, forgetVault, subscriptions, vaultId, writeVault } from "./estate.ts";
import { openTarget, type Target, webhook } from "./target.ts";
import { openWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

// Knows an address, a storage account, keys, and the folder that stands for Azure; see infra/local/README.md.
let target: Target;
let app: AppClient;
let receiver: WebhookReceiver;
let close: () => Promise<void>;
/** Names that no other run of the suite has used on the same storage. */
const run = Date.now().toString(36);
const vaults: string[] = [];

beforeAll(async () => {
  receiver = await openWebhookReceiver(webhook.port, webhook.secret);
  ({ target, close } = await openTarget(receiver.port));
  app = clientOf(target);
}, 60_000);
afterAll(async () => {
  for (const name of vaults) forgetVault(target.recording, name);
  app?.close();
  await receiver?.close();
  await close?.();
});

const eventGrid = "/runtime/webhooks/eventgrid?functionName=receive-event";
const isOf = (name: string, kind: string) => (event: OutgoingEvent) =>
  event.type === `cordon.finding.${kind}.v1` && isOpenDoor(event, name);
const isOpenDoor = (event: OutgoingEvent, name: string) =>
  event.type !== "cordon.audit.completed.v1" && event.subject === vaultId(name) && event.data.rule === "NI101";
const ofVault = (name: string) => app.events.filter(({ subject }) => subject === vaultId(name)) as FindingEvent[];

function setVault(name: string, door: Door): string {
  if (!vaults.includes(name)) vaults.push(name);
  writeVault(target.recording, name, door);
  return vaultId(name);
}

/** https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions */
function written(id: string, eventId = "1"): object {
  return {
    id: eventId,
    topic: `/subscriptions/${subscriptions[0]}`,
    subject: id,
    eventType: "Microsoft.Resources.ResourceWriteSuccess",
    eventTime: new Date().toISOString(),
    data: { resourceUri: id, operationName: "Microsoft.KeyVault/vaults/write", status: "Succeeded" },
    dataVersion: "2",
    metadataVersion: "1",
  };
}

/** https://learn.microsoft.com/azure/event-grid/cloud-event-schema */
function deleted(id: string): object {
  return {
    specversion: "1.0",
    id: "2",
    source: `/subscriptions/${subscriptions[0]}`,
    subject: id,
    type: "Microsoft.Resources.ResourceDeleteSuccess",
    time: new Date().toISOString(),
    data: { resourceUri: id, operationName: "Microsoft.KeyVault/vaults/delete", status: "Succeeded" },
  };
}

async function auditAll(): Promise<void> {
  const before = app.events.length;
  expect((await app.post("/admin/functions/plan-audits", target.masterKey, {})).status).toBe(202);
  for (const id of subscriptions) {
    const isNew = ({ type, subject }: OutgoingEvent, index: number) =>
      index >= before && type === "cordon.audit.completed.v1" && subject.toLowerCase().includes(id);
    await app.until(() => app.events.find(isNew), `completed audit of ${id}`);
  }
}

describe("Event Grid", () => {
  test("is answered its handshake", async () => {
    const validation = [
      { id: "1", eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", data: { validationCode: "e2e" } },
    ];
    const headers = { "aeg-event-type": "SubscriptionValidation" };
    const response = await app.post(eventGrid, target.eventGridKey, validation, headers);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ validationResponse: "e2e" });
  });

  test("is turned away with another key", async () => {
    expect((await app.sendEvent([written(vaultId("x"))], "no-key")).status).toBe(401);
  });
});

describe("the schedule, by hand", () => {
  test("audits every subscription, and says when each is complete, under one run", async () => {
    await auditAll();
    const completed = app.events.filter((event) => event.type === "cordon.audit.completed.v1");
    const latest = subscriptions.map((id) => completed.findLast(({ subject }) => subject.includes(id)));
    const runs = new Set(latest.map((event) => event?.data.runId));
    expect(runs.size).toBe(1);
    expect(runs).not.toContain(undefined);
  });

  test("sends nothing where nothing has changed", async () => {
    const count = ofVault("kv-standing").length;
    await auditAll();
    expect(ofVault("kv-standing")).toHaveLength(count);
  });
});

describe("a change", () => {
  const name = `kv-change-${run}`;

  test("that opens a door opens a finding, in the queue and in the webhook: the same event", async () => {
    const id = setVault(name, "open");
    expect((await app.sendEvent([written(id)])).status).toBe(202);
    const event = (await app.event(isOf(name, "opened"))) as FindingEvent;
    expect(event.data).toMatchObject({ rule: "NI101", status: "fail", sequence: 1 });
    const delivery = await app.until(() => receiver.deliveries.find(({ id }) => id === event.id), "delivery");
    expect(delivery.event).toEqual(event);
    expect(event.id).toBe(createHash("sha256").update(`${event.data.findingId}.1`).digest("hex"));
  });

  test("that comes twice, late, or was nothing, changes nothing", async () => {
    await app.sendEvent([written(vaultId(name)), written(vaultId(name)), written(vaultId("kv-closed"))]);
    await app.put("changes", deleted(vaultId(name)));
    await auditAll();
    expect(ofVault(name).filter(({ data }) => data.rule === "NI101")).toHaveLength(1);
  });

  test("that closes it, put straight into the queue by Event Grid, resolves the finding", async () => {
    await app.put("changes", written(setVault(name, "closed")));
    const event = await app.event(isOf(name, "resolved"));
    expect(event.data).toMatchObject({ resolution: "fixed", sequence: 2 });
  });

  test("that deletes, as a CloudEvent, resolves it as deleted", async () => {
    await app.put("changes", written(setVault(name, "open")));
    await app.until(() => ofVault(name).find(({ data }) => data.rule === "NI101" && data.sequence === 3), "event");
    await app.sendEvent(deleted(setVault(name, "gone")));
    const isDeleted = ({ data }: FindingEvent) => data.rule === "NI101" && data.resolution === "deleted";
    expect((await app.until(() => ofVault(name).find(isDeleted), "event")).data.sequence).toBe(4);
  });

  test("by hand is audited as well: POST /api/audit-now", async () => {
    const other = `kv-by-hand-${run}`;
    const resourceId = setVault(other, "open");
    expect((await app.post("/api/audit-now", target.functionKey, { resourceId })).status).toBe(202);
    await app.event(isOf(other, "opened"));
  });

  test.each([
    { when: "there is no key", given: () => app.post("/api/audit-now", "", {}), want: 401 },
    { when: "it asks for nothing", given: () => app.post("/api/audit-now", target.functionKey, {}), want: 400 },
    {
      when: "it asks for a subscription outside of the scope",
      given: () => {
        const subscriptionId = "00000000-0000-4000-8000-000000000000";
        return app.post("/api/audit-now", target.functionKey, { subscriptionId });
      },
      want: 404,
    },
  ])("by hand is answered $want when $when", async ({ given, want }) => {
    expect((await given()).status).toBe(want);
  });
});

describe("the webhook", () => {
  test("gets an event again, the same bytes under the same id, when it could not take it", async () => {
    const name = `kv-retry-${run}`;
    const id = setVault(name, "open");
    receiver.answer(id, { status: 503, retryAfter: "1" });
    await app.put("changes", written(id));
    const taken = () => receiver.deliveries.filter(({ event }) => event.subject === id);
    await app.until(() => taken().find(({ status }) => status === 204), "delivery", 30);
    const [refused, accepted] = taken().filter(({ id }) => id === taken()[0]?.id);
    expect([refused?.status, accepted?.status]).toEqual([503, 204]);
    expect(accepted?.body).toBe(refused?.body);
    expect((accepted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test("is not asked again after a refusal: the event is kept in deliveries-poison", async () => {
    const name = `kv-refused-${run}`;
    const id = setVault(name, "open");
    receiver.answer(id, { status: 410 }, { status: 410 });
    await app.put("changes", written(id));
    const text = await app.take("deliveries-poison", (text) => text.includes(id));
    expect(JSON.parse(text.slice("deliveries-poison ".length))).toMatchObject({ v: 1, event: { subject: id } });
  });

  test("got nothing that was not signed with its secret", () => {
    expect(receiver.deliveries.length).toBeGreaterThan(0);
    expect(receiver.forged).toEqual([]);
  });
});

describe("what cannot be understood", () => {
  test.each([
    { when: "it is no JSON", queue: "changes", given: `not JSON ${run}` },
    {
      when: "it is an event of another kind",
      queue: "changes",
      given: { id: run, eventType: "Microsoft.Storage.BlobCreated", subject: "x", data: {} },
    },
    {
      when: "it is a request of another version",
      queue: "changes",
      given: { v: 2, kind: "audit", ids: [vaultId("x")], reason: run },
    },
    { when: "it audits no subscription", queue: "audits", given: { v: 1, runId: run, subscriptionId: "all" } },
    { when: "it delivers nothing", queue: "deliveries", given: { v: 1, attempt: 0, run } },
  ])("ends in $queue-poison as it came when $when", async ({ queue, given }) => {
    await app.put(queue, given);
    const text = typeof given === "string" ? given : JSON.stringify(given);
    expect(await app.take(`${queue}-poison`, (one) => one === text)).toContain(run);
  });

  test("over the webhook ends there, too, and Event Grid need not send it again", async () => {
    const strange = { id: `strange-${run}`, eventType: "Microsoft.Storage.BlobCreated", subject: "x", data: {} };
    expect((await app.sendEvent([strange])).status).toBe(202);
    await app.take("changes-poison", (text) => text.includes(`strange-${run}`));
  });
});

describe("the report", () => {
  test("has what is open as JSON, with filters, and the audits' health", async () => {
    const response = await app.getReport("?service=kv-standing&rule=NI101");
    expect(response.status).toBe(200);
    const report = (await response.json()) as LedgerReport;
    expect(report.findings.map(({ rule, resource }) => [rule, resource])).toEqual([["NI101", vaultId("kv-standing")]]);
    expect(report.audits.map(({ subscriptionId }) => subscriptionId)).toEqual(
      expect.arrayContaining([...subscriptions]),
    );
    const none = (await (await app.getReport("?service=kv-closed")).json()) as LedgerReport;
    expect(none.findings).toEqual([]);
  });

  test("is a page for browsers, in which other people's text is only text", async () => {
    const name = `kv-"><img src=x onerror=alert(1)>-${run}`;
    await app.put("changes", written(setVault(name, "open")));
    await app.until(async () => {
      const page = await (await app.getReport("?limit=500", "text/html")).text();
      return page.includes("img src=x") ? page : undefined;
    }, "finding on the page");
    const response = await app.getReport("?limit=500", "text/html");
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    const page = await response.text();
    expect(page).toContain("kv-standing");
    expect(page).not.toContain("<img");
    expect(page).not.toContain("<script");
  });

  test.each([
    { when: "without a key", given: () => fetch(`${target.address}/api/report`), want: 401 },
    { when: "with a filter that there is not", given: () => app.getReport("?colour=red"), want: 400 },
  ])("is refused $when", async ({ given, want }) => {
    expect((await given()).status).toBe(want);
  });
});

test("every event that went out is as its published schema says, and each finding's are numbered from one", () => {
  const ajv = new Ajv2020({ strict: false });
  const [finding, audit] = [ajv.compile(findingEventSchema), ajv.compile(auditEventSchema)];
  for (const event of [...app.events, ...receiver.deliveries.map(({ event }) => event)]) {
    const validate = event.type === "cordon.audit.completed.v1" ? audit : finding;
    expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  }
  const findings = app.events.filter((event): event is FindingEvent => event.type.startsWith("cordon.finding."));
  const own = findings.filter(({ subject }) => subject.includes(run));
  for (const [id, events] of Map.groupBy(own, ({ data }) => data.findingId)) {
    const sequences = [...new Set(events.map(({ data }) => data.sequence))].sort((a, b) => a - b);
    expect(sequences, id).toEqual(sequences.map((_, index) => index + 1));
  }
});
