import { catalog } from "../catalog/index.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { type EndpointFilter, endpointDecision, endpointFilter } from "./endpoint-filter.ts";
import { letByPolicies } from "./endpoint-policy-lists.ts";
import { type EndpointRoute, endpointRoute, hopsTo } from "./endpoint-route.ts";
import type { NextHop } from "./next-hops.ts";
import type { Decision } from "./security-rules.ts";
import { type Whereabouts, whereaboutsOf } from "./whereabouts.ts";

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
  /** Rules that keep somebody out for certain. */
  readonly denials: readonly Evidence[];
  /** Whether the routes lead over the service endpoint. */
  readonly isRouted: "passes" | "unknown" | "stops";
  /** Whether the service endpoint policies of the subnet let packets on. */
  readonly policies: Truth;
  /** What decides about packets, and where the routes lead: worked out when it is asked for. */
  filter(): Decision;
  hops(): readonly NextHop[];
}

/** Of `ports` one is enough; only addresses of the family are asked about, where one is given. */
export function endpointPath(
  service: ServiceFact,
  subnet: SubnetFact,
  snapshot: Snapshot,
  ports = service.ports.may,
  family = IpSet.all,
): EndpointPath {
  const hasIpv6 = service.publishesIpv6.kind === "unknown" || service.publishesIpv6.value;
  const space = addressesOf(subnet).intersect(hasIpv6 ? family : family.intersect(IpSet.ipv4));
  const policies = letByPolicies(service, subnet, snapshot);
  const way = { whereabouts: whereaboutsOf(service, snapshot), policies, space, subnet, snapshot };
  const { must: certain, because } = service.ports;
  const paths: EndpointPath[] = [];
  for (const port of eachOf(ports)) {
    const path = onPort(port, way);
    paths.push(port.isSubsetOf(certain) ? path : onPortInDoubt(path, because));
    if (port.isSubsetOf(certain) && path.must.equals(space)) break; // everybody gets there, whatever the other ports are
  }
  return oneOf(paths);
}

/** Nobody may answer on the port. */
function onPortInDoubt(path: EndpointPath, because: readonly string[]): EndpointPath {
  const reasons = path.may.isEmpty ? [] : [...path.because, ...because];
  return { ...path, must: IpSet.empty, isCertain: false, because: reasons };
}

const usual = PortSet.ofEach(443, ...catalog.flatMap(({ usualPort }) => usualPort ?? []));

/** Each by itself, the usual one first. */
export function eachOf(ports: PortSet): readonly PortSet[] {
  const known = singles.get(ports) ?? usualFirst([...ports.each()]);
  singles.set(ports, known);
  return known;
}

/** Of the sets that services hold. */
const singles = new WeakMap<PortSet, readonly PortSet[]>();

function usualFirst(ports: readonly PortSet[]): readonly PortSet[] {
  return [...ports.filter((port) => port.overlaps(usual)), ...ports.filter((port) => !port.overlaps(usual))];
}

/** The port that a flow is shown for where each will do. */
export function usualPortOf({ ports }: ServiceFact): number {
  return eachOf(ports.must)[0]?.lowest ?? 443;
}

function addressesOf({ addressPrefixes }: SubnetFact): IpSet {
  return addressPrefixes.kind === "known" ? IpSet.union(addressPrefixes.value) : IpSet.all;
}

interface Way {
  readonly whereabouts: Whereabouts;
  readonly policies: Truth;
  readonly space: IpSet;
  readonly subnet: SubnetFact;
  readonly snapshot: Snapshot;
}

/** The addresses of one family, what lets them out, and where they go. */
interface Part {
  readonly sources: IpSet;
  readonly filter: EndpointFilter;
  readonly route: EndpointRoute;
}

function onPort(port: PortSet, { whereabouts, policies, space, subnet, snapshot }: Way): EndpointPath {
  const parts = familiesOf(space).map((sources): Part => {
    const filter = endpointFilter(whereabouts, sources, port, subnet, snapshot);
    return { sources, filter, route: endpointRoute(whereabouts, sources, subnet, snapshot) };
  });
  const { addressPrefixes: prefixes } = subnet;
  const certain = IpSet.union(
    parts.map(({ filter, route }) => (route.isCertain && policies.must ? filter.must : IpSet.empty)),
  );
  const must = prefixes.kind === "known" ? certain : IpSet.empty;
  const may = IpSet.union(
    parts.map(({ filter, route }) => (route.isPossible && policies.may ? filter.may : IpSet.empty)),
  );
  const route = parts[0]?.route;
  return {
    must,
    may,
    because: must.equals(may) ? [] : [...reasonsIn(parts, subnet), ...policies.because],
    isCertain: !certain.isEmpty && (prefixes.kind === "known" || certain.equals(space)),
    space,
    destinations: whereabouts.addresses,
    isListed: whereabouts.listed !== undefined,
    endpoints: whereabouts.endpoints,
    denials: [...parts.flatMap(({ filter }) => filter.denials), ...(policies.may ? [] : policies.evidence)],
    policies,
    isRouted: route?.isCertain ? "passes" : route?.isPossible ? "unknown" : "stops",
    filter() {
      const all = together(parts.map(({ sources }) => endpointDecision(whereabouts, sources, port, subnet, snapshot)));
      return prefixes.kind === "known" ? all : somewhere(all, prefixes.because);
    },
    hops: () => parts.flatMap(({ sources }) => hopsTo(whereabouts, sources, subnet, snapshot)),
  };
}

/** In a subnet whose addresses are not known. */
function somewhere(decision: Decision, because: string): Decision {
  return { ...decision, must: IpSet.empty, because: [because, ...decision.because] };
}

function familiesOf(space: IpSet): readonly IpSet[] {
  return [IpSet.ipv4, IpSet.ipv6].map((family) => space.intersect(family)).filter(({ isEmpty }) => !isEmpty);
}

function reasonsIn(parts: readonly Part[], { addressPrefixes: prefixes }: SubnetFact): readonly string[] {
  const possible = parts.filter(({ route }) => route.isPossible);
  const reasons = possible.flatMap(({ filter, route }) => [...filter.because, ...route.because]);
  return [...new Set(prefixes.kind === "known" ? reasons : [prefixes.because, ...reasons])];
}

/** Each port by itself: where one filter lets only one pass, and the next only another, nobody gets through. */
function oneOf(paths: readonly EndpointPath[]): EndpointPath {
  const [first] = paths;
  if (first !== undefined && paths.length === 1) return first;
  const best = paths.find(({ must }) => !must.isEmpty) ?? paths.find(({ may }) => !may.isEmpty) ?? first;
  if (best === undefined) throw new RangeError("there is no port to ask about");
  const must = IpSet.union(paths.map((path) => path.must));
  const may = IpSet.union(paths.map((path) => path.may));
  return {
    ...best,
    must,
    may,
    because: must.equals(may) ? [] : [...new Set(paths.flatMap((path) => path.because))],
    isCertain: paths.some((path) => path.isCertain),
    denials: paths.flatMap(({ denials }) => denials),
    filter: () => together(paths.map((path) => path.filter())),
  };
}

function together(decisions: readonly Decision[]): Decision {
  const [first] = decisions;
  if (first !== undefined && decisions.length === 1) return first;
  return {
    must: IpSet.union(decisions.map(({ must }) => must)),
    may: IpSet.union(decisions.map(({ may }) => may)),
    because: decisions.flatMap(({ because }) => because),
    parts: decisions.flatMap(({ parts }) => parts),
  };
}
