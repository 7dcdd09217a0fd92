import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { unknownValue, valueAt } from "./settings.ts";

/** A sub-resource `{ id }` that may be absent. */
export function referenceAt(resource: ArmResource, pointer: string): Setting<ResourceId | undefined> {
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  const value = ResourceId.parse(valueAt(raw, "/id"));
  if (raw === undefined || value !== undefined) return { kind: "known", value, pointer, raw };
  return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
}

/** The ids that the elements `{ id }` of a list have; others are left out. */
export function idsAt(holder: unknown, pointer: string): readonly ResourceId[] {
  const list = valueAt(holder, pointer);
  return (Array.isArray(list) ? list : []).flatMap((one) => ResourceId.parse(valueAt(one, "/id")) ?? []);
}
