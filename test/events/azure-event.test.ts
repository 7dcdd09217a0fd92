import { describe, expect, test } from "vitest";
import { parseAzureEvent } from "../../lib/events/azure-event.ts";
import samples from "../fixtures/azure-events.json" with { type: "json" };

const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const group = `${subscription}/resourceGroups/rg-erp`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/sterpdrawings`;

/** What each of the published shapes means, in the order of the samples. */
const management = [
  { id: account.replace("resourceGroups", "resourcegroups"), kind: "write", outcome: "succeeded" },
  {
    id: `${group}/providers/Microsoft.Sql/servers/sql-erp/firewallRules/AllowAllWindowsAzureIps`,
    kind: "write",
    outcome: "succeeded",
  },
  {
    id: `${group}/providers/Microsoft.Network/virtualNetworks/vnet-erp/subnets/snet-app`,
    kind: "delete",
    outcome: "succeeded",
  },
  { id: account, kind: "action", outcome: "succeeded" },
  { id: `${group}/providers/Microsoft.KeyVault/vaults/kv-erp`, kind: "write", outcome: "failed" },
  {
    id: `${group}/providers/Microsoft.ServiceBus/namespaces/sb-erp/networkRuleSets/default`,
    kind: "write",
    outcome: "cancelled",
  },
  {
    id: `${group}/providers/Microsoft.Network/privateEndpoints/pe-sql`,
    kind: "write",
    outcome: "succeeded",
  },
] as const;

const notifications = [
  { id: account, kind: "write", outcome: "succeeded" },
  { id: account, kind: "delete", outcome: "succeeded" },
] as const;

const published = [
  { schema: "Event Grid schema", events: samples.eventGridSchema.flat(), meanings: management },
  { schema: "CloudEvents 1.0", events: samples.cloudEvents10, meanings: management },
  {
    schema: "resource notifications in Event Grid schema",
    events: samples.resourceNotificationsEventGrid.flat(),
    meanings: notifications.slice(0, 1),
  },
  {
    schema: "resource notifications as CloudEvents 1.0",
    events: samples.resourceNotificationsCloudEvent,
    meanings: notifications,
  },
];

describe.each(published)("$schema", ({ events, meanings }) => {
  test("every sample means what the documents say", () => {
    const read = events.map(parseAzureEvent).map((event) => {
      return { id: event.resource.text, kind: event.kind, outcome: event.outcome };
    });
    expect(read).toEqual(meanings);
  });

  test("ids that differ in case alone mean the same resource", () => {
    const shouting = events.map((event) => {
      const text = JSON.stringify(event).replaceAll(subscription, subscription.toUpperCase());
      return parseAzureEvent(JSON.parse(text)).resource.key;
    });
    expect(shouting).toEqual(events.map((event) => parseAzureEvent(event).resource.key));
  });
});

const event = {
  id: "e1",
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  subject: account,
  data: { resourceUri: account, operationName: "Microsoft.Storage/storageAccounts/write" },
};
const cloudEvent = { specversion: "1.0", id: "e1", type: event.eventType, subject: account, data: event.data };

const places = [
  { when: "the uri and the subject differ", given: { ...event, subject: group }, want: account },
  { when: "there is no uri", given: { ...event, data: {} }, want: account },
  { when: "the uri is empty", given: { ...event, data: { resourceUri: "" } }, want: account },
  {
    when: "the uri names a list",
    given: { ...event, data: { resourceUri: `${group}/providers/Microsoft.Sql/servers/sql-erp/firewallRules` } },
    want: `${group}/providers/Microsoft.Sql/servers/sql-erp`,
  },
  {
    when: "the operation is one of a provider",
    given: { ...event, data: { resourceUri: `${subscription}/providers/Microsoft.Storage/checkNameAvailability` } },
    want: subscription,
  },
  { when: "it happens to a group", given: { ...event, data: { resourceUri: group } }, want: group },
  {
    when: "it is about an extension of a resource",
    given: { ...event, data: { resourceUri: `${account}/providers/Microsoft.Insights/diagnosticSettings/all` } },
    want: `${account}/providers/Microsoft.Insights/diagnosticSettings/all`,
  },
  { when: "a cloud event has no subject", given: { ...cloudEvent, subject: undefined }, want: account },
];

test.each(places)("where to look when $when", ({ given, want }) => {
  expect(parseAzureEvent(given).resource.text).toBe(want);
});

const times = [
  { when: "with more digits than a clock has", given: { ...event, eventTime: "2026-02-03T10:15:30.1234567Z" } },
  { when: "of a cloud event, in a zone", given: { ...cloudEvent, time: "2026-02-03T11:15:30.123+01:00" } },
];

test.each(times)("the time, $when", ({ given }) => {
  expect(parseAzureEvent(given).at).toBe(Date.UTC(2026, 1, 3, 10, 15, 30, 123));
});

test("a time that is not told is not made up", () => {
  expect(parseAzureEvent(event).at).toBeUndefined();
});

const refused = [
  {
    given: { ...event, eventTime: "yesterday" },
    want: "cannot understand an event of Azure: `eventTime` must be a time such as `2026-11-20T09:30:00Z`",
  },
  {
    given: { ...cloudEvent, time: "2026-02-03T10:15:30" },
    want: "cannot understand a cloud event of Azure: `time` must be a time such as `2026-11-20T09:30:00Z`",
  },
  { given: "text", want: "cannot understand an event of Azure: it must be an object, not a string" },
  {
    given: {},
    want: "cannot understand an event of Azure: `id` is missing; `eventType` is missing; `data` is missing",
  },
  { given: { ...event, data: null }, want: "cannot understand an event of Azure: `data` must be an object, not null" },
  {
    given: { ...event, data: { resourceUri: 7 } },
    want: "cannot understand an event of Azure: `data.resourceUri` must be a string, not a number",
  },
  { given: { ...event, id: "" }, want: "cannot understand an event of Azure: `id` must not be empty" },
  {
    given: { ...cloudEvent, specversion: "0.3" },
    want: "cannot understand a cloud event of Azure: `specversion` must be `1.0`, not `0.3`",
  },
  {
    given: { ...event, eventType: "Microsoft.Storage.BlobCreated" },
    want: "cannot understand event `e1`: `Microsoft.Storage.BlobCreated` is not a type of event that Cordon knows",
  },
  {
    given: { ...event, subject: "blob", data: { resourceUri: "/tenants/x" } },
    want: "cannot understand event `e1`: it must name something in a subscription, but names `/tenants/x` and `blob`",
  },
  {
    given: { ...event, subject: undefined, data: {} },
    want: "cannot understand event `e1`: it must name something in a subscription, but names nothing",
  },
];

test.each(refused)("refused: $want", ({ given, want }) => {
  expect(() => parseAzureEvent(given)).toThrow(want);
});
