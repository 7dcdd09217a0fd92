import type { Delegation, ServiceEndpoint, SubnetFact, SubnetLink } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { referenceAt } from "./references.ts";
import { enumeration, joinPointers, listOf, textAt, unknownValue, valueAt } from "./settings.ts";

const lists = [
  "ipConfigurations",
  "ipConfigurationProfiles",
  "privateEndpoints",
  "applicationGatewayIPConfigurations",
  "serviceAssociationLinks",
  "resourceNavigationLinks",
  "serviceEndpointPolicies",
] as const;

const networkPolicies = {
  disabled: "disabled",
  enabled: "enabled",
  networksecuritygroupenabled: "securityGroup",
  routetableenabled: "routeTable",
} as const;

const policiesWhenAbsent = {
  value: "Disabled",
  link: "https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy",
};

const keeps = [
  "networkSecurityGroup",
  "natGateway",
  "routeTable",
  "serviceEndpoints",
  "delegations",
  "addressPrefix",
  "addressPrefixes",
  "defaultOutboundAccess",
  "privateEndpointNetworkPolicies",
  ...lists,
].map((name) => `/properties/${name}`);

/** Projects a subnet; the pointers start at the subnet's own body, also where it came inside its network's. */
export const subnet = factMaker("subnet", keeps, {
  networkSecurityGroup: (resource) => referenceAt(resource, "/properties/networkSecurityGroup"),
  natGateway: (resource) => referenceAt(resource, "/properties/natGateway"),
  routeTable: (resource) => referenceAt(resource, "/properties/routeTable"),
  serviceEndpoints: (resource) => listOf(resource, "/properties/serviceEndpoints", serviceEndpoint),
  delegations: (resource) => listOf(resource, "/properties/delegations", delegation),
  addressPrefixes,
  ipConfigurations: (resource) => listOf(resource, "/properties/ipConfigurations", idOf),
  ipConfigurationProfiles: (resource) => listOf(resource, "/properties/ipConfigurationProfiles", idOf),
  privateEndpoints: (resource) => listOf(resource, "/properties/privateEndpoints", idOf),
  applicationGatewayIPConfigurations: (resource) =>
    listOf(resource, "/properties/applicationGatewayIPConfigurations", idOf),
  serviceAssociationLinks: (resource) => listOf(resource, "/properties/serviceAssociationLinks", link),
  resourceNavigationLinks: (resource) => listOf(resource, "/properties/resourceNavigationLinks", link),
  defaultOutboundAccess,
  privateEndpointNetworkPolicies: (resource) =>
    enumeration(resource, "/properties/privateEndpointNetworkPolicies", networkPolicies, policiesWhenAbsent),
  serviceEndpointPolicies: (resource) => listOf(resource, "/properties/serviceEndpointPolicies", idOf),
  names: (resource) => [
    ...["/properties/networkSecurityGroup", "/properties/natGateway", "/properties/routeTable"].flatMap((pointer) => {
      const reference = referenceAt(resource, pointer);
      return reference.kind === "known" ? (reference.value ?? []) : [];
    }),
    ...idsIn(listOf(resource, "/properties/serviceEndpointPolicies", idOf)),
  ],
});

function idsIn(list: Setting<readonly string[]>): readonly ResourceId[] {
  return list.kind === "known" ? list.value.flatMap((text) => ResourceId.parse(text) ?? []) : [];
}

function link(entry: unknown, pointer: string): SubnetLink {
  const raw = valueAt(entry, "/properties/linkedResourceType");
  return {
    id: idOf(entry),
    pointer: joinPointers(pointer, "/properties/linkedResourceType"),
    raw,
    linkedType: typeof raw === "string" && raw !== "" ? fold(raw) : undefined,
  };
}

function idOf(entry: unknown): string {
  return textAt(entry, "/id") ?? "";
}

/** A subnet has one prefix, or a list of them; a full body without either leaves its addresses unknown. */
function addressPrefixes(resource: ArmResource): SubnetFact["addressPrefixes"] {
  const one = valueAt(resource.body, "/properties/addressPrefix");
  const many = valueAt(resource.body, "/properties/addressPrefixes");
  const isList = Array.isArray(many) && many.length > 0;
  const pointer = isList || one === undefined ? "/properties/addressPrefixes" : "/properties/addressPrefix";
  const raw = isList ? many : (one ?? many);
  const texts: readonly unknown[] = isList ? many : [one];
  const prefixes = texts.map((text) => (typeof text === "string" ? parseAddresses(text) : undefined));
  const value = prefixes.filter((prefix) => prefix !== undefined);
  if (value.length === prefixes.length) return { kind: "known", value, pointer, raw };
  const because = one === undefined && !isList ? `\`${resource.id.text}\` has no address prefix` : undefined;
  return {
    kind: "unknown",
    because: resource.thinBecause ?? because ?? unknownValue(resource.id, pointer, raw),
    pointer,
    raw,
  };
}

function defaultOutboundAccess(resource: ArmResource): SubnetFact["defaultOutboundAccess"] {
  const pointer = "/properties/defaultOutboundAccess";
  const raw = valueAt(resource.body, pointer);
  if (resource.thinBecause !== undefined) return { kind: "unknown", because: resource.thinBecause, pointer, raw };
  if (raw === undefined || typeof raw === "boolean") return { kind: "known", value: raw, pointer, raw };
  return { kind: "unknown", because: unknownValue(resource.id, pointer, raw), pointer, raw };
}

function serviceEndpoint(raw: unknown, pointer: string): ServiceEndpoint {
  const service = textAt(raw, "/service");
  const state = fold(textAt(raw, "/provisioningState") ?? "Succeeded");
  return {
    pointer,
    raw,
    service: service === undefined ? undefined : fold(service),
    locations: locationsOf(valueAt(raw, "/locations")),
    isSettled: state === "succeeded",
    isReady: state === "succeeded" || state === "updating",
  };
}

function locationsOf(list: unknown): readonly string[] {
  const texts = Array.isArray(list) ? list.filter((location) => typeof location === "string") : [];
  return texts.map((location) => fold(location).replaceAll(" ", ""));
}

function delegation(entry: unknown, pointer: string): Delegation {
  const raw = valueAt(entry, "/properties/serviceName");
  const serviceName = typeof raw === "string" && raw !== "" ? fold(raw) : undefined;
  return { pointer: joinPointers(pointer, "/properties/serviceName"), raw, serviceName };
}
