import type { EnumerationAt, Service } from "../catalog/service.ts";
import type { PrivateEndpointConnection, ServiceFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { type ArmResource, isObject } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { firewallPointersOf, firewallSettings, namedBy } from "./firewall.ts";
import { privateEndpointConnection } from "./private-endpoint-connection.ts";
import { enumeration, flag, listOf, settled, textAt, valueAt } from "./settings.ts";

/** Makes the projector of a type of service, by its row of the catalog. */
export function serviceMaker(source: Service): (resource: ArmResource) => ServiceFact {
  const isHolder = source.firewallChild === undefined;
  const connectionsOf = (resource: ArmResource) =>
    listOf(resource, source.privateEndpointConnections, (connection, pointer) =>
      privateEndpointConnection(resource.id, connection, pointer),
    );
  return factMaker("service", pointersOf(source), {
    location: ({ body }) => textAt(body, "/location"),
    regions: ({ body }) => regionsOf(body, source),
    tags: ({ body }) => tagsOf(body.tags),
    publicNetworkAccess: (resource) => enumerationAt(resource, source.publicNetworkAccess),
    firewall: (resource) => (isHolder ? firewallSettings(resource, source) : undefined),
    privateEndpointConnections: connectionsOf,
    publishesIpv6: (resource) => publishesIpv6(resource, source),
    names: (resource) => [
      ...endpointsOf(connectionsOf(resource)),
      ...(isHolder ? namedBy(firewallSettings(resource, source)) : []),
    ],
  });
}

/** All that is read of a service's own body. */
function pointersOf(source: Service): readonly string[] {
  return [
    "/location",
    "/tags",
    source.publicNetworkAccess.pointer,
    source.privateEndpointConnections,
    ...[source.replicas?.pointer, source.replicas?.onlyIf].filter((pointer) => pointer !== undefined),
    ...(typeof source.publishesIpv6 === "boolean" ? [] : [source.publishesIpv6.pointer]),
    ...(source.firewallChild === undefined ? firewallPointersOf(source) : []),
  ];
}

function regionsOf(body: unknown, { replicas }: Service): readonly string[] {
  const own = regionOf(textAt(body, "/location"));
  const { pointer = "", onlyIf } = replicas ?? {};
  const isReached = replicas !== undefined && (onlyIf === undefined || valueAt(body, onlyIf) !== undefined);
  const [list = "", rest] = pointer.split("/*");
  const holders = rest === undefined ? [body] : valueAt(body, list);
  const others = isReached && Array.isArray(holders) ? holders.map((one) => regionOf(textAt(one, rest ?? list))) : [];
  return [...new Set([own, ...others].filter((region) => region !== undefined))];
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
