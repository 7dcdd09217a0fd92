import { type EndpointService, endpointServiceOf, endpointServices } from "../catalog/service-endpoints.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import { fold } from "../model/resource-id.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { suggest } from "../model/wording.ts";

/** By its name, whatever the case; throws for one that there is not. */
export function parseEndpointService(text: string): EndpointService {
  const service = endpointServiceOf(text);
  if (service !== undefined) return service;
  const names = endpointServices.map(({ name }) => name);
  throw new CordonError(
    "ERR_ENDPOINT_UNKNOWN",
    `\`${text}\` is no service endpoint${suggest(text, names) || ` (known: ${names.join(", ")})`}`,
  );
}

/** The endpoint as Azure would make it in the subnet; undefined where it has that already. */
export function newEndpoint(
  { name, scope }: EndpointService,
  subnet: SubnetFact,
  snapshot: Snapshot,
): ServiceEndpoint | undefined {
  const own = subnet.serviceEndpoints.kind === "known" ? subnet.serviceEndpoints.value : [];
  if (own.some(({ service }) => service === fold(name))) return undefined;
  const excluded = own.find(({ service }) => service !== undefined && areExclusive(service, name));
  if (excluded !== undefined) {
    const message = `\`${subnet.id.text}\` cannot have \`${name}\` beside \`${endpointServiceOf(excluded.service ?? "")?.name}\``;
    throw new CordonError("ERR_ENDPOINT_EXCLUDED", message);
  }
  const locations = scope === "everywhere" ? ["*"] : [regionOfNetwork(name, subnet, snapshot)];
  const raw = { service: name, locations };
  const pointer = "/properties/serviceEndpoints/-";
  return { pointer, raw, service: fold(name), locations, isSettled: true, isReady: true };
}

const storage = ["Microsoft.Storage", "Microsoft.Storage.Global"].map(fold);

/** https://learn.microsoft.com/azure/storage/common/storage-network-security#azure-storage-cross-region-service-endpoints */
export function areExclusive(a: string, b: string): boolean {
  return fold(a) !== fold(b) && [a, b].every((name) => storage.includes(fold(name)));
}

function regionOfNetwork(name: string, { id }: SubnetFact, snapshot: Snapshot): string {
  const network = id.parent;
  const region = regionOf(factAt(network, "network", snapshot)?.location);
  if (region !== undefined) return region;
  const message = `cannot tell what \`${name}\` would change: the region of \`${network?.text}\` is not known`;
  throw new CordonError("ERR_REGION_UNKNOWN", message);
}
