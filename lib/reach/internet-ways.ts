import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import { type Egress, egressesOf } from "./egress.ts";
import { type EndpointPath, endpointPath } from "./endpoint-path.ts";
import { type InternetRoute, internetRoute } from "./internet-route.ts";
import { internetWitness } from "./internet-witness.ts";
import { type Admittance, admittanceOf } from "./public-callers.ts";
import type { Way } from "./service-reach.ts";
import type { Family } from "./spaces.ts";
import { betweenFamilies } from "./witnesses.ts";

/** One way from addresses in a subnet over the internet, and everything that decides about it. */
export interface InternetPath {
  readonly path: EndpointPath;
  readonly route: InternetRoute;
  readonly egress: Egress;
  readonly admittance: Admittance;
}

const families: readonly Family[] = ["ipv4", "ipv6"];

/** From a subnet to the public endpoint, with the public addresses that it has on the internet; also ways that are blocked. */
export function internetWays(
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  path: EndpointPath,
  asked: IpSet,
  snapshot: Snapshot,
): readonly Way[] {
  const filter = path.filter();
  const { must: ports, because: doubts } = service.ports;
  const isDoubted = !ports.equals(service.ports.may);
  const onPorts = isDoubted ? endpointPath(service, from, snapshot, ports).filter() : filter;
  return families.flatMap((family) => {
    const callers = path.space.intersect(asked).intersect(IpSet[family]);
    if (callers.isEmpty) return [];
    if (!path.destinations.overlaps(IpSet[family])) return [noSuchAddress(service, from, callers)];
    const route = internetRoute(path, family);
    return egressesOf(from, family, route.isOwners, snapshot).flatMap((egress): readonly Way[] => {
      const own = callers.intersect(egress.callers);
      if (own.isEmpty) return [];
      const admittance = admittanceOf(service, boundary, egress, from, snapshot);
      const given = { path, route, egress, admittance };
      const out = own.intersect(filter.may);
      if (route.mayLeadElsewhere && !isPossible(given) && !out.isEmpty) return [elsewhere(from, out, route.because)];
      const may = isPossible(given) ? out : IpSet.empty;
      const must = isCertain(given) ? own.intersect(onPorts.must) : IpSet.empty;
      const because = must.equals(may)
        ? []
        : reasonsOf(given, [...filter.because, ...(onPorts.must.equals(filter.must) ? [] : doubts)]);
      const witness = internetWitness(service, boundary, from, given, asked, snapshot);
      return [{ kind: "internet", from: from.id, ...named(egress), must, may, because, witness }];
    });
  });
}

function noSuchAddress(service: ServiceFact, { id: from }: SubnetFact, callers: IpSet): Way {
  const witness = betweenFamilies(service, undefined, service.ports.may, callers);
  return { kind: "internet", from, must: IpSet.empty, may: IpSet.empty, because: [], witness };
}

/** With which address something else sends the packets on is not known. */
export function elsewhere({ id: from }: SubnetFact, may: IpSet, because: readonly string[]): Way {
  return { kind: "internet", from, must: IpSet.empty, may, because: may.isEmpty ? [] : because };
}

function named({ by, must, may }: Egress): Pick<Way, "by" | "as"> {
  return { ...(by === undefined ? {} : { by }), ...(must.isEmpty || !must.equals(may) ? {} : { as: must }) };
}

function isPossible({ route, egress, admittance }: InternetPath): boolean {
  return route.mayLeadOut && egress.isOut.may && admittance.isAdmitted.may;
}

function isCertain({ route, egress, admittance }: InternetPath): boolean {
  return route.outcome === "passes" && egress.isOut.must && admittance.isAdmitted.must;
}

function reasonsOf({ route, egress, admittance }: InternetPath, filter: readonly string[]): readonly string[] {
  return [...new Set([...filter, ...route.because, ...egress.isOut.because, ...admittance.isAdmitted.because])];
}
