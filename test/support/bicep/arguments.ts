import { isPlainObject } from "./reference.ts";
import { type Closure, type ObjectValue, Unknown, type Value } from "./value.ts";

/** What a function is given, in the types that it takes; throws where it is given something else. */
export function text(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError("a string is expected");
}

export function whole(value: Value | undefined): number {
  if (typeof value === "number") return value;
  throw new TypeError("a number is expected");
}

export function list(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("an array is expected");
}

export function object(value: Value | undefined): ObjectValue {
  if (value !== undefined && isPlainObject(value)) return value;
  throw new TypeError("an object is expected");
}

export function lambda(value: Value | undefined): Closure {
  if (typeof value === "function") return value;
  throw new TypeError("a lambda is expected");
}

/** The texts in an array; undefined where one of them is unknown. */
export function texts(value: Value | undefined): readonly string[] | undefined {
  const items = list(value);
  return items.some((item) => item instanceof Unknown) ? undefined : items.map((item) => text(item));
}
