import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { auditSubscription } from "../../lib/audit-run.ts";
import { compose, exampleRecording } from "../../lib/compose.ts";
import type { OutgoingEvent } from "../../lib/model/finding-event.ts";
import type { FindingRecord } from "../../lib/model/finding-record.ts";
import { sizeOf } from "../../lib/model/json-size.ts";
import { eventLimit, findingEvent } from "../../lib/pipeline/outgoing-event.ts";
import { eventJsonSchemas } from "../../lib/reports/event-schema.ts";
import { rules } from "../../lib/rules/index.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { storageId } from "../support/builders.ts";
import { ticking } from "../support/estate.ts";
import { memoryTable } from "../support/memory-table.ts";
import { today } from "../support/world.ts";

const hub = "c0c0c0c0-0000-4000-8000-000000000001";
const erp = "e4e4e4e4-0000-4000-8000-000000000002";
const events: OutgoingEvent[] = [];

/** Everything that is told of the bundled recording: first as it is, then without rules. */
beforeAll(async () => {
  const recordings = [exampleRecording];
  const { reader, expectations } = await compose({ recordings, policyFile: undefined, rules, today, folder: "/" });
  const table = memoryTable();
  const app = {
    readerFor: () => reader,
    expectations,
    homeOfSites: hub,
    scope: [hub, erp],
    store: tableStore(table),
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: { put: async () => {} },
    sinks: [{ name: "test", send: async (event: OutgoingEvent) => void events.push(event) }],
    now: ticking(),
    log: () => {},
    reportUrl: "https://cordon.example/api/report",
  };
  for (const subscriptionId of [hub, erp]) {
    await auditSubscription(app, { runId: "run-1", subscriptionId, isLastDelivery: false });
  }
  const retired = { ...app, expectations: { ...expectations, rules: rules.slice(1) } };
  await auditSubscription(retired, { runId: "run-2", subscriptionId: erp, isLastDelivery: false });
});

async function published(name: string): Promise<object> {
  const text = await readFile(new URL(`../../${name}`, import.meta.url), "utf8");
  return JSON.parse(text);
}

describe.each([
  { name: "finding-event.schema.json", of: "cordon.finding." },
  { name: "audit-event.schema.json", of: "cordon.audit." },
])("$name", ({ name, of }) => {
  test("is the one in the package, and every event of the bundled recording is valid by it", async () => {
    const schema = await published(name);
    expect(schema).toEqual(eventJsonSchemas.get(name));
    const isValid = new Ajv2020({ strict: false }).compile(schema);
    const own = events.filter(({ type }) => type.startsWith(of));
    expect(own.length).toBeGreaterThan(2);
    for (const event of own)
      expect([event.subject, isValid(event), isValid.errors]).toEqual([event.subject, true, null]);
  });

  test("holds the schema of the data that each event names", async () => {
    const definitions = Object.keys(Object(await published(name)).$defs);
    for (const { dataschema } of events.filter(({ type }) => type.startsWith(of))) {
      const [file, definition = ""] = dataschema.split("#/$defs/");
      expect(file?.endsWith(`/${name}`)).toBe(true);
      expect(definitions).toContain(definition);
    }
  });

  test("refuses an event without a part that it names", async () => {
    const isValid = new Ajv2020({ strict: false }).compile(await published(name));
    const event = events.find(({ type }) => type.startsWith(of));
    for (const part of Object.keys(event ?? {})) {
      const { [part as keyof OutgoingEvent]: _, ...rest } = event ?? {};
      expect(isValid(rest), part).toBe(false);
    }
  });
});

test("an event's id is the hash of what the design says it is", () => {
  const event = events.find(({ subject }) => subject.endsWith("kv-contoso-hub"));
  expect(event).toMatchObject({ data: { sequence: 1, subscriptionId: hub, reach: { widest: "nobody" } } });
  // printf %s "NI702:<folded id>.1" | sha256sum
  expect(event?.id).toBe("608e323e0424be3624aa9156eff62fbdd4b066584d770b041c81db94e08b9a43");
});

test("a finding of a site names no subscription, and one that is resolved tells why", () => {
  const site = events.find(({ subject }) => subject.startsWith("site:"));
  expect(site).toMatchObject({ source: "/cordon/sites", type: "cordon.finding.opened.v1" });
  expect(site?.data).not.toHaveProperty("subscriptionId");
  const resolved = events.filter(({ type }) => type === "cordon.finding.resolved.v1");
  expect(resolved.length).toBeGreaterThan(3);
  for (const { data } of resolved) expect(data).toMatchObject({ resolution: "rule retired", sequence: 2 });
});

function aLargeFinding(): FindingRecord {
  const value = "é".repeat(1000);
  return {
    id: `NI101:${storageId.toLowerCase()}`,
    rule: "NI101",
    name: "public-network-access-enabled",
    severity: "high",
    status: "fail",
    resource: storageId,
    services: [storageId],
    title: "Open",
    evidence: Array.from({ length: 300 }, (_, index) => ({ resource: storageId, pointer: `/${index}`, value })),
    assumptions: [],
    remedy: "Close it.",
    link: "https://learn.microsoft.com/azure",
  };
}

test("an event that would be too large is trimmed, says so, and leads to the report; it is valid and the same again", async () => {
  const news = {
    kind: "opened",
    finding: aLargeFinding(),
    sequence: 7,
    ledger: erp,
    at: "2026-11-26T09:00:00.000Z",
    reportUrl: "https://cordon.example/api/report",
  } as const;
  const event = findingEvent(news);
  expect(sizeOf(event)).toBeLessThanOrEqual(eventLimit);
  expect(sizeOf(event)).toBeGreaterThan(eventLimit - 3000);
  const left = event.data.evidence.length;
  expect(event.data.omitted).toEqual({ evidence: 300 - left, services: 0, reach: false, texts: false });
  const link = new URL(event.data.report ?? "");
  expect(link.searchParams.get("finding")).toBe(news.finding.id);
  expect(JSON.stringify(findingEvent({ ...news, finding: aLargeFinding() }))).toBe(JSON.stringify(event));
  const isValid = new Ajv2020({ strict: false }).compile(await published("finding-event.schema.json"));
  expect(isValid(event)).toBe(true);
});
