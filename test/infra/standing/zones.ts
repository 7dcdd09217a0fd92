import { isSame, listAt, ofType, type Properties, type Standing, withProperties } from "./body.ts";
import type { Endpoint } from "./endpoints.ts";

/** Zones with the records that the zone groups of private endpoints write into them, and links that took effect. */
export function withRecords(bodies: readonly Standing[], endpoints: readonly Endpoint[]): readonly Standing[] {
  const groups = ofType(bodies, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups");
  const records = groups.flatMap((group) => {
    const endpoint = endpoints.find(({ id }) => group.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
    if (endpoint === undefined) return [];
    return zonesOf(group).flatMap((zone) => endpoint.hosts.map(({ record }) => ({ zone, record, endpoint, group })));
  });
  const written = bodies.map((body) => {
    if (body.type === "Microsoft.Network/privateDnsZones/virtualNetworkLinks") {
      return withProperties(body, { virtualNetworkLinkState: "Completed" });
    }
    const own = records.filter(({ group }) => group === body);
    return own.length === 0 ? body : withProperties(body, { privateDnsZoneConfigs: configsOf(body, own) });
  });
  return [...written, ...records.map(({ zone, record, endpoint }) => recordSet(zone, record, endpoint.address))];
}

function zonesOf({ properties }: Standing): readonly string[] {
  return listAt(properties, "privateDnsZoneConfigs").map((config) =>
    String(Object(config.properties).privateDnsZoneId),
  );
}

interface Written {
  readonly zone: string;
  readonly record: string;
  readonly endpoint: Endpoint;
}

function configsOf({ properties }: Standing, written: readonly Written[]): readonly Properties[] {
  return listAt(properties, "privateDnsZoneConfigs").map((config) => {
    const { privateDnsZoneId } = Object(config.properties);
    const recordSets = written
      .filter(({ zone }) => isSame(zone, privateDnsZoneId))
      .map(({ record, endpoint }) => ({
        recordType: "A",
        recordSetName: record,
        ipAddresses: [endpoint.address],
        provisioningState: "Succeeded",
        ttl: 10,
      }));
    return { ...config, properties: { privateDnsZoneId, recordSets } };
  });
}

function recordSet(zone: string, name: string, ipv4Address: string): Standing {
  return {
    id: `${zone}/A/${name}`,
    name,
    type: "Microsoft.Network/privateDnsZones/A",
    properties: { ttl: 10, aRecords: [{ ipv4Address }], isAutoRegistered: false },
  };
}
