import { isPlainObject } from "./reference.ts";
import type { Decorator, Program, Type } from "./syntax.ts";
import { Unknown, type Value } from "./value.ts";

const primitives: Readonly<Record<string, (value: Value) => boolean>> = {
  array: (value) => Array.isArray(value),
  bool: (value) => typeof value === "boolean",
  int: (value) => typeof value === "number",
  object: isPlainObject,
  secureObject: isPlainObject,
  secureString: (value) => typeof value === "string",
  string: (value) => typeof value === "string",
};

/** Whether a value is of a type; what is unknown is of any. */
export function isOf(type: Type, value: Value, types: Program["types"]): boolean {
  if (value instanceof Unknown) return true;
  switch (type.kind) {
    case "primitive":
      return primitives[type.name]?.(value) ?? false;
    case "named": {
      const declared = types.find(({ name }) => name === type.name);
      return declared !== undefined && isOf(declared.type, value, types);
    }
    case "words":
      return type.words.some((word) => word === value);
    case "array":
      return Array.isArray(value) && value.every((item) => isOf(type.item, item, types));
    case "nullable":
      return value === null || isOf(type.of, value, types);
    case "anyOf":
      return type.types.some((one) => isOf(one, value, types));
    case "object": {
      if (!isPlainObject(value)) return false;
      const isKnown = (name: string) => type.properties.has(name) || type.others !== undefined;
      return (
        Object.keys(value).every(isKnown) &&
        Object.entries(value).every(([name, one]) => {
          const of = type.properties.get(name) ?? type.others;
          return of !== undefined && isOf(of, one, types);
        }) &&
        [...type.properties].every(([name, of]) => name in value || of.kind === "nullable")
      );
    }
  }
}

const limits: Readonly<Record<string, (value: Value, limit: Value) => boolean>> = {
  allowed: (value, allowed) => Array.isArray(allowed) && allowed.includes(value),
  minLength: (value, least) => sizeOf(value) >= Number(least),
  maxLength: (value, most) => sizeOf(value) <= Number(most),
  minValue: (value, least) => Number(value) >= Number(least),
  maxValue: (value, most) => Number(value) <= Number(most),
};

/** The first of a parameter's decorators that a value does not keep to. */
export function brokenLimit(
  decorators: readonly Decorator[],
  value: Value,
  limitOf: (decorator: Decorator) => Value,
): string | undefined {
  if (value instanceof Unknown || value === null) return undefined;
  return decorators.find((one) => limits[one.name]?.(value, limitOf(one)) === false)?.name;
}

function sizeOf(value: Value): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : Number.NaN;
}
