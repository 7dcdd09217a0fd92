import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import { type Boundary, boundaryOf } from "./boundary.ts";
import { advertisedOf } from "./circuits.ts";
import { callersOf, type EndpointCallers } from "./endpoint-callers.ts";
import { endpointPath } from "./endpoint-path.ts";
import { privatePath } from "./private-path.ts";
import type { SubnetDoor } from "./subnet-doors.ts";
import { unreadBecause } from "./unread.ts";
import type { Reached, Witness } from "./witness.ts";
import { privateWitness, publicWitness, subnetWitness } from "./witnesses.ts";

/** One way into a service, and who comes in by it. */
export interface Way extends Reached {
  readonly kind: "internet" | "subnet" | "privateEndpoint" | "site";
  /** The subnet that callers are in, or the site; undefined for the internet. */
  readonly from: ResourceId | string | undefined;
  /** The private endpoint that they come by. */
  readonly by?: ResourceId;
  /** Why `must` and `may` differ. */
  readonly because: readonly string[];
  /** Absent where there is nobody to follow. */
  readonly witness?: Witness;
}

export interface ServiceReach {
  readonly service: ServiceFact;
  readonly boundary: Boundary;
  readonly ways: readonly Way[];
  /** Why there may be other ways. */
  readonly because: readonly string[];
}

/** Every way into a service, each with a witness. */
export function serviceReach(service: ServiceFact, policy: Policy, snapshot: Snapshot): ServiceReach {
  const boundary = boundaryOf(service, snapshot);
  const endpoints = endpointsOf(service, boundary, snapshot);
  return {
    service,
    boundary,
    ways: [
      ...internetWay(service, boundary),
      ...boundary.subnets.doors.map((door) => subnetWay(service, boundary, door, snapshot)),
      ...endpoints.flatMap((callers) => privateWays(callers, snapshot)),
      ...policy
        .sitesThatNeed(service)
        .map((site) => siteWay(boundary, site.name, site.natAddresses, site.connection, snapshot)),
    ],
    because: [
      ...boundary.subnets.because,
      ...boundary.privateEndpoints.because,
      ...new Set(endpoints.flatMap(({ because }) => because)),
    ],
  };
}

function endpointsOf(service: ServiceFact, boundary: Boundary, snapshot: Snapshot): readonly EndpointCallers[] {
  return boundary.privateEndpoints.doors.flatMap(({ privateEndpoint, isApproved }) => {
    if (privateEndpoint === undefined) return [];
    const callers = callersOf(privateEndpoint, service.id, snapshot);
    return [{ ...callers, isApproved }]; // the service decides whom it approves
  });
}

/** Of the public addresses those that the service's own settings admit; nothing where they admit none. */
function internetWay(service: ServiceFact, boundary: Boundary): readonly Way[] {
  const { addresses } = boundary;
  const [must, may] = [addresses.must.minus(unroutable), addresses.may.minus(unroutable)];
  if (may.isEmpty) return [];
  const witness = publicWitness(service, boundary, may);
  return [{ kind: "internet", from: undefined, must, may, because: addresses.because, witness }];
}

function subnetWay(service: ServiceFact, boundary: Boundary, door: SubnetDoor, snapshot: Snapshot): Way {
  const { admits, path, subnet, rule } = door;
  const witness = subnetWitness(service, boundary, door, snapshot);
  const may = admits.may ? (path?.may ?? IpSet.all) : IpSet.empty;
  const must = admits.must ? (path?.must ?? IpSet.empty) : IpSet.empty;
  const because = must.equals(may) ? [] : [...new Set([...admits.because, ...(path?.because ?? [])])];
  const way: Way = { kind: "subnet", from: subnet ?? String(rule.value), must, may, because };
  return witness === undefined ? way : { ...way, witness };
}

function privateWays(callers: EndpointCallers, snapshot: Snapshot): readonly Way[] {
  const { endpoint: by, isApproved, paths, place } = callers;
  return paths.flatMap((path): readonly Way[] => {
    const must = isApproved.must ? path.must : IpSet.empty;
    const may = isApproved.may ? path.may : IpSet.empty;
    if (may.isEmpty || place === undefined) return [];
    const because = must.equals(may) ? [] : [...new Set([...isApproved.because, ...path.because])];
    const from = subnetOf(path.from, snapshot);
    const way: Way = { kind: "privateEndpoint", from: path.from, by, must, may, because };
    return [from === undefined ? way : { ...way, witness: privateWitness(callers, place, from, snapshot) }];
  });
}

function subnetOf(id: ResourceId, snapshot: Snapshot): SubnetFact | undefined {
  const found = snapshot.get(id);
  return found.kind === "fact" && found.fact.kind === "subnet" ? found.fact : undefined;
}

/** On-premises callers: their declared addresses, where the firewall admits them and a live circuit can carry them. */
function siteWay(
  { addresses }: Boundary,
  name: string,
  natAddresses: IpSet,
  connection: "microsoftPeering" | "internet" | "private",
  snapshot: Snapshot,
): Way {
  const admitted = { must: natAddresses.intersect(addresses.must), may: natAddresses.intersect(addresses.may) };
  const because = admitted.must.equals(admitted.may) ? [] : addresses.because;
  if (connection === "private") return { kind: "site", from: name, must: IpSet.empty, may: IpSet.empty, because: [] };
  if (connection === "internet") return { kind: "site", from: name, ...admitted, because };
  const advertised = advertisedOf(snapshot).addresses;
  const must = admitted.must.intersect(advertised.must);
  const may = admitted.may.intersect(advertised.may);
  return { kind: "site", from: name, must, may, because: must.equals(may) ? [] : [...because, ...advertised.because] };
}

/** The ways from one subnet, also those that are blocked. */
export function reachFromSubnet(
  service: ServiceFact,
  from: SubnetFact,
  snapshot: Snapshot,
): { readonly ways: readonly Way[]; readonly because: readonly string[] } {
  const boundary = boundaryOf(service, snapshot);
  const doors = boundary.subnets.doors.filter(({ subnet }) => subnet?.key === from.id.key);
  const endpoints = endpointsOf(service, boundary, snapshot);
  const overEndpoint = doors.map((door) => subnetWay(service, boundary, door, snapshot));
  const byEndpoints = endpoints.flatMap((callers): readonly Way[] => {
    const { place, isApproved, endpoint: by } = callers;
    if (place === undefined) return [];
    const path = privatePath(from, place, snapshot);
    const must = isApproved.must ? path.must : IpSet.empty;
    const may = isApproved.may ? path.may : IpSet.empty;
    const because = must.equals(may) ? [] : [...isApproved.because, ...path.because];
    return [
      {
        kind: "privateEndpoint",
        from: from.id,
        by,
        must,
        may,
        because,
        witness: privateWitness(callers, place, from, snapshot),
      },
    ];
  });
  return {
    ways: [...overEndpoint, ...byEndpoints, ...openDoor(service, boundary, from, snapshot)],
    because: [...boundary.subnets.because, ...boundary.privateEndpoints.because],
  };
}

/** Where addresses get in, so may this subnet: over the internet from one that is not known, and where all do, over its endpoint. */
function openDoor(service: ServiceFact, boundary: Boundary, from: SubnetFact, snapshot: Snapshot): readonly Way[] {
  if (boundary.addresses.may.isEmpty) return [];
  const path = endpointPath(service, from, snapshot);
  const may = path.space.intersect(path.filter.may);
  const must = boundary.everybody.must && path.isRouted === "passes" ? path.must : IpSet.empty;
  const because = must.equals(may) ? [] : ["the public address that the subnet has on the internet is not known"];
  return [{ kind: "internet", from: from.id, must, may, because }];
}

/** Subnets that hold an address, of those that were read. */
export function subnetsHolding(address: IpSet, snapshot: Snapshot): readonly SubnetFact[] {
  return snapshot.ofKind("subnet").filter(({ addressPrefixes }) => {
    return addressPrefixes.kind === "known" && addressPrefixes.value.some((prefix) => address.isSubsetOf(prefix));
  });
}

export function unreadReason(service: ResourceId, snapshot: Snapshot): string | undefined {
  return unreadBecause(snapshot.get(service), `\`${service.text}\``);
}
