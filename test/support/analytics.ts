import { type Body, complete, type Given, group } from "./builders.ts";

export const workspaceId = `${group}/providers/Microsoft.Synapse/workspaces/syn-erp`;
export const kustoId = `${group}/providers/Microsoft.Kusto/clusters/adx-erp`;

type Properties = Readonly<Record<string, unknown>>;

export interface WorkspaceParts {
  /** [first, last] */
  readonly firewallRules?: readonly (readonly [string, string])[];
  readonly properties?: Properties;
  /** False where nobody read its list of rules. */
  readonly isListRead?: boolean;
}

/** A Synapse workspace without a rule, unless `parts` has some. */
export function aWorkspace({ firewallRules = [], properties = {}, isListRead = true }: WorkspaceParts = {}): Given {
  const type = "Microsoft.Synapse/workspaces";
  const rules = firewallRules.map(([startIpAddress, endIpAddress], index): Body => {
    const name = `rule-${index}`;
    const id = `${workspaceId}/firewallRules/${name}`;
    return { id, name, type: `${type}/firewallRules`, properties: { startIpAddress, endIpAddress } };
  });
  return [
    resource(workspaceId, type, { publicNetworkAccess: "Enabled", trustedServiceBypassEnabled: false, ...properties }),
    rules,
    isListRead ? complete(workspaceId, `${type}/firewallRules`) : [],
  ];
}

/** A Data Explorer cluster that lets in one address. */
export function aKustoCluster(properties: Properties = {}): Body {
  const own = { publicNetworkAccess: "Enabled", allowedIpRangeList: ["203.0.113.7"], publicIPType: "IPv4" };
  return resource(kustoId, "Microsoft.Kusto/clusters", { ...own, ...properties });
}

function resource(id: string, type: string, properties: Properties): Body {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return {
    id,
    name,
    type,
    location: "West Europe",
    tags: {},
    properties: { privateEndpointConnections: [], ...properties },
  };
}
