import { isInEnvironment } from "./environments.ts";
import { serviceOfType } from "./index.ts";
import type { ShownBy } from "./service.ts";
import { isWithoutFirewall } from "./tiers.ts";

/**
 * The api-version that shows what a body of a service of a (folded) type lacks, where another one, or the list that it is of, left
 * it out; undefined for a body that lacks nothing.
 */
export function apiVersionThatShows(type: string, body: unknown): string | undefined {
  const source = serviceOfType(type);
  if (isInEnvironment(type, body)) return undefined;
  if (isEntryOfList(type, body)) return source?.apiVersion;
  if (source?.shownBy !== undefined) return isShown(source.shownBy, body) ? undefined : source.shownBy.apiVersion;
  const rules = source?.virtualNetworkRules;
  if (source === undefined || rules?.in !== "body" || rules.shownBy === undefined) return undefined;
  const pointers = [rules.pointer, source.exceptions?.ownSwitch?.pointer].filter((one) => one !== undefined);
  const isWhole = isWithoutFirewall(source, body) || pointers.every((pointer) => hasValue(body, pointer));
  return isWhole ? undefined : rules.shownBy;
}

/** Whether a body, of a (folded) type, is of a list whose entries lack what each resource by itself has. */
export function isEntryOfList(type: string, body: unknown): boolean {
  const whole = serviceOfType(type)?.lackedInLists;
  return whole !== undefined && !hasValue(body, whole.pointer);
}

/** Whether a body was read in an api-version that shows default action and rules. */
export function isShown({ pointer, olderList }: ShownBy, body: unknown): boolean {
  const older = valueIn(body, olderList);
  return hasValue(body, pointer) || (Array.isArray(older) && older.length === 0);
}

function hasValue(body: unknown, pointer: string): boolean {
  return valueIn(body, pointer) !== undefined;
}

function valueIn(body: unknown, pointer: string): unknown {
  const segments = pointer.split("/").slice(1);
  return segments.reduce<unknown>((at, name) => Object(at)[name], body) ?? undefined;
}
