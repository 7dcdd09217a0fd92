import type { NetworkFact, Peering, PrivateEndpointFact, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { allAddressesOf } from "./endpoint-addresses.ts";
import { isFirewall, isHopPast } from "./firewall-bypass.ts";
import { nextHopsOf } from "./next-hops.ts";
import { spaceOf } from "./peers.ts";
import { privateRouteOf } from "./private-delivery.ts";
import { type EffectiveRoute, routesOf } from "./routes.ts";
import { unreadBecause } from "./unread.ts";

/**
 * Packets from some subnet of a peer get to the network: routes of the subnet's owner come before that of the peering, and may
 * drop them or lead them to a firewall. Subnets that were not read are taken to have none.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#routing-example
 * Where some subnets are peered, those of the peer's `side`, packets of the others are dropped:
 * https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering
 */
export function getsThrough(
  { id }: NetworkFact,
  peer: ResourceId,
  side: Peering | undefined,
  firewalls: IpSet,
  snapshot: Snapshot,
): Truth {
  const { facts, completeness } = snapshot.list(peer, "Microsoft.Network/virtualNetworks/subnets");
  const names = side?.subnetNames.kind === "known" ? side.subnetNames.value?.own.map(fold) : undefined;
  const subnets = facts
    .filter((fact) => fact.kind === "subnet")
    .filter((subnet) => names === undefined || names.includes(fold(subnet.id.name)));
  const space = spaceOf(id, snapshot).must;
  if (subnets.length === 0 || completeness.kind !== "complete" || space.isEmpty) return certainly(true);
  if (subnets.some(hasNoTable)) return certainly(true);
  const isOrdinary = anyOf(subnets.map((subnet) => passesOwnRoutes(subnet, space, firewalls, snapshot)));
  return isOrdinary.must ? isOrdinary : anyOf([isOrdinary, getsToEndpoints(id, subnets, snapshot)]);
}

/** Nothing comes before the routes of peerings: a hub has as many of them as there are networks that ask. */
function hasNoTable({ routeTable }: SubnetFact): boolean {
  return routeTable.kind === "known" && routeTable.value === undefined;
}

function passesOwnRoutes(subnet: SubnetFact, space: IpSet, firewalls: IpSet, snapshot: Snapshot): Truth {
  const hops = nextHopsOf(routesOf(subnet, snapshot), space);
  const passes = hops.map((hop) => {
    return isHopPast(
      hop,
      hop.routes.map((route) => isPastEveryStop(route, firewalls)),
    );
  });
  const truth = anyOf(passes);
  return truth.must ? certainly(true) : onEvidence(truth, evidenceOf(subnet.id, subnet.routeTable));
}

/** Neither dropped, nor led to a firewall, which is there to tell packets apart. */
function isPastEveryStop({ nextHopType, nextHopIpAddress, because }: EffectiveRoute, firewalls: IpSet): Truth {
  switch (nextHopType.toLowerCase()) {
    case "vnetpeering":
    case "vnetglobalpeering":
      return certainly(true);
    case "none":
    case "internet":
      return certainly(false);
    default: {
      if (isFirewall(nextHopIpAddress, firewalls)) return certainly(false);
      const hop = [nextHopType, nextHopIpAddress].filter((part) => part !== undefined).join(" ");
      return perhaps([because ?? `where ${hop} takes packets is not known`]);
    }
  }
}

/** A private endpoint has a route of its own in the tables of peers, which few of the owner's take the place of. */
function getsToEndpoints(network: ResourceId, subnets: readonly SubnetFact[], snapshot: Snapshot): Truth {
  const endpoints = snapshot
    .naming(network, "privateEndpoint")
    .filter(({ subnet }) => subnet?.parent?.key === network.key);
  const unread = unreadBecause(
    snapshot.everywhere("microsoft.network/privateendpoints"),
    "the list of all private endpoints",
  );
  return anyOf([
    ...endpoints.flatMap((endpoint) => subnets.map((subnet) => getsToEndpoint(endpoint, subnet, snapshot))),
    ...(unread === undefined ? [] : [perhaps([unread])]),
  ]);
}

function getsToEndpoint(endpoint: PrivateEndpointFact, from: SubnetFact, snapshot: Snapshot): Truth {
  const subnet = factAt(endpoint.subnet, "subnet", snapshot);
  if (subnet === undefined) return perhaps([`where \`${endpoint.id.text}\` stands is not known`]);
  const { addresses, because: unknown } = allAddressesOf(endpoint, snapshot);
  if (addresses === undefined) return perhaps(unknown);
  const { neighbour, isReplaced, because } = privateRouteOf(from, { subnet }, addresses, snapshot);
  const evidence = evidenceOf(subnet.id, subnet.privateEndpointNetworkPolicies);
  if (isReplaced === "unknown") return perhaps(because, evidence);
  const isThere = neighbour.must === neighbour.may ? certainly(neighbour.must) : perhaps(neighbour.because);
  return onEvidence(allOf([isThere, certainly(!isReplaced)]), evidence);
}
