import { failWhere, type PartVerdict, undetermined } from "../model/verdict.ts";
import { isRouteMissing } from "../reach/effective-endpoint-route.ts";
import { endpointTarget } from "../reach/service-endpoints.ts";
import type { Rule } from "./rule.ts";

export const effectiveRouteMissing: Rule = {
  id: "NI208",
  name: "effective-route-missing",
  severity: "medium",
  title: "Service endpoint without a route",
  why: "A service endpoint works by a route that Azure puts into the subnet. Without it packets to the service go another way, with another source address, and the service's network rule for the subnet never matches.",
  remedy:
    "Remove the routes that lead the service's addresses elsewhere, or set the service endpoint up anew; then look at the effective routes of an interface in the subnet.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }) {
    const { serviceEndpoints } = subnet;
    if (serviceEndpoints.kind === "unknown") return undetermined([serviceEndpoints.because]);
    const byService = new Map(serviceEndpoints.value.map((endpoint) => [endpoint.service ?? "", endpoint]));
    return [...byService.values()].flatMap((endpoint): readonly PartVerdict[] => {
      const target = endpoint.service === undefined ? undefined : endpointTarget(endpoint.service);
      if (target === undefined || !endpoint.isSettled) return [];
      const message = `no active route leads to ${target.name} over the service endpoint`;
      return [{ part: target.name, verdict: failWhere(isRouteMissing(endpoint, subnet, snapshot), message) }];
    });
  },
};
