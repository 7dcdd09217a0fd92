import type { PrivateEndpointFact, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { distinctIds, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { PortSet } from "../net/port-set.ts";
import { allAddressesOf } from "./endpoint-addresses.ts";
import { portsOf } from "./endpoint-path.ts";
import { hasGateway } from "./peers.ts";
import { isApprovedOf } from "./private-link-groups.ts";
import { type EndpointPlace, type PrivatePath, privatePath } from "./private-path.ts";
import { unreadBecause } from "./unread.ts";

/** Who reaches one private endpoint of a service. */
export interface EndpointCallers {
  readonly endpoint: ResourceId;
  readonly isApproved: Truth;
  /** Undefined where it is not known where the endpoint stands. */
  readonly place: EndpointPlace | undefined;
  /** From every subnet of the endpoint's network and of the networks that are peered with it. */
  readonly paths: readonly PrivatePath[];
  /** Why others may reach it, too. */
  readonly because: readonly string[];
}

/** `service` is what the endpoint leads to; a walk goes no further than one peering, since peerings are not transitive. */
export function callersOf(id: ResourceId, service: ResourceId, snapshot: Snapshot): EndpointCallers {
  const found = snapshot.get(id);
  const unread = unreadBecause(found, `\`${id.text}\``);
  if (unread !== undefined) return unknown(id, [unread]);
  if (found.kind !== "fact" || found.fact.kind !== "privateEndpoint") {
    return { endpoint: id, isApproved: certainly(false), place: undefined, paths: [], because: [] };
  }
  const endpoint = found.fact;
  const place = placeOf(endpoint, portsOf({ id: service }), snapshot);
  if ("because" in place) return { ...unknown(id, place.because), isApproved: isApprovedOf(endpoint) };
  const networks = neighboursOf(place.subnet, snapshot);
  const lists = networks.ids.map((network) => subnetsOf(network, snapshot));
  const paths = lists.flatMap(({ subnets }) => subnets.map((from) => privatePath(from, place, snapshot)));
  const because = [...networks.because, ...lists.flatMap((list) => list.because)];
  return { endpoint: id, isApproved: isApprovedOf(endpoint), place, paths, because };
}

function unknown(endpoint: ResourceId, because: readonly string[]): EndpointCallers {
  return { endpoint, isApproved: perhaps(because), place: undefined, paths: [], because };
}

/** Where a private endpoint stands, or why that is not known. */
export function placeOf(
  endpoint: PrivateEndpointFact,
  ports: PortSet,
  snapshot: Snapshot,
): EndpointPlace | { readonly because: readonly string[] } {
  if (endpoint.subnet === undefined) return { because: [`\`${endpoint.id.text}\` names no subnet`] };
  const found = snapshot.get(endpoint.subnet);
  const unread = unreadBecause(found, `\`${endpoint.subnet.text}\``);
  if (found.kind !== "fact" || found.fact.kind !== "subnet") {
    return { because: [unread ?? `\`${endpoint.subnet.text}\` does not exist`] };
  }
  const { addresses, because } = allAddressesOf(endpoint, snapshot);
  return addresses === undefined ? { because } : { endpoint, subnet: found.fact, addresses, ports };
}

/** The network of a subnet and those that it is peered with. */
function neighboursOf(subnet: SubnetFact, snapshot: Snapshot) {
  const own = subnet.id.parent;
  const found = own === undefined ? undefined : snapshot.get(own);
  if (own === undefined || found?.kind !== "fact" || found.fact.kind !== "network") {
    const because = found === undefined ? undefined : unreadBecause(found, `\`${own?.text}\``);
    return { ids: own === undefined ? [] : [own], because: because === undefined ? [] : [because] };
  }
  const { peerings } = found.fact;
  const gateway = hasGateway(own, snapshot);
  const because = [
    ...(peerings.kind === "unknown" ? [peerings.because] : []),
    ...(gateway.must ? [`who comes in over the gateway of \`${own.text}\` is not known`] : gateway.because),
  ];
  const peers = peerings.kind === "known" ? peerings.value : [];
  const foreign = peers.filter(({ useRemoteGateways: use }) => use.kind === "unknown" || use.value);
  const behind = foreign.map(({ name }) => `who comes in over the gateway behind the peering \`${name}\` is not known`);
  const ids = [own, ...peers.flatMap(({ network }) => network ?? [])];
  return { ids: distinctIds(ids), because: [...because, ...behind] };
}

function subnetsOf(network: ResourceId, snapshot: Snapshot) {
  const { facts, completeness } = snapshot.list(network, "Microsoft.Network/virtualNetworks/subnets");
  const subnets = facts.filter((fact) => fact.kind === "subnet");
  const because = unreadBecause(completeness, `the list of subnets of \`${network.text}\``);
  return { subnets, because: because === undefined ? [] : [because] };
}
