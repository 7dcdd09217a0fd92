import { expect, test } from "vitest";
import type { BodyRecord } from "../../lib/model/body-record.ts";
import { newNamersIn } from "../../lib/pipeline/left-behind.ts";

const key = "/subscriptions/s/resourcegroups/g/providers/microsoft.network/networkinterfaces/nic";

function named(...names: readonly string[]): BodyRecord {
  return { id: key, embeds: [], facts: [{ key, kind: "networkInterface", print: "p", names }] };
}

test.each([
  { when: "a resource is new", before: undefined, after: named("a", "b"), want: ["a", "b"] },
  { when: "it names one more", before: named("a"), after: named("a", "b"), want: ["b"] },
  { when: "it names another", before: named("a"), after: named("b"), want: ["b"] },
  { when: "it names the same", before: named("a"), after: named("a"), want: [] },
  { when: "it is gone", before: named("a"), after: undefined, want: [] },
])("links to what a resource names are new where $when", ({ before, after, want }) => {
  const links = newNamersIn([{ key, before, after }]);
  expect(Object.fromEntries(links)).toEqual(
    Object.fromEntries(want.map((one) => [`networkInterface ${one}`, new Set([key])])),
  );
});
