import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Policy, Site } from "../model/policy.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import { type Boundary, boundaryOf } from "./boundary.ts";
import { advertisedOf } from "./circuits.ts";
import { callersOf, type EndpointCallers, pathsOverGateways } from "./endpoint-callers.ts";
import type { Front } from "./fronts.ts";
import { everyOwner } from "./own-region.ts";
import { type EndpointPlace, type PrivatePath, privatePath } from "./private-path.ts";
import { privateWitness } from "./private-witness.ts";
import { unlistedAzure } from "./public-callers.ts";
import { publicSpace } from "./spaces.ts";
import { doorWays, isOutdone, openDoor, orAsEverybody } from "./subnet-ways.ts";
import { unnamedWays } from "./unnamed-ways.ts";
import type { Reached, Witness } from "./witness.ts";
import { azureWitness, everySubnetWitness, publicWitness, unlistedWitness } from "./witnesses.ts";

/** One way into a service, and who comes in by it. */
export interface Way extends Reached {
  readonly kind: "internet" | "azure" | "subnet" | "privateEndpoint" | "site";
  /** Said of callers of whom it is not known which addresses they have. */
  readonly outcome?: Witness["outcome"];
  /** The subnet that callers are in, the gateway that they are behind, or the site; undefined for the internet and Azure. */
  readonly from: ResourceId | string | undefined;
  /**
   * The private endpoint that they come by; from a subnet over the internet, what gives them their public addresses; over a service
   * endpoint that is not their own, the Azure Firewall whose subnet has it.
   */
  readonly by?: ResourceId;
  /** The Azure Firewall on the way to the private endpoint. */
  readonly through?: ResourceId;
  /** These addresses, where they are known. */
  readonly as?: IpSet;
  /** The subnet comes over its service endpoint, and no network rule names it. */
  readonly isUnnamed?: true;
  /** The part of the service that lets them in; absent where all of it does. */
  readonly part?: string;
  /** Why `must` and `may` differ. */
  readonly because: readonly string[];
  /** Absent where there is nobody to follow. */
  readonly witness?: Witness;
}

export interface ServiceReach {
  readonly service: ServiceFact;
  readonly boundary: Boundary;
  /** The subnet that was asked about; undefined where it was everybody, or an address. */
  readonly from?: ResourceId;
  readonly ways: readonly Way[];
  /** Why there may be other ways. */
  readonly because: readonly string[];
}

/** Every way into a service, each with a witness. */
export function serviceReach(service: ServiceFact, policy: Policy, snapshot: Snapshot): ServiceReach {
  const boundary = boundaryOf(service, snapshot, everyOwner);
  const endpoints = endpointsOf(boundary, snapshot);
  const strangers = [...boundary.privateEndpoints.because, ...strangersAt(endpoints)];
  return {
    service,
    boundary,
    ways: [
      ...internetWay(service, boundary),
      ...azureWay(service, boundary, snapshot),
      ...everySubnetWay(service, boundary),
      ...doorWays(service, boundary, boundary.subnets.doors, snapshot).flatMap((way) =>
        orAsEverybody(way, service, boundary, snapshot),
      ),
      ...unnamedWays(service, boundary, snapshot),
      ...endpoints.flatMap((callers) => privateWays(callers, snapshot)),
      ...policy
        .sitesThatNeed(service)
        .map((site) => siteWay(boundary, site, [...comersAt(endpoints), ...strangers], snapshot)),
    ],
    because: [...boundary.subnets.because, ...strangers, ...comersInNetwork(service, boundary)],
  };
}

/** Why a site may be among those that come by the private endpoints over a gateway. */
function comersAt(endpoints: readonly EndpointCallers[]): readonly string[] {
  const paths = endpoints.flatMap(({ isApproved, paths: all }) => (isApproved.may ? all : []));
  const gateways = paths.flatMap(({ comers, may }) => (comers === undefined || may.isEmpty ? [] : [comers.gateway]));
  return [
    ...new Set(gateways.map(({ name }) => `which site has the addresses behind the gateway \`${name}\` is not known`)),
  ];
}

/** Why callers may come by an entrance that the service has in a network. */
function comersInNetwork({ id }: ServiceFact, { entranceInNetwork: { may, because } }: Boundary): readonly string[] {
  if (!may) return [];
  return because.length > 0
    ? because
    : [`who gets to the entrance that \`${id.text}\` has in a network is not worked out`];
}

/** Why callers from networks that were not read may come by the private endpoints. */
function strangersAt(endpoints: readonly EndpointCallers[]): readonly string[] {
  return [...new Set(endpoints.flatMap(({ isApproved, because }) => (isApproved.may ? because : [])))];
}

function endpointsOf(boundary: Boundary, snapshot: Snapshot): readonly EndpointCallers[] {
  return boundary.privateEndpoints.doors.flatMap(({ privateEndpoint, leadsTo, isApproved, isOpen }) => {
    if (privateEndpoint === undefined) return [];
    const callers = callersOf(privateEndpoint, leadsTo, snapshot);
    // the service decides whom it approves, and what of it gets in
    return [{ ...callers, isApproved: isOpen, isRefused: isApproved.must && !isOpen.may }];
  });
}

/** Of the public addresses those that the service's own settings admit; nothing where they admit none. */
function internetWay(service: ServiceFact, boundary: Boundary): readonly Way[] {
  return partsOf(boundary).flatMap(({ front, part }): readonly Way[] => {
    const { addresses } = front;
    const [must, may] = [addresses.must.minus(unroutable), addresses.may.minus(unroutable)];
    if (may.isEmpty) return unmatchedWay(service, boundary, front);
    const because = must.equals(may) ? [] : addresses.because;
    const witness = publicWitness(service, boundary, front, may);
    return [{ kind: "internet", from: undefined, ...part, must, may, because, witness }];
  });
}

/** Where nobody gets in, and rules name addresses that they never match: these are blocked. */
function unmatchedWay(service: ServiceFact, boundary: Boundary, front: Front): readonly Way[] {
  const { rules, unmatched } = boundary.ipRules;
  const named = IpSet.union(rules.map(({ must }) => must.intersect(unmatched.addresses))).minus(unroutable);
  if (named.isEmpty || !boundary.publicAccess.may) return [];
  const witness = publicWitness(service, boundary, front, named);
  return [{ kind: "internet", from: undefined, must: IpSet.empty, may: IpSet.empty, because: [], witness }];
}

/** Each part of a service that lets other addresses in than the main one does. */
function partsOf({ fronts }: Boundary): readonly { readonly front: Front; readonly part: Pick<Way, "part"> }[] {
  const [main] = fronts;
  const isLikeMain = ({ addresses: { must, may } }: Front) =>
    must.equals(main.addresses.must) && may.equals(main.addresses.may);
  if (fronts.every(isLikeMain)) return [{ front: main, part: {} }];
  return fronts.map((front) => ({ front, part: front.name === undefined ? {} : { part: front.name } }));
}

/** Workloads in Azure, of every tenant, where a rule admits them; without the service tag their addresses are not known. */
export function azureWay(
  service: ServiceFact,
  boundary: Boundary,
  snapshot: Snapshot,
  asked: IpSet = publicSpace,
): readonly Way[] {
  const { must: isCertain, may: isPossible, because } = boundary.azureAddresses;
  const listed = snapshot.serviceTags.addressesOf("AzureCloud");
  const may = isPossible ? (listed ?? publicSpace).intersect(asked).intersect(IpSet.ipv4) : IpSet.empty;
  if (may.isEmpty) return [];
  if (listed === undefined) {
    const isAnybody = asked === publicSpace;
    const witness = unlistedWitness(service, boundary, may, isAnybody ? undefined : may);
    const outcome = isCertain && isAnybody ? { outcome: "reaches" as const } : {};
    const callers = { must: IpSet.empty, may, because: [unlistedAzure, ...because] };
    return [{ kind: "azure", from: undefined, ...outcome, ...callers, witness }];
  }
  const must = isCertain ? may : IpSet.empty;
  const witness = azureWitness(service, boundary, may);
  return [{ kind: "azure", from: undefined, must, may, because: isCertain ? [] : because, witness }];
}

/** Their addresses are private ones, which any network can have. */
export function everySubnetWay(service: ServiceFact, boundary: Boundary): readonly Way[] {
  const { must, may, because } = boundary.everySubnet;
  if (!may) return [];
  const unknown = "from which subnets of other tenants callers come over a service endpoint is not known";
  const witness = everySubnetWitness(service, boundary);
  const outcome = must ? { outcome: "reaches" as const } : {};
  const callers = { must: IpSet.empty, may: IpSet.all, because: [unknown, ...because] };
  return [{ kind: "azure", from: undefined, ...outcome, ...callers, witness }];
}

/** From every subnet that comes through, or may. */
function privateWays(callers: EndpointCallers, snapshot: Snapshot): readonly Way[] {
  const { paths, place, isApproved } = callers;
  if (place === undefined || !isApproved.may) return [];
  return paths.filter(({ may }) => !may.isEmpty).map((path) => privateWay(callers, place, path, snapshot));
}

/**
 * On-premises callers: their declared addresses, where the firewall admits them and a live circuit can carry them. Over a
 * private connection they come with others, to private endpoints; `strangers` says why they may.
 */
function siteWay(
  { fronts: [{ chosenAddresses: addresses }] }: Boundary,
  { name, natAddresses, connection }: Site,
  strangers: readonly string[],
  snapshot: Snapshot,
): Way {
  if (connection === "private") {
    const outcome = strangers.length === 0 ? "blocked" : "unknown";
    return { kind: "site", from: name, outcome, must: IpSet.empty, may: IpSet.empty, because: strangers };
  }
  const admitted = { must: natAddresses.intersect(addresses.must), may: natAddresses.intersect(addresses.may) };
  const because = admitted.must.equals(admitted.may) ? [] : addresses.because;
  if (connection === "internet") return { kind: "site", from: name, ...admitted, because };
  const advertised = advertisedOf(snapshot).addresses;
  const must = admitted.must.intersect(advertised.must);
  const may = admitted.may.intersect(advertised.may);
  return { kind: "site", from: name, must, may, because: must.equals(may) ? [] : [...because, ...advertised.because] };
}

/** The way from one address of the internet, also where it is blocked. */
export function reachFromAddress(service: ServiceFact, address: IpSet, snapshot: Snapshot): ServiceReach {
  const boundary = boundaryOf(service, snapshot, everyOwner);
  const byAddress = partsOf(boundary).map(({ front, part }): Way => {
    const must = address.intersect(front.addresses.must).minus(unroutable);
    const may = address.intersect(front.addresses.may).minus(unroutable);
    const because = must.equals(may) ? [] : front.addresses.because;
    const witness = publicWitness(service, boundary, front, address);
    return { kind: "internet", from: undefined, ...part, must, may, because, witness };
  });
  const certain = IpSet.union(byAddress.map(({ must }) => must));
  const inAzure = azureWay(service, boundary, snapshot, address.minus(certain));
  const isShut = byAddress.every(({ may }) => may.isEmpty);
  const ways = isShut && inAzure.length > 0 ? inAzure : [...byAddress, ...inAzure];
  return { service, boundary, ways, because: [] };
}

/**
 * The same for a private address in no subnet that was read: nobody on the internet has it, but a network behind a gateway
 * may, and a subnet that a network rule names.
 */
export function reachFromElsewhere(service: ServiceFact, address: IpSet, snapshot: Snapshot): ServiceReach {
  const reach = reachFromAddress(service, address, snapshot);
  const { subnets, privateEndpoints } = reach.boundary;
  const endpoints = endpointsOf(reach.boundary, snapshot);
  const overGateways = endpoints.flatMap((callers): readonly Way[] => {
    const { place } = callers;
    if (place === undefined) return [];
    const paths = pathsOverGateways(place, address, snapshot);
    return paths.map((path) => privateWay(callers, place, path, snapshot, address));
  });
  const unread = subnets.doors.filter(({ path, admits }) => path === undefined && admits.may);
  return {
    ...reach,
    ways: [...reach.ways, ...overGateways],
    because: [
      ...subnets.because,
      ...new Set(unread.flatMap(({ admits }) => admits.because)),
      ...privateEndpoints.because,
      ...strangersAt(endpoints),
      ...comersInNetwork(service, reach.boundary),
    ],
  };
}

/** The ways from one subnet, or from some of its addresses, also those that are blocked. */
export function reachFromSubnet(
  service: ServiceFact,
  from: SubnetFact,
  snapshot: Snapshot,
  asked = IpSet.all,
): ServiceReach {
  const boundary = boundaryOf(service, snapshot, everyOwner);
  const doors = boundary.subnets.doors.filter(({ subnet }) => subnet?.key === from.id.key);
  const endpoints = endpointsOf(boundary, snapshot);
  const overEndpoint = doorWays(service, boundary, doors, snapshot, asked);
  const byEndpoints = endpoints.flatMap((callers): readonly Way[] => {
    const { place, because } = callers;
    if (place !== undefined) {
      return [privateWay(callers, place, privatePath(from, place, snapshot, asked), snapshot, asked)];
    }
    return [{ kind: "privateEndpoint", from: from.id, by: callers.endpoint, must: IpSet.empty, may: asked, because }];
  });
  const open = openDoor(service, boundary, from, snapshot, asked, overEndpoint);
  const told = overEndpoint.filter((way) => !isOutdone(way, open));
  return {
    service,
    boundary,
    from: from.id,
    ways: [...told, ...byEndpoints, ...open],
    because: [...boundary.subnets.because, ...boundary.privateEndpoints.because, ...comersInNetwork(service, boundary)],
  };
}

function privateWay(
  callers: EndpointCallers,
  place: EndpointPlace,
  path: PrivatePath,
  snapshot: Snapshot,
  asked = IpSet.all,
): Way {
  const { endpoint: by, isApproved } = callers;
  const must = isApproved.must ? path.must.intersect(asked) : IpSet.empty;
  const may = isApproved.may ? path.may.intersect(asked) : IpSet.empty;
  const because = must.equals(may) ? [] : [...new Set([...isApproved.because, ...path.because])];
  const witness = privateWitness(callers, place, path, snapshot, asked);
  const from = path.comers?.gateway ?? path.from.id;
  const through = path.best?.through?.hop.firewall.id;
  return { kind: "privateEndpoint", from, by, ...(through && { through }), must, may, because, witness };
}

/** Subnets that hold some of the addresses, of those that were read. */
export function subnetsWith(addresses: IpSet, snapshot: Snapshot): readonly SubnetFact[] {
  return snapshot.ofKind("subnet").filter(({ addressPrefixes }) => {
    return addressPrefixes.kind === "known" && addressPrefixes.value.some((prefix) => addresses.overlaps(prefix));
  });
}
