import { lambda, list, object, text, whole } from "./arguments.ts";
import type { Called } from "./evaluate.ts";
import { hasUnknown, same } from "./operators.ts";
import { isPlainObject } from "./reference.ts";
import { type ObjectValue, Unknown, type Value } from "./value.ts";

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-array, …-functions-object and
 * …-functions-lambda
 */
export const listFunctions: Readonly<Record<string, Called>> = {
  concat: (parts) =>
    parts.every((part) => typeof part === "string") ? parts.join("") : parts.flatMap((part) => list(part)),
  contains: ([container, wanted]) => contains(container ?? null, wanted ?? null),
  empty: ([value]) => value === null || sizeOf(value) === 0,
  filter: ([items, is]) => {
    const judged = list(items).map((item, index) => ({ item, is: lambda(is)(item, index) }));
    return judged.some(({ is }) => is instanceof Unknown)
      ? undefined
      : judged.filter(({ is }) => is === true).map(({ item }) => item);
  },
  first: ([value]) => (typeof value === "string" ? value.slice(0, 1) : (list(value)[0] ?? null)),
  flatten: ([items]) => list(items).flatMap((item) => list(item)),
  int: ([value]) => numberIn(value),
  items: ([value]) =>
    Object.entries(object(value))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, one]) => ({ key, value: one })),
  last: ([value]) => (typeof value === "string" ? value.slice(-1) : (list(value).at(-1) ?? null)),
  length: ([value]) => sizeOf(value),
  map: ([items, change]) => list(items).map((item, index) => lambda(change)(item, index)),
  range: ([start, count]) => Array.from({ length: whole(count) }, (_, index) => whole(start) + index),
  take: ([value, count]) =>
    typeof value === "string"
      ? value.slice(0, Math.max(0, whole(count)))
      : list(value).slice(0, Math.max(0, whole(count))),
  toObject: ([items, key, value]) =>
    Object.fromEntries(
      list(items).map((item) => [text(lambda(key)(item)), value === undefined ? item : lambda(value)(item)]),
    ),
  union: (parts) =>
    parts.every((part) => Array.isArray(part))
      ? unionOfLists(parts.map((part) => list(part)))
      : merged(parts.map(object)),
};

function contains(container: Value, wanted: Value): boolean | undefined {
  if (typeof container === "string") return container.includes(text(wanted));
  if (isPlainObject(container))
    return Object.keys(container).some((name) => name.toLowerCase() === text(wanted).toLowerCase());
  const items = list(container);
  if (items.some((item) => !hasUnknown(item) && same(item, wanted))) return true;
  return items.some(hasUnknown) ? undefined : false;
}

function numberIn(value: Value | undefined): number {
  if (typeof value === "number" || (typeof value === "string" && /^-?\d+$/.test(value))) return Number(value);
  throw new TypeError("a number is expected");
}

function sizeOf(value: Value | undefined): number {
  if (typeof value === "string") return value.length;
  return Array.isArray(value) ? value.length : Object.keys(object(value)).length;
}

function unionOfLists(lists: readonly (readonly Value[])[]): readonly Value[] {
  const all: Value[] = [];
  for (const value of lists.flat()) {
    if (!all.some((one) => !hasUnknown(one) && !hasUnknown(value) && same(one, value))) all.push(value);
  }
  return all;
}

/** Objects inside objects are merged, too; of everything else the last one counts. */
function merged(objects: readonly ObjectValue[]): ObjectValue {
  const result: Record<string, Value> = {};
  for (const [name, value] of objects.flatMap((one) => Object.entries(one))) {
    const before = result[name];
    result[name] =
      before !== undefined && isPlainObject(before) && isPlainObject(value) ? merged([before, value]) : value;
  }
  return result;
}
