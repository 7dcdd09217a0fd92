import { isObject, type JsonObject } from "../model/json-object.ts";
import { ResourceId } from "../model/resource-id.ts";

/** Makes a function that leaves of a body no more than what the pointers lead to; `*` stands for each element of an array. */
export function keeper(pointers: readonly string[]): (body: JsonObject) => JsonObject {
  const kept = treeOf(pointers);
  return (body) => partsOf(body, kept);
}

/** What to keep of an object: of the property `names[i]` what `below[i]` says; where nothing is below, all of it. */
interface Kept {
  readonly names: readonly string[];
  readonly below: readonly Kept[];
  /** By which of the names an object has, as bits: an object of that shape. Its copies take no more room than they need. */
  readonly shapes: Map<number, JsonObject>;
}

const everything: Kept = { names: [], below: [], shapes: new Map() };

function treeOf(pointers: readonly string[]): Kept {
  const paths = pointers.map((pointer) => pointer.split("/").slice(1));
  const byName = Map.groupBy(paths, ([name]) => name ?? "");
  const below = [...byName.values()].map((some) => {
    const rest = some.map((path) => path.slice(1));
    const isWhole = rest.some((path) => path.length === 0);
    return isWhole ? everything : treeOf(rest.map((path) => `/${path.join("/")}`));
  });
  if (below.length > 31) throw new RangeError("there are more names than a number has bits");
  return { names: [...byName.keys()], below, shapes: new Map() };
}

/** What stands in the place of an object stays, so that it is judged as what it is. */
function partsOf(body: JsonObject, kept: Kept): JsonObject {
  const { names, below } = kept;
  let present = 0;
  for (let index = 0; index < names.length; index++) if (has(body, names[index])) present |= 1 << index;
  const parts: Record<string, unknown> = { ...shapeOf(kept, present) };
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? "";
    if ((present >> index) & 1) parts[name] = partOf(body[name], below[index] ?? everything);
  }
  return parts;
}

function has(body: JsonObject, name = ""): boolean {
  return body[name] !== undefined && body[name] !== null;
}

/** Read from JSON, as that gives an object room for exactly its properties. */
function shapeOf({ names, shapes }: Kept, present: number): JsonObject {
  const known = shapes.get(present);
  if (known !== undefined) return known;
  const some = names.filter((_, index) => (present >> index) & 1);
  const shape: JsonObject = JSON.parse(JSON.stringify(Object.fromEntries(some.map((name) => [name, null]))));
  shapes.set(present, shape);
  return shape;
}

function partOf(value: unknown, kept: Kept): unknown {
  const below = kept.below[0];
  if (below === undefined || typeof value !== "object") return shared(value);
  if (kept.names[0] === "*" && Array.isArray(value)) {
    return value.length === 0 ? none : value.map((element) => partOf(element, below));
  }
  return isObject(value) ? partsOf(value, kept) : shared(value);
}

const none: readonly never[] = [];

/** The same value, in which ids that are equal and empty arrays are held once: facts name the same things over and over. */
function shared(value: unknown): unknown {
  if (typeof value === "string") return isId(value) ? sharedId(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? none : value.map(shared);
  const given: JsonObject = Object(value);
  let copy: Record<string, unknown> | undefined;
  for (const name in given) {
    const part = given[name];
    if (typeof part !== "object" && !isId(part)) continue;
    copy ??= { ...given };
    copy[name] = shared(part);
  }
  return copy ?? value;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/subscriptions/");
}

function sharedId(text: string): string {
  const id = ResourceId.parse(text);
  return id?.text === text ? id.text : text;
}
