import { fixedNameSubnet } from "../catalog/delegations.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { shareOfInternet } from "./internet.ts";
import { outletOf } from "./internet-outlet.ts";
import { letOutOfSubnet } from "./let-out.ts";
import { contested, type NextHop, nextHopsOf } from "./next-hops.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, routesOf } from "./routes.ts";
import { type Family, publicSpace } from "./spaces.ts";

/** One of the firewalls stands in the subnet, or it is one of those that Azure's gateways and firewalls stand in. */
export function isOfFirewall({ id, addressPrefixes: prefixes }: SubnetFact, firewalls: IpSet): boolean {
  if (fixedNameSubnet(id.name) !== undefined) return true;
  return prefixes.kind === "known" && prefixes.value.some((prefix) => prefix.overlaps(firewalls));
}

/** Destinations that packets from a subnet get to without the firewall having seen them. */
export interface Bypass {
  /** In words, for a message. */
  readonly to: readonly string[];
  readonly isPast: Truth;
}

/** Whether the subnet's table leads most of the internet to one of the firewalls. */
export function leadsToFirewall(
  subnet: SubnetFact,
  firewalls: IpSet,
  isMost: (addresses: IpSet) => boolean,
  snapshot: Snapshot,
): Truth {
  const { routes, because } = routesOfTable(subnet, snapshot);
  const led = routes.filter(({ nextHopIpAddress }) => isFirewall(nextHopIpAddress, firewalls));
  if (isMost(IpSet.union(led.flatMap(({ destination }) => destination ?? [])))) return certainly(true);
  return because.length > 0 ? perhaps(because, evidenceOf(subnet.id, subnet.routeTable)) : certainly(false);
}

export function isFirewall(address: string | undefined, firewalls: IpSet): boolean {
  const set = address === undefined ? undefined : parseAddresses(address);
  return set !== undefined && !set.isEmpty && set.isSubsetOf(firewalls);
}

/**
 * Public destinations; routes of service endpoints lead to the service and do not count, nor does what the security groups or
 * a network manager's rules refuse before any route is taken:
 * https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works#outbound-traffic
 */
export function internetBypasses(subnet: SubnetFact, firewalls: IpSet, snapshot: Snapshot): readonly Bypass[] {
  return [
    ...bypassesOver("ipv4", certainly(true), subnet, firewalls, snapshot),
    ...bypassesOver("ipv6", hasIpv6(subnet), subnet, firewalls, snapshot),
  ];
}

export function hasIpv6({ id, addressPrefixes: prefixes }: SubnetFact): Truth {
  if (prefixes.kind === "unknown") return perhaps([prefixes.because], evidenceOf(id, prefixes));
  return certainly(prefixes.value.some((one) => one.countIpv6 > 0n));
}

function bypassesOver(
  family: Family,
  hasFamily: Truth,
  subnet: SubnetFact,
  firewalls: IpSet,
  snapshot: Snapshot,
): readonly Bypass[] {
  if (!hasFamily.may) return [];
  const outlets = new Map<boolean, Truth>();
  const outlet = (isOwnersRoute: boolean) => {
    const known = outlets.get(isOwnersRoute) ?? outletOf(subnet, family, isOwnersRoute, snapshot);
    outlets.set(isOwnersRoute, known);
    return known;
  };
  const hops = nextHopsOf(routesOf(subnet, snapshot), publicSpace.intersect(IpSet[family]));
  return hops.flatMap((hop) => {
    const past = hop.routes.map((route) => isPastFirewall(route, firewalls, outlet));
    const isHop = allOf([hasFamily, isHopPast(hop, past)]);
    if (!isHop.may) return [];
    const { to, isAny } = letOutOfSubnet(subnet, hop.addresses, snapshot);
    const isPast = allOf([isHop, isAny]);
    if (!isPast.may) return [];
    const evidence = [...hop.routes.flatMap(({ at }) => at ?? []), ...isPast.evidence];
    const own = evidence.length > 0 ? evidence : evidenceOf(subnet.id, subnet.routeTable);
    return [{ to: destinationsOf(hop, to), isPast: onEvidence(isPast, own) }];
  });
}

/** What a gateway or no next hop does with packets does not bring them to the internet past the firewall. */
export function isPastFirewall(
  route: EffectiveRoute,
  firewalls: IpSet,
  outlet: (isOwnersRoute: boolean) => Truth,
): Truth {
  if (route.endpoint !== undefined) return certainly(false);
  switch (route.nextHopType.toLowerCase()) {
    case "internet":
      return outlet(route.source === "User");
    case "virtualappliance":
    case "virtualapplianceecmp":
    case "unknown":
      return isOtherAppliance(route, firewalls);
    default:
      return certainly(false);
  }
}

/** The route leads to an appliance that is none of the firewalls. */
export function isOtherAppliance(route: EffectiveRoute, firewalls: IpSet): Truth {
  const { nextHopType, nextHopIpAddress, because } = route;
  if (nextHopType.toLowerCase() === "unknown" && because !== undefined) return perhaps([because]);
  if (nextHopIpAddress === undefined || parseAddresses(nextHopIpAddress) === undefined) {
    return perhaps([`which appliances ${namedIn(route)} leads to is not known`]);
  }
  return certainly(!isFirewall(nextHopIpAddress, firewalls));
}

/** `past` says it of each of the hop's routes; which of several is taken is not known. */
export function isHopPast({ routes }: NextHop, past: readonly Truth[]): Truth {
  if (past.every(({ must }) => must)) return allOf(past);
  if (!past.some(({ may }) => may)) return certainly(false);
  const reasons = new Set([...routes.flatMap(({ because }) => because ?? []), ...past.flatMap((one) => one.because)]);
  return perhaps(reasons.size > 0 ? [...reasons] : [contested], anyOf(past).evidence);
}

function namedIn({ at, nextHopType }: EffectiveRoute): string {
  return at === undefined ? `a route to ${nextHopType}` : `\`${at.pointer}\` of \`${at.resource.text}\``;
}

function destinationsOf({ routes: [{ source, tag }], addresses }: NextHop, reached: IpSet): readonly string[] {
  if (!addresses.isSubsetOf(reached)) {
    return shareOfInternet(reached) >= 0.5 ? ["most of the internet"] : reached.toPrefixes();
  }
  if (source !== "User") return ["every address that no route of the subnet is for"];
  if (tag !== undefined) return [tag];
  return shareOfInternet(addresses) >= 0.99 ? ["the internet"] : addresses.toPrefixes();
}
