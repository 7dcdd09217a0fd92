import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { isFor } from "./endpoint-regions.ts";
import { type NextHop, nextHopsOf } from "./next-hops.ts";
import { routesOfTable } from "./route-table.ts";
import { routesOf } from "./routes.ts";
import { privateSpace } from "./spaces.ts";
import type { Whereabouts } from "./whereabouts.ts";

/** Whether the routes of a subnet lead to a service over its service endpoint. */
export interface EndpointRoute {
  readonly isCertain: boolean;
  readonly isPossible: boolean;
  readonly because: readonly string[];
}

/** From `sources`, which are addresses of one family. */
export function endpointRoute(
  whereabouts: Whereabouts,
  sources: IpSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): EndpointRoute {
  const { listed, endpoints } = whereabouts;
  if (listed === undefined) return symbolicRoute(whereabouts, sources, subnet, snapshot);
  const to = `${listed} ${endpoints.join()} ${sources.overlaps(IpSet.ipv4)}`;
  return snapshot.once(`endpoint route ${subnet.id.key} ${to}`, () => {
    snapshot.get(subnet.id); // what is remembered rests on the subnet, too
    return listedRoute(hopsTo(whereabouts, sources, subnet, snapshot), endpoints);
  });
}

/** Where packets from `sources`, which are addresses of one family, go on the way to a service. */
export function hopsTo(
  { addresses }: Whereabouts,
  sources: IpSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): readonly NextHop[] {
  const family = sources.overlaps(IpSet.ipv4) ? IpSet.ipv4 : IpSet.ipv6;
  return nextHopsOf(routesOf(subnet, snapshot), addresses.intersect(family));
}

/** Every address that the service may have is reached over the endpoint; or some are, or may be. */
function listedRoute(hops: readonly NextHop[], wanted: readonly string[]): EndpointRoute {
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
  { endpoints: wanted, region }: Whereabouts,
  sources: IpSet,
  subnet: SubnetFact,
  snapshot: Snapshot,
): EndpointRoute {
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
    ...(sources.countIpv6 > 0n ? ["whether service endpoints carry IPv6 is not documented"] : []),
  ];
  return { isCertain: reasons.length === 0, isPossible: true, because: reasons };
}

function perhaps(because: string): EndpointRoute {
  return { isCertain: false, isPossible: true, because: [because] };
}

/** A route for everything is shorter than any of the endpoint's, and one for private addresses holds no service. */
export function isHarmless(destination: IpSet): boolean {
  return destination.equals(IpSet.ipv4) || destination.equals(IpSet.ipv6) || destination.isSubsetOf(privateSpace);
}
