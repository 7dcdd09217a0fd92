import { serviceOfType } from "../catalog/index.ts";
import { tagOfEndpoint } from "../catalog/service-endpoints.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { isFor } from "./endpoint-regions.ts";
import { privateSpace, publicSpace } from "./network-view.ts";
import { type NextHop, nextHopsOf } from "./next-hops.ts";
import { routesOfTable } from "./route-table.ts";
import { routesOf } from "./routes.ts";
import { outOf } from "./security-groups.ts";
import type { Decision } from "./security-rules.ts";

/** The way from a subnet to the public endpoint of a service over a service endpoint. */
export interface EndpointPath {
  /** The addresses of the subnet from which packets get there with the subnet's identity. */
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** Somebody gets there, even where the addresses of the subnet are not known. */
  readonly isCertain: boolean;
  /** All addresses of the subnet of the families that the service has. */
  readonly space: IpSet;
  /** Where the service is: one of these addresses, which are all public ones where its tag is in no list. */
  readonly destinations: IpSet;
  readonly isListed: boolean;
  /** Folded names of the service endpoints that lead to it. */
  readonly endpoints: readonly string[];
  /** What decides about packets, and where the routes lead: worked out when it is asked for. */
  readonly filter: Decision;
  hops(): readonly NextHop[];
  /** Rules that keep somebody out for certain. */
  readonly denials: readonly Evidence[];
  /** Whether the routes lead over the service endpoint. */
  readonly isRouted: "passes" | "unknown" | "stops";
}

/** Clients take theirs from the upper half: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
export const clientPorts = PortSet.of(49_152, 65_535);

/** The address that the service's names lead to, which is one of the tag's for its region. */
interface Whereabouts {
  readonly addresses: IpSet;
  /** Folded tags that hold it. */
  readonly tags: ReadonlySet<string>;
  /** False where the addresses are no more than all public ones. */
  readonly isListed: boolean;
}

/** Of `ports` one is enough; only addresses of the family are asked about, where one is given. */
export function endpointPath(
  service: ServiceFact,
  subnet: SubnetFact,
  snapshot: Snapshot,
  ports = portsOf(service),
  family = IpSet.all,
): EndpointPath {
  const region = regionOf(service.location);
  const hasIpv6 = service.publishesIpv6.kind === "unknown" || service.publishesIpv6.value;
  const families = hasIpv6 ? family : family.intersect(IpSet.ipv4);
  const [isIpv4, isIpv6] = [families.overlaps(IpSet.ipv4), families.overlaps(IpSet.ipv6)];
  const towards = `${service.id.type} ${region} ${isIpv4} ${isIpv6} ${ports}`;
  const wanted = (serviceOfType(service.id.type)?.serviceEndpoints ?? []).map(fold);
  const ask = () => onAnyOf(ports, (port) => work(wanted, port, region, families, subnet, snapshot));
  return snapshot.once(`endpoint path ${subnet.id.key} ${towards}`, () => {
    snapshot.get(subnet.id); // what is remembered rests on the subnet, too
    return new RememberedPath(ask(), ask);
  });
}

/** Thousands are remembered: they keep what every audit asks, and not the rules that decided. */
class RememberedPath implements EndpointPath {
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  readonly isCertain: boolean;
  readonly space: IpSet;
  readonly destinations: IpSet;
  readonly isListed: boolean;
  readonly endpoints: readonly string[];
  readonly isRouted: EndpointPath["isRouted"];
  readonly denials: readonly Evidence[];
  readonly #again: () => EndpointPath;

  constructor(path: EndpointPath, again: () => EndpointPath) {
    const { space } = path;
    this.must = path.must.equals(space) ? space : path.must;
    this.may = path.may.equals(this.must) ? this.must : path.may;
    this.because = path.because;
    this.isCertain = path.isCertain;
    this.space = space;
    this.destinations = path.destinations;
    this.isListed = path.isListed;
    this.endpoints = path.endpoints;
    this.isRouted = path.isRouted;
    this.denials = path.denials;
    this.#again = again;
  }

  get filter(): Decision {
    return this.#again().filter;
  }

  hops(): readonly NextHop[] {
    return this.#again().hops();
  }
}

/** The ports on which clients reach a service, of which one is enough. */
export function portsOf({ id }: { readonly id: ResourceId }): PortSet {
  return serviceOfType(id.type)?.ports ?? https;
}

const https = PortSet.ofEach(443);

/** Each by itself, the usual one first. */
export function eachOf(ports: PortSet): readonly PortSet[] {
  const all = [...ports.each()];
  return ports.overlaps(https) ? [https, ...all.filter((port) => !port.overlaps(https))] : all;
}

/** The port that a flow is shown for where each will do. */
export function usualPortOf(service: { readonly id: ResourceId }): number {
  return eachOf(portsOf(service))[0]?.lowest ?? 443;
}

function work(
  wanted: readonly string[],
  ports: PortSet,
  region: string | undefined,
  families: IpSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): EndpointPath {
  const whereabouts = whereaboutsOf(wanted, region, snapshot);
  const space = addressesOf(subnet).intersect(families);
  const parts = [IpSet.ipv4, IpSet.ipv6]
    .map((family) => ({ sources: space.intersect(family), destinations: whereabouts.addresses.intersect(family) }))
    .filter(({ sources }) => !sources.isEmpty);
  const paths = parts.map(({ sources, destinations }) => {
    const tags = whereabouts.isListed ? {} : { destinationTags: whereabouts.tags };
    const question = {
      protocol: "tcp",
      sources,
      destinations,
      destinationPorts: ports,
      sourcePorts: clientPorts,
    } as const;
    const asked = { ...question, ...tags, direction: "outbound", of: "sources", other: "each" } as const;
    const filter = outOf(subnet, asked, snapshot);
    const hops = () => nextHopsOf(routesOf(subnet, snapshot), destinations);
    const route = whereabouts.isListed
      ? listedRoute(hops(), wanted)
      : symbolicRoute(wanted, region, sources, subnet, snapshot);
    return { filter, hops, route };
  });
  const certain = IpSet.union(paths.map(({ filter, route }) => (route.isCertain ? filter.must : IpSet.empty)));
  const { addressPrefixes: prefixes } = subnet;
  const must = prefixes.kind === "known" ? certain : IpSet.empty;
  const may = IpSet.union(paths.map(({ filter, route }) => (route.isPossible ? filter.may : IpSet.empty)));
  const [route] = paths.map((path) => path.route);
  const reasons = [
    ...(prefixes.kind === "known" ? [] : [prefixes.because]),
    ...paths.flatMap((path) => (path.route.isPossible ? [...path.filter.because, ...path.route.because] : [])),
  ];
  return {
    must,
    may,
    because: must.equals(may) ? [] : [...new Set(reasons)],
    isCertain: !certain.isEmpty && (prefixes.kind === "known" || certain.equals(space)),
    space,
    destinations: whereabouts.addresses,
    isListed: whereabouts.isListed,
    endpoints: wanted,
    ...filteredBy(joinFilters(paths.map(({ filter }) => filter))),
    hops: () => paths.flatMap(({ hops }) => hops()),
    isRouted: route?.isCertain ? "passes" : route?.isPossible ? "unknown" : "stops",
  };
}

/** No further than to a port on which everybody gets there. */
function onAnyOf(ports: PortSet, ask: (port: PortSet) => EndpointPath): EndpointPath {
  const paths: EndpointPath[] = [];
  for (const port of eachOf(ports)) {
    const path = ask(port);
    paths.push(path);
    if (path.must.equals(path.space)) break;
  }
  return oneOf(paths);
}

/** Each port by itself: where one filter lets only one pass, and the next only another, nobody gets through. */
function oneOf(paths: readonly EndpointPath[]): EndpointPath {
  const [first] = paths;
  if (first !== undefined && paths.length === 1) return first;
  const best = paths.find(({ must }) => !must.isEmpty) ?? paths.find(({ may }) => !may.isEmpty) ?? first;
  if (best === undefined) throw new RangeError("there is no port to ask about");
  const must = IpSet.union(paths.map((path) => path.must));
  const may = IpSet.union(paths.map((path) => path.may));
  const because = must.equals(may) ? [] : [...new Set(paths.flatMap((path) => path.because))];
  const isCertain = paths.some((path) => path.isCertain);
  const filters = paths.map(({ filter }) => filter);
  return { ...best, must, may, because, isCertain, ...filteredBy(joinFilters(filters)) };
}

function joinFilters(filters: readonly Decision[]): Decision {
  const [first] = filters;
  if (first !== undefined && filters.length === 1) return first;
  return {
    must: IpSet.union(filters.map(({ must }) => must)),
    may: IpSet.union(filters.map(({ may }) => may)),
    because: filters.flatMap(({ because }) => because),
    parts: filters.flatMap(({ parts }) => parts),
  };
}

function filteredBy(filter: Decision): Pick<EndpointPath, "filter" | "denials"> {
  const denials = filter.parts.filter(({ access, isCertain }) => access === "deny" && isCertain);
  return { filter, denials: denials.length === 0 ? none : denials.map(({ rule }) => rule.at) };
}

const none: readonly never[] = [];

function addressesOf({ addressPrefixes }: SubnetFact): IpSet {
  return addressPrefixes.kind === "known" ? IpSet.union(addressPrefixes.value) : IpSet.all;
}

function whereaboutsOf(wanted: readonly string[], region: string | undefined, snapshot: Snapshot): Whereabouts {
  const tag = tagOfEndpoint(wanted[0] ?? "");
  const names = tag === undefined ? [] : region === undefined ? [tag] : [`${tag}.${region}`, tag];
  const tags = new Set(names.map(fold));
  for (const name of names) {
    const addresses = snapshot.serviceTags.addressesOf(name);
    if (addresses !== undefined) return { addresses, tags, isListed: true };
  }
  return { addresses: publicSpace, tags, isListed: false };
}

interface RouteAnswer {
  readonly isCertain: boolean;
  readonly isPossible: boolean;
  readonly because: readonly string[];
}

/** Every address that the service may have is reached over the endpoint; or some are, or may be. */
function listedRoute(hops: readonly NextHop[], wanted: readonly string[]): RouteAnswer {
  const leads = ({ endpoint }: { readonly endpoint: string | undefined }) =>
    endpoint !== undefined && (endpoint === "" || wanted.includes(endpoint));
  const isSure = ({ routes, isCertain }: NextHop) => isCertain && routes.every(leads);
  const isOpen = ({ routes }: NextHop) => routes.some(leads);
  const open = hops.filter((hop) => !isSure(hop));
  return {
    isCertain: hops.length > 0 && open.length === 0,
    isPossible: hops.some(isOpen),
    because: [...new Set(open.flatMap(whyOpen))],
  };
}

function whyOpen({ routes }: NextHop): readonly string[] {
  const reasons = routes.flatMap(({ because }) => because ?? []);
  if (reasons.length > 0) return reasons;
  const [first] = routes;
  if (first.source !== "User") return ["the service may have an address that the endpoint does not lead to"];
  return [`whether a user's route (next hop ${first.nextHopType}) comes before the service endpoint is not documented`];
}

/** Without the list of service tags: the endpoint leads to the service by name, whatever addresses it has. */
function symbolicRoute(
  wanted: readonly string[],
  region: string | undefined,
  from: IpSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): RouteAnswer {
  const { serviceEndpoints } = subnet;
  if (serviceEndpoints.kind === "unknown") return perhaps(serviceEndpoints.because);
  const matching = serviceEndpoints.value.filter(({ service }) => service === undefined || wanted.includes(service));
  const there = matching.filter((endpoint) => isFor(endpoint, region) !== false);
  if (there.length === 0) return { isCertain: false, isPossible: false, because: [] };
  const { routes, because } = routesOfTable(subnet, snapshot);
  const mayCapture = routes.filter(({ destination }) => destination === undefined || !isHarmless(destination));
  const isSure = there.some((one) => one.service !== undefined && one.isSettled && isFor(one, region) === true);
  const reasons = [
    ...because,
    ...mayCapture.map(({ name }) => `whether the route \`${name}\` comes before the service endpoint is not known`),
    ...(isSure ? [] : ["the service endpoint is not settled, or does not say for which regions it is"]),
    ...(from.countIpv6 > 0n ? ["whether service endpoints carry IPv6 is not documented"] : []),
  ];
  return { isCertain: reasons.length === 0, isPossible: true, because: reasons };
}

function perhaps(because: string): RouteAnswer {
  return { isCertain: false, isPossible: true, because: [because] };
}

/** A route for everything is shorter than any of the endpoint's, and one for private addresses holds no service. */
export function isHarmless(destination: IpSet): boolean {
  return destination.equals(IpSet.ipv4) || destination.equals(IpSet.ipv6) || destination.isSubsetOf(privateSpace);
}
