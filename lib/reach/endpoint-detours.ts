import type { ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type NextHop, nextHopsOf } from "./next-hops.ts";
import { routesOfNewEndpoints } from "./route-table-view.ts";
import { type EffectiveRoute, routesOf } from "./routes.ts";

/** Destinations that packets would go to in another way if a subnet had one more service endpoint. */
export interface Detour {
  readonly addresses: IpSet;
  /** Where they go now, as far as is known. */
  readonly nextHopType: string;
  readonly nextHopIpAddress: string | undefined;
  /** Whether nothing else can be where they go now. */
  readonly isNowCertain: boolean;
  /** Whether they would certainly go over the endpoint. */
  readonly isCertain: boolean;
}

/** By where packets go now; disjoint. Undefined where nothing says which addresses the endpoint leads to. */
export function detoursOf(
  subnet: SubnetFact,
  endpoint: ServiceEndpoint,
  snapshot: Snapshot,
): readonly Detour[] | undefined {
  const added = routesOfNewEndpoints(subnet, snapshot, [endpoint]);
  const isKnown = ({ tag }: EffectiveRoute) => tag !== undefined && snapshot.serviceTags.prefixesOf(tag) !== undefined;
  if (!added.every(isKnown)) return undefined;
  const routes = routesOf(subnet, snapshot);
  const destinations = IpSet.union(added.flatMap(({ prefixes }) => prefixes));
  const before = nextHopsOf(routes, destinations);
  const after = nextHopsOf([...routes, ...added], destinations);
  const detours = before.flatMap((now) => after.flatMap((then) => detourBetween(now, then, added)));
  const alike = Map.groupBy(detours, ({ addresses: _, ...others }) => JSON.stringify(Object.values(others)));
  return [...alike.values()].flatMap((ones): readonly Detour[] => {
    const [first] = ones;
    const addresses = IpSet.union(ones.map((one) => one.addresses));
    return first === undefined ? [] : [{ ...first, addresses }];
  });
}

function detourBetween(now: NextHop, then: NextHop, added: readonly EffectiveRoute[]): readonly Detour[] {
  const [{ nextHopType, nextHopIpAddress }] = now.routes;
  const addresses = now.addresses.intersect(then.addresses);
  if (addresses.isEmpty || !then.routes.some((route) => added.includes(route))) return [];
  if (now.isCertain && nextHopType === "VirtualNetworkServiceEndpoint") return [];
  const isCertain = then.isCertain && added.includes(then.routes[0]);
  return [{ addresses, nextHopType, nextHopIpAddress, isNowCertain: now.isCertain, isCertain }];
}
