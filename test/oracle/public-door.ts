import { type Address, holds, type Prefix, parseAddress, parsePrefix, type Range } from "./addresses.ts";
import { admits, hasPrivateEndpoint, type Site, sitesOf } from "./app-sites.ts";
import { hasWayOut, publicSources } from "./egress.ts";
import type { Route } from "./routes.ts";
import {
  type Answer,
  all,
  any,
  at,
  type Body,
  listAt,
  ofType,
  oncePerWorld,
  type Place,
  prefixesAt,
  same,
  tagPrefixes,
  textAt,
  type World,
} from "./world.ts";

/** Who gets in at a service's public endpoint, by the service's own network rules. */
export interface Door {
  readonly isOpen: Answer;
  readonly hasIpv6: boolean;
  /** Without regard to the rules. */
  readonly admitsAll: Answer;
  /** Of the address rules; the one that stands for Azure is not among them. */
  readonly ranges: readonly Range[];
  readonly admitsAzure: boolean;
  readonly subnetRules: readonly { readonly subnetId: string; readonly isInForce: Answer }[];
  /** Names of the service endpoints that lead to it. */
  readonly endpoints: readonly string[];
  readonly region: string;
  /** Of an app, whose sites decide in the place of the rules above. */
  readonly app?: { readonly sites: readonly Site[]; readonly refusesEndpoints: Answer };
}

/**
 * Disabled overrides every rule, those for subnets too; SecuredByPerimeter leaves all to a perimeter. Enabled is the default:
 * https://learn.microsoft.com/azure/storage/common/storage-network-security-set-default-access
 * https://learn.microsoft.com/azure/key-vault/general/network-security
 * https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings#deny-public-network-access
 */
export function doorOf(world: World, service: Body, site?: string): Door | undefined {
  if (/^microsoft\.web\/sites(\/slots)?$/i.test(String(service.type))) return appDoor(world, service, site);
  const value = at(service, "properties.publicNetworkAccess") ?? "Enabled";
  const isOpen = same(value, "Enabled") || (same(value, "Disabled") ? false : "unknown");
  const common = { isOpen, region: regionOf(service) } as const;
  if (same(service.type, "Microsoft.Storage/storageAccounts")) return { ...common, ...storageRules(service) };
  if (same(service.type, "Microsoft.KeyVault/vaults")) return { ...common, ...vaultRules(service) };
  return same(service.type, "Microsoft.Sql/servers") ? { ...common, ...sqlRules(world, service) } : undefined;
}

/** Both sites, or the one that is asked about. */
function appDoor(world: World, service: Body, site: string | undefined): Door {
  const refusesEndpoints = hasPrivateEndpoint(service);
  const value = textAt(service, "properties.publicNetworkAccess");
  const unset = refusesEndpoints === "unknown" ? "unknown" : !refusesEndpoints;
  const isOpen = value === "" ? unset : same(value, "Enabled") || (same(value, "Disabled") ? false : "unknown");
  const sites = sitesOf(world, service).filter(({ name }) => site === undefined || site === name);
  const none = { admitsAll: false, ranges: [], admitsAzure: false, subnetRules: [] } as const;
  const app = { sites, refusesEndpoints };
  return { ...none, isOpen, region: regionOf(service), hasIpv6: true, endpoints: ["Microsoft.Web"], app };
}

function regionOf(body: Body): string {
  return textAt(body, "location").replaceAll(" ", "").toLowerCase();
}

type Rules = Omit<Door, "isOpen" | "region">;

/**
 * IPv6 rules and callers count only where the account publishes an IPv6 endpoint:
 * https://learn.microsoft.com/azure/storage/common/storage-network-security
 */
function storageRules(service: Body): Rules {
  const ranges = ["ipRules", "ipv6Rules"].flatMap((list) => rangesOf(service, list));
  const hasIpv6 = at(service, "properties.dualStackEndpointPreference.publishIpv6Endpoint") === true;
  const endpoints = ["Microsoft.Storage", "Microsoft.Storage.Global"];
  return { ...aclsOf(service), ranges, hasIpv6, endpoints };
}

function vaultRules(service: Body): Rules {
  return { ...aclsOf(service), ranges: rangesOf(service, "ipRules"), hasIpv6: true, endpoints: ["Microsoft.KeyVault"] };
}

/** Allow is the default action: https://learn.microsoft.com/azure/storage/common/storage-network-security-set-default-access */
function aclsOf(service: Body): Pick<Rules, "admitsAll" | "admitsAzure" | "subnetRules"> {
  const action = at(service, "properties.networkAcls.defaultAction") ?? "Allow";
  const rules = listAt(service, "properties.networkAcls.virtualNetworkRules");
  return {
    admitsAll: same(action, "Allow") || (same(action, "Deny") ? false : "unknown"),
    admitsAzure: false,
    subnetRules: rules.map((rule) => {
      return { subnetId: textAt(rule, "id"), isInForce: isInForce(at(rule, "state") ?? "Succeeded") };
    }),
  };
}

/** The rule of a subnet that was deleted is dead, even if a subnet has its name again; other states are passing ones. */
function isInForce(state: unknown): Answer {
  return same(state, "Succeeded") || same(state, "Ready") || (same(state, "NetworkSourceDeleted") ? false : "unknown");
}

function rangesOf(service: Body, list: string): readonly Range[] {
  return listAt(service, `properties.networkAcls.${list}`).flatMap((rule) => parsePrefix(textAt(rule, "value")) ?? []);
}

/**
 * Rules are children, and without one nobody gets in; 0.0.0.0 to 0.0.0.0 stands for every address in Azure:
 * https://learn.microsoft.com/azure/azure-sql/database/firewall-configure#connections-from-inside-azure
 */
function sqlRules(world: World, service: Body): Rules {
  const children = (type: string) =>
    world.resources.filter(({ id }) => id.toLowerCase().startsWith(`${service.id}/${type}/`.toLowerCase()));
  const between = (rule: Body, start: string, end: string): readonly Range[] => {
    const [first, last] = [start, end].map((field) => parseAddress(textAt(rule, `properties.${field}`)));
    return first && last ? [{ family: first.family, first: first.value, last: last.value }] : [];
  };
  const ranges = [
    ...children("firewallRules").flatMap((rule) => between(rule, "startIpAddress", "endIpAddress")),
    ...children("ipv6FirewallRules").flatMap((rule) => between(rule, "startIPv6Address", "endIPv6Address")),
  ];
  const isAzure = ({ family, last }: Range) => family === 4 && last === 0n;
  return {
    hasIpv6: true,
    admitsAll: false,
    ranges: ranges.filter((range) => !isAzure(range)),
    admitsAzure: ranges.some(isAzure),
    subnetRules: children("virtualNetworkRules").map((rule) => {
      const subnetId = textAt(rule, "properties.virtualNetworkSubnetId");
      return { subnetId, isInForce: isInForce(at(rule, "properties.state") ?? "Ready") };
    }),
    endpoints: ["Microsoft.Sql"],
  };
}

function isWithin(ranges: readonly Range[], address: Address): boolean {
  return ranges.some((range) => holds(range, address));
}

function isStorage({ endpoints }: Door): boolean {
  return endpoints.includes("Microsoft.Storage");
}

/**
 * From a public address. "IP network rules have no effect on requests that originate from the same Azure region as the
 * storage account": https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
export function admitsFromInternet(world: World, door: Door, address: Address): Answer {
  if (door.app !== undefined) {
    return any(door.app.sites.map((site) => admits(world, site, { kind: "public", address })));
  }
  const local = isStorage(door) ? prefixesIn(world, door.region) : [];
  const azure = tagPrefixes(world, "AzureCloud");
  const isInAzure = azure === undefined ? "unknown" : isWithin(azure, address);
  const isRuled = isWithin(door.ranges, address) && !isWithin(local, address);
  return any([door.admitsAll, isRuled, door.admitsAzure && isInAzure]);
}

/** Those of Azure in a region, as the service tags have them, and the resources there that are public addresses. */
const prefixesIn = oncePerWorld((world, region): readonly Prefix[] => {
  const types = ["Microsoft.Network/publicIPAddresses", "Microsoft.Network/publicIPPrefixes"];
  const owned = types.flatMap((type) => ofType(world, type)).filter((body) => regionOf(body) === region);
  return [
    ...(tagPrefixes(world, `AzureCloud.${region}`) ?? []),
    ...owned.flatMap((body) => [
      ...prefixesAt(body, "-", "properties.ipAddress"),
      ...prefixesAt(body, "-", "properties.ipPrefix"),
    ]),
  ];
});

/** From a private address of a subnet, by one route. What a user's appliance or gateway makes of it cannot be told. */
export function admitsByRoute(world: World, door: Door, route: Route, place: Place, address: Address): Answer {
  if (same(route.type, "None")) return false;
  if (door.app !== undefined) return appAdmitsByRoute(world, door.app, route, place, address);
  if (route.source === "ServiceEndpoint") return admitsOverEndpoint(door, route, place, address);
  if (same(route.type, "Internet")) {
    const sources = publicSources(world, place, address);
    return all([hasWayOut(world, place, address), admitsSources(world, door, sources, place, address)]);
  }
  if (route.source !== "User") return false;
  const rules = [...door.ranges, ...door.subnetRules];
  return door.admitsAll === false && !door.admitsAzure && rules.length === 0 ? false : "unknown";
}

/** The source becomes a public address: where that is not known, only everybody and nobody are certain. */
function appAdmitsByRoute(
  world: World,
  { sites, refusesEndpoints }: NonNullable<Door["app"]>,
  route: Route,
  place: Place,
  address: Address,
): Answer {
  if (route.source === "ServiceEndpoint") {
    if (!same(route.service, "Microsoft.Web")) return "unknown";
    const caller = { kind: "endpoint", subnetId: textAt(place.subnet, "id") } as const;
    const isHeard = refusesEndpoints === "unknown" ? "unknown" : !refusesEndpoints;
    return all([isHeard, any(sites.map((site) => admits(world, site, caller)))]);
  }
  if (isShut(sites)) return false;
  if (same(route.type, "Internet")) {
    return all([
      hasWayOut(world, place, address),
      appAdmitsSources(world, sites, publicSources(world, place, address)),
    ]);
  }
  return route.source === "User" ? "unknown" : false;
}

function isShut(sites: readonly Site[]): boolean {
  return sites.every(({ rules, others }) => !others && !rules.some((rule) => same(at(rule, "action"), "Allow")));
}

function appAdmitsSources(world: World, sites: readonly Site[], sources: readonly Address[] | "unknown"): Answer {
  if (isShut(sites)) return false;
  if (sources === "unknown") return sites.some(({ rules, others }) => others && rules.length === 0) || "unknown";
  const isAdmitted = (source: Address) =>
    any(sites.map((site) => admits(world, site, { kind: "public", address: source })));
  return any(sources.map(isAdmitted));
}

/**
 * Over a service endpoint the source is the private address with the subnet's identity, and rules for public addresses
 * stop working: https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview#considerations
 * What a SQL firewall rule that holds the private address, or the one for Azure, does then is left open. SQL endpoints
 * work in the server's region only: https://learn.microsoft.com/azure/azure-sql/database/vnet-service-endpoint-rule-overview
 */
function admitsOverEndpoint(door: Door, route: Route, { network, subnet }: Place, address: Address): Answer {
  if (!door.endpoints.some((service) => same(service, route.service))) return "unknown";
  const rules = door.subnetRules.filter(({ subnetId }) => same(subnetId, at(subnet, "id")));
  const byIdentity = any([door.admitsAll, ...rules.map((rule) => rule.isInForce)]);
  if (!door.endpoints.includes("Microsoft.Sql")) return byIdentity;
  if (regionOf(network) !== door.region) return "unknown";
  return any([byIdentity, (door.admitsAzure || isWithin(door.ranges, address)) && "unknown"]);
}

/**
 * The source becomes a public address; where that is not known, only everybody and nobody are certain. With several
 * addresses some packets have one, and some another. `from` is where they get it.
 */
export function admitsSources(
  world: World,
  door: Door,
  sources: readonly Address[] | "unknown",
  from: Place,
  { family }: Pick<Address, "family">,
): Answer {
  if (door.app !== undefined) return appAdmitsSources(world, door.app.sites, sources);
  if (door.admitsAll !== false) return door.admitsAll;
  if (isStorage(door) && regionOf(from.network) === door.region) return false;
  if (sources !== "unknown") return any(sources.map((source) => admitsFromInternet(world, door, source)));
  const ranges = door.ranges.filter((range) => range.family === family);
  const last = (1n << (family === 4 ? 32n : 128n)) - 1n;
  const starts = [0n, ...ranges.map((range) => range.last + 1n)].filter((value) => value <= last);
  const isEverybody = starts.every((value) => isWithin(ranges, { family, value }));
  return isEverybody || ((ranges.length > 0 || door.admitsAzure) && "unknown");
}
