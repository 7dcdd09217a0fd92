import type { VirtualNetworkRuleSource } from "../catalog/service.ts";
import type { VirtualNetworkRule } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { joinPointers, meaningOf, settled, unknownValue, valueAt } from "./settings.ts";

/** Judges one network rule of a service. */
export function virtualNetworkRule(
  id: ResourceId,
  entry: unknown,
  pointer: string,
  source: VirtualNetworkRuleSource,
): VirtualNetworkRule {
  const place = typeof source.subnet === "string" ? source.subnet : firstIn(entry, source.subnet);
  const raw = valueAt(entry, place);
  const named = ResourceId.parse(raw);
  return {
    at: { resource: id, pointer: joinPointers(pointer, place), value: raw },
    subnet: named?.type === "microsoft.network/virtualnetworks/subnets" ? named : undefined,
    state: stateOf(id, entry, pointer, source),
  };
}

function firstIn(entry: unknown, [first = "", ...others]: readonly string[]): string {
  return [first, ...others].find((pointer) => valueAt(entry, pointer) !== undefined) ?? first;
}

function stateOf(
  id: ResourceId,
  entry: unknown,
  pointer: string,
  source: VirtualNetworkRuleSource,
): VirtualNetworkRule["state"] {
  const action = source.action === undefined ? undefined : valueAt(entry, source.action);
  if (action !== undefined && meaningOf(action, { allow: "allow" }) === undefined) {
    const at = `${pointer}${source.action}`;
    return { kind: "unknown", because: unknownValue(id, at, action), pointer: at, raw: action };
  }
  if (source.state === undefined) return settled(undefined);
  const place = joinPointers(pointer, source.state.pointer);
  const raw = valueAt(entry, source.state.pointer);
  if (raw === undefined) return { kind: "known", value: undefined, pointer: place, raw };
  const value = meaningOf(raw, source.state.values);
  if (value === undefined) return { kind: "unknown", because: unknownValue(id, place, raw), pointer: place, raw };
  return { kind: "known", value, pointer: place, raw };
}
