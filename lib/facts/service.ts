import type { EnumerationAt, Service } from "../catalog/service.ts";
import type { PrivateEndpointConnection, ServiceFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { type ArmResource, isObject } from "./arm-resource.ts";
import { firewallSettings, namedBy } from "./firewall.ts";
import { privateEndpointConnection } from "./private-endpoint-connection.ts";
import { enumeration, flag, listOf, settled, textAt } from "./settings.ts";

/** Projects a service's body by its row of the catalog. */
export function service(resource: ArmResource, source: Service): ServiceFact {
  const { id, body } = resource;
  const firewall = source.firewallChild === undefined ? firewallSettings(resource, source) : undefined;
  const connections = listOf(resource, source.privateEndpointConnections, (connection, pointer) =>
    privateEndpointConnection(id, connection, pointer),
  );
  return {
    kind: "service",
    id,
    location: textAt(body, "/location"),
    tags: tagsOf(body.tags),
    publicNetworkAccess: enumerationAt(resource, source.publicNetworkAccess),
    firewall,
    privateEndpointConnections: connections,
    publishesIpv6: publishesIpv6(resource, source),
    names: [...endpointsOf(connections), ...(firewall === undefined ? [] : namedBy(firewall))],
  };
}

function enumerationAt<T extends string>(resource: ArmResource, at: EnumerationAt<T>): Setting<T> {
  return enumeration(resource, at.pointer, at.values, at.whenAbsent);
}

function publishesIpv6(resource: ArmResource, { publishesIpv6: source }: Service): Setting<boolean> {
  return typeof source === "boolean" ? settled(source) : flag(resource, source.pointer);
}

function endpointsOf(connections: Setting<readonly PrivateEndpointConnection[]>): readonly ResourceId[] {
  if (connections.kind === "unknown") return [];
  return connections.value.flatMap(({ privateEndpoint }) => privateEndpoint ?? []);
}

export function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  if (!isObject(tags)) return {};
  return Object.fromEntries(Object.entries(tags).filter((tag): tag is [string, string] => typeof tag[1] === "string"));
}
