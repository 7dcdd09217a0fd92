import type { Route } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { factMaker } from "./fact-maker.ts";
import { enumeration, flag, listOf, meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const nextHopTypes = {
  virtualappliance: "appliance",
  virtualapplianceecmp: "appliance",
  virtualnetworkgateway: "gateway",
  internet: "internet",
  vnetlocal: "network",
  none: "none",
} as const;

const peeringRoutes = { none: "none", all: "all" } as const;

const peeringRoutesWhenAbsent = {
  value: "None",
  link: "https://learn.microsoft.com/rest/api/virtualnetwork/route-tables/get",
};

const keeps = ["routes", "disableBgpRoutePropagation", "disablePeeringRoute"].map((name) => `/properties/${name}`);

/** Projects a route table and the routes that ARM embeds in it. */
export const routeTable = factMaker("routeTable", keeps, {
  routes: (resource) =>
    listOf(resource, "/properties/routes", (element, pointer) => route(resource.id, element, pointer)),
  disableBgpRoutePropagation: (resource) => flag(resource, "/properties/disableBgpRoutePropagation"),
  disablePeeringRoute: (resource) =>
    enumeration(resource, "/properties/disablePeeringRoute", peeringRoutes, peeringRoutesWhenAbsent),
  names: () => [],
});

function route(id: ResourceId, element: unknown, pointer: string): Route {
  const prefix = textAt(element, "/properties/addressPrefix");
  const place = `${pointer}/properties/nextHopType`;
  const raw = valueAt(element, "/properties/nextHopType");
  const value = meaningOf(raw, nextHopTypes);
  return {
    pointer,
    raw: element,
    name: textAt(element, "/name") ?? pointer.slice(pointer.lastIndexOf("/") + 1),
    addressPrefix: prefix,
    nextHopIpAddress: textAt(element, "/properties/nextHopIpAddress"),
    destination: prefix === undefined ? undefined : parseAddresses(prefix),
    nextHopType:
      value === undefined
        ? { kind: "unknown", because: unknownValue(id, place, raw), pointer: place, raw }
        : { kind: "known", value, pointer: place, raw },
  };
}
