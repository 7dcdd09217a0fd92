import type { RecordedRoute } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { factMaker } from "./fact-maker.ts";
import { listOf, meaningOf, valueAt } from "./settings.ts";

const states = { active: "active", invalid: "invalid" } as const;

/**
 * Projects the answer to `POST …/networkInterfaces/{nic}/effectiveRouteTable`, where the list stands under `value`:
 * https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/get-effective-route-table
 */
export const effectiveRoutes = factMaker("effectiveRoutes", ["/value"], {
  routes: (resource) => listOf(resource, "/value", recordedRoute),
  names: ({ id }) => [id.parent].filter((nic) => nic !== undefined),
});

function recordedRoute(element: unknown, pointer: string): RecordedRoute {
  const state = meaningOf(valueAt(element, "/state"), states);
  const raw = valueAt(element, "/nextHopType");
  return {
    pointer,
    isActive: state === undefined ? undefined : state === "active",
    prefixes: prefixesOf(valueAt(element, "/addressPrefix")),
    nextHopType: typeof raw === "string" ? fold(raw) : undefined,
    raw,
  };
}

function prefixesOf(list: unknown): IpSet | undefined {
  if (!Array.isArray(list)) return undefined;
  const sets = list.map((text) => (typeof text === "string" ? parseAddresses(text) : undefined));
  return sets.includes(undefined) ? undefined : IpSet.union(sets.filter((set) => set !== undefined));
}
