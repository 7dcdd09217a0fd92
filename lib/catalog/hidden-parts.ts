import { serviceOfType } from "./index.ts";
import { isWithoutFirewall } from "./tiers.ts";

/**
 * The api-version that shows what a body of a service of a (folded) type lacks, where another one left it out; undefined for a
 * body that lacks nothing.
 */
export function apiVersionThatShows(type: string, body: unknown): string | undefined {
  const source = serviceOfType(type);
  const rules = source?.virtualNetworkRules;
  if (source === undefined || rules?.in !== "body" || rules.shownBy === undefined) return undefined;
  const pointers = [rules.pointer, source.exceptions?.ownSwitch?.pointer].filter((one) => one !== undefined);
  const isWhole = isWithoutFirewall(source, body) || pointers.every((pointer) => hasValue(body, pointer));
  return isWhole ? undefined : rules.shownBy;
}

function hasValue(body: unknown, pointer: string): boolean {
  const segments = pointer.split("/").slice(1);
  return (segments.reduce<unknown>((at, name) => Object(at)[name], body) ?? undefined) !== undefined;
}
