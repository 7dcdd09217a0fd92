import { expect, test } from "vitest";
import events from "../../infra/events.json" with { type: "json" };
import { readTypes } from "../../lib/catalog/api-versions.ts";
import { resourceGraphTables } from "../../lib/catalog/resource-graph.ts";
import { parseAzureEvent } from "../../lib/events/azure-event.ts";
import { whatToRead } from "../../lib/events/what-to-read.ts";

const { types, operationsElsewhere, operationsThatOnlyRead } = events;
const resourceUri = "/subscriptions/c0c0c0c0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.X/y/z";

test("Event Grid is asked for every management event that the app understands, and for no other", () => {
  const kinds = types.map((eventType) => {
    const { kind, outcome } = parseAzureEvent({ id: "1", eventType, data: { resourceUri } });
    return `${kind} ${outcome}`;
  });
  const outcomes = ["succeeded", "failed", "cancelled"];
  expect(kinds).toEqual(["write", "delete", "action"].flatMap((kind) => outcomes.map((one) => `${kind} ${one}`)));
});

test("the filter keeps back nothing about a type that is read", () => {
  const read = [...readTypes, ...[...resourceGraphTables.values()].flat()];
  const operations = read.flatMap((type) => ["write", "delete", "move/action"].map((verb) => `${type}/${verb}`));
  expect(operations.length).toBeGreaterThan(100);
  const keptBack = operations.filter((operation) => {
    const folded = operation.toLowerCase();
    const isElsewhere = operationsElsewhere.some((start) => folded.startsWith(start.toLowerCase()));
    return isElsewhere || operationsThatOnlyRead.some((end) => folded.endsWith(end.toLowerCase()));
  });
  expect(keptBack).toEqual([]);
});

test("the actions that the filter keeps back would be dropped", () => {
  const dropped = operationsThatOnlyRead.filter((end) => {
    const data = { resourceUri, operationName: `Microsoft.X/y${end}` };
    const event = parseAzureEvent({ id: "1", eventType: "Microsoft.Resources.ResourceActionSuccess", data });
    return whatToRead(event).kind === "nothing";
  });
  expect(dropped).toEqual(operationsThatOnlyRead);
});

/** https://learn.microsoft.com/azure/event-grid/event-filtering#limitations */
test("an event subscription takes the filter", () => {
  expect(operationsElsewhere.length + operationsThatOnlyRead.length).toBeLessThanOrEqual(25);
});
