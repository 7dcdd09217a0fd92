import type { Fact } from "./fact.ts";
import { fold, ResourceId } from "./resource-id.ts";

/** Whether rules see the same in two facts; spelling and the order of properties make no difference. */
export function isSameFact(one: Fact, other: Fact): boolean {
  return isSame(one, other);
}

/** A text that is the same for two facts exactly where `isSameFact` says that they are. */
export function substanceOf(fact: Fact): string {
  return canonical(fact);
}

/** Nearly JSON: put together here, since texts of large estates are made in one go. */
function canonical(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(fold(value));
  if (!isObject(value)) return String(value);
  if (value instanceof ResourceId) return JSON.stringify(value.key);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  let text = "{";
  for (const name of Object.keys(value).sort()) {
    const part = value[name];
    if (part !== undefined) text += `${JSON.stringify(name)}:${canonical(part)},`;
  }
  return `${text}}`;
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one === "string" && typeof other === "string") return fold(one) === fold(other);
  if (!isObject(one) || !isObject(other)) return Object.is(one, other);
  if (one instanceof ResourceId && other instanceof ResourceId) return one.key === other.key;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((element, index) => isSame(element, other[index]));
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  return holdsAll(one, other) && holdsAll(other, one, true);
}

/** Every property that one has, the other has as well, and unless `isCompared` with the same value. */
function holdsAll(one: Properties, other: Properties, isCompared = false): boolean {
  for (const name in one) {
    const value = one[name];
    if (value === undefined) continue;
    if (isCompared ? other[name] === undefined : !isSame(value, other[name])) return false;
  }
  return true;
}

type Properties = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}
