/**
 * Folded name of a service endpoint → the service tag that has the addresses it leads to.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
 */
const tags: ReadonlyMap<string, string> = new Map([
  ["microsoft.storage", "Storage"],
  ["microsoft.storage.global", "Storage"],
  ["microsoft.sql", "Sql"],
  ["microsoft.keyvault", "AzureKeyVault"],
  ["microsoft.azurecosmosdb", "AzureCosmosDB"],
  ["microsoft.servicebus", "ServiceBus"],
  ["microsoft.eventhub", "EventHub"],
  ["microsoft.web", "AppService"],
  ["microsoft.azureactivedirectory", "AzureActiveDirectory"],
  ["microsoft.containerregistry", "AzureContainerRegistry"],
  ["microsoft.cognitiveservices", "CognitiveServicesFrontend"],
]);

/** `endpoint` is folded; undefined for one of which the tag is not known. */
export function tagOfEndpoint(endpoint: string): string | undefined {
  return tags.get(endpoint);
}
