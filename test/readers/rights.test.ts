import { describe, expect, test } from "vitest";
import { requiredActions } from "../../lib/catalog/required-actions.ts";
import { isBlind, lacksText, missingActions, type Permissions } from "../../lib/readers/permissions.ts";

const all = [...requiredActions.keys()];
const reader: Permissions = [{ actions: ["*/read"], notActions: [] }];
const subscription = "00000000-0000-4000-8000-000000000001";

describe("what is missing", () => {
  test.each([
    { when: "everything is granted", given: [{ actions: ["*"] }], want: [] },
    { when: "the role of Cordon is assigned", given: [{ actions: all }], want: [] },
    { when: "the caller is a reader", given: reader, want: all.filter((action) => action.endsWith("/action")) },
    { when: "nothing is granted", given: [], want: all },
    { when: "the rights may not be read", given: undefined, want: ["Microsoft.Authorization/permissions/read"] },
  ])("where $when", ({ given, want }) => {
    expect(missingActions(given)).toEqual(want);
  });

  test("is a sentence that names the first and counts the rest", () => {
    expect(lacksText({ subscription, actions: ["A/read"] })).toBe(
      `Cordon lacks 1 of ${all.length} rights in subscription \`${subscription}\`: \`A/read\` (infra/cordon-reader.role.json has them all)`,
    );
    expect(lacksText({ subscription, actions: ["A", "B", "C", "D", "E"] })).toContain(": `A`, `B`, `C` and 2 more (");
  });
});

test.each([
  { given: undefined, want: false },
  { given: reader, want: false },
  { given: [{ actions: ["Microsoft.Authorization/*"] }], want: true },
  { given: [], want: true },
])("nothing may be read with $given: $want", ({ given, want }) => {
  expect(isBlind(given)).toBe(want);
});
