import type { Peering, PrivateEndpointFact, ServiceFact, ServicePorts, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import { factAt, factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { allAddressesOf } from "./endpoint-addresses.ts";
import { hostNamesAt } from "./endpoint-lookup.ts";
import { hasFirewall } from "./firewall-networks.ts";
import { type Learned, together } from "./gateway-connections.ts";
import { behindGatewaysIn, behindUsedGateways, gatewaySubnetOf } from "./gateways.ts";
import type { HostName } from "./host-names.ts";
import { spokesOf } from "./peers.ts";
import { isApprovedOf } from "./private-link-groups.ts";
import { type Comers, type EndpointPlace, type PrivatePath, pathOfComers, privatePath } from "./private-path.ts";
import { unreadBecause, whyNone } from "./unread.ts";

/** Who reaches one private endpoint of a service. */
export interface EndpointCallers {
  readonly endpoint: ResourceId;
  readonly isApproved: Truth;
  /** It is approved, and the service's own rules let nothing in over it all the same. */
  readonly isRefused?: boolean;
  /** Undefined where it is not known where the endpoint stands. */
  readonly place: EndpointPlace | undefined;
  /**
   * From every subnet of the endpoint's network and of the networks that are peered with it, from those whose packets something
   * in a peer may bring there, and over their gateways.
   */
  readonly paths: readonly PrivatePath[];
  /** Why others may reach it, too. */
  readonly because: readonly string[];
}

/** `service` is what the endpoint leads to. */
export function callersOf(id: ResourceId, service: ServiceFact, snapshot: Snapshot): EndpointCallers {
  const found = snapshot.get(id);
  const unread = unreadBecause(found, `\`${id.text}\``);
  if (unread !== undefined) return unknown(id, [unread]);
  const endpoint = factIn(found, "privateEndpoint");
  if (endpoint === undefined) {
    return { endpoint: id, isApproved: certainly(false), place: undefined, paths: [], because: [] };
  }
  const place = placeOf(endpoint, service.ports, hostNamesAt(endpoint, service, snapshot), snapshot);
  if ("because" in place) return { ...unknown(id, place.because), isApproved: isApprovedOf(endpoint) };
  const networks = neighboursOf(place.subnet, snapshot);
  const lists = networks.ids.map((network) => subnetsOf(network, snapshot));
  const further = networks.furtherIds.map((network) => subnetsOf(network, snapshot));
  const pathsFrom = ({ subnets }: { readonly subnets: readonly SubnetFact[] }) =>
    subnets.map((from) => privatePath(from, place, snapshot));
  const paths = [
    ...lists.flatMap(pathsFrom),
    ...further.flatMap(pathsFrom).filter(({ may }) => !may.isEmpty),
    ...networks.entries.flatMap((entry) => pathsOver(entry, place, snapshot)),
  ];
  const because = [...networks.because, ...[...lists, ...further].flatMap((list) => list.because)];
  return { endpoint: id, isApproved: isApprovedOf(endpoint), place, paths, because };
}

function unknown(endpoint: ResourceId, because: readonly string[]): EndpointCallers {
  return { endpoint, isApproved: perhaps(because), place: undefined, paths: [], because };
}

/** Where a private endpoint stands, or why that is not known. */
export function placeOf(
  endpoint: PrivateEndpointFact,
  ports: ServicePorts,
  hosts: readonly HostName[],
  snapshot: Snapshot,
): EndpointPlace | { readonly because: readonly string[] } {
  if (endpoint.subnet === undefined) return { because: [`\`${endpoint.id.text}\` names no subnet`] };
  const found = snapshot.get(endpoint.subnet);
  const subnet = factIn(found, "subnet");
  if (subnet === undefined) return { because: [whyNone(found, endpoint.subnet)] };
  const { addresses, because } = allAddressesOf(endpoint, snapshot);
  return addresses === undefined ? { because } : { endpoint, subnet, addresses, ports, hosts };
}

/** Over every gateway that leads to the endpoint's network, from some of the addresses behind it. */
export function pathsOverGateways(place: EndpointPlace, asked: IpSet, snapshot: Snapshot): readonly PrivatePath[] {
  const { entries } = neighboursOf(place.subnet, snapshot);
  const some = entries.filter(({ comers }) => comers.may.overlaps(asked));
  return some.flatMap((entry) => pathsOver(entry, place, snapshot, asked));
}

/** Who comes in over a gateway, and the network that it stands in. */
interface Entry {
  readonly host: ResourceId;
  readonly comers: Comers;
}

function pathsOver({ host, comers }: Entry, place: EndpointPlace, snapshot: Snapshot, asked?: IpSet) {
  const subnet = factAt(gatewaySubnetOf(host), "subnet", snapshot);
  return subnet === undefined ? [] : [pathOfComers(comers, subnet, place, snapshot, asked)];
}

/**
 * The network of a subnet, those that it is peered with, those that these are peered with, and who comes in over gateways: an
 * appliance brings packets of the third ones where the network lets forwarded traffic in.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 */
function neighboursOf(subnet: SubnetFact, snapshot: Snapshot) {
  const own = subnet.id.parent;
  const found = own === undefined ? undefined : snapshot.get(own);
  const network = found === undefined ? undefined : factIn(found, "network");
  if (own === undefined || network === undefined) {
    const because = found === undefined ? undefined : unreadBecause(found, `\`${own?.text}\``);
    const ids = own === undefined ? [] : [own];
    return { ids, furtherIds: [], entries: [], because: because === undefined ? [] : [because] };
  }
  const { peerings } = network;
  const used = behindUsedGateways(network, snapshot);
  const hosts = [
    { host: own, learned: behindGatewaysIn(own, snapshot).learned },
    ...used.flatMap(({ peering: { network: host }, learned }) => (host === undefined ? [] : [{ host, learned }])),
  ];
  const entries = hosts.flatMap(({ host, learned }) => comersOf(learned).map((comers): Entry => ({ host, comers })));
  const behind = together([behindGatewaysIn(own, snapshot), ...used]);
  const peers = peerings.kind === "known" ? peerings.value : [];
  const ids = distinctIds([own, ...peers.flatMap(({ network }) => network ?? [])]);
  const because = [
    ...(peerings.kind === "unknown" ? [peerings.because] : []),
    ...behind.because,
    ...behind.learned
      .filter(isOfDefaultSite)
      .map(({ gateway }) => `who comes in from the default site of \`${gateway.name}\` is not known`),
  ];
  const near = new Set(ids.map(({ key }) => key));
  const hubs = peers.filter((peer) => bringsOthers(peer, snapshot)).flatMap(({ network }) => network ?? []);
  const furtherIds = distinctIds(hubs.flatMap((hub) => spokesOf(hub, snapshot))).filter(({ key }) => !near.has(key));
  return { ids, furtherIds, entries, because };
}

/** What an Azure Firewall translates is its own, and no forwarded traffic. */
function bringsOthers({ state, allowForwardedTraffic: allows, network }: Peering, snapshot: Snapshot): boolean {
  const isConnected = state.kind === "unknown" || state.value === "connected";
  const isForwarded = allows.kind === "unknown" || allows.value;
  return isConnected && (isForwarded || (network !== undefined && hasFirewall(network, snapshot)));
}

function isOfDefaultSite({ from }: Learned): boolean {
  return from === "defaultSite";
}

/** Replies go where routes lead, so that nobody else behind a gateway gets an answer. */
function comersOf(learned: readonly Learned[]): readonly Comers[] {
  const named = learned.filter((one) => !isOfDefaultSite(one));
  const byGateway = Map.groupBy(named, ({ gateway }) => gateway.key);
  return [...byGateway.values()].flatMap((all): readonly Comers[] => {
    const [first] = all;
    if (first === undefined) return [];
    const certain = all.filter(({ because }) => because === undefined);
    return [
      {
        gateway: first.gateway,
        must: IpSet.union(certain.flatMap(({ prefixes }) => prefixes)),
        may: IpSet.union(all.flatMap(({ prefixes }) => prefixes)),
        because: [...new Set(all.flatMap(({ because }) => because ?? []))],
        evidence: all.map(({ at }) => at),
      },
    ];
  });
}

function subnetsOf(network: ResourceId, snapshot: Snapshot) {
  const { facts, completeness } = snapshot.list(network, "Microsoft.Network/virtualNetworks/subnets");
  const subnets = facts.filter((fact) => fact.kind === "subnet");
  const because = unreadBecause(completeness, `the list of subnets of \`${network.text}\``);
  return { subnets, because: because === undefined ? [] : [because] };
}
