import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";
import { type Egress, egressesOf } from "./egress.ts";
import { type EndpointPath, eachOf, endpointPath } from "./endpoint-path.ts";
import { wayOverOwnEndpoint } from "./firewall-endpoint-way.ts";
import { firewallAhead } from "./firewall-hop.ts";
import { type InternetRoute, internetRoute, leadsOut } from "./internet-route.ts";
import { internetWitness } from "./internet-witness.ts";
import { type Admittance, admittanceOf } from "./public-callers.ts";
import { throughAll } from "./security-rules.ts";
import type { Way } from "./service-reach.ts";
import type { Family } from "./spaces.ts";
import {
  admittanceThrough,
  egressOfFirewall,
  isOutThrough,
  type Through,
  through as throughFirewall,
} from "./through-firewall.ts";
import { betweenFamilies } from "./witnesses.ts";

/** One way from addresses in a subnet over the internet, and everything that decides about it. */
export interface InternetPath {
  readonly path: EndpointPath;
  readonly route: InternetRoute;
  readonly egress: Egress;
  readonly admittance: Admittance;
  /** Undefined where no Azure Firewall is on the way. */
  readonly through: Through | undefined;
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
  return families.flatMap((family) => {
    const callers = path.space.intersect(asked).intersect(IpSet[family]);
    if (callers.isEmpty) return [];
    if (!path.destinations.overlaps(IpSet[family])) return [noSuchAddress(service, from, callers)];
    return pathsOver(family, service, boundary, from, path, snapshot).flatMap((given): readonly Way[] => {
      const { egress, through: via } = given;
      const own = callers.intersect(egress.callers);
      if (own.isEmpty) return [];
      const passing = passingOf(given, service, from, snapshot);
      if (via?.own !== undefined) {
        const over = { ...given, via, own: via.own, callers: own, passing };
        return [wayOverOwnEndpoint(service, boundary, from, over, snapshot)];
      }
      const out = own.intersect(passing.may);
      const { mayLeadElsewhere, because: unclear } = via?.onward ?? given.route;
      if (mayLeadElsewhere && !isPossible(given) && !out.isEmpty) return [elsewhere(from, out, unclear)];
      const may = isPossible(given) ? out : IpSet.empty;
      const must = isCertain(given) ? own.intersect(passing.must) : IpSet.empty;
      const because = must.equals(may) ? [] : reasonsOf(given, passing.because);
      const witness = internetWitness(service, boundary, from, given, asked, snapshot);
      return [{ kind: "internet", from: from.id, ...named(egress), must, may, because, witness }];
    });
  });
}

/** One for each egress; through an Azure Firewall there is one for all. */
function pathsOver(
  family: Family,
  service: ServiceFact,
  boundary: Boundary,
  from: SubnetFact,
  path: EndpointPath,
  snapshot: Snapshot,
): readonly InternetPath[] {
  const route = internetRoute(path, family);
  const hop = family === "ipv4" ? firewallAhead(route.routes, from, snapshot) : undefined;
  if (hop !== undefined) {
    const egress = egressOfFirewall(hop, path.space.intersect(IpSet.ipv4), snapshot);
    const admittance = admittanceThrough(service, boundary, egress, hop, from, snapshot);
    return [{ path, route, egress, admittance, through: throughFirewall(service, boundary, hop, snapshot) }];
  }
  return egressesOf(from, family, route.isOwners, snapshot).map((egress) => {
    return {
      path,
      route,
      egress,
      admittance: admittanceOf(service, boundary, egress, from, snapshot),
      through: undefined,
    };
  });
}

/** Whom the filters on the way let out: over each port by itself, where an Azure Firewall asks for it once more. */
function passingOf(
  { path, through: via, egress }: InternetPath,
  service: ServiceFact,
  from: SubnetFact,
  snapshot: Snapshot,
) {
  const { must: certain, may: possible, because: doubts } = service.ports;
  if (via === undefined) {
    const filter = path.filter();
    const onPorts = certain.equals(possible) ? filter : endpointPath(service, from, snapshot, certain).filter();
    const because = onPorts.must.equals(filter.must) ? filter.because : [...filter.because, ...doubts];
    return { must: onPorts.must, may: filter.may, because };
  }
  const parts = eachOf(possible).map((port) => {
    const filters = [endpointPath(service, from, snapshot, port).filter(), via.passage.on(egress.callers, port)];
    const { must, may, because } = throughAll(filters, egress.callers);
    return port.isSubsetOf(certain)
      ? { must, may, because }
      : { must: IpSet.empty, may, because: [...because, ...doubts] };
  });
  return {
    must: IpSet.union(parts.map(({ must }) => must)),
    may: IpSet.union(parts.map(({ may }) => may)),
    because: parts.flatMap(({ because }) => because),
  };
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

function isPossible(path: InternetPath): boolean {
  return isOutBy(path).may && path.admittance.isAdmitted.may;
}

function isCertain(path: InternetPath): boolean {
  return isOutBy(path).must && path.admittance.isAdmitted.must;
}

function isOutBy({ route, egress, through: via }: InternetPath): Truth {
  if (via !== undefined) return isOutThrough(via, egress);
  return allOf([leadsOut(route), egress.isOut]);
}

function reasonsOf(path: InternetPath, filter: readonly string[]): readonly string[] {
  return [...new Set([...filter, ...isOutBy(path).because, ...path.admittance.isAdmitted.because])];
}
