import { describe, expect, test } from "vitest";
import { areCompatible, type Edit, edited } from "../../lib/fix/edit.ts";
import { idOf, storageId, vaultId } from "../support/builders.ts";

const id = idOf(storageId);

function edit(path: string, old: unknown, value: unknown, resource = id): Edit {
  return { resource, path, old, new: value };
}

function bodyAfter(body: Readonly<Record<string, unknown>> | undefined, ...edits: readonly Edit[]): unknown {
  return edited(edits, () => body).get(id.key)?.body;
}

const lists = { properties: { list: ["a", "b", "c"], other: { flag: true } } };

const rows: readonly { readonly when: string; readonly edits: readonly Edit[]; readonly want: unknown }[] = [
  {
    when: "a value is set",
    edits: [edit("/properties/other/flag", true, false)],
    want: { properties: { list: ["a", "b", "c"], other: { flag: false } } },
  },
  {
    when: "a value is set where there is none on the way",
    edits: [edit("/properties/new/deep", undefined, 1)],
    want: { properties: { ...lists.properties, new: { deep: 1 } } },
  },
  {
    when: "several elements are taken away",
    edits: [edit("/properties/list/0", "a", undefined), edit("/properties/list/2", "c", undefined)],
    want: { properties: { ...lists.properties, list: ["b"] } },
  },
  {
    when: "an element is changed and one before it taken away",
    edits: [edit("/properties/list/0", "a", undefined), edit("/properties/list/1", "b", "B")],
    want: { properties: { ...lists.properties, list: ["B", "c"] } },
  },
  {
    when: "elements are added and taken away",
    edits: [edit("/properties/list/-", undefined, "d"), edit("/properties/list/1", "b", undefined)],
    want: { properties: { ...lists.properties, list: ["a", "c", "d"] } },
  },
  {
    when: "an element is added to no list",
    edits: [edit("/properties/none/-", undefined, "x")],
    want: { properties: { ...lists.properties, none: ["x"] } },
  },
  {
    when: "a property is taken away",
    edits: [edit("/properties/other", {}, undefined)],
    want: { properties: { list: ["a", "b", "c"] } },
  },
  { when: "all is taken away", edits: [edit("", lists, undefined)], want: undefined },
  {
    when: "a name has a slash",
    edits: [edit("/properties/other/a~1b", undefined, 1)],
    want: { properties: { ...lists.properties, other: { flag: true, "a/b": 1 } } },
  },
];

describe("edited", () => {
  test.each(rows)("when $when", ({ edits, want }) => {
    const before = structuredClone(lists);
    expect(bodyAfter(lists, ...edits)).toEqual(want);
    expect(lists, "the body before stays as it was").toEqual(before);
  });

  test("an element is taken away, and an element of one behind it", () => {
    const edits = [edit("/lists/1", [], undefined), edit("/lists/2/0", "x", undefined)];
    expect(bodyAfter({ lists: [["a"], ["b"], ["x", "y"]] }, ...edits)).toEqual({ lists: [["a"], ["y"]] });
  });

  test("what was not there is made", () => {
    expect(bodyAfter(undefined, edit("", undefined, { id: storageId }))).toEqual({ id: storageId });
  });
});

const pairs: readonly (readonly [one: Edit, other: Edit, want: boolean])[] = [
  [edit("/a/0", 1, undefined), edit("/a/1", 2, undefined), true],
  [edit("/a/0", 1, undefined), edit("/a/0", 1, 3), false],
  [edit("/a/0", 1, undefined), edit("/a/0/b", 1, 3), false],
  [edit("/a/1", 1, undefined), edit("/a/10", 1, undefined), true],
  [edit("/a/-", undefined, 1), edit("/a/-", undefined, 2), true],
  [edit("", {}, undefined), edit("/a", 1, 2), false],
  [edit("/a", 1, 2), edit("/a", 1, 3, idOf(vaultId)), true],
];

test.each(pairs)("areCompatible(%j, %j)", (one, other, want) => {
  expect(areCompatible(one, other)).toBe(want);
  expect(areCompatible(other, one)).toBe(want);
});
