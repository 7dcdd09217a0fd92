import { describe, expect, test } from "vitest";
import { parseChange, requestFor } from "../../lib/events/change.ts";
import { parseAudit, parseDelivery } from "../../lib/events/messages.ts";
import { CordonError } from "../../lib/model/cordon-error.ts";
import samples from "../fixtures/azure-events.json" with { type: "json" };
import { aFindingEvent } from "../support/finding-events.ts";

const subscriptionId = "11111111-2222-3333-4444-555555555555";
const vault = `/subscriptions/${subscriptionId}/resourceGroups/rg-erp/providers/Microsoft.KeyVault/vaults/kv-erp`;
const request = { v: 1, kind: "audit", ids: [vault], reason: "asked for by hand" };
const [write] = samples.cloudEvents10;
const listKeys = samples.eventGridSchema[3];

describe("changes", () => {
  const understood = [
    {
      when: "Event Grid put an event there",
      given: write,
      want: "event `e1e1e1e1-0000-4000-8000-000000000001`: Microsoft.Storage/storageAccounts/write succeeded",
      ids: 1,
    },
    {
      when: "it is the array that webhooks get",
      given: [write, ...samples.eventGridSchema.flat().slice(1, 2)],
      want: "event `e1e1e1e1-0000-4000-8000-000000000001`: Microsoft.Storage/storageAccounts/write succeeded, event `e1e1e1e1-0000-4000-8000-000000000002`: Microsoft.Sql/servers/firewallRules/write succeeded",
      ids: 2,
    },
    {
      when: "keys were listed",
      given: listKeys,
      want: "event `e1e1e1e1-0000-4000-8000-000000000004`: Microsoft.Storage/storageAccounts/listKeys/action succeeded",
      ids: 0,
    },
    {
      when: "it is a resource notification",
      given: samples.resourceNotificationsCloudEvent[1],
      want: "event `d0d0d0d0-0000-4000-8000-000000000002`: Microsoft.ResourceNotifications.Resources.Deleted",
      ids: 1,
    },
    { when: "Cordon asked itself", given: request, want: "asked for by hand", ids: 1 },
  ];

  test.each(understood)("understood when $when", ({ given, want, ids }) => {
    const change = parseChange(given);
    expect(change.reason).toBe(want);
    expect(change.ids).toHaveLength(ids);
  });

  test("a request may stand for an event", () => {
    const change = parseChange(write);
    expect(parseChange(requestFor(change))).toEqual(change);
  });

  const refused = [
    { given: [], want: "cannot understand a message in `changes`: it holds no event" },
    { given: undefined, want: "cannot understand an event of Azure: it is missing" },
    { given: { ...request, v: 2 }, want: "cannot understand a message in `changes`: `v` must be `1`, not `2`" },
    {
      given: { ...request, kind: "delete" },
      want: "cannot understand a message in `changes`: `kind` must be `audit`, not `delete`",
    },
    { given: { ...request, ids: [] }, want: "cannot understand a message in `changes`: `ids` must not be empty" },
    {
      given: { ...request, ids: [vault, "kv-erp"] },
      want: "cannot understand a message in `changes`: `kv-erp` in `ids` is nothing in a subscription",
    },
    {
      given: { ...request, id: "x", dequeueCount: 9 },
      want: "cannot understand a message in `changes`: it has unknown keys: `id`, `dequeueCount`",
    },
  ];

  test.each(refused)("refused: $want", ({ given, want }) => {
    expect(() => parseChange(given)).toThrow(new CordonError("ERR_MESSAGE_NOT_UNDERSTOOD", want));
  });
});

describe("audits", () => {
  const audit = { v: 1, runId: "run-1", subscriptionId };

  test("understood", () => {
    expect(parseAudit(audit)).toEqual(audit);
  });

  const refused = [
    { given: "not JSON", want: "cannot understand a message in `audits`: it must be an object, not a string" },
    { given: { v: 1, runId: "run-1" }, want: "cannot understand a message in `audits`: `subscriptionId` is missing" },
    {
      given: { ...audit, runId: "", subscriptionId: "rg-erp" },
      want: "cannot understand a message in `audits`: `runId` must not be empty; `subscriptionId` must be a subscription id, a GUID with hyphens",
    },
    { given: { ...audit, more: 1 }, want: "cannot understand a message in `audits`: it has unknown keys: `more`" },
  ];

  test.each(refused)("refused: $want", ({ given, want }) => {
    expect(() => parseAudit(given)).toThrow(want);
  });
});

describe("deliveries", () => {
  const delivery = { v: 1, event: aFindingEvent(), attempt: 0 };

  test("an event comes out as it went in, byte by byte, what nobody knows included", () => {
    const { data, ...envelope } = delivery.event;
    const event = { data: { z: 1, ...data, a: 2 }, later: "…", ...envelope };
    const text = JSON.stringify({ attempt: 3, event, v: 1 });
    expect(JSON.stringify(parseDelivery(JSON.parse(text)))).toBe(text);
  });

  const refused = [
    { given: { ...delivery, attempt: -1 }, want: "`attempt` must not be negative" },
    { given: { ...delivery, attempt: 0.5 }, want: "`attempt` must be a whole number, not `0.5`" },
    { given: { v: 1, attempt: 0 }, want: "`event` is missing" },
    {
      given: { ...delivery, event: { ...delivery.event, type: "Microsoft.Storage.BlobCreated", id: undefined } },
      want: "`event.id` is missing; `event.type` must be the type of one of Cordon's events",
    },
  ];

  test.each(refused)("refused: $want", ({ given, want }) => {
    expect(() => parseDelivery(given)).toThrow(`cannot understand a message in \`deliveries\`: ${want}`);
  });
});
