import type { PrivateDnsZoneConfig, PrivateDnsZoneGroupFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { listOf, textAt, valueAt } from "./settings.ts";

/** Projects `privateEndpoints/privateDnsZoneGroups`. */
export function privateDnsZoneGroup(resource: ArmResource): PrivateDnsZoneGroupFact {
  const configs = listOf(resource, "/properties/privateDnsZoneConfigs", privateDnsZoneConfig);
  const zones = (configs.kind === "known" ? configs.value : []).flatMap(({ zone }) =>
    zone === undefined ? [] : [zone],
  );
  return { kind: "privateDnsZoneGroup", id: resource.id, configs, names: zones };
}

function privateDnsZoneConfig(config: unknown, pointer: string): PrivateDnsZoneConfig {
  const raw = valueAt(config, "/properties/privateDnsZoneId");
  const zone = ResourceId.parse(raw);
  const recordSets = valueAt(config, "/properties/recordSets");
  const names = (Array.isArray(recordSets) ? recordSets : [])
    .filter((recordSet) => ["a", "aaaa"].includes(fold(textAt(recordSet, "/recordType") ?? "")))
    .flatMap((recordSet) => textAt(recordSet, "/recordSetName") ?? []);
  return {
    pointer: `${pointer}/properties/privateDnsZoneId`,
    raw,
    zone: zone?.type === "microsoft.network/privatednszones" ? zone : undefined,
    recordNames: [...new Set(names.map(fold))],
  };
}
