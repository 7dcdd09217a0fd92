import { Unknown, type Value } from "./value.ts";

type Operator = (left: Value, right: Value) => Value | undefined;

const isNumber = (value: Value) => typeof value === "number";
const isText = (value: Value) => typeof value === "string";

function onNumbers(work: (left: number, right: number) => number | boolean): Operator {
  return (left, right) => (isNumber(left) && isNumber(right) ? work(left, right) : undefined);
}

function ordered(work: (left: number | string, right: number | string) => boolean): Operator {
  return (left, right) => {
    if (isNumber(left) && isNumber(right)) return work(left, right);
    return isText(left) && isText(right) ? work(left, right) : undefined;
  };
}

function folded(left: Value, right: Value): boolean | undefined {
  return isText(left) && isText(right) ? left.toLowerCase() === right.toLowerCase() : undefined;
}

/** Undefined where the operands are of other types than the operator takes. */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["+", onNumbers((left, right) => left + right)],
  ["-", onNumbers((left, right) => left - right)],
  ["*", onNumbers((left, right) => left * right)],
  ["/", onNumbers((left, right) => Math.trunc(left / right))],
  ["%", onNumbers((left, right) => left % right)],
  ["<", ordered((left, right) => left < right)],
  ["<=", ordered((left, right) => left <= right)],
  [">", ordered((left, right) => left > right)],
  [">=", ordered((left, right) => left >= right)],
  ["==", same],
  ["!=", (left, right) => !same(left, right)],
  ["=~", folded],
  ["!~", (left, right) => negated(folded(left, right))],
]);

/** Equal as JSON is; what is unknown equals nothing: ask `hasUnknown` first. */
export function same(left: Value, right: Value): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

function negated(is: boolean | undefined): boolean | undefined {
  return is === undefined ? undefined : !is;
}
