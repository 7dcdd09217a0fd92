import type { PrivateDnsZoneConfig, PrivateDnsZoneGroupFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { listOf, textAt, valueAt } from "./settings.ts";

/** Projects `privateEndpoints/privateDnsZoneGroups`. */
export const privateDnsZoneGroup = factMaker("privateDnsZoneGroup", ["/properties/privateDnsZoneConfigs"], {
  configs: configsOf,
  names(resource) {
    const configs = configsOf(resource);
    return (configs.kind === "known" ? configs.value : []).flatMap(({ zone }) => zone ?? []);
  },
});

function configsOf(resource: ArmResource): PrivateDnsZoneGroupFact["configs"] {
  return listOf(resource, "/properties/privateDnsZoneConfigs", privateDnsZoneConfig);
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
