import type { Evidence } from "../model/evidence.ts";
import type { PrivateEndpointFact, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { PortSet } from "../net/port-set.ts";
import { placeOf } from "./endpoint-callers.ts";
import { publicSpace } from "./network-view.ts";
import { contested, type NextHop, nextHopsOf } from "./next-hops.ts";
import { peersOf } from "./peers.ts";
import { endpointRouteOf } from "./private-path.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, routesOf } from "./routes.ts";

/** Destinations that packets from a subnet get to without the firewall having seen them. */
export interface Bypass {
  /** In words, for a message. */
  readonly to: readonly string[];
  readonly isPast: Truth;
}

type Leads = "kept" | "past" | "unknown";

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

function isFirewall(address: string | undefined, firewalls: IpSet): boolean {
  const set = address === undefined ? undefined : parseAddresses(address);
  return set !== undefined && !set.isEmpty && set.isSubsetOf(firewalls);
}

/** Public destinations; routes of service endpoints lead to the service and do not count. */
export function internetBypasses(subnet: SubnetFact, firewalls: IpSet, snapshot: Snapshot): readonly Bypass[] {
  const { addressPrefixes } = subnet;
  const hasIpv6 = addressPrefixes.kind === "known" && addressPrefixes.value.some((one) => one.countIpv6 > 0n);
  const hops = nextHopsOf(routesOf(subnet, snapshot), hasIpv6 ? publicSpace : publicSpace.intersect(IpSet.ipv4));
  const isPrivate = isPrivateSubnet(subnet, snapshot);
  return hops.flatMap((hop) => {
    const isPast = isHopPast(
      hop,
      hop.routes.map((route) => leadsOf(route, firewalls)),
    );
    if (!isPast.may) return [];
    const [route] = hop.routes;
    const getsOut = route.nextHopType.toLowerCase() === "internet" ? outlet(route, isPrivate) : certainly(true);
    const evidence = [...hop.routes.flatMap(({ at }) => at ?? []), ...getsOut.evidence];
    const own = evidence.length > 0 ? evidence : evidenceOf(subnet.id, subnet.routeTable);
    const truth = allOf([isPast, getsOut]);
    return truth.may ? [{ to: destinationsOf(hop), isPast: onEvidence(truth, own) }] : [];
  });
}

/**
 * From a private subnet nothing gets out by the next hop Internet, unless something in it has a public address. Where ARM
 * does not say whether it is private, its owner's routes to the internet are taken to be there for a reason.
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 */
function outlet({ source }: EffectiveRoute, isPrivate: Truth): Truth {
  if (source !== "User" || isPrivate.must === isPrivate.may) return not(isPrivate);
  const assumptions = ["the subnet is not a private one, from which nothing gets out by the next hop Internet"];
  return certainly(
    true,
    isPrivate.evidence.map((one) => ({ ...one, assumptions })),
  );
}

function isPrivateSubnet(subnet: SubnetFact, snapshot: Snapshot): Truth {
  const { id, defaultOutboundAccess: setting, natGateway } = subnet;
  const evidence = evidenceOf(id, setting);
  if (setting.kind === "unknown") return perhaps([setting.because], evidence);
  const because = `\`${id.text}\` does not say whether it has default outbound access`;
  const isOff = setting.value === undefined ? perhaps([because], evidence) : certainly(!setting.value, evidence);
  const nat = natGateway.kind === "unknown" ? perhaps([natGateway.because]) : certainly(natGateway.value !== undefined);
  return allOf([isOff, not(onEvidence(nat, evidenceOf(id, natGateway))), not(hasPublicAddress(id, snapshot))]);
}

function hasPublicAddress(subnet: ResourceId, snapshot: Snapshot): Truth {
  const evidence = snapshot.naming(subnet).flatMap((fact): readonly Evidence[] => {
    if (fact.kind !== "networkInterface" || fact.ipConfigurations.kind === "unknown") return [];
    const { pointer, value } = fact.ipConfigurations;
    return value.flatMap((one, index) => {
      if (one.subnet?.key !== subnet.key || one.publicIPAddress === undefined) return [];
      const at = `${pointer}/${index}/properties/publicIPAddress/id`;
      return [{ resource: fact.id, pointer: at, value: one.publicIPAddress.text }];
    });
  });
  return certainly(evidence.length > 0, evidence);
}

/** What a gateway or no next hop does with packets does not bring them to the internet past the firewall. */
function leadsOf({ nextHopType, nextHopIpAddress, endpoint }: EffectiveRoute, firewalls: IpSet): Leads {
  if (endpoint !== undefined) return "kept";
  switch (nextHopType.toLowerCase()) {
    case "internet":
      return "past";
    case "virtualappliance":
    case "virtualapplianceecmp":
      if (nextHopIpAddress === undefined || parseAddresses(nextHopIpAddress) === undefined) return "unknown";
      return isFirewall(nextHopIpAddress, firewalls) ? "kept" : "past";
    case "unknown":
      return "unknown";
    default:
      return "kept";
  }
}

function isHopPast({ routes }: NextHop, leads: readonly Leads[]): Truth {
  if (leads.every((one) => one === "past")) return certainly(true);
  if (leads.every((one) => one === "kept")) return certainly(false);
  const reasons = routes.flatMap((route, index) => {
    if (route.because !== undefined) return [route.because];
    return leads[index] === "unknown" ? [`which appliances ${namedIn(route)} leads to is not known`] : [];
  });
  return perhaps(reasons.length > 0 ? [...new Set(reasons)] : [contested]);
}

function namedIn({ at, nextHopType }: EffectiveRoute): string {
  return at === undefined ? `a route to ${nextHopType}` : `\`${at.pointer}\` of \`${at.resource.text}\``;
}

function destinationsOf({ routes: [{ source, tag }], addresses }: NextHop): readonly string[] {
  if (source !== "User") return ["whatever no route leads elsewhere"];
  return tag === undefined ? addresses.toPrefixes() : [tag];
}

/** Private endpoints in the own network and its peers that the owner's routes lead elsewhere than to a firewall. */
export function endpointBypasses(subnet: SubnetFact, firewalls: IpSet, snapshot: Snapshot): readonly Bypass[] {
  const { routes } = routesOfTable(subnet, snapshot);
  const isShort = (destination: IpSet | undefined) =>
    destination?.equals(IpSet.ipv4) === true || destination?.equals(IpSet.ipv6) === true;
  if (routes.every(({ destination }) => isShort(destination))) return [];
  return endpointsNear(subnet, snapshot).flatMap((endpoint) => endpointBypass(endpoint, subnet, firewalls, snapshot));
}

function endpointBypass(
  endpoint: PrivateEndpointFact,
  subnet: SubnetFact,
  firewalls: IpSet,
  snapshot: Snapshot,
): readonly Bypass[] {
  const place = placeOf(endpoint, PortSet.all, snapshot);
  if ("because" in place) return [];
  const hops = nextHopsOf(routesOf(subnet, snapshot), place.addresses);
  const past = hops.flatMap((hop) => {
    const leads = hop.routes.map((route) => leadsOfUser(route, firewalls));
    const { isReplaced, because } = endpointRouteOf(subnet, place, hop.addresses, snapshot);
    const isTaken = isReplaced === "unknown" ? perhaps(because) : certainly(isReplaced);
    const isPast = allOf([isHopPast(hop, leads), isTaken]);
    return isPast.may
      ? [
          onEvidence(
            isPast,
            hop.routes.flatMap(({ at }) => at ?? []),
          ),
        ]
      : [];
  });
  const policy = evidenceOf(place.subnet.id, place.subnet.privateEndpointNetworkPolicies);
  const isPast = anyOf(past);
  const to = [`the private endpoint ${endpoint.id.name}`];
  return isPast.may ? [{ to, isPast: onEvidence(isPast, [...isPast.evidence, ...policy]) }] : [];
}

/** Here every next hop but the firewall and the network itself is another than the endpoint's own. */
function leadsOfUser(route: EffectiveRoute, firewalls: IpSet): Leads {
  if (route.source !== "User" || route.nextHopType.toLowerCase() === "vnetlocal") return "kept";
  const leads = leadsOf(route, firewalls);
  return leads === "kept" && !isFirewall(route.nextHopIpAddress, firewalls) ? "past" : leads;
}

function endpointsNear({ id }: SubnetFact, snapshot: Snapshot): readonly PrivateEndpointFact[] {
  const network = id.parent;
  const found = network === undefined ? undefined : snapshot.get(network);
  if (network === undefined || found?.kind !== "fact" || found.fact.kind !== "network") return [];
  const { peers } = peersOf(found.fact, snapshot);
  const near = [network, ...peers.flatMap((peer) => (peer.isConnected.may ? (peer.network ?? []) : []))];
  const byNetwork = snapshot.once("private endpoints by network", () =>
    Map.groupBy(snapshot.ofKind("privateEndpoint"), ({ subnet }) => subnet?.parent?.key),
  );
  return near.flatMap(({ key }) => byNetwork.get(key) ?? []);
}
