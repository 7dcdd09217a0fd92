import { endpointsOf } from "../catalog/service-endpoints.ts";
import type { ServiceEndpoint, ServiceFact, SubnetFact } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";

const everywhere = fold("Microsoft.Storage.Global");

/**
 * Whether one of the subnet's service endpoints for the service leads to the region that it is in. Azure says so itself,
 * in `locations`: for SQL the region of the network, for storage its pair as well, everything for other services and for
 * Microsoft.Storage.Global
 * (https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview#limitations,
 * https://learn.microsoft.com/azure/storage/common/storage-network-security#azure-storage-cross-region-service-endpoints).
 * Without an endpoint for the service, none does.
 */
export function reachesRegion({ id, serviceEndpoints }: SubnetFact, service: ServiceFact): Truth {
  if (serviceEndpoints.kind === "unknown") return perhaps([serviceEndpoints.because]);
  const wanted = endpointsOf(service.id.type);
  const own = serviceEndpoints.value.filter((one) => one.service !== undefined && wanted.includes(one.service));
  return anyOf(
    own.map((endpoint) => {
      const evidence = [{ resource: id, pointer: endpoint.pointer, value: endpoint.raw }];
      const region = regionOf(service.location);
      const leads = isFor(endpoint, region);
      if (leads === undefined) return perhaps([whyUnsure(endpoint, id, service)], evidence);
      const isByRegion = region !== undefined && endpoint.locations.includes(region);
      const place = { resource: service.id, pointer: "/location", value: service.location };
      return certainly(leads, leads && !isByRegion ? evidence : [...evidence, place]);
    }),
  );
}

/** Whether the endpoint is for services of the region; undefined where it, or the service, does not say. */
export function isFor({ locations, service }: ServiceEndpoint, region: string | undefined): boolean | undefined {
  if (service === everywhere || locations.includes("*")) return true;
  if (locations.length === 0 || region === undefined) return undefined;
  return locations.includes(region);
}

function whyUnsure({ locations, pointer }: ServiceEndpoint, subnet: ResourceId, { id }: ServiceFact): string {
  if (locations.length === 0) return `\`${pointer}\` of \`${subnet.text}\` does not say which regions it is for`;
  return `\`${id.text}\` does not say in which region it is`;
}
