import { type Body, type Given, group } from "./builders.ts";
import { aService, type Properties, type RuledParts, withRules } from "./services.ts";

export const workspaceId = `${group}/providers/Microsoft.Synapse/workspaces/syn-erp`;
export const kustoId = `${group}/providers/Microsoft.Kusto/clusters/adx-erp`;

/** A Synapse workspace without a rule, unless `parts` has some. */
export function aWorkspace(parts: RuledParts = {}): Given {
  const own = { publicNetworkAccess: "Enabled", trustedServiceBypassEnabled: false };
  return withRules(aService(workspaceId, { ...own, ...parts.properties }), parts);
}

/** A Data Explorer cluster that lets in one address. */
export function aKustoCluster(properties: Properties = {}): Body {
  const own = { publicNetworkAccess: "Enabled", allowedIpRangeList: ["203.0.113.7"], publicIPType: "IPv4" };
  return aService(kustoId, { ...own, ...properties });
}
