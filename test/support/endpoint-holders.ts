import { type Body, group } from "./builders.ts";
import { aService, type Properties } from "./services.ts";

const scopes = "Microsoft.Insights/privateLinkScopes";

export const scopeId = `${group}/providers/${scopes}/ampls-erp`;
export const collectionId = `${group}/providers/Microsoft.Insights/dataCollectionEndpoints/dce-erp`;
export const diskAccessId = `${group}/providers/Microsoft.Compute/diskAccesses/da-erp`;
export const hubId = `${group}/providers/Microsoft.Synapse/privateLinkHubs/hub-erp`;

/** Something that holds these private endpoint connections, and nothing else. */
export function aHolder(id: string, connections: readonly Body[] = []): Body {
  return aService(id, { privateEndpointConnections: connections });
}

/** A private link scope, which lets its networks reach everything else, too. */
export function aScope(connections: readonly Body[] = [], accessMode = "Open"): Body {
  const accessModeSettings = { queryAccessMode: accessMode, ingestionAccessMode: accessMode, exclusions: [] };
  return aService(scopeId, { accessModeSettings, privateEndpointConnections: connections }, { location: "global" });
}

/** What ties a monitored resource to a scope, as the resource tells of it. */
export const tie = `${scopeId}/scopedResources/erp`;

/** A data collection endpoint that takes in nothing from public networks. */
export function aCollectionEndpoint(publicNetworkAccess: unknown = "Disabled", properties: Properties = {}): Body {
  return {
    ...aService(collectionId),
    properties: { immutableId: "dce-1", networkAcls: { publicNetworkAccess }, ...properties },
  };
}
