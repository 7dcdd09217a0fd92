import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { allOfList, listOf, unknownValue, valueAt } from "./settings.ts";

/** A sub-resource `{ id }` that may be absent. */
export function referenceAt(resource: ArmResource, pointer: string): Setting<ResourceId | undefined> {
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  const value = ResourceId.parse(valueAt(raw, "/id"));
  if (raw === undefined || value !== undefined) return { kind: "known", value, pointer, raw };
  return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
}

/** A list of sub-resources `{ id }`, empty where a full body has none; unknown as soon as one of them is. */
export function referencesAt(resource: ArmResource, pointer: string): Setting<readonly ResourceId[]> {
  const list = listOf(resource, pointer, (one) => ResourceId.parse(valueAt(one, "/id")));
  return list.kind === "unknown" ? list : allOfList(resource, list, (ids) => ids);
}

/** The ids that the elements `{ id }` of a list have; others are left out. */
export function idsAt(holder: unknown, pointer: string): readonly ResourceId[] {
  const list = valueAt(holder, pointer);
  return (Array.isArray(list) ? list : []).flatMap((one) => ResourceId.parse(valueAt(one, "/id")) ?? []);
}
