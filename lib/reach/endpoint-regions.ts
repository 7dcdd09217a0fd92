import { serviceOfType } from "../catalog/index.ts";
import type { ServiceEndpoint, ServiceFact, SubnetFact } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { regionOf } from "./endpoint-path.ts";

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
  const wanted = (serviceOfType(service.id.type)?.serviceEndpoints ?? []).map(fold);
  const own = serviceEndpoints.value.filter((one) => one.service !== undefined && wanted.includes(one.service));
  return anyOf(
    own.map((endpoint) => {
      const evidence = [{ resource: id, pointer: endpoint.pointer, value: endpoint.raw }];
      if (endpoint.service === everywhere || endpoint.locations.includes("*")) return certainly(true, evidence);
      if (endpoint.locations.length === 0) {
        return perhaps([`\`${endpoint.pointer}\` of \`${id.text}\` does not say which regions it is for`], evidence);
      }
      return isAmong(endpoint, service, evidence);
    }),
  );
}

function isAmong({ locations }: ServiceEndpoint, { id, location }: ServiceFact, evidence: Truth["evidence"]): Truth {
  const region = regionOf(location);
  if (region === undefined) return perhaps([`\`${id.text}\` does not say in which region it is`], evidence);
  return certainly(locations.includes(region), [...evidence, { resource: id, pointer: "/location", value: location }]);
}
