import { aConnection, type Body, complete, type Given, group, subnetId } from "./builders.ts";

export const aksId = `${group}/providers/Microsoft.ContainerService/managedClusters/aks-erp`;

export const learningId = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-erp`;

export const databricksId = `${group}/providers/Microsoft.Databricks/workspaces/dbw-erp`;

export const citusId = `${group}/providers/Microsoft.DBforPostgreSQL/serverGroupsv2/cosmos-pg-erp`;

export const apimId = `${group}/providers/Microsoft.ApiManagement/service/apim-erp`;

export const instanceId = `${group}/providers/Microsoft.Sql/managedInstances/sqlmi-erp`;

export const logsId = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-erp`;
export const insightsId = `${group}/providers/Microsoft.Insights/components/appi-erp`;

type Properties = Readonly<Record<string, unknown>>;

/** A public cluster whose API server one address is let in to. */
export function anAksCluster(apiServerAccessProfile: Properties = {}, properties: Properties = {}): Body {
  return {
    ...resource(aksId, "Microsoft.ContainerService/managedClusters"),
    sku: { name: "Base", tier: "Standard" },
    properties: {
      dnsPrefix: "aks-erp",
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.7/32"], ...apiServerAccessProfile },
      ...properties,
    },
  };
}

/** A private cluster, and the list of its connections, which was read. */
export function aPrivateAksCluster(
  status: string | undefined = "Approved",
  apiServerAccessProfile: Properties = {},
): Given {
  const type = "Microsoft.ContainerService/managedClusters/privateEndpointConnections";
  const connection = {
    ...aConnection(status),
    id: `${aksId}/privateEndpointConnections/pe-erp`,
    name: "pe-erp",
    type,
  };
  return [
    anAksCluster({ authorizedIPRanges: undefined, enablePrivateCluster: true, ...apiServerAccessProfile }),
    connection,
    complete(aksId, type),
  ];
}

/** A workspace that one address is let in to, as previews show it. */
export function aLearningWorkspace(properties: Properties = {}): Body {
  return {
    ...resource(learningId, "Microsoft.MachineLearningServices/workspaces"),
    kind: "Default",
    sku: { name: "Basic", tier: "Basic" },
    properties: {
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.7" }] },
      ipAllowlist: [],
      privateEndpointConnections: [],
      ...properties,
    },
  };
}

/** A workspace in no network of its owner, open to whomever its own lists let in. */
export function aDatabricksWorkspace(properties: Properties = {}): Body {
  return {
    ...resource(databricksId, "Microsoft.Databricks/workspaces"),
    sku: { name: "premium" },
    properties: {
      managedResourceGroupId: "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-managed",
      publicNetworkAccess: "Enabled",
      ...properties,
    },
  };
}

/** A Cosmos DB for PostgreSQL cluster whose coordinator is public, and its rules. */
export function aCitusCluster(
  firewallRules: readonly (readonly [first: string, last: string])[] = [],
  properties: Properties = {},
): Given {
  const type = "Microsoft.DBforPostgreSQL/serverGroupsv2";
  const body: Body = {
    ...resource(citusId, type),
    properties: {
      coordinatorEnablePublicIpAccess: true,
      nodeEnablePublicIpAccess: false,
      nodeCount: 2,
      privateEndpointConnections: [],
      ...properties,
    },
  };
  const rules = firewallRules.map(([startIpAddress, endIpAddress], index): Body => {
    const name = `rule-${index}`;
    const id = `${citusId}/firewallRules/${name}`;
    return { id, name, type: `${type}/firewallRules`, properties: { startIpAddress, endIpAddress } };
  });
  return [body, rules, complete(citusId, `${type}/firewallRules`)];
}

/** A service outside of every network. */
export function anApimService(properties: Properties = {}, tier = "Premium"): Body {
  return {
    ...resource(apimId, "Microsoft.ApiManagement/service"),
    sku: { name: tier, capacity: 1 },
    properties: {
      publisherEmail: "erp@contoso.example",
      publisherName: "ERP",
      publicNetworkAccess: "Enabled",
      virtualNetworkType: "None",
      ...properties,
    },
  };
}

/** An instance in `snet-app`, without a public endpoint. */
export function aManagedInstance(properties: Properties = {}): Body {
  return {
    ...resource(instanceId, "Microsoft.Sql/managedInstances"),
    sku: { name: "GP_Gen5", tier: "GeneralPurpose" },
    properties: { subnetId, publicDataEndpointEnabled: false, privateEndpointConnections: [], ...properties },
  };
}

/** A Log Analytics workspace that takes in and answers nothing from public networks. */
export function aLogWorkspace(properties: Properties = {}): Body {
  return {
    ...resource(logsId, "Microsoft.OperationalInsights/workspaces"),
    properties: { publicNetworkAccessForIngestion: "Disabled", publicNetworkAccessForQuery: "Disabled", ...properties },
  };
}

/** An Application Insights component that takes in and answers nothing from public networks. */
export function anInsightsComponent(properties: Properties = {}): Body {
  return {
    ...resource(insightsId, "Microsoft.Insights/components"),
    kind: "web",
    properties: {
      Application_Type: "web",
      publicNetworkAccessForIngestion: "Disabled",
      publicNetworkAccessForQuery: "Disabled",
      ...properties,
    },
  };
}

function resource(id: string, type: string) {
  return { id, name: id.slice(id.lastIndexOf("/") + 1), type, location: "West Europe", tags: {} };
}
