import { hasUnknown, operators } from "./operators.ts";
import { printed } from "./printed.ts";
import { partOf } from "./read-part.ts";
import { isReference } from "./reference.ts";
import { Refused } from "./refused.ts";
import type { Expression, Place, Property } from "./syntax.ts";
import { type ObjectValue, Unknown, type Value } from "./value.ts";

/** A function of Bicep; undefined is what it cannot know here. A mistake in its arguments is thrown as a text. */
export type Called = (given: readonly Value[], at: Place) => Value | undefined;

/** What names mean where an expression stands. */
export interface Names {
  /** Undefined where there is no such symbol. */
  readonly value: (name: string) => Value | undefined;
  readonly called: (name: string) => Called | undefined;
}

export function evaluate(expression: Expression, names: Names): Value {
  const of = (part: Expression) => evaluate(part, names);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "interpolated":
      return interpolated(expression, names);
    case "array":
      return expression.items.map(of);
    case "object":
      return objectOf(expression.properties, names);
    case "for": {
      const list = of(expression.list);
      if (list instanceof Unknown) return new Unknown(printed(expression));
      return listIn(list, expression).map((item, index) =>
        evaluate(expression.body, withLocals(names, expression.item, item, expression.index, index)),
      );
    }
    case "variable": {
      const value = names.value(expression.name);
      if (value === undefined) throw new Refused(expression.at, `there is no \`${expression.name}\``);
      return value;
    }
    case "member":
    case "index":
    case "nested":
      return partOf(expression, of);
    case "call":
      return call(expression, names);
    case "unary":
      return unary(expression, names);
    case "binary":
      return binary(expression, names);
    case "ternary": {
      const condition = of(expression.condition);
      if (condition instanceof Unknown) return new Unknown(printed(expression));
      if (typeof condition === "boolean") return of(condition ? expression.consequence : expression.alternative);
      throw new Refused(expression.at, `\`${printed(expression.condition)}\` is no boolean`);
    }
    case "lambda":
      return (...given) => evaluate(expression.body, named(names, expression.parameters, given));
  }
}

/** Names with a loop's own in front of them. */
export function withLocals(names: Names, item: string, value: Value, index: string | undefined, at: number): Names {
  return named(names, index === undefined ? [item] : [item, index], [value, at]);
}

/** The elements of what a loop goes over. */
export function listIn(list: Value, { at }: { readonly at: Place }): readonly Value[] {
  if (Array.isArray(list)) return list;
  throw new Refused(at, "a loop goes over an array");
}

export function objectOf(properties: readonly Property[], names: Names): ObjectValue {
  return Object.fromEntries(
    properties.map(({ key, value, at }) => {
      const name = typeof key === "string" ? key : evaluate(key, names);
      if (name instanceof Unknown) return [`\${${name.expression}}`, evaluate(value, names)];
      if (typeof name !== "string") throw new Refused(at, "the name of a property is a string");
      return [name, evaluate(value, names)];
    }),
  );
}

function named(names: Names, parameters: readonly string[], given: readonly Value[]): Names {
  const locals = new Map(parameters.map((name, index) => [name, given[index]]));
  return { ...names, value: (name) => (locals.has(name) ? locals.get(name) : names.value(name)) };
}

function interpolated(expression: Expression & { kind: "interpolated" }, names: Names): Value {
  const parts = expression.parts.map((part) => (typeof part === "string" ? part : evaluate(part, names)));
  const texts = parts.map((part) => {
    if (part instanceof Unknown) return `\${${part.expression}}`;
    if (typeof part === "string" || typeof part === "number") return String(part);
    // As `format` does: https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#format
    if (typeof part === "boolean") return part ? "True" : "False";
    throw new Refused(expression.at, `\`${printed(expression)}\` puts into a string what is none`);
  });
  const text = texts.join("");
  return parts.some((part) => part instanceof Unknown) ? new Unknown(`'${text}'`) : text;
}

function call(expression: Expression & { kind: "call" }, names: Names): Value {
  const work = names.called(expression.name);
  if (work === undefined) throw new Refused(expression.at, `there is no function \`${expression.name}\``);
  const given = expression.arguments.map((argument) => evaluate(argument, names));
  if (given.some((value) => value instanceof Unknown)) return unknownCall(expression.name, given);
  try {
    const value = work(given, expression.at);
    return value === undefined ? unknownCall(expression.name, given) : value;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(expression.at, `\`${printed(expression)}\`: ${error instanceof Error ? error.message : error}`);
  }
}

/** With what is known of the arguments, so that two calls that differ stay two. */
function unknownCall(name: string, given: readonly Value[]): Unknown {
  const shown = given.map((value) => (value instanceof Unknown ? value.expression : JSON.stringify(value)));
  return new Unknown(`${name}(${shown.join(", ")})`);
}

function unary(expression: Expression & { kind: "unary" }, names: Names): Value {
  const operand = evaluate(expression.operand, names);
  if (operand instanceof Unknown) return new Unknown(printed(expression));
  if (expression.operator === "!" && typeof operand === "boolean") return !operand;
  if (expression.operator === "-" && typeof operand === "number") return -operand;
  throw new Refused(expression.at, `\`${printed(expression)}\` is not understood`);
}

function binary(expression: Expression & { kind: "binary" }, names: Names): Value {
  const { operator } = expression;
  const left = evaluate(expression.left, names);
  if (operator === "??" && !(left instanceof Unknown)) return left ?? evaluate(expression.right, names);
  const decides = operator === "||" ? true : operator === "&&" ? false : undefined;
  if (decides !== undefined && left === decides) return decides;
  const right = evaluate(expression.right, names);
  if (decides !== undefined && right === decides) return decides;
  if (hasUnknown(left) || hasUnknown(right)) return new Unknown(printed(expression));
  if (decides !== undefined && typeof left === "boolean" && typeof right === "boolean") return right;
  const isComparable = !isReference(left) && !isReference(right);
  const result = isComparable ? operators.get(operator)?.(left, right) : undefined;
  if (result === undefined) throw new Refused(expression.at, `\`${printed(expression)}\` is not understood`);
  return result;
}
