import { tagOfEndpoint } from "../catalog/service-endpoints.ts";
import type { Evidence } from "../model/evidence.ts";
import type { EffectiveRoutesFact, RecordedRoute, ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { isHarmless } from "./endpoint-path.ts";
import { nextHopsOf } from "./next-hops.ts";
import { routesOfTable } from "./route-table.ts";
import { routesOf } from "./routes.ts";

/**
 * Whether the route is missing that a ready service endpoint puts into its subnet: as Azure answered for interfaces in
 * the subnet, else as far as it can be told from the routes that there are.
 */
export function isRouteMissing(endpoint: ServiceEndpoint, subnet: SubnetFact, snapshot: Snapshot): Truth {
  const at = { resource: subnet.id, pointer: endpoint.pointer, value: endpoint.raw };
  const looks = answersIn(subnet, snapshot).map((answer) => lookFor(endpoint, subnet, answer, snapshot));
  const missing = looks.filter(({ kind }) => kind === "missing");
  if (missing.length > 0) return certainly(true, [at, ...missing.flatMap(({ evidence }) => evidence)]);
  if (looks.some(({ kind }) => kind === "present")) return certainly(false);
  const because = [...looks.flatMap((look) => look.because), ...whyContested(endpoint, subnet, snapshot)];
  return because.length > 0 ? perhaps([...new Set(because)], [at]) : certainly(false);
}

function answersIn({ id }: SubnetFact, snapshot: Snapshot): readonly EffectiveRoutesFact[] {
  return snapshot.namers(id, "networkInterface").flatMap((nic) => snapshot.naming(nic.id, "effectiveRoutes"));
}

interface Look {
  readonly kind: "present" | "missing" | "unknown";
  readonly because: readonly string[];
  /** What stands in the place of the route. */
  readonly evidence: readonly Evidence[];
}

const present: Look = { kind: "present", because: [], evidence: [] };

function lookFor(
  { service = "", locations }: ServiceEndpoint,
  subnet: SubnetFact,
  { id, routes }: EffectiveRoutesFact,
  snapshot: Snapshot,
): Look {
  if (routes.kind === "unknown") return unknown(routes.because);
  if (routes.value.length === 0)
    return unknown(`\`${id.text}\` holds no route, and that of a running machine always does`);
  const ofEndpoints = routes.value.filter(
    ({ nextHopType, isActive }) => nextHopType === "virtualnetworkserviceendpoint" && isActive !== false,
  );
  const tag = tagOfEndpoint(service);
  const addresses = tag === undefined ? undefined : addressesOf(tag, locations, snapshot);
  const unclear = ofEndpoints.find(({ isActive, prefixes }) => isActive === undefined || prefixes === undefined);
  const clear = ofEndpoints.filter((route) => route !== unclear && route.isActive === true);
  if (addresses !== undefined && clear.some(({ prefixes }) => prefixes?.overlaps(addresses))) return present;
  if (unclear !== undefined) return unknown(`\`${unclear.pointer}\` of \`${id.text}\` cannot be understood`);
  if (addresses === undefined && clear.length > 0) {
    const isOnly = subnet.serviceEndpoints.kind === "known" && subnet.serviceEndpoints.value.length === 1;
    return isOnly ? present : unknown(`the addresses of the service tag \`${tag ?? service}\` are not known`);
  }
  return { kind: "missing", because: [], evidence: insteadOf(addresses, routes.value, id) };
}

function unknown(because: string): Look {
  return { kind: "unknown", because: [because], evidence: [] };
}

/** In the regions of the endpoint, or everywhere; undefined where the tag is in no list. */
function addressesOf(tag: string, locations: readonly string[], snapshot: Snapshot): IpSet | undefined {
  const regions = locations.filter((location) => location !== "*");
  const known = regions.flatMap((region) => snapshot.serviceTags.addressesOf(`${tag}.${region}`) ?? []);
  return known.length > 0 && known.length === locations.length
    ? IpSet.union(known)
    : snapshot.serviceTags.addressesOf(tag);
}

/** The active routes that take packets to the addresses, or to everywhere. */
function insteadOf(
  addresses: IpSet | undefined,
  routes: readonly RecordedRoute[],
  resource: EffectiveRoutesFact["id"],
): readonly Evidence[] {
  const takes = (prefixes: IpSet) =>
    addresses === undefined
      ? IpSet.ipv4.isSubsetOf(prefixes) || IpSet.ipv6.isSubsetOf(prefixes)
      : prefixes.overlaps(addresses);
  const taking = routes.filter(
    ({ isActive, prefixes }) => isActive === true && prefixes !== undefined && takes(prefixes),
  );
  return taking.map(({ pointer, raw }) => ({ resource, pointer: `${pointer}/nextHopType`, value: raw }));
}

/**
 * The documents disagree on whether a user's route comes before that of a service endpoint: see `nextHopsOf`. One that is
 * shorter than all of the endpoint's does not.
 */
function whyContested({ service }: ServiceEndpoint, subnet: SubnetFact, snapshot: Snapshot): readonly string[] {
  const { routes, because } = routesOfTable(subnet, snapshot);
  const suspects = routes.filter(({ destination }) => destination === undefined || !isHarmless(destination));
  if (suspects.length === 0) return because;
  const all = routesOf(subnet, snapshot);
  const own = all.filter((route) => route.endpoint === service && route.because === undefined);
  const isListed = own.length > 0 && own.length === all.filter((route) => route.endpoint === service).length;
  if (!isListed) return [...because, ...suspects.map(({ name }) => contested(name))];
  const hops = nextHopsOf(all, IpSet.union(own.flatMap(({ prefixes }) => prefixes)));
  const rivals = hops.flatMap((hop) => hop.routes.filter(({ source }) => source === "User"));
  const pointers = new Set(rivals.map(({ at }) => at?.pointer));
  return [...because, ...suspects.filter(({ pointer }) => pointers.has(pointer)).map(({ name }) => contested(name))];
}

function contested(route: string): string {
  return `whether the route \`${route}\` comes before the service endpoint is not documented`;
}
