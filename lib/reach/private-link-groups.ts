import { privateLinkGroup, serviceOfType } from "../catalog/index.ts";
import type { PrivateLinkGroup, Service } from "../catalog/service.ts";
import type { Evidence } from "../model/evidence.ts";
import type { PrivateEndpointFact, PrivateLinkConnection, ServiceFact } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Found, Snapshot } from "../model/snapshot.ts";
import { addressesOf } from "./endpoint-addresses.ts";
import { isNamedGroup, type OwnZone, ownZoneOf } from "./named-zone.ts";
import { unreadBecause } from "./unread.ts";
import { zoneInUse } from "./zone-in-use.ts";

/** One group of a service that a private endpoint leads to, of which it is known which zone holds its names. */
export interface LinkedGroup {
  /** In the catalog's spelling: `blob`. */
  readonly groupId: string;
  /** What findings call it: the group, with the zone where it has several. */
  readonly part: string;
  readonly service: ResourceId;
  /** `privatelink.blob.core.windows.net` */
  readonly zoneName: string;
  /** It holds some of the names, which end as it does, and these the rest: each name is in the narrowest that could hold it. */
  readonly otherZones: readonly string[];
  /** Where its zone is named after the service, which says so itself. */
  readonly ownZone?: OwnZone;
  /** Another zone holds the names, and no document says which. */
  readonly isElsewhere: Truth;
  readonly isApproved: Truth;
  /** Where the endpoint names the group. */
  readonly evidence: Evidence;
}

export interface LinkedGroups {
  readonly groups: readonly LinkedGroup[];
  /** Why there may be more groups than these. */
  readonly because: readonly string[];
}

/** Groups of services that are gone are left out: such an endpoint needs no names any more. */
export function linkedGroupsOf(endpoint: PrivateEndpointFact, snapshot: Snapshot): LinkedGroups {
  if (endpoint.connections.kind === "unknown") return { groups: [], because: [endpoint.connections.because] };
  const parts = endpoint.connections.value.map((connection) => groupsOfConnection(endpoint, connection, snapshot));
  return { groups: parts.flatMap((part) => part.groups), because: parts.flatMap((part) => part.because) };
}

/** At least one of the endpoint's connections is approved, so that it carries traffic. */
export function isApprovedOf({ id, connections }: PrivateEndpointFact): Truth {
  if (connections.kind === "unknown") return perhaps([connections.because]);
  return anyOf(connections.value.map(({ status }) => isSetTo(id, status, "approved")));
}

function groupsOfConnection(
  endpoint: PrivateEndpointFact,
  { target, groupIds, status }: PrivateLinkConnection,
  snapshot: Snapshot,
): LinkedGroups {
  const unknown = groupIds.kind === "unknown" ? [groupIds.because] : [];
  if (target === undefined) return { groups: [], because: unknown };
  const source = serviceOfType(target.type);
  const found = snapshot.get(target);
  if (source === undefined || found.kind === "absent") return { groups: [], because: [] };
  if (groupIds.kind === "unknown") return { groups: [], because: unknown };
  const service = found.kind === "fact" && found.fact.kind === "service" ? found.fact : undefined;
  const [region] = service?.regions ?? [];
  if (region === undefined && source.privateLink.some(isOfRegion)) {
    return {
      groups: [],
      because: [`the region of \`${target.text}\`, by which its private DNS zone is named, is not known`],
    };
  }
  const statusEvidence = evidenceOf(endpoint.id, status);
  const link: Link = {
    ...{ endpoint, target, source, found, service, region, snapshot },
    isApproved:
      status.kind === "known"
        ? certainly(status.value === "approved", statusEvidence)
        : perhaps([status.because], statusEvidence),
  };
  const parts = groupIds.value.map((groupId, index) => {
    const evidence = { resource: endpoint.id, pointer: `${groupIds.pointer}/${index}`, value: groupId };
    return isNamedGroup(target.type, groupId)
      ? namedGroup(groupId, evidence, link)
      : usualGroups(groupId, evidence, link);
  });
  return {
    groups: parts.flatMap((part) => (typeof part === "string" ? [] : part)),
    because: parts.filter((part) => typeof part === "string"),
  };
}

/** One connection of an endpoint to a service that is there, or was not read. */
interface Link {
  readonly endpoint: PrivateEndpointFact;
  readonly target: ResourceId;
  readonly source: Service;
  readonly found: Found;
  readonly service: ServiceFact | undefined;
  readonly region: string | undefined;
  readonly isApproved: Truth;
  readonly snapshot: Snapshot;
}

/** Of a group whose zone is named after the service; a text says why it is not known. */
function namedGroup(
  groupId: string,
  evidence: Evidence,
  { endpoint, target, found, service, isApproved }: Link,
): readonly LinkedGroup[] | string {
  const ownZone = service === undefined ? nameless(found, target) : ownZoneOf(endpoint, service);
  if (ownZone === undefined) return [];
  if (typeof ownZone === "string") return ownZone;
  const { zoneName } = ownZone;
  const named = { groupId, part: groupId, service: target, zoneName, otherZones: [], ownZone };
  return [{ ...named, isElsewhere: certainly(false), isApproved, evidence }];
}

/** Of a group whose zones the catalog names, one for each zone; a text says why they are not known. */
function usualGroups(value: string, evidence: Evidence, link: Link): readonly LinkedGroup[] | string {
  const { endpoint, target, source, service, region, isApproved, snapshot } = link;
  const group = privateLinkGroup(source, value);
  if (group === undefined) return [];
  const zones = zonesIn(group, endpoint.location, region);
  if (zones === undefined) {
    return `which private DNS zone holds the names of \`${value}\` in the cloud of \`${endpoint.id.text}\` is not known`;
  }
  const isElsewhere = service === undefined ? certainly(false) : otherZone(service);
  const groupId = group.isPrefix ? value : group.groupId;
  const linked = { groupId, service: target, isApproved, evidence };
  if (typeof zones === "string") {
    const former = formerZoneIn(group, endpoint.location, region);
    const inUse = former === undefined ? undefined : zoneInUse(endpoint, former, zones, snapshot);
    const other = inUse === undefined ? isElsewhere : anyOf([isElsewhere, inUse.isElsewhere]);
    return [{ ...linked, part: groupId, zoneName: inUse?.zoneName ?? zones, otherZones: [], isElsewhere: other }];
  }
  return zonesOfNames(endpoint, groupId, zones, snapshot).map(({ zoneName, isUnused }) => {
    const part = `${groupId} ${zoneName}`;
    const otherZones = zones.filter((one) => one !== zoneName);
    return { ...linked, part, zoneName, otherZones, isElsewhere: anyOf([isElsewhere, isUnused]) };
  });
}

function nameless(found: Found, { text }: ResourceId): string {
  return (
    unreadBecause(found, `\`${text}\``) ??
    `the name of \`${text}\`, which its private DNS zone is named after, is not known`
  );
}

function otherZone({ id, endpointNames: names }: ServiceFact): Truth {
  const evidence = evidenceOf(id, names);
  if (names.kind === "unknown") return perhaps([names.because], evidence);
  if (names.value === "usual") return certainly(false);
  const because = `no document says which private DNS zone holds the names of \`${id.text}\`, whose \`${names.pointer}\` is ${names.raw}`;
  return perhaps([because], evidence);
}

/** Of the zones of a group those that hold some of its names; each of them may where the names are not known. */
function zonesOfNames(endpoint: PrivateEndpointFact, groupId: string, zones: readonly string[], snapshot: Snapshot) {
  const { fqdns } = addressesOf(endpoint, groupId, snapshot);
  if (fqdns.length === 0) {
    const because = `which names lead to \`${endpoint.id.text}\`, and so which zones hold them, is not known`;
    return zones.map((zoneName) => ({ zoneName, isUnused: perhaps([because]) }));
  }
  const held = fqdns.flatMap((fqdn) => narrowest(zones.flatMap((zone) => zoneHolding(fqdn, zone) ?? [])) ?? []);
  return [...new Set(held)].map((zoneName) => ({ zoneName, isUnused: certainly(false) }));
}

function narrowest(zones: readonly string[]): string | undefined {
  return zones.toSorted((a, b) => b.length - a.length)[0];
}

/** `zone`, with the code of the region, or the number, that stands in the name; undefined where it does not hold that name. */
function zoneHolding(fqdn: string, zone: string): string | undefined {
  const place = placesOfCodes.find(({ stands }) => zone.includes(stands));
  if (place === undefined) return fqdn.endsWith(zone.replace(/^privatelink/, "")) ? zone : undefined;
  const [before = "", domain = ""] = zone.split(place.stands);
  const code = fqdn.endsWith(domain) ? fqdn.slice(0, -domain.length).split(".").at(-1) : undefined;
  return code === undefined || !place.fits.test(code) ? undefined : `${before}${code}${domain}`;
}

/** Those of the cloud that the endpoint is in: "usgovvirginia", or as some answers have it, "US Gov Virginia". */
export function zonesIn(
  { zones }: PrivateLinkGroup,
  location: string | undefined,
  region = "",
): string | readonly string[] | undefined {
  const named = zones[cloudOf(location)];
  if (named === undefined) return undefined;
  const inRegion = (name: string) => name.replace(placeOfRegion, region);
  return typeof named === "string" ? inRegion(named) : named.map(inRegion);
}

function formerZoneIn({ formerZone }: PrivateLinkGroup, location: string | undefined, region = ""): string | undefined {
  return cloudOf(location) === "public" ? formerZone?.name.replace(placeOfRegion, region) : undefined;
}

const placeOfRegion = "{regionName}";
const placesOfCodes = [
  { stands: "{regionCode}", fits: /^/ },
  { stands: "{partitionId}", fits: /^\d+$/ },
];

function isOfRegion({ zones, formerZone }: PrivateLinkGroup): boolean {
  return [...Object.values(zones).flat(), formerZone?.name ?? ""].some((name) => name.includes(placeOfRegion));
}

function cloudOf(location = ""): keyof PrivateLinkGroup["zones"] {
  const region = fold(location).replaceAll(" ", "");
  if (region.startsWith("usgov") || region.startsWith("usdod")) return "usgov";
  return region.startsWith("china") ? "china" : "public";
}
