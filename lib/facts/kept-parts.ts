import { ResourceId } from "../model/resource-id.ts";
import { isObject, type JsonObject } from "./arm-resource.ts";

/** Makes a function that leaves of a body no more than what the pointers lead to; `*` stands for each element of an array. */
export function keeper(pointers: readonly string[]): (body: JsonObject) => JsonObject {
  const kept = treeOf(pointers);
  return (body) => partsOf(body, kept);
}

/** What to keep of an object: of the property `names[i]` what `below[i]` says; where nothing is below, all of it. */
interface Kept {
  readonly names: readonly string[];
  readonly below: readonly Kept[];
}

const everything: Kept = { names: [], below: [] };

function treeOf(pointers: readonly string[]): Kept {
  const paths = pointers.map((pointer) => pointer.split("/").slice(1));
  const byName = Map.groupBy(paths, ([name]) => name ?? "");
  const below = [...byName.values()].map((some) => {
    const rest = some.map((path) => path.slice(1));
    const isWhole = rest.some((path) => path.length === 0);
    return isWhole ? everything : treeOf(rest.map((path) => `/${path.join("/")}`));
  });
  return { names: [...byName.keys()], below };
}

/** What stands in the place of an object stays, so that it is judged as what it is. */
function partsOf(body: JsonObject, { names, below }: Kept): JsonObject {
  const parts: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const value = body[name];
    if (value !== undefined && value !== null) parts[name] = partOf(value, below[index] ?? everything);
  }
  return parts;
}

function partOf(value: unknown, kept: Kept): unknown {
  const [below] = kept.below;
  if (kept.names[0] === "*" && below !== undefined && Array.isArray(value)) {
    return value.length === 0 ? none : value.map((element) => partOf(element, below));
  }
  return below !== undefined && isObject(value) ? partsOf(value, kept) : shared(value);
}

const none: readonly never[] = [];

/** The same value, in which ids that are equal and empty arrays are held once: facts name the same things over and over. */
function shared(value: unknown): unknown {
  if (typeof value === "string") return sharedId(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? none : value.map(shared);
  const copy: Record<string, unknown> = { ...value };
  for (const name in copy) {
    const part = copy[name];
    if (typeof part === "object" || (name.length < 3 && typeof part === "string")) copy[name] = shared(part);
  }
  return copy;
}

function sharedId(text: string): string {
  if (!text.startsWith("/subscriptions/")) return text;
  const id = ResourceId.parse(text);
  return id?.text === text ? id.text : text;
}
