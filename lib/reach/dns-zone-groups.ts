import type { Evidence } from "../model/evidence.ts";
import type { PrivateDnsZoneConfig, PrivateEndpointFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "./unread.ts";

/** A zone of the right name that a zone group of the endpoint keeps its names in. */
export interface GroupedZone {
  readonly zone: ResourceId;
  readonly exists: Truth;
  /** Folded; those that Azure wrote into the zone. */
  readonly recordNames: readonly string[];
}

export interface GroupedZones {
  readonly zones: readonly GroupedZone[];
  /** Why there may be more. */
  readonly because: readonly string[];
}

const zoneGroups = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";

export function zonesInGroupsOf(endpoint: PrivateEndpointFact, zoneName: string, snapshot: Snapshot): GroupedZones {
  const { facts, completeness } = snapshot.list(endpoint.id, zoneGroups);
  const unread = unreadBecause(completeness, `the list of zone groups of \`${endpoint.id.text}\``);
  const parts = facts.flatMap((fact): GroupedZones[] => {
    if (fact.kind !== "privateDnsZoneGroup") return [];
    if (fact.configs.kind === "unknown") return [{ zones: [], because: [fact.configs.because] }];
    return fact.configs.value.map((config) => zonesOfConfig(fact.id, config, zoneName, snapshot));
  });
  const because = parts.flatMap((part) => part.because);
  return { zones: parts.flatMap((part) => part.zones), because: unread === undefined ? because : [...because, unread] };
}

function zonesOfConfig(
  group: ResourceId,
  { zone, pointer, raw, recordNames }: PrivateDnsZoneConfig,
  zoneName: string,
  snapshot: Snapshot,
): GroupedZones {
  if (zone === undefined)
    return { zones: [], because: [`\`${pointer}\` of \`${group.text}\` names no private DNS zone`] };
  if (fold(zone.name) !== zoneName) return { zones: [], because: [] };
  const evidence = { resource: group, pointer, value: raw };
  return { zones: [{ zone, exists: existence(zone, evidence, snapshot), recordNames }], because: [] };
}

/** Whether a zone exists that `evidence` names. */
export function existence(zone: ResourceId, evidence: Evidence, snapshot: Snapshot): Truth {
  const found = snapshot.get(zone);
  const unread = unreadBecause(found, `\`${zone.text}\``);
  return unread === undefined ? certainly(found.kind === "fact", [evidence]) : perhaps([unread], [evidence]);
}
