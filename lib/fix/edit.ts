import { isObject, type JsonObject } from "../facts/arm-resource.ts";
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

/** Values are set before elements are taken away, the last of them first, so that indices mean what they meant. */
function editedBody(edits: readonly Edit[], body: JsonObject | undefined): JsonObject | undefined {
  let after: unknown = body;
  const whole = edits.findLast(({ path }) => path === "");
  if (whole !== undefined) after = whole.new;
  const inside = edits.filter(({ path }) => path !== "");
  const removed = inside.filter((edit) => edit.new === undefined).sort(byLastIndex);
  for (const edit of [...inside.filter((one) => one.new !== undefined), ...removed]) {
    after = replaced(after, edit.path.split("/").slice(1).map(unescaped), edit.new);
  }
  return isObject(after) ? after : undefined;
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value) || (value === undefined && name === "-")) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    if (name === "-") return [...list, replaced(undefined, rest, by)];
    const index = Number(name);
    if (rest.length === 0 && by === undefined) return list.toSpliced(index, 1);
    return list.with(index, replaced(list[index], rest, by));
  }
  const object = isObject(value) ? value : {};
  const { [name]: old, ...others } = object;
  const after = replaced(old, rest, by);
  return after === undefined ? others : { ...others, [name]: after };
}

function byLastIndex(a: Edit, b: Edit): number {
  return indexOf(b) - indexOf(a);
}

function indexOf({ path }: Edit): number {
  return Number(path.slice(path.lastIndexOf("/") + 1)) || 0;
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
