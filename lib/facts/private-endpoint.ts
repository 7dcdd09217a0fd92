import { privateLinkTarget } from "../catalog/index.ts";
import type { CustomDnsConfig, PrivateEndpointFact, PrivateLinkConnection } from "../model/fact.ts";
import { isObject } from "../model/json-object.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { addressesIn } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { connectionStatus } from "./private-endpoint-connection.ts";
import { idsAt, referencesAt } from "./references.ts";
import { joinPointers, listOf, textAt, unknownValue, valueAt } from "./settings.ts";

const keeps = [
  "/location",
  "/properties/subnet/id",
  "/properties/privateLinkServiceConnections",
  "/properties/manualPrivateLinkServiceConnections",
  "/properties/networkInterfaces",
  "/properties/customDnsConfigs",
  "/properties/applicationSecurityGroups",
];

/** Projects a private endpoint: the subnet it stands in, the services it leads to, the names and addresses it has. */
export const privateEndpoint = factMaker("privateEndpoint", keeps, {
  location: ({ body }) => textAt(body, "/location"),
  subnet: subnetOf,
  targets: targetsOf,
  connections: connectionsOf,
  networkInterfaces: (resource) => referencesAt(resource, "/properties/networkInterfaces"),
  dnsConfigs: (resource) => listOf(resource, "/properties/customDnsConfigs", customDnsConfig),
  names(resource) {
    const subnet = subnetOf(resource);
    const all = [subnet, subnet?.parent, ...targetsOf(resource), ...groupsOf(resource)];
    return all.filter((named) => named !== undefined);
  },
});

function subnetOf({ body }: ArmResource): ResourceId | undefined {
  return ResourceId.parse(valueAt(body, "/properties/subnet/id"));
}

function groupsOf({ body }: ArmResource): readonly ResourceId[] {
  return idsAt(body, "/properties/applicationSecurityGroups");
}

function targetsOf(resource: ArmResource): readonly ResourceId[] {
  const connections = connectionsOf(resource);
  return (connections.kind === "known" ? connections.value : []).flatMap(({ target }) => target ?? []);
}

/** Those that were approved with the endpoint, then those that ask for it. */
function connectionsOf(resource: ArmResource): PrivateEndpointFact["connections"] {
  const judge = (connection: unknown, pointer: string) => privateLinkConnection(resource.id, connection, pointer);
  const own = listOf(resource, "/properties/privateLinkServiceConnections", judge);
  const manual = listOf(resource, "/properties/manualPrivateLinkServiceConnections", judge);
  if (own.kind === "unknown") return own;
  if (manual.kind === "unknown" || own.value.length === 0) return manual;
  return { ...own, value: [...own.value, ...manual.value] };
}

function privateLinkConnection(id: ResourceId, connection: unknown, pointer: string): PrivateLinkConnection {
  const raw = valueAt(connection, "/properties/privateLinkServiceId");
  const groupIds = groupIdsOf(id, connection, pointer);
  return {
    pointer: joinPointers(pointer, "/properties/privateLinkServiceId"),
    raw,
    target: targetOf(ResourceId.parse(raw), groupIds),
    groupIds,
    status: connectionStatus(id, connection, pointer),
  };
}

function targetOf(named: ResourceId | undefined, groupIds: PrivateLinkConnection["groupIds"]): ResourceId | undefined {
  const [group] = groupIds.kind === "known" ? groupIds.value : [];
  return named === undefined || group === undefined ? named : privateLinkTarget(named, group);
}

function groupIdsOf(id: ResourceId, connection: unknown, pointer: string): Setting<readonly string[]> {
  const place = joinPointers(pointer, "/properties/groupIds");
  const raw = valueAt(connection, "/properties/groupIds");
  const isThin = !isObject(valueAt(connection, "/properties"));
  const ids = isThin ? undefined : (raw ?? []);
  if (Array.isArray(ids) && ids.every((one) => typeof one === "string")) {
    return { kind: "known", value: ids, pointer: place, raw };
  }
  const because = isThin ? `\`${pointer}\` of \`${id.text}\` has no properties` : unknownValue(id, place, raw);
  return { kind: "unknown", because, pointer: place, raw };
}

function customDnsConfig(raw: unknown, pointer: string): CustomDnsConfig {
  const fqdn = textAt(raw, "/fqdn");
  return {
    pointer,
    raw,
    fqdn: fqdn === undefined ? undefined : fold(fqdn),
    addresses: addressesIn(valueAt(raw, "/ipAddresses"), (address) => address),
  };
}
