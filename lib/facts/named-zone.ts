import type { NamedZoneSource } from "../catalog/own-network.ts";
import type { NamedZone } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { brief, enumeration, settled, textAt, unknownValue, valueAt } from "./settings.ts";

export function namedZonePointers(source: NamedZoneSource | undefined): readonly (string | undefined)[] {
  return [source?.name, source?.kept?.pointer, source?.kept?.group, source?.isPublicToo?.pointer];
}

/** The zone that is named after a service, and its record there; undefined where it has none. */
export function namedZone(resource: ArmResource, source: NamedZoneSource | undefined): Setting<NamedZone | undefined> {
  if (source === undefined) return settled(undefined);
  const { id, body, thinBecause } = resource;
  const { name: pointer, before = "", groupId } = source;
  const kept = keptZone(resource, source);
  if (kept.kind === "unknown") return kept;
  if (kept.value === "none") return { ...kept, value: undefined };
  const raw = valueAt(body, pointer);
  const fqdn = fold(textAt(body, pointer) ?? "");
  const unknown = (because: string) => ({ kind: "unknown", because, pointer, raw }) as const;
  if (!/^[^.]+(\.[^.]+)+$/.test(fqdn)) return unknown(thinBecause ?? unknownValue(id, pointer, raw));
  const zoneName = before + (kept.value.name ?? fqdn.slice(fqdn.indexOf(".") + 1));
  const suffix = `.${zoneName.slice(before.length)}`;
  if (!fqdn.endsWith(suffix))
    return unknown(`${brief(raw)} at \`${pointer}\` of \`${id.text}\` is not in \`${zoneName}\``);
  const isPublicToo = isFoundInPublic(resource, source);
  if (isPublicToo.kind === "unknown") return isPublicToo;
  const { group } = kept.value;
  const zone = group && (kept.value.zone ?? zoneIn(group, zoneName));
  const value = {
    groupId,
    zoneName,
    recordName: fqdn.slice(0, -suffix.length),
    fqdn,
    kept: group && zone && { zone, group },
    isPublicToo: isPublicToo.value,
  };
  return { kind: "known", value, pointer, raw };
}

interface KeptZone {
  /** Of a zone that the service names. */
  readonly name?: string;
  readonly zone?: ResourceId;
  readonly group: ResourceId | undefined;
}

function keptZone(resource: ArmResource, { kept }: NamedZoneSource): Setting<KeptZone | "none"> {
  if (kept === undefined) return settled({ group: undefined });
  const { id, body, thinBecause } = resource;
  const { pointer } = kept;
  const raw = valueAt(body, pointer);
  if (raw === undefined && thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw };
  const word = typeof raw === "string" ? fold(raw) : raw;
  if (word === kept.none) return { kind: "known", value: "none", pointer, raw };
  const group = groupOf(resource, textAt(body, kept.group));
  if (word === undefined || word === kept.inGroup) return { kind: "known", value: { group }, pointer, raw };
  const zone = ResourceId.parse(raw);
  if (zone?.type !== "microsoft.network/privatednszones") {
    return { kind: "unknown", because: unknownValue(id, pointer, raw), pointer, raw };
  }
  return { kind: "known", value: { name: fold(zone.name), zone, group }, pointer, raw };
}

function groupOf({ id }: ArmResource, name: string | undefined): ResourceId | undefined {
  return name === undefined || name === ""
    ? undefined
    : ResourceId.parse(`/subscriptions/${id.subscription}/resourceGroups/${name}`);
}

function zoneIn({ text }: ResourceId, name: string): ResourceId | undefined {
  return ResourceId.parse(`${text}/providers/Microsoft.Network/privateDnsZones/${name}`);
}

function isFoundInPublic(resource: ArmResource, { isPublicToo: source }: NamedZoneSource): Setting<boolean> {
  if (source === undefined) return settled(false);
  return enumeration(resource, source.pointer, source.values, source.whenAbsent);
}
