import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";
import type { EndpointPath } from "./endpoint-path.ts";
import { contested } from "./next-hops.ts";
import type { EffectiveRoute } from "./routes.ts";
import type { Family } from "./spaces.ts";
import type { Step } from "./witness.ts";

/** Whether the routes of a subnet lead to the public endpoint of a service by the next hop Internet. */
export interface InternetRoute {
  readonly outcome: Step["outcome"];
  /** Why that is not known. */
  readonly because: readonly string[];
  /** Those that decide. */
  readonly routes: readonly EffectiveRoute[];
  /** All of them are the owner's own. */
  readonly isOwners: boolean;
  /** Some lead out, or may. */
  readonly mayLeadOut: boolean;
  /** Some may lead to something of which it is not known with which address it sends packets on. */
  readonly mayLeadElsewhere: boolean;
}

/** Where the routes lead, and the service endpoints that the service has. */
type Led = Pick<EndpointPath, "hops" | "endpoints">;

/** Of the addresses that the service may have it has one, which is in no other service's tag. */
export function internetRoute(path: Led, family: Family): InternetRoute {
  const hops = path.hops().filter(({ addresses }) => addresses.overlaps(IpSet[family]));
  const routes = [...new Set(hops.flatMap((hop) => hop.routes))].filter((route) => !isOfOthers(route, path));
  const leads = new Set(routes.map(leadsTo));
  const [mayLeadOut, mayLeadElsewhere] = [leads.has("internet"), leads.has("elsewhere")];
  const isSure = leads.size === 1 && mayLeadOut;
  const isPossible = mayLeadOut || mayLeadElsewhere;
  const outward = routes.filter((route) => leadsTo(route) === "internet");
  return {
    outcome: isSure ? "passes" : isPossible ? "unknown" : "stops",
    because: isSure || !isPossible ? [] : whyOpen(routes),
    routes,
    isOwners: outward.length > 0 && outward.every(({ source }) => source === "User"),
    mayLeadOut,
    mayLeadElsewhere,
  };
}

/** Whether packets get to the next hop Internet by it. */
export function leadsOut({ outcome, mayLeadOut, because }: InternetRoute): Truth {
  if (outcome === "passes") return certainly(true);
  return mayLeadOut ? perhaps(because) : certainly(false);
}

/** The route of a service endpoint for other services. */
function isOfOthers({ endpoint = "" }: EffectiveRoute, { endpoints }: Led): boolean {
  return endpoint !== "" && !endpoints.includes(endpoint);
}

/**
 * What is dropped, or stays in networks, gets to no public endpoint. Over a service endpoint packets come with other
 * addresses, and behind an appliance or a gateway nobody can tell.
 */
function leadsTo({ nextHopType, endpoint }: EffectiveRoute): "internet" | "nowhere" | "elsewhere" {
  if (endpoint !== undefined) return "elsewhere";
  switch (nextHopType.toLowerCase()) {
    case "internet":
      return "internet";
    case "none":
    case "vnetlocal":
    case "vnetpeering":
    case "vnetglobalpeering":
      return "nowhere";
    default:
      return "elsewhere";
  }
}

function whyOpen(routes: readonly EffectiveRoute[]): readonly string[] {
  const reasons = new Set(routes.flatMap(({ because }) => because ?? []));
  if (reasons.size > 0) return [...reasons];
  const others = new Set(routes.filter((route) => leadsTo(route) === "elsewhere").map(whereTo));
  if (others.size === 0) return ["the service may have an address to which no route leads out to the internet"];
  return [...others, ...(routes.some(({ endpoint }) => endpoint !== undefined) ? [contested] : [])];
}

function whereTo({ nextHopType, nextHopIpAddress, endpoint }: EffectiveRoute): string {
  if (endpoint !== undefined) return "packets may go over the service endpoint";
  const to = nextHopIpAddress === undefined ? `the next hop ${nextHopType}` : `the appliance ${nextHopIpAddress}`;
  return `with which public address ${to} sends packets on is not known`;
}
