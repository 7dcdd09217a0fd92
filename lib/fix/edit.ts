import { isObject, type JsonObject } from "../model/json-object.ts";
import type { ResourceId } from "../model/resource-id.ts";

/** One change to one body as ARM returns it. */
export interface Edit {
  readonly resource: ResourceId;
  /**
   * JSON pointer into the body; the empty one is the resource as a whole. A pointer that ends in `/-` is what comes after
   * the last element of a list, which is made where there is none.
   */
  readonly path: string;
  /** Undefined for what is not there yet. */
  readonly old: unknown;
  /** Undefined for what is taken away. */
  readonly new: unknown;
}

/** The raw body of a resource; undefined for one that there is not, or that nobody could read. */
export type Bodies = (id: ResourceId) => JsonObject | undefined;

/** A body after its edits; undefined where the resource is gone. */
export interface EditedBody {
  readonly id: ResourceId;
  readonly body: JsonObject | undefined;
}

/** The bodies that the edits change, as they are afterwards; what is not edited is shared with the bodies before. */
export function edited(edits: readonly Edit[], bodies: Bodies): ReadonlyMap<string, EditedBody> {
  const byResource = Map.groupBy(edits, ({ resource }) => resource.key);
  const bodiesAfter = [...byResource].flatMap(([key, own]): [string, EditedBody][] => {
    const id = own[0]?.resource;
    return id === undefined ? [] : [[key, { id, body: editedBody(own, bodies(id)) }]];
  });
  return new Map(bodiesAfter);
}

/** Values are set before parts are taken away, the deepest first and those of one thing at once, so that indices mean what they meant. */
function editedBody(edits: readonly Edit[], body: JsonObject | undefined): JsonObject | undefined {
  let after: unknown = body;
  const whole = edits.findLast(({ path }) => path === "");
  if (whole !== undefined) after = whole.new;
  const inside = edits.filter(({ path }) => path !== "");
  for (const { path, new: value } of inside.filter((one) => one.new !== undefined)) {
    after = changed(after, namesIn(path), () => value);
  }
  const removed = Map.groupBy(
    inside.filter((one) => one.new === undefined),
    ({ path }) => path.slice(0, path.lastIndexOf("/")),
  );
  const deepestFirst = [...removed].map(([path, own]) => ({ names: namesIn(path), own })).sort(byDepth);
  for (const { names, own } of deepestFirst) {
    const gone = new Set(own.map(({ path }) => namesIn(path).at(-1)));
    after = changed(after, names, (value) => without(value, gone));
  }
  return isObject(after) ? after : undefined;
}

function byDepth(a: { readonly names: readonly string[] }, b: { readonly names: readonly string[] }): number {
  return b.names.length - a.names.length;
}

function changed(value: unknown, [name, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  if (Array.isArray(value) || (value === undefined && name === "-")) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    if (name === "-") return [...list, changed(undefined, rest, change)];
    const index = Number(name);
    return list.with(index, changed(list[index], rest, change));
  }
  const object = isObject(value) ? value : {};
  const { [name]: old, ...others } = object;
  const after = changed(old, rest, change);
  return after === undefined ? others : { ...others, [name]: after };
}

/** Without these elements or properties. */
function without(value: unknown, names: ReadonlySet<string | undefined>): unknown {
  if (Array.isArray(value)) return value.filter((_, index) => !names.has(String(index)));
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name))) : value;
}

function namesIn(path: string): readonly string[] {
  return path.split("/").slice(1).map(unescaped);
}

function unescaped(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Whether the two leave each other alone: neither is about what the other one replaces or takes away. */
export function areCompatible(one: Edit, other: Edit): boolean {
  if (one.resource.key !== other.resource.key) return true;
  if (one.path.endsWith("/-") && other.path.endsWith("/-")) return true;
  return !isWithin(one.path, other.path) && !isWithin(other.path, one.path);
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
