import type { DocumentedValue } from "../catalog/service.ts";
import { isObject } from "../model/json-object.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";

/**
 * The value that a JSON pointer (RFC 6901) leads to, `null` and absent alike as undefined. Where something else stands
 * in the place of an object on the way, an object that says so: it fits no judgement, so that it ends as unknown.
 */
export function valueAt(value: unknown, pointer: string): unknown {
  let current = value ?? undefined;
  for (const name of segmentsOf(pointer)) {
    if (current === undefined) return undefined;
    if (!isObject(current) && !(Array.isArray(current) && isIndex(name))) return { misplaced: brief(current) };
    current = Object(current)[name] ?? undefined;
  }
  return current;
}

function isIndex(name: string): boolean {
  return Number.isInteger(Number(name));
}

const segments = new Map<string, readonly string[]>();

/** Pointers come from the catalog, so there are few of them: split once, `~` escapes do not occur. */
function segmentsOf(pointer: string): readonly string[] {
  const known = segments.get(pointer);
  if (known !== undefined) return known;
  const split = pointer.split("/").slice(1);
  segments.set(pointer, split);
  return split;
}

/** Facts keep pointers by the hundred thousand, few of which differ: each text is kept once. */
const joinedPointers = new Map<string, Map<string, string>>();

/** The pointer that leads from `start` on to `rest`, a pointer as well. */
export function joinPointers(start: string, rest: string): string {
  const known = joinedPointers.get(start) ?? new Map<string, string>();
  joinedPointers.set(start, known);
  const joined = known.get(rest) ?? `${start}${rest}`;
  known.set(rest, joined);
  return joined;
}

const elementPointers = new Map<string, string[]>();

/** Those of the elements of a list, at least so many. */
function pointersInto(list: string, count: number): readonly string[] {
  const known = elementPointers.get(list) ?? [];
  if (known.length === 0) elementPointers.set(list, known);
  for (let index = known.length; index < count; index++) known.push(`${list}/${index}`);
  return known;
}

/** What each element of an array is judged to be, by its own pointer. */
export function eachOf<T>(
  elements: readonly unknown[],
  list: string,
  judge: (element: unknown, pointer: string) => T,
): readonly T[] {
  const pointers = pointersInto(list, elements.length);
  return elements.map((element, index) => judge(element, pointers[index] ?? list));
}

/** A property whose values are folded texts with a known meaning. */
export function enumeration<T>(
  resource: ArmResource,
  pointer: string,
  values: Readonly<Record<string, T>>,
  whenAbsent?: DocumentedValue,
): Setting<T> {
  const raw = valueAt(resource.body, pointer);
  if (raw === undefined) return absent(resource, pointer, values, whenAbsent);
  const value = meaningOf(raw, values);
  if (value !== undefined) return { kind: "known", value, pointer, raw };
  return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
}

export function meaningOf<T>(raw: unknown, values: Readonly<Record<string, T>>): T | undefined {
  if (typeof raw !== "string" && typeof raw !== "boolean") return undefined;
  const folded = fold(String(raw));
  return Object.hasOwn(values, folded) ? values[folded] : undefined;
}

export function unknownValue(id: ResourceId, pointer: string, raw: unknown): string {
  if (raw === undefined) return `\`${pointer}\` of \`${id.text}\` is not set`;
  return `the value ${brief(raw)} at \`${pointer}\` of \`${id.text}\` is not known`;
}

/** Short enough for a sentence, whatever it is. */
export function brief(value: unknown): string {
  if (isObject(value) && typeof value.misplaced === "string") return `${value.misplaced} in the place of an object`;
  if (Array.isArray(value)) return "of an array";
  if (typeof value === "object") return "of an object";
  return `\`${String(JSON.stringify(value)).slice(0, 80)}\``;
}

function absent<T>(
  resource: ArmResource,
  pointer: string,
  values: Readonly<Record<string, T>>,
  whenAbsent: DocumentedValue | undefined,
): Setting<T> {
  const value = meaningOf(whenAbsent?.value, values);
  if (resource.thinBecause !== undefined || whenAbsent === undefined || value === undefined) {
    const because = resource.thinBecause ?? `\`${resource.id.text}\` has no \`${pointer}\``;
    return { kind: "unknown", because, pointer, raw: undefined };
  }
  return { kind: "known", value, pointer, raw: undefined, assumption: defaultOf(pointer, whenAbsent) };
}

/** The assumption that a finding lists where a documented default was used. */
export function defaultOf(pointer: string, whenAbsent: DocumentedValue): string {
  return `\`${pointer}\` is absent, which means ${whenAbsent.value} (${whenAbsent.link})`;
}

/** An array, empty where a full body has none; each element is judged with its own pointer. */
export function listOf<T>(
  resource: ArmResource,
  pointer: string,
  judge: (element: unknown, pointer: string) => T,
): Setting<readonly T[]> {
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  if (raw === undefined) return absentList(pointer);
  if (!Array.isArray(raw)) return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
  return { kind: "known", value: eachOf(raw, pointer, judge), pointer, raw };
}

/** What a list makes that is unknown as soon as one of its elements is. */
export function allOfList<T, U>(
  { id }: ArmResource,
  list: Setting<readonly (T | undefined)[]> & { readonly kind: "known" },
  make: (elements: readonly T[]) => U,
): Setting<U> {
  const known = list.value.filter((element) => element !== undefined);
  if (known.length === list.value.length) return { ...list, value: make(known) };
  const { pointer, raw } = list;
  return { kind: "unknown", because: unknownValue(id, pointer, raw), pointer, raw };
}

const absentLists = new Map<string, Setting<readonly never[]>>();

/** Most of the lists that a body could have are absent: one setting stands for all of them. */
function absentList(pointer: string): Setting<readonly never[]> {
  const known = absentLists.get(pointer);
  if (known !== undefined) return known;
  const list: Setting<readonly never[]> = { kind: "known", value: [], pointer, raw: undefined };
  absentLists.set(pointer, list);
  return list;
}

/** One text that holds several, empty where a full body has none. */
export function textsOf<T>(
  resource: ArmResource,
  pointer: string,
  separator: string,
  judge: (text: string, pointer: string) => T,
): Setting<readonly T[]> {
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  if (raw !== undefined && typeof raw !== "string") {
    return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
  }
  const texts = (raw ?? "").split(separator).map((text) => text.trim());
  return {
    kind: "known",
    value: texts.filter((text) => text !== "").map((text) => judge(text, pointer)),
    pointer,
    raw,
  };
}

/** What the type of service settles, whatever the body says. */
export function settled<T>(value: T): Setting<T> & { readonly kind: "known" } {
  return { kind: "known", value, pointer: "", raw: undefined };
}

/** A boolean that is false where a full body does not have it. */
export function flag(resource: ArmResource, pointer: string): Setting<boolean> {
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  if (raw === undefined || typeof raw === "boolean") return { kind: "known", value: raw === true, pointer, raw };
  return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
}

export function textAt(body: unknown, pointer: string): string | undefined {
  const value = valueAt(body, pointer);
  return typeof value === "string" ? value : undefined;
}
