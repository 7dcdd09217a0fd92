import type { Route, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { shareOfInternet } from "./internet.ts";

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
  if (isClosed(routes.value, "internet")) return certainly(true, all);
  return isClosed(routes.value, "elsewhere") ? perhaps(because, all) : certainly(false, all);
}

/**
 * Whether at most single exceptions still leave for the internet: the longest prefix decides, and what no route covers
 * goes by the system's own. Default outbound access has an address of IPv4 only, so the other family does not matter.
 */
function isClosed(routes: readonly Route[], unknownLeads: "internet" | "elsewhere"): boolean {
  const bySize = routes
    .map((route) => ({ leads: leadsTo(route) ?? unknownLeads, covers: covers(route, unknownLeads) }))
    .sort((a, b) => a.covers.countIpv4 - b.covers.countIpv4);
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

function leadsTo({ nextHopType }: Route): "internet" | "elsewhere" | undefined {
  if (nextHopType.kind === "unknown") return undefined;
  return nextHopType.value === "internet" ? "internet" : "elsewhere";
}

/** A route whose destination is not known covers whatever makes the answer asked for less certain. */
function covers(route: Route, unknownLeads: "internet" | "elsewhere"): IpSet {
  if (route.destination !== undefined) return route.destination;
  return (leadsTo(route) ?? unknownLeads) === unknownLeads ? IpSet.ipv4 : IpSet.empty;
}

function whyUnknown(table: ResourceId | undefined, { pointer, destination, nextHopType }: Route): readonly string[] {
  if (nextHopType.kind === "unknown") return [nextHopType.because];
  return destination === undefined ? [`the destination of \`${pointer}\` of \`${table?.text}\` is not known`] : [];
}
