import type { AzureFirewallFact } from "../model/azure-firewall-fact.ts";
import type { NetworkFact, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo, type Setting } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { firewallsNear } from "./firewall-networks.ts";
import { nextHopsOf } from "./next-hops.ts";
import { type Peer, peersOf } from "./peers.ts";
import { spaceIn } from "./places.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, routesOf, userRoutes } from "./routes.ts";

/** An Azure Firewall to which routes of a subnet lead. */
export interface FirewallHop {
  readonly firewall: AzureFirewallFact;
  /** The one that it stands in. */
  readonly subnet: SubnetFact;
  /** Packets of the subnet get to it, and the replies back. */
  readonly isConnected: Truth;
}

/** The firewall that all of the routes lead to; undefined where they lead to anything else, or may. */
export function firewallAhead(
  routes: readonly EffectiveRoute[],
  from: SubnetFact,
  snapshot: Snapshot,
): FirewallHop | undefined {
  const [first] = routes;
  const address = first?.nextHopIpAddress;
  const isSame = (route: EffectiveRoute) =>
    route.because === undefined && isOfAppliance(route) && route.nextHopIpAddress === address;
  return address !== undefined && routes.every(isSame) ? firewallAt(address, from, snapshot) : undefined;
}

/** Something to which packets are sent on; the firewall that it is, if it is one that was read. */
export interface ApplianceAhead {
  /** Undefined where it is not known. */
  readonly address: IpSet | undefined;
  readonly firewall: FirewallHop | undefined;
}

/** Those to which routes of its owner lead, or may. */
export function appliancesAhead(from: SubnetFact, snapshot: Snapshot): readonly ApplianceAhead[] {
  const routes = userRoutes(from, snapshot).filter((route) => isOfAppliance(route) || route.because !== undefined);
  return [...new Set(routes.map(({ nextHopIpAddress }) => nextHopIpAddress))].map((text) => {
    if (text === undefined) return { address: undefined, firewall: undefined };
    return { address: parseAddresses(text), firewall: firewallAt(text, from, snapshot) };
  });
}

export function firewallsAhead(from: SubnetFact, snapshot: Snapshot): readonly FirewallHop[] {
  return appliancesAhead(from, snapshot).flatMap(({ firewall }) => firewall ?? []);
}

function isOfAppliance({ nextHopType, nextHopIpAddress }: EffectiveRoute): boolean {
  return nextHopType.toLowerCase() === "virtualappliance" && nextHopIpAddress !== undefined;
}

/** The one that has the address, in the network of the subnet or in one that is peered with it. */
export function firewallAt(text: string, from: SubnetFact, snapshot: Snapshot): FirewallHop | undefined {
  const address = parseAddresses(text);
  const network = factAt(from.id.parent, "network", snapshot);
  if (network === undefined || address === undefined || address.at(1) !== undefined) return undefined;
  const [near, ...others] = firewallsNear(network.id, snapshot).firewalls.filter(({ firewall, isConnected }) => {
    const { privateAddresses: own } = firewall;
    return isConnected.may && own.kind === "known" && own.value.overlaps(address);
  });
  if (near === undefined || others.length > 0) return undefined;
  const { firewall, subnet } = near;
  const isConnected = allOf([isNear(network, from, subnet, snapshot), isAnswered(from, subnet, snapshot)]);
  return { firewall, subnet, isConnected };
}

/** In the same network, or over a peering that lets in what the firewall sends on for others. */
function isNear(network: NetworkFact, from: SubnetFact, { id }: SubnetFact, snapshot: Snapshot): Truth {
  if (id.parent?.key === network.id.key) return certainly(true);
  const peer = peersOf(network, snapshot).peers.find((one) => one.network?.key === id.parent?.key);
  if (peer === undefined) return certainly(false);
  return allOf([peer.isConnected, ...documented(network, peer), hasPeeringRoute(from, snapshot)]);
}

/**
 * What the documents say is needed, and of whose lack they do not say that packets stop, nor replies:
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 */
function documented({ id }: NetworkFact, { isAccessible, peering }: Peer): readonly Truth[] {
  const { name, allowForwardedTraffic, subnetNames } = peering;
  const isForwarded = isSetTo(id, allowForwardedTraffic, true);
  return [
    orPerhaps(isAccessible, `\`${name}\` does not let the peer in, which need not stop packets`),
    orPerhaps(
      isForwarded,
      `whether replies that a firewall sends on come in over \`${name}\`, which does not allow forwarded traffic, is not documented`,
    ),
    orPerhaps(
      isWhole(subnetNames),
      `whether \`${name}\`, which is for some subnets, leads to the firewall is not known`,
    ),
  ];
}

function isWhole(names: Setting<unknown>): Truth {
  return names.kind === "known" ? certainly(names.value === undefined) : perhaps([names.because]);
}

function orPerhaps(truth: Truth, because: string): Truth {
  return truth.may ? truth : perhaps([because], truth.evidence);
}

function hasPeeringRoute(from: SubnetFact, snapshot: Snapshot): Truth {
  const { table } = routesOfTable(from, snapshot);
  if (table === undefined) return certainly(true);
  const isKept = isSetTo(table.id, table.disablePeeringRoute, "none");
  return orPerhaps(
    isKept,
    `whether \`${table.id.name}\`, which keeps the routes of peerings out, leads to the firewall is not known`,
  );
}

/** The routes of the firewall's subnet lead replies straight back. */
function isAnswered(from: SubnetFact, subnet: SubnetFact, snapshot: Snapshot): Truth {
  const space = spaceIn(from);
  if (space.isSubsetOf(ledBackFrom(subnet, snapshot))) return certainly(true);
  const hops = nextHopsOf(routesOf(subnet, snapshot), space);
  const away = hops.flatMap(({ routes }) => routes.filter((route) => !leadsBack(route)));
  const types = [...new Set(away.map(({ nextHopType }) => nextHopType))].join(" or ");
  const because = `whether replies get back from \`${subnet.id.name}\`, by the next hop ${types}, is not known`;
  const reasons = [...new Set(away.flatMap((route) => route.because ?? because))];
  return perhaps(reasons, [...evidenceOf(subnet.id, subnet.routeTable), ...away.flatMap(({ at }) => at ?? [])]);
}

/**
 * The same for callers behind a gateway: the routes of the firewall's subnet lead replies back to it, as in the scenario "On-premises
 * traffic to private endpoints". https://learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall
 */
export function forComers(
  { firewall, subnet, isConnected }: FirewallHop,
  callers: IpSet,
  snapshot: Snapshot,
): FirewallHop {
  const hops = nextHopsOf(routesOf(subnet, snapshot), callers);
  const isBack = ({ nextHopType, because }: EffectiveRoute) =>
    because === undefined && nextHopType.toLowerCase() === "virtualnetworkgateway";
  const areAllBack = callers.isSubsetOf(IpSet.union(hops.map(({ addresses }) => addresses)));
  const isAnswered = areAllBack && hops.every(({ routes, isCertain }) => isCertain && routes.every(isBack));
  if (isAnswered) return { firewall, subnet, isConnected };
  const because = `whether replies get back from \`${subnet.id.name}\` to callers behind a gateway is not known`;
  return {
    firewall,
    subnet,
    isConnected: allOf([isConnected, perhaps([because], evidenceOf(subnet.id, subnet.routeTable))]),
  };
}

/** The addresses to which the routes of a firewall's subnet lead replies straight back: worked out once for all callers. */
function ledBackFrom(subnet: SubnetFact, snapshot: Snapshot): IpSet {
  return snapshot.once(`led back from ${subnet.id.key}`, () => {
    snapshot.get(subnet.id); // what is remembered rests on the subnet, too
    const hops = nextHopsOf(routesOf(subnet, snapshot), IpSet.all);
    return IpSet.union(hops.flatMap(({ routes, addresses }) => (routes.every(leadsBack) ? [addresses] : [])));
  });
}

function leadsBack({ nextHopType, because }: EffectiveRoute): boolean {
  return because === undefined && ["vnetlocal", "vnetpeering", "vnetglobalpeering"].includes(nextHopType.toLowerCase());
}
