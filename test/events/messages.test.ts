import { describe, expect, test } from "vitest";
import { droppedText, parseChange, requestFor } from "../../lib/events/change.ts";
import { parseAudit, parseDelivery } from "../../lib/events/messages.ts";
import { CordonError } from "../../lib/model/cordon-error.ts";
import samples from "../fixtures/azure-events.json" with { type: "json" };
import { aFindingEvent } from "../support/finding-events.ts";

const subscriptionId = "11111111-2222-3333-4444-555555555555";
const vault = `/subscriptions/${subscriptionId}/resourceGroups/rg-erp/providers/Microsoft.KeyVault/vaults/kv-erp`;
const request = { v: 1, kind: "audit", ids: [vault], reason: "asked for by hand" };
const [write] = samples.cloudEvents10;
const [listKeys] = samples.eventGridSchema[3] ?? [];

describe("changes", () => {
  const read = (id: string, at?: string) => ({ id, at: at === undefined ? undefined : Date.parse(at) });
  const account = `/subscriptions/${subscriptionId}/resourcegroups/rg-erp/providers/Microsoft.Storage/storageAccounts/sterpdrawings`;
  const rule = `/subscriptions/${subscriptionId}/resourceGroups/rg-erp/providers/Microsoft.Sql/servers/sql-erp/firewallRules/AllowAllWindowsAzureIps`;
  const wrote = "event `e1e1e1e1-0000-4000-8000-000000000001`: Microsoft.Storage/storageAccounts/write succeeded";

  const understood = [
    {
      when: "Event Grid put an event there",
      given: write,
      want: { resources: [read(account, "2026-02-03T10:15:30.123Z")], reason: wrote },
    },
    {
      when: "it is the array that webhooks get",
      given: [write, ...samples.eventGridSchema.flat().slice(1, 2)],
      want: {
        resources: [read(account, "2026-02-03T10:15:30.123Z"), read(rule, "2026-02-03T10:16:02.000Z")],
        reason: `${wrote}, event \`e1e1e1e1-0000-4000-8000-000000000002\`: Microsoft.Sql/servers/firewallRules/write succeeded`,
      },
    },
    {
      when: "keys were listed",
      given: listKeys,
      want: {
        reason:
          "event `e1e1e1e1-0000-4000-8000-000000000004`: Microsoft.Storage/storageAccounts/listKeys/action succeeded",
      },
    },
    {
      when: "a group of resources moved",
      given: {
        ...write,
        type: "Microsoft.Resources.ResourceActionSuccess",
        data: {
          resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/rg-erp`,
          operationName: "Microsoft.Resources/subscriptions/resourceGroups/moveResources/action",
        },
      },
      want: { resources: [read(`/subscriptions/${subscriptionId}`, "2026-02-03T10:15:30.123Z")] },
    },
    {
      when: "one event of a resource says when it was, and the other does not",
      given: [write, { ...write, id: "later", time: undefined }],
      want: { resources: [read(account)] },
    },
    { when: "Cordon asked itself", given: request, want: { resources: [read(vault)], isForced: true } },
    {
      when: "a resource group was asked for",
      given: { ...request, ids: [`/subscriptions/${subscriptionId}/resourceGroups/rg-erp`] },
      want: { resources: [read(`/subscriptions/${subscriptionId}`)], isForced: true },
    },
    {
      when: "it is a trailing reading",
      given: { v: 1, kind: "read", resources: [{ id: vault }], reason: "trailing", ticket: "t1" },
      want: { resources: [read(vault)], ticket: "t1", isForced: false },
    },
  ];

  test.each(understood)("understood when $when", ({ given, want }) => {
    const change = parseChange(given);
    const resources = change.resources.map(({ id, at }) =>
      read(id.text, at === undefined ? at : new Date(at).toJSON()),
    );
    expect({ ...change, resources }).toMatchObject({ resources: [], isForced: false, ...want });
  });

  test("what no rule can see is counted by its operation", () => {
    const assign = {
      ...write,
      data: { resourceUri: vault, operationName: "Microsoft.Authorization/roleAssignments/write" },
    };
    const unnamed = { ...samples.resourceNotificationsCloudEvent[1], data: {}, subject: `${vault}/secrets/s` };
    const change = parseChange([
      listKeys,
      {
        ...assign,
        data: { ...assign.data, resourceUri: `${vault}/providers/Microsoft.Authorization/roleAssignments/a` },
      },
      write,
      listKeys,
      unnamed,
    ]);
    expect(droppedText(change)).toBe(
      "dropped, as no rule looks at it: 2 × Microsoft.Storage/storageAccounts/listKeys/action, 1 × Microsoft.Authorization/roleAssignments/write, 1 × microsoft.keyvault/vaults/secrets/delete",
    );
    expect(change.resources).toHaveLength(1);
    expect(droppedText(parseChange(write))).toBeUndefined();
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
      want: "cannot understand a message in `changes`: `kind` must be `audit`, `read` or `evaluate`",
    },
    { given: { ...request, ids: [] }, want: "cannot understand a message in `changes`: `ids` must not be empty" },
    {
      given: { ...request, ids: [vault, "kv-erp"] },
      want: "cannot understand a message in `changes`: `kv-erp` in `ids` is nothing in a subscription",
    },
    {
      given: { v: 1, kind: "read", resources: [{ id: vault, at: "soon" }], reason: "" },
      want: "cannot understand a message in `changes`: `resources.0.at` must be a time such as `2026-11-20T09:30:00Z`; `reason` must not be empty",
    },
    {
      given: { v: 1, kind: "read", resources: [{ id: "kv-erp" }], reason: "r" },
      want: "cannot understand a message in `changes`: `kv-erp` in `resources` is nothing in a subscription",
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

test("subjects to evaluate are resources, or sites of the policy", () => {
  const kv = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`;
  const { subjects, resources, isForced } = parseChange({
    v: 1,
    kind: "evaluate",
    subjects: [kv, "site:plant"],
    reason: "r",
  });
  expect(subjects.map(({ text }) => text)).toEqual([kv, "site:plant"]);
  expect({ resources, isForced }).toEqual({ resources: [], isForced: false });
  expect(() => parseChange({ v: 1, kind: "evaluate", subjects: ["plant"], reason: "r" })).toThrow(
    "`plant` in `subjects` is nothing in a subscription",
  );
});
