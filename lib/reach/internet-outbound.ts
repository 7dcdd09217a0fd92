import type { SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { hasIpv6, isHopPast, isPastFirewall } from "./firewall-bypass.ts";
import { outletOf } from "./internet-outlet.ts";
import { groupFiltersOf, letOutOf } from "./let-out.ts";
import { type NextHop, nextHopsOf } from "./next-hops.ts";
import { type Place, placesIn } from "./places.ts";
import { type EffectiveRoute, routesOf } from "./routes.ts";
import { managerOf } from "./security-admin-rules.ts";
import type { Filter } from "./security-rules.ts";
import { type Family, publicSpace } from "./spaces.ts";

/** Packets from a subnet that neither a route nor a security group keeps from the internet. */
export interface Exit {
  readonly protocol: "tcp" | "udp";
  readonly ports: PortSet;
  /** Where they get to for certain. */
  readonly to: IpSet;
  readonly isOpen: Truth;
}

/**
 * What a route leads to one of the firewalls, to a gateway or nowhere is stopped; so is what has no way out, such as
 * default outbound access, and what a network manager's rules, the subnet's group or that of the interface refuse. A rule
 * that allows a service tag lets nobody out to the internet: "deny traffic to/from Internet and allow traffic to/from
 * AzureCloud or other available service tags", which isolates; how broad the tag is, NI604 says.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
 * https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
 */
export function exitsOf(subnet: SubnetFact, firewalls: IpSet, snapshot: Snapshot): readonly Exit[] {
  return [
    ...exitsOver("ipv4", certainly(true), subnet, firewalls, snapshot),
    ...exitsOver("ipv6", hasIpv6(subnet), subnet, firewalls, snapshot),
  ];
}

function exitsOver(
  family: Family,
  hasFamily: Truth,
  subnet: SubnetFact,
  firewalls: IpSet,
  snapshot: Snapshot,
): readonly Exit[] {
  if (!hasFamily.may) return [];
  const outlet = (isOwnersRoute: boolean) => outletOf(subnet, family, isOwnersRoute, snapshot);
  const hops = nextHopsOf(routesOf(subnet, snapshot), publicSpace.intersect(IpSet[family]));
  return hops.flatMap((hop) => {
    const leadsOut = isHopPast(
      hop,
      hop.routes.map((route) => leadsToInternet(route, firewalls, outlet)),
    );
    if (!leadsOut.may) return [];
    const isWay = allOf([hasFamily, withRoutes(leadsOut, hop)]);
    return placesIn(subnet, snapshot).flatMap((place) => exitsFrom(place, hop.addresses, isWay, snapshot));
  });
}

function withRoutes({ must, may, because, evidence }: Truth, { routes }: NextHop): Truth {
  return { must, may, because, evidence: [...routes.flatMap(({ at }) => at ?? []), ...evidence] };
}

/** What an appliance that is no firewall of the policy does with packets is not known. */
function leadsToInternet(route: EffectiveRoute, firewalls: IpSet, outlet: (isOwnersRoute: boolean) => Truth): Truth {
  const isPast = isPastFirewall(route, firewalls, outlet);
  if (!isPast.must || route.nextHopType.toLowerCase() === "internet") return isPast;
  return perhaps([`whether the appliance ${route.nextHopIpAddress} lets packets on to the internet is not known`]);
}

function exitsFrom(place: Place, destinations: IpSet, isWay: Truth, snapshot: Snapshot): readonly Exit[] {
  const { subnet, because } = place;
  const manager = managerOf(subnet, "outbound", snapshot);
  const filters = [...groupFiltersOf(place, snapshot), ...(manager?.filters ?? [])];
  return (["tcp", "udp"] as const).flatMap((protocol) =>
    portsToldApart(filters).flatMap((ports) => {
      const packets = { protocol, destinations, destinationPorts: ports, withoutServices: true } as const;
      const { must, may, because: reasons, parts } = letOutOf(place, packets, snapshot);
      if (may.isEmpty) return [];
      const allowing = parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at);
      const own = allowing.length > 0 ? allowing : evidenceOf(subnet.id, subnet.networkSecurityGroup);
      const evidence = [...own, ...place.evidence];
      const passes = must.isEmpty ? perhaps(reasons, evidence) : certainly(true, evidence);
      const isKnown = because.length > 0 ? perhaps(because) : certainly(true);
      return [{ protocol, ports, to: must, isOpen: allOf([passes, isWay, isKnown]) }];
    }),
  );
}

function portsToldApart(filters: readonly Filter[]): readonly PortSet[] {
  const rules = filters.flatMap((filter) => ("because" in filter ? [] : filter));
  return cellsOf(
    PortSet.all,
    rules.flatMap(({ destinationPorts: { must, may } }) => (must === may ? [must] : [must, may])),
  );
}
