import type { OwnAddressesAt } from "../catalog/own-network.ts";
import type { Service } from "../catalog/service.ts";
import type { OwnAddresses } from "../model/fact.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { referencesAt } from "./references.ts";
import { enumeration, settled, valueAt } from "./settings.ts";

export function ownAddressPointers(source: Service["ownAddresses"]): readonly string[] {
  if (source === undefined) return [];
  const ways = Object.values(source.values).filter((way) => way !== "none");
  return [source.pointer, ...new Set(ways.map(({ list }) => list))];
}

/** The public addresses that a service sends from and lets in by itself, as its body names them. */
export function ownAddresses(resource: ArmResource, source: Service["ownAddresses"]): Setting<OwnAddresses> {
  if (source === undefined) return settled(nothing);
  const way = enumeration(resource, source.pointer, source.values, source.whenAbsent);
  if (way.kind === "unknown") return way;
  return way.value === "none" ? { ...way, value: nothing } : listed(resource, way.value);
}

const nothing: OwnAddresses = { ids: [], because: undefined };

function listed(resource: ArmResource, { list, unlessBecause }: OwnAddressesAt): Setting<OwnAddresses> {
  const { id, body } = resource;
  const ids = referencesAt(resource, list);
  if (ids.kind === "unknown") return ids;
  if (valueAt(body, list) !== undefined) return { ...ids, value: { ids: ids.value, because: unlessBecause } };
  const because = `from which addresses \`${id.text}\` sends is not in its body`;
  return { kind: "unknown", because, pointer: list, raw: undefined };
}
