import type { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { unknownValue, valueAt } from "./settings.ts";

/** A list of prefixes that may be absent, below `pointer`. */
export function prefixesAt(owner: ResourceId, raw: unknown, pointer: string, path: string): Setting<readonly IpSet[]> {
  const place = `${pointer}${path}`;
  const texts = valueAt(raw, path) ?? [];
  const sets = Array.isArray(texts) ? texts.map(prefixOf) : [undefined];
  const value = sets.filter((set) => set !== undefined);
  if (value.length === sets.length) return { kind: "known", value, pointer: place, raw: texts };
  return { kind: "unknown", because: unknownValue(owner, place, texts), pointer: place, raw: texts };
}

export function prefixOf(text: unknown): IpSet | undefined {
  return typeof text === "string" ? parseAddresses(text) : undefined;
}
