import type { RouteRequirement } from "../catalog/subnet-requirements.ts";
import type { Route, RouteTableFact, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { routesOfTable } from "./route-table.ts";

/** What of a subnet's table is not as it has to be. */
export interface RouteFault {
  /** In words, of the table: "has a route for 0.0.0.0/0". */
  readonly says: string;
  readonly truth: Truth;
}

/** `isAsked` says why the table has to be like that. */
export function routeFaultsOf(
  subnet: SubnetFact,
  required: RouteRequirement,
  isAsked: Truth,
  snapshot: Snapshot,
): readonly RouteFault[] {
  const { routeTable } = subnet;
  const attached = evidenceOf(subnet.id, routeTable);
  const { routes, because } = routesOfTable(subnet, snapshot);
  const unread = because.length === 0 ? [] : [{ says: "", truth: allOf([perhaps(because, attached), isAsked]) }];
  const id = routeTable.kind === "known" ? routeTable.value : undefined;
  const table = factAt(id, "routeTable", snapshot);
  if (table === undefined) return unread;
  const isAttached = certainly(true, attached);
  const wrong = routes.map((route) => wrongRoute(route, table, required)).filter((one) => one.truth.may);
  const own = [...wrong, wrongPropagation(table, required)].map(({ says, truth }) => {
    return { says, truth: allOf([truth, isAttached, isAsked]) };
  });
  return [...unread, ...own];
}

function wrongRoute(route: Route, { id }: RouteTableFact, { defaultRoute }: RouteRequirement): RouteFault {
  const { pointer, raw, destination, addressPrefix, nextHopType } = route;
  const evidence = [{ resource: id, pointer, value: raw }];
  const isDefault = destination !== undefined && IpSet.ipv4.isSubsetOf(destination);
  if (defaultRoute === "unsupported") {
    return { says: "has a route for 0.0.0.0/0", truth: certainly(isDefault, evidence) };
  }
  const toInternet = isSetTo(id, nextHopType, "internet");
  const truth = isDefault ? not(toInternet) : certainly(true);
  const says = `has another route than one of 0.0.0.0/0 to Internet: for ${addressPrefix ?? route.name}`;
  return { says, truth: allOf([certainly(true, evidence), truth]) };
}

function wrongPropagation(table: RouteTableFact, { disableBgpRoutePropagation: wanted }: RouteRequirement): RouteFault {
  const says = wanted
    ? "lets the routes of gateways in (disableBgpRoutePropagation is false)"
    : "keeps the routes of gateways away (disableBgpRoutePropagation is true)";
  return { says, truth: isSetTo(table.id, table.disableBgpRoutePropagation, !wanted) };
}
