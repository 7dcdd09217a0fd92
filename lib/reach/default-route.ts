import type { EffectiveRoutesFact, Route, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { answersIn } from "./effective-answers.ts";
import { shareOfInternet } from "./internet.ts";
import { nextHopsOf } from "./next-hops.ts";
import { routesOfTable } from "./route-table.ts";
import { type EffectiveRoute, gatewayRoutes, routesOf } from "./routes.ts";
import { publicSpace } from "./spaces.ts";

/**
 * Routes of the subnet's own table lead whatever would leave for the internet to an appliance or a gateway, keep it in the
 * network, or drop it. Exceptions for single destinations do not count against that.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
 */
export function leadsAway({ id, routeTable }: SubnetFact, snapshot: Snapshot): Truth {
  const evidence = evidenceOf(id, routeTable);
  if (routeTable.kind === "unknown") return perhaps([routeTable.because], evidence);
  if (routeTable.value === undefined) return certainly(false, evidence);
  const found = snapshot.get(routeTable.value);
  if (found.kind === "absent") return certainly(false, evidence);
  if (found.kind === "unreadable") return perhaps([found.because], evidence);
  if (found.kind === "notRead") return perhaps([`\`${routeTable.value.text}\` was not read yet`], evidence);
  if (found.fact.kind !== "routeTable") return perhaps([`\`${routeTable.value.text}\` is no route table`], evidence);
  const { routes } = found.fact;
  const all = [...evidence, ...evidenceOf(found.fact.id, routes)];
  if (routes.kind === "unknown") return perhaps([routes.because], all);
  const because = routes.value.flatMap((route) => whyUnknown(routeTable.value, route));
  if (isTableClosed(routes.value, "internet")) return certainly(true, all);
  return isTableClosed(routes.value, "elsewhere") ? perhaps(because, all) : certainly(false, all);
}

/**
 * The same as Azure answered for interfaces in the subnet, what gateways announce included; undefined where nobody asked, or
 * no answer can be understood.
 */
export function isRecordedAway(subnet: SubnetFact, snapshot: Snapshot): Truth | undefined {
  const answers = answersIn(subnet, snapshot).flatMap(({ answer: { id, routes }, shown }) => {
    const isAway = leadsRecordedAway(routes);
    return isAway === undefined ? [] : [certainly(isAway, [...evidenceOf(id, routes), ...shown])];
  });
  const [first, ...others] = answers;
  if (others.every(({ must }) => must === first?.must)) return first;
  const because = `interfaces in \`${subnet.id.text}\` have different default routes`;
  return perhaps(
    [because],
    answers.flatMap(({ evidence }) => evidence),
  );
}

function leadsRecordedAway(routes: EffectiveRoutesFact["routes"]): boolean | undefined {
  if (routes.kind === "unknown") return undefined;
  const active = routes.value.filter(({ isActive }) => isActive !== false);
  const clear = active.flatMap(({ isActive, prefixes, nextHopType }): readonly Hop[] => {
    if (isActive === undefined || prefixes === undefined || nextHopType === undefined) return [];
    return [{ leads: nextHopType === "internet" ? "internet" : "elsewhere", covers: prefixes }];
  });
  if (active.length === 0 || clear.length < active.length) return undefined;
  return isClosed(clear);
}

/**
 * The same by routes of gateways, together with those of the table; a default route of the owner comes before theirs:
 * https://learn.microsoft.com/azure/vpn-gateway/about-site-to-site-tunneling
 */
export function isTunnelledAway(subnet: SubnetFact, snapshot: Snapshot): Truth {
  const routes = gatewayRoutes(subnet, snapshot).filter(({ prefixes }) => IpSet.union(prefixes).overlaps(outside));
  const hasOwn = routesOfTable(subnet, snapshot).routes.some(({ destination }) => destination?.equals(IpSet.ipv4));
  if (routes.length === 0 || hasOwn) return certainly(false);
  const hops = nextHopsOf(routesOf(subnet, snapshot), outside);
  const isOut = ({ nextHopType }: EffectiveRoute) => fold(nextHopType) === "internet";
  const leaving = (which: (routes: readonly EffectiveRoute[]) => boolean) =>
    shareOfInternet(IpSet.union(hops.filter((hop) => which(hop.routes)).map(({ addresses }) => addresses)));
  const evidence = routes.flatMap(({ at }) => at ?? []);
  if (leaving((some) => some.some(isOut)) < exceptionsAtMost) return certainly(true, evidence);
  if (leaving((some) => some.every(isOut)) >= exceptionsAtMost) return certainly(false);
  return perhaps([...new Set(hops.flatMap((hop) => hop.routes.flatMap(({ because }) => because ?? [])))], evidence);
}

const outside = publicSpace.intersect(IpSet.ipv4);

interface Hop {
  readonly leads: "internet" | "elsewhere";
  readonly covers: IpSet;
}

function isTableClosed(routes: readonly Route[], unknownLeads: Hop["leads"]): boolean {
  return isClosed(
    routes.map((route) => ({ leads: leadsTo(route) ?? unknownLeads, covers: covers(route, unknownLeads) })),
  );
}

/**
 * Whether at most single exceptions still leave for the internet: the longest prefix decides, and what no route covers
 * goes by the system's own. Default outbound access has an address of IPv4 only, so the other family does not matter.
 */
function isClosed(hops: readonly Hop[]): boolean {
  const bySize = hops.toSorted((a, b) => a.covers.countIpv4 - b.covers.countIpv4);
  let decided = IpSet.empty;
  let closed = IpSet.empty;
  for (const { leads, covers: destination } of bySize) {
    if (leads === "elsewhere") closed = closed.union(destination.minus(decided));
    decided = decided.union(destination);
  }
  return shareOfInternet(IpSet.ipv4.minus(closed)) < exceptionsAtMost;
}

/** As a share of the public addresses. */
const exceptionsAtMost = 0.25;

function leadsTo({ nextHopType }: Route): Hop["leads"] | undefined {
  if (nextHopType.kind === "unknown") return undefined;
  return nextHopType.value === "internet" ? "internet" : "elsewhere";
}

/** A route whose destination is not known covers whatever makes the answer asked for less certain. */
function covers(route: Route, unknownLeads: Hop["leads"]): IpSet {
  if (route.destination !== undefined) return route.destination;
  return (leadsTo(route) ?? unknownLeads) === unknownLeads ? IpSet.ipv4 : IpSet.empty;
}

function whyUnknown(table: ResourceId | undefined, { pointer, destination, nextHopType }: Route): readonly string[] {
  if (nextHopType.kind === "unknown") return [nextHopType.because];
  return destination === undefined ? [`the destination of \`${pointer}\` of \`${table?.text}\` is not known`] : [];
}
