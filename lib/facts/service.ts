import { placementOfType } from "../catalog/placements.ts";
import { switchOf } from "../catalog/public-access.ts";
import type { OverrulingSetting, PublicNetworkAccessAt, Service, Whether } from "../catalog/service.ts";
import { isWithoutFirewall, tierPointers } from "../catalog/tiers.ts";
import type { PrivateEndpointConnection, PublicNetworkAccess, ServiceFact, SubnetReference } from "../model/fact.ts";
import { isObject } from "../model/json-object.ts";
import { regionOf } from "../model/region.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { endpointHolders, holdersNamed } from "./endpoint-holders.ts";
import { factMaker } from "./fact-maker.ts";
import { firewallPointersOf, firewallSettings, namedBy } from "./firewall.ts";
import { namedZone, namedZonePointers } from "./named-zone.ts";
import { ownAddresses, ownAddressPointers } from "./own-addresses.ts";
import { delegationsOf, idAt, placePointersOf, placesNamedBy, subnetsOf } from "./placement.ts";
import { privateEndpointConnection } from "./private-endpoint-connection.ts";
import { isDeniedOver } from "./request-list.ts";
import { servicePorts } from "./service-ports.ts";
import {
  brief,
  defaultOf,
  enumeration,
  flag,
  listOf,
  meaningOf,
  settled,
  textAt,
  unknownValue,
  valueAt,
} from "./settings.ts";

/** Makes the projector of a type of service, by its row of the catalog. */
export function serviceMaker(source: Service): (resource: ArmResource) => ServiceFact {
  const isHolder = source.firewallChild === undefined;
  const placement = placementOfType(fold(source.type));
  const placesOf = (resource: ArmResource) =>
    placement === undefined ? settled<readonly SubnetReference[]>([]) : subnetsOf(resource, placement);
  const { privateEndpointConnections: at } = source;
  const connectionsOf = (resource: ArmResource) =>
    typeof at === "string"
      ? listOf(resource, at, (connection, pointer) =>
          privateEndpointConnection(resource.id, connection, pointer, (name) =>
            isConnectionDenied(name, resource, source),
          ),
        )
      : settled<readonly PrivateEndpointConnection[]>([]);
  const keeps = [...pointersOf(source), ...(placement === undefined ? [] : placePointersOf(placement))];
  return factMaker("service", keeps, {
    location: ({ body }) => textAt(body, "/location"),
    regions: ({ body }) => regionsOf(body, source),
    mayHaveMoreRegions: ({ body }) => source.hiddenReplicas !== undefined && !isWithoutFirewall(source, body),
    tags: ({ body }) => tagsOf(body.tags),
    publicNetworkAccess: (resource) => publicNetworkAccess(resource, source, connectionsOf),
    firewall: (resource) => (isHolder ? firewallSettings(resource, source) : undefined),
    privateEndpointConnections: connectionsOf,
    hasConnectionChildren: (resource) => {
      if (typeof at !== "object") return settled(false);
      return at.onlyIf === undefined ? settled(true) : flag(resource, at.onlyIf);
    },
    publishesIpv6: (resource) => publishesIpv6(resource, source),
    entranceInNetwork: (resource) => whether(resource, source.entranceInNetwork ?? false),
    endpointHolders: (resource) => endpointHolders(resource, source),
    isFilteredInSubnets: (resource) => filteredInSubnets(resource, source),
    ports: (resource) => servicePorts(resource, source),
    unsupportsNetworkRules: (resource) => unsupportsNetworkRules(resource, source),
    endpointNames: (resource) => endpointNames(resource, source),
    ownAddresses: (resource) => ownAddresses(resource, source.ownAddresses),
    namedZone: (resource) => namedZone(resource, source.namedZone),
    anonymousAccess: (resource) => anonymousAccess(resource, source),
    subnets: placesOf,
    delegations: (resource) => (placement === undefined ? settled([]) : delegationsOf(resource, placement)),
    host: (resource) => idAt(resource, placement?.host),
    machines: (resource) => idAt(resource, placement?.machines),
    names: (resource) => [
      ...endpointsOf(connectionsOf(resource)),
      ...holdersNamed(endpointHolders(resource, source)),
      ...(isHolder ? namedBy(firewallSettings(resource, source)) : []),
      ...placesNamedBy(placesOf(resource)),
    ],
  });
}

function isConnectionDenied(name: string, resource: ArmResource, { accessLists = [] }: Service): Setting<boolean> {
  const list = accessLists.find((one) => "requests" in one);
  return list === undefined ? notDenied : isDeniedOver(name, resource, list);
}

const notDenied = settled(false);

/** All that is read of a service's own body. */
function pointersOf(source: Service): readonly string[] {
  const { replicas, networkRulesUnsupported: unsupported, anonymousAccess: anonymous } = source;
  const access = switchOf(source);
  const connections = source.privateEndpointConnections;
  return [
    "/location",
    "/tags",
    access?.pointer,
    ...(access?.others ?? []),
    access?.overruledBy?.pointer,
    typeof connections === "object" ? connections.onlyIf : connections,
    source.endpointHolders?.pointer,
    replicas?.pointer,
    replicas?.onlyIf,
    ...[source.publishesIpv6, source.entranceInNetwork, ...(source.filteredInSubnets ?? [])].map(pointerOf),
    unsupported && `${unsupported.list}/*${unsupported.pointer}`,
    ...(source.portsBySetting ?? []).map(({ pointer }) => pointer),
    source.endpointNames?.pointer,
    ...ownAddressPointers(source.ownAddresses),
    ...namedZonePointers(source.namedZone),
    anonymous?.pointer,
    anonymous?.except?.pointer,
    ...(source.hiddenReplicas === undefined ? [] : tierPointers),
    ...(source.firewallChild === undefined ? firewallPointersOf(source) : []),
  ].filter((pointer) => pointer !== undefined);
}

function pointerOf(source: Service["publishesIpv6"] | undefined): string | undefined {
  return typeof source === "object" && "pointer" in source ? source.pointer : undefined;
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

function publicNetworkAccess(
  resource: ArmResource,
  service: Service,
  connectionsOf: (resource: ArmResource) => Setting<readonly PrivateEndpointConnection[]>,
): Setting<PublicNetworkAccess> {
  const source = switchOf(service);
  if (source === undefined) return settled("off");
  const others = (source.others ?? []).map((pointer) => {
    return enumeration(resource, pointer, source.values, source.whenAbsent);
  });
  const own = widestOf([ownPublicNetworkAccess(resource, source, connectionsOf), ...others]);
  return source.overruledBy === undefined ? own : overruled(own, resource, source.overruledBy);
}

function overruled(
  own: Setting<PublicNetworkAccess>,
  { id, body }: ArmResource,
  { pointer, when, values }: OverrulingSetting,
): Setting<PublicNetworkAccess> {
  const raw = valueAt(body, pointer);
  const effect = raw === undefined ? "asItIs" : meaningOf(raw, values);
  if (effect === "off") return { kind: "known", value: "off", pointer, raw };
  if (effect === "asItIs" || own.kind === "unknown" || own.value !== when) return own;
  const because = `what ${brief(raw)} at \`${pointer}\` of \`${id.text}\` does is not documented`;
  return { kind: "unknown", because, pointer, raw };
}

/** One that is on, or else one that may be, or one that leaves it to a perimeter. */
function widestOf(all: readonly [Setting<PublicNetworkAccess>, ...Setting<PublicNetworkAccess>[]]) {
  const saying = (value: PublicNetworkAccess) => all.find((one) => one.kind === "known" && one.value === value);
  return saying("on") ?? all.find((one) => one.kind === "unknown") ?? saying("perimeter") ?? all[0];
}

/** What an absent property means can depend on the private endpoints. */
function ownPublicNetworkAccess(
  resource: ArmResource,
  { pointer, values, whenAbsent, withPrivateEndpoint }: PublicNetworkAccessAt,
  connectionsOf: (resource: ArmResource) => Setting<readonly PrivateEndpointConnection[]>,
): Setting<PublicNetworkAccess> {
  const raw = valueAt(resource.body, pointer);
  const isSet = raw !== undefined && (withPrivateEndpoint === undefined || raw !== "");
  if (isSet || whenAbsent === undefined || withPrivateEndpoint === undefined || resource.thinBecause !== undefined) {
    return enumeration(resource, pointer, values, whenAbsent);
  }
  const connections = connectionsOf(resource);
  const statuses = connections.kind === "known" ? connections.value.map(({ status }) => status) : [];
  const isApproved = statuses.some((status) => status.kind === "known" && status.value === "approved");
  const withOne = "value" in withPrivateEndpoint ? withPrivateEndpoint.value : undefined;
  const withNone = connections.kind === "unknown" || statuses.length > 0 ? undefined : whenAbsent.value;
  const meant = isApproved ? withOne : withNone;
  if (meant === undefined) {
    const because = `\`${pointer}\` of \`${resource.id.text}\` is not set, and whether a private endpoint turns it off is not known`;
    return { kind: "unknown", because, pointer, raw };
  }
  const value = meaningOf(meant, values);
  if (value === undefined) throw new TypeError(`the catalog gives \`${meant}\` no meaning at \`${pointer}\``);
  const given = `${meant} ${isApproved ? "with" : "without"} a private endpoint`;
  return { kind: "known", value, pointer, raw, assumption: defaultOf(pointer, { ...whenAbsent, value: given }) };
}

function publishesIpv6(resource: ArmResource, { publishesIpv6: source }: Service): Setting<boolean> {
  if (typeof source === "boolean" || !("hidden" in source)) return whether(resource, source);
  const because = `whether \`${resource.id.text}\` has IPv6 addresses is not in its body`;
  return { kind: "unknown", because, pointer: "", raw: undefined };
}

function whether(resource: ArmResource, source: Whether): Setting<boolean> {
  if (typeof source === "boolean") return settled(source);
  return enumeration(resource, source.pointer, source.values, source.whenAbsent);
}

/** The first setting that says no decides, then the first that is not known. */
function filteredInSubnets(resource: ArmResource, { filteredInSubnets: sources = [] }: Service): Setting<boolean> {
  const settings = sources.map((source) => whether(resource, source));
  const no = settings.find((one) => one.kind === "known" && !one.value);
  return no ?? settings.find((one) => one.kind === "unknown") ?? settings[0] ?? settled(false);
}

function unsupportsNetworkRules(resource: ArmResource, { networkRulesUnsupported: source }: Service): Setting<boolean> {
  if (source === undefined) return settled(false);
  const values = listOf(resource, source.list, (entry) => fold(textAt(entry, source.pointer) ?? ""));
  return values.kind === "known" ? { ...values, value: values.value.includes(source.value) } : values;
}

function endpointNames(resource: ArmResource, { endpointNames: source }: Service): ServiceFact["endpointNames"] {
  return source === undefined
    ? settled("usual")
    : enumeration(resource, source.pointer, source.values, source.whenAbsent);
}

function anonymousAccess(resource: ArmResource, { anonymousAccess: source }: Service): Setting<boolean> {
  if (source === undefined) return settled(false);
  const { pointer, whenAbsent, except } = source;
  if (except !== undefined && fold(textAt(resource.body, except.pointer) ?? "") === except.value) return settled(false);
  const isDocumented = "value" in whenAbsent;
  const setting = enumeration(resource, pointer, booleans, isDocumented ? whenAbsent : undefined);
  if (isDocumented || setting.raw !== undefined || resource.thinBecause !== undefined) return setting;
  const because = `${unknownValue(resource.id, pointer, undefined)}, and ${whenAbsent.undocumented}`;
  return { kind: "unknown", because, pointer, raw: undefined };
}

const booleans = { true: true, false: false };

function endpointsOf(connections: Setting<readonly PrivateEndpointConnection[]>): readonly ResourceId[] {
  if (connections.kind === "unknown") return [];
  return connections.value.flatMap(({ privateEndpoint }) => privateEndpoint ?? []);
}

export function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  if (!isObject(tags)) return {};
  return Object.fromEntries(Object.entries(tags).filter((tag): tag is [string, string] => typeof tag[1] === "string"));
}
