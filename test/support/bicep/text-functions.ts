import { createHash } from "node:crypto";
import { list, text, texts } from "./arguments.ts";
import type { Called } from "./evaluate.ts";
import { hasUnknown } from "./operators.ts";
import type { Value } from "./value.ts";

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string */
export const textFunctions: Readonly<Record<string, Called>> = {
  endsWith: ([whole, end]) => text(whole).toLowerCase().endsWith(text(end).toLowerCase()),
  format: ([template, ...parts]) =>
    text(template).replace(/\{(\d+)\}/g, (_, index: string) => written(parts[Number(index)])),
  guid: (parts) => guidOf(joined(parts)),
  join: ([items, between]) => texts(items)?.join(text(between)),
  replace: ([whole, old, other]) => text(whole).replaceAll(text(old), text(other)),
  split: ([whole, between]) =>
    typeof between === "string" ? text(whole).split(between) : splitAtAny(text(whole), list(between)),
  startsWith: ([whole, start]) => text(whole).toLowerCase().startsWith(text(start).toLowerCase()),
  string: ([value]) => (value === undefined || hasUnknown(value) ? undefined : written(value)),
  toLower: ([value]) => text(value).toLowerCase(),
  uniqueString: (parts) => uniqueTextOf(joined(parts)),
};

/**
 * Thirteen letters and digits that depend on the arguments alone, as Azure makes them, but not the ones that Azure makes:
 * how it does is not documented. https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#uniquestring
 */
function uniqueTextOf(seed: string): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  const bytes = createHash("sha256").update(seed).digest();
  return [...bytes.subarray(0, 13)].map((byte) => letters[byte % letters.length]).join("");
}

/** As {@link uniqueTextOf}: a GUID that depends on the arguments alone, and another one than Azure's. */
export function guidOf(seed: string): string {
  const digits = createHash("sha256").update(seed).digest("hex");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

function joined(parts: readonly Value[]): string {
  return parts.map((part) => text(part)).join("-");
}

function splitAtAny(whole: string, separators: readonly Value[]): readonly string[] {
  const [first = "", ...others] = separators.map((one) => text(one));
  return others.reduce((joined, other) => joined.replaceAll(other, first), whole).split(first);
}

function written(value: Value | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}
