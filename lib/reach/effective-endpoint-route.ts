import { tagOfEndpoint } from "../catalog/service-endpoints.ts";
import type { Evidence } from "../model/evidence.ts";
import type { EffectiveRoutesFact, RecordedRoute, ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { answersIn } from "./effective-answers.ts";
import { isHarmless } from "./endpoint-route.ts";
import { nextHopsOf } from "./next-hops.ts";
import { routesOfTable } from "./route-table.ts";
import { routesOf } from "./routes.ts";
import { evidenceOfTags } from "./tag-evidence.ts";

/**
 * Whether the route is missing that a ready service endpoint puts into its subnet: as Azure answered for interfaces in
 * the subnet, else as far as it can be told from the routes that there are.
 */
export function isRouteMissing(endpoint: ServiceEndpoint, subnet: SubnetFact, snapshot: Snapshot): Truth {
  const at = { resource: subnet.id, pointer: endpoint.pointer, value: endpoint.raw };
  const looks = answersIn(subnet, snapshot).map(({ answer, shown }): Look => {
    const look = lookFor(endpoint, subnet, answer, snapshot);
    return { ...look, evidence: [...look.evidence, ...shown] };
  });
  const missing = looks.filter(({ kind }) => kind === "missing");
  if (missing.length > 0) return certainly(true, [at, ...missing.flatMap(({ evidence }) => evidence)]);
  if (looks.some(({ kind }) => kind === "present")) return certainly(false);
  const because = [...looks.flatMap((look) => look.because), ...whyContested(endpoint, subnet, snapshot)];
  const evidence = [at, ...looks.flatMap((look) => look.evidence)];
  return because.length > 0 ? perhaps([...new Set(because)], evidence) : certainly(false);
}

interface Look {
  readonly kind: "present" | "missing" | "unknown";
  readonly because: readonly string[];
  /** What stands in the place of the route, or leaves it open. */
  readonly evidence: readonly Evidence[];
}

const present: Look = { kind: "present", because: [], evidence: [] };

function lookFor(
  { service = "", locations }: ServiceEndpoint,
  subnet: SubnetFact,
  { id, routes }: EffectiveRoutesFact,
  snapshot: Snapshot,
): Look {
  if (routes.kind === "unknown") return unknown(routes.because, evidenceOf(id, routes));
  const [first] = routes.value;
  if (first === undefined) {
    const because = `\`${id.text}\` holds no route, and that of a running machine always does`;
    return unknown(because, evidenceOf(id, routes));
  }
  const ofEndpoints = routes.value.filter(
    ({ nextHopType, isActive }) => nextHopType === "virtualnetworkserviceendpoint" && isActive !== false,
  );
  const tag = tagOfEndpoint(service);
  const tags = tag === undefined ? [] : knownTags(tag, locations, snapshot);
  const addresses = addressesOf(tags, snapshot);
  const unclear = ofEndpoints.find(({ isActive, prefixes }) => isActive === undefined || prefixes === undefined);
  const clear = ofEndpoints.filter((route) => route !== unclear && route.isActive === true);
  if (addresses !== undefined && clear.some(({ prefixes }) => prefixes?.overlaps(addresses))) return present;
  if (unclear !== undefined) {
    const because = `\`${unclear.pointer}\` of \`${id.text}\` cannot be understood`;
    return unknown(because, [nextHopAt(id, unclear), ...evidenceOfTags(id, tags, snapshot)]);
  }
  if (addresses === undefined && clear.length > 0) {
    const isOnly = subnet.serviceEndpoints.kind === "known" && subnet.serviceEndpoints.value.length === 1;
    const because = `the addresses of the service tag \`${tag ?? service}\` are not known`;
    return isOnly
      ? present
      : unknown(
          because,
          clear.map((route) => nextHopAt(id, route)),
        );
  }
  const instead = insteadOf(addresses, routes.value);
  const evidence = (instead.length > 0 ? instead : [first]).map((route) => nextHopAt(id, route));
  return { kind: "missing", because: [], evidence: [...evidence, ...evidenceOfTags(id, tags, snapshot)] };
}

function unknown(because: string, evidence: readonly Evidence[]): Look {
  return { kind: "unknown", because: [because], evidence };
}

function nextHopAt(resource: EffectiveRoutesFact["id"], { pointer, raw }: RecordedRoute): Evidence {
  return { resource, pointer: `${pointer}/nextHopType`, value: raw };
}

/** The parts of the tag in the regions of the endpoint, or all of it. */
function knownTags(tag: string, locations: readonly string[], { serviceTags }: Snapshot): readonly string[] {
  const parts = locations.map((location) => `${tag}.${location}`);
  const isKnown = (name: string) => serviceTags.addressesOf(name) !== undefined;
  return parts.length > 0 && parts.every(isKnown) ? parts : [tag].filter(isKnown);
}

/** Undefined where there is no tag in any list. */
function addressesOf(tags: readonly string[], { serviceTags }: Snapshot): IpSet | undefined {
  return tags.length === 0 ? undefined : IpSet.union(tags.flatMap((tag) => serviceTags.addressesOf(tag) ?? []));
}

/** The active routes that take packets to the addresses, or to everywhere. */
function insteadOf(addresses: IpSet | undefined, routes: readonly RecordedRoute[]): readonly RecordedRoute[] {
  const takes = (prefixes: IpSet) =>
    addresses === undefined
      ? IpSet.ipv4.isSubsetOf(prefixes) || IpSet.ipv6.isSubsetOf(prefixes)
      : prefixes.overlaps(addresses);
  return routes.filter(({ isActive, prefixes }) => isActive === true && prefixes !== undefined && takes(prefixes));
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
