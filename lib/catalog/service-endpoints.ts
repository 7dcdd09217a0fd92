import { fold } from "../model/resource-id.ts";
import { catalog } from "./index.ts";

/** What a subnet can have a service endpoint for. */
export interface EndpointService {
  /** As ARM spells it: `Microsoft.Storage`. */
  readonly name: string;
  /** The service tag that has the addresses it leads to. */
  readonly tag: string;
  /** The tag has no part for each region. */
  readonly isWhole?: true;
  /** What Azure writes into `locations`: the network's region, that and its pair, or `*`. */
  readonly scope: "region" | "regionAndPair" | "everywhere";
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview */
export const endpointServices: readonly EndpointService[] = [
  { name: "Microsoft.Storage", tag: "Storage", scope: "regionAndPair" },
  { name: "Microsoft.Storage.Global", tag: "Storage", scope: "everywhere" },
  { name: "Microsoft.Sql", tag: "Sql", scope: "region" },
  { name: "Microsoft.KeyVault", tag: "AzureKeyVault", scope: "everywhere" },
  { name: "Microsoft.AzureCosmosDB", tag: "AzureCosmosDB", scope: "everywhere" },
  { name: "Microsoft.ServiceBus", tag: "ServiceBus", scope: "everywhere" },
  { name: "Microsoft.EventHub", tag: "EventHub", scope: "everywhere" },
  { name: "Microsoft.Web", tag: "AppService", scope: "everywhere" },
  { name: "Microsoft.AzureActiveDirectory", tag: "AzureActiveDirectory", scope: "everywhere" },
  { name: "Microsoft.ContainerRegistry", tag: "AzureContainerRegistry", scope: "everywhere" },
  // the tag of their frontends, CognitiveServicesFrontend, has the addresses of portals
  // https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks#supported-regions-and-service-offerings
  { name: "Microsoft.CognitiveServices", tag: "CognitiveServicesManagement", scope: "everywhere", isWhole: true },
];

const byName = new Map(endpointServices.map((service) => [fold(service.name), service]));

/** By its name, whatever the case; undefined for one that Cordon does not know. */
export function endpointServiceOf(endpoint: string): EndpointService | undefined {
  return byName.get(fold(endpoint));
}

/** `endpoint` is folded; undefined for one of which the tag is not known. */
export function tagOfEndpoint(endpoint: string): string | undefined {
  return byName.get(endpoint)?.tag;
}

const leadingTo = new Map(catalog.map(({ type, serviceEndpoints }) => [fold(type), serviceEndpoints.map(fold)]));

/** Folded names of the service endpoints that lead to a (folded) type of service. */
export function endpointsOf(type: string): readonly string[] {
  return leadingTo.get(type) ?? [];
}

const tags: ReadonlySet<string> = new Set(endpointServices.map(({ tag }) => fold(tag)));

/** `tag` is folded, with a region or without: `storage.westeurope`. */
export function isTagOfEndpoint(tag: string): boolean {
  const [name = ""] = tag.split(".");
  return tags.has(name);
}
