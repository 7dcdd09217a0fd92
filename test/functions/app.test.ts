import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { QueueClient } from "@azure/storage-queue";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../infra/build.ts";
import { type LocalHost, startHost } from "../../infra/local/host.ts";
import type { LogLine } from "../../infra/local/protocol.ts";
import type { FindingEvent } from "../../lib/model/finding-event.ts";
import type { LedgerReport } from "../../lib/reports/ledger-report.ts";
import { storageQueue } from "../../lib/sinks/storage-queue.ts";
import samples from "../fixtures/azure-events.json" with { type: "json" };
import { nextMessage } from "../local-host/sample.ts";
import { aFindingEvent } from "../support/finding-events.ts";
import { openReceiver, type Receiver } from "../support/receiver.ts";

const root = resolve(import.meta.dirname, "../..");
const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const folder = mkdtempSync(join(tmpdir(), "cordon-functions-"));
const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;

const names = [
  "audit-change",
  "audit-now",
  "audit-subscription",
  "deliver-webhook",
  "plan-audits",
  "receive-event",
  "report",
];

const settings = {
  AUDIT_SCHEDULE: "0 0 0 29 2 *",
  CORDON_SUBSCRIPTIONS: `${hub},${erp}`,
  CORDON_READER: "recorded",
  CORDON_RECORDING: join(root, "test/fixtures/contoso-erp"),
  CORDON_SINKS: "queue",
  CORDON_WEBHOOK_SECRET: secret,
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
  AzureFunctionsJobHost__extensions__queues__visibilityTimeout: "00:00:00",
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:00.1",
};

const log: LogLine[] = [];
const statuses = new Map<string, number>();
let receiver: Receiver & { close(): void };
let host: LocalHost;

function startApp(values: Readonly<Record<string, string>>): Promise<LocalHost> {
  writeFileSync(join(folder, "local.settings.json"), JSON.stringify({ IsEncrypted: false, Values: values }));
  return startHost({ appFolder: folder, port: 0, log: (line) => log.push(line) });
}

beforeAll(async () => {
  await bundle({ entry: "functions/index.ts", outfile: join(folder, "dist/index.cjs") });
  cpSync(join(root, "host.json"), join(folder, "host.json"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "dist/index.cjs" }));
  receiver = await openReceiver(({ headers }) => statuses.get(headers["webhook-id"] ?? "") ?? 204);
  host = await startApp({ ...settings, CORDON_WEBHOOK_URL: receiver.url.href });
});
afterAll(async () => {
  await host.stop();
  receiver.close();
  rmSync(folder, { recursive: true });
});

const queue = (name: string) => new QueueClient(host.storage, name);
const put = (name: string, message: object) =>
  storageQueue({ kind: "connectionString", connectionString: host.storage }, name).put(message);
const logged = (pattern: RegExp) =>
  expect.poll(() => log.map(({ message }) => message).join("\n"), { timeout: 20_000 }).toMatch(pattern);

async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(new URL(path, host.address), { method: "POST", body: text, headers });
  return { status: response.status, text: await response.text() };
}

const sendEvents = (events: unknown) =>
  post("/runtime/webhooks/eventgrid?functionName=receive-event", events, {
    "x-functions-key": host.keys.eventGrid,
    "aeg-event-type": "Notification",
  });

const askNow = async (body: unknown) => {
  const { status, text } = await post("/api/audit-now", body, { "x-functions-key": host.keys.function });
  return { status, answer: JSON.parse(text) };
};

/** Takes events from the queue of findings until one of this type is there. */
async function until(type: string, subject: string) {
  for (;;) {
    const event = (await nextMessage(queue("findings"), 20)) as FindingEvent;
    if (event.type === type && event.subject === subject) return event;
  }
}

test("every function of the app is there", () => {
  expect(host.functions.map(({ name }) => name).sort()).toEqual(names);
});

describe("wrong settings", () => {
  test("stop the start, and are all named", async () => {
    const wrong = startApp({ ...settings, CORDON_SINKS: "queue,mail", CORDON_READER: "video" });
    await expect(wrong).rejects.toThrow(
      /cannot start: 2 settings are wrong\n {2}`CORDON_READER` is `video`.*\n {2}`CORDON_SINKS` names `mail`/,
    );
  });
});

describe("audit-now", () => {
  const refused = [
    { given: "{", want: { status: 400, error: /^the body is not JSON: send / } },
    { given: {}, want: { status: 400, error: /must be one of the two: send / } },
    { given: { subscriptionId: "erp" }, want: { status: 400, error: /`subscriptionId` must be a subscription id/ } },
    { given: { resourceId: "kv" }, want: { status: 400, error: /^`kv` is not the id of a resource$/ } },
    {
      given: { subscriptionId: hub.replace("c", "d") },
      want: { status: 404, error: /^subscription `d0c0c0c0-0000-4000-8000-000000000001` is not in the scope$/ },
    },
    {
      given: { resourceId: "/subscriptions/other/resourceGroups/rg" },
      want: { status: 404, error: /`other` is not in/ },
    },
  ];

  test.each(refused)("refuses $given", async ({ given, want: { status, error } }) => {
    const asked = await askNow(given);
    expect(asked.status).toBe(status);
    expect(asked.answer.error).toMatch(error);
  });

  test("needs the key", async () => {
    expect((await post("/api/audit-now", { subscriptionId: hub })).status).toBe(401);
  });

  test("audits a subscription, and says under which run", async () => {
    const { status, answer } = await askNow({ subscriptionId: erp.toUpperCase() });
    expect(status).toBe(202);
    const { data } = await until("cordon.audit.completed.v1", `/subscriptions/${erp}`);
    expect(data).toMatchObject({ runId: answer.runId, subscriptionId: erp });
  });

  test("audits around a resource", async () => {
    const resourceId = `/subscriptions/${erp}/resourceGroups/rg-erp-data`;
    expect(await askNow({ resourceId })).toEqual({ status: 202, answer: { resourceId } });
    await logged(/auditing subscription `e4e4.*` after a change: asked for by hand/);
  });
});

test("plan-audits asks for each subscription of the scope", async () => {
  const planned = await post("/admin/functions/plan-audits", { input: "" }, { "x-functions-key": host.keys.master });
  expect(planned.status).toBe(202);
  await until("cordon.audit.completed.v1", `/subscriptions/${hub}`);
});

describe("events of Azure", () => {
  const [write] = samples.eventGridSchema.flat();
  const inScope = (event: unknown) =>
    JSON.parse(JSON.stringify(event).replaceAll("11111111-2222-3333-4444-555555555555", hub));

  test.each([
    { schema: "Event Grid schema", given: [inScope(write)] },
    { schema: "CloudEvents 1.0", given: inScope(samples.cloudEvents10[0]) },
  ])("come in over the webhook in $schema and lead to an audit", async ({ given }) => {
    log.length = 0;
    expect((await sendEvents(given)).status).toBeLessThan(300);
    await logged(
      /(no rule sees a change since the last reading|was read since|will be once more): event `e1e1.*Microsoft.Storage\/storageAccounts\/write/,
    );
  });

  test("may as well be put into the queue", async () => {
    log.length = 0;
    await put("changes", inScope(samples.resourceNotificationsCloudEvent[1]));
    await logged(
      /(no rule sees a change since the last reading|was read since|will be once more): event `d0d0.*Resources\.Deleted/,
    );
  });

  test("outside of the scope, and those that only read, change nothing", async () => {
    log.length = 0;
    expect((await sendEvents([write, inScope(samples.eventGridSchema[3]?.[0])])).status).toBe(202);
    await logged(/ignoring a change in subscription `1111/);
    await logged(/dropped, as no rule looks at it: 1 × Microsoft\.Storage.*listKeys\/action/);
  });

  test("that leave open what has changed have the subscription audited", async () => {
    log.length = 0;
    const group = samples.eventGridSchema[0]?.[0]?.subject.split("/providers/")[0];
    const operationName = "Microsoft.Resources/subscriptions/resourceGroups/moveResources/action";
    const type = "Microsoft.Resources.ResourceActionSuccess";
    await put("changes", inScope({ ...write, eventType: type, data: { resourceUri: group, operationName } }));
    await logged(/auditing subscription `c0c0.*` after a change: event `e1e1.*moveResources\/action succeeded/);
  });

  test("that nobody understands are set aside at once, and Event Grid is told to go on", async () => {
    const strange = { ...write, eventType: "Microsoft.Storage.BlobCreated" };
    expect((await sendEvents([strange])).status).toBe(202);
    expect(await nextMessage(queue("changes-poison"))).toEqual(strange);
    await logged(
      /`Microsoft.Storage.BlobCreated` is not a type of event that Cordon knows: it goes to `changes-poison`/,
    );
  });
});

describe("report", () => {
  const get = (query: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(new URL(`/api/report${query}`, host.address), {
      headers: { "x-functions-key": host.keys.function, ...headers },
    });

  test("needs the key", async () => {
    expect((await get("", { "x-functions-key": "no" })).status).toBe(401);
  });

  test("is JSON, or a page for browsers", async () => {
    const json = await get("?severity=high");
    expect(json.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await json.json()).toMatchObject({ filter: { severity: "high" }, findings: expect.any(Array) });
    const audits = async () => ((await (await get("")).json()) as LedgerReport).audits;
    await expect.poll(audits, { timeout: 5000 }).toMatchObject([{ state: "ok" }, { state: "ok" }]);
    const page = await get("", { accept: "text/html,*/*;q=0.8" });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).toMatch(/^<!doctype html>/i);
  });

  test("refuses a query that it does not know", async () => {
    expect((await get("?color=red")).status).toBe(400);
  });

  test("counts what was given up", async () => {
    await put("changes-poison", { v: 0 });
    expect(await (await get("")).json()).toMatchObject({ poison: { "changes-poison": 1 } });
    expect(await nextMessage(queue("changes-poison"))).toEqual({ v: 0 });
  });
});

test("a message that nobody understands ends in the poison queue, and the log says why", async () => {
  await put("audits", { v: 2 });
  expect(await nextMessage(queue("audits-poison"), 20)).toEqual({ v: 2 });
  await logged(/cannot understand a message in `audits`: `v` must be `1`, not `2`; `runId` is missing/);
});

describe("deliver-webhook", () => {
  test("delivers, signed", async () => {
    const event = aFindingEvent({}, "11".repeat(32));
    await put("deliveries", { v: 1, event, attempt: 0 });
    const ofEvent = () => receiver.received.filter(({ headers }) => headers["webhook-id"] === event.id);
    await expect.poll(() => ofEvent().length, { timeout: 10_000 }).toBe(1);
    const [{ body, headers } = { body: "", headers: {} }] = ofEvent();
    expect(body).toBe(JSON.stringify(event));
    expect(new Webhook(secret).verify(body, headers)).toEqual(event);
  });

  test("sets aside what is refused for good", async () => {
    const event = aFindingEvent({}, "22".repeat(32));
    statuses.set(event.id, 410);
    await put("deliveries", { v: 1, event, attempt: 0 });
    expect(await nextMessage(queue("deliveries-poison"), 10)).toEqual({ v: 1, event, attempt: 1 });
    await logged(/answered 410, try 1 of 19: it goes to `deliveries-poison`/);
  });

  test("comes back later with what may pass", async () => {
    const event = aFindingEvent({}, "33".repeat(32));
    statuses.set(event.id, 503);
    await put("deliveries", { v: 1, event, attempt: 0 });
    await logged(/answered 503, try 1 of 19: again in \d s/);
    statuses.set(event.id, 204);
    const tries = () => receiver.received.filter(({ headers }) => headers["webhook-id"] === event.id).length;
    await expect.poll(tries, { timeout: 15_000 }).toBe(2);
  });
});
