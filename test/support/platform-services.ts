import { aConnection, type Body, complete, type Given, group, subnetId } from "./builders.ts";
import { aService, type Properties, type RuledParts, withRules } from "./services.ts";

export const aksId = `${group}/providers/Microsoft.ContainerService/managedClusters/aks-erp`;

export const learningId = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-erp`;

export const databricksId = `${group}/providers/Microsoft.Databricks/workspaces/dbw-erp`;

export const citusId = `${group}/providers/Microsoft.DBforPostgreSQL/serverGroupsv2/cosmos-pg-erp`;

export const apimId = `${group}/providers/Microsoft.ApiManagement/service/apim-erp`;

export const instanceId = `${group}/providers/Microsoft.Sql/managedInstances/sqlmi-erp`;

export const logsId = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-erp`;
export const insightsId = `${group}/providers/Microsoft.Insights/components/appi-erp`;

/** A public cluster that gets out over its owner's routes, and whose API server one address is let in to. */
export function anAksCluster(apiServerAccessProfile: Properties = {}, properties: Properties = {}): Body {
  return aService(
    aksId,
    {
      dnsPrefix: "aks-erp",
      networkProfile: { outboundType: "userDefinedRouting" },
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.7/32"], ...apiServerAccessProfile },
      ...properties,
    },
    { sku: { name: "Base", tier: "Standard" } },
  );
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
  return aService(
    learningId,
    {
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.7" }] },
      ipAllowlist: [],
      ...properties,
    },
    { kind: "Default", sku: { name: "Basic", tier: "Basic" } },
  );
}

/** A workspace in no network of its owner, open to whomever its own lists let in. */
export function aDatabricksWorkspace(properties: Properties = {}): Body {
  return aService(
    databricksId,
    {
      managedResourceGroupId: "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-managed",
      publicNetworkAccess: "Enabled",
      ...properties,
    },
    { sku: { name: "premium" } },
  );
}

/** A Cosmos DB for PostgreSQL cluster whose coordinator is public, and its rules. */
export function aCitusCluster(firewallRules: RuledParts["firewallRules"] = [], properties: Properties = {}): Given {
  const own = { coordinatorEnablePublicIpAccess: true, nodeEnablePublicIpAccess: false, nodeCount: 2 };
  return withRules(aService(citusId, { ...own, ...properties }), { firewallRules });
}

/** A service outside of every network. */
export function anApimService(properties: Properties = {}, tier = "Premium"): Body {
  return aService(
    apimId,
    {
      publisherEmail: "erp@contoso.example",
      publisherName: "ERP",
      publicNetworkAccess: "Enabled",
      virtualNetworkType: "None",
      ...properties,
    },
    { sku: { name: tier, capacity: 1 } },
  );
}

/** An instance in `snet-app`, without a public endpoint. */
export function aManagedInstance(properties: Properties = {}): Body {
  const sku = { name: "GP_Gen5", tier: "GeneralPurpose" };
  return aService(instanceId, { subnetId, publicDataEndpointEnabled: false, ...properties }, { sku });
}

/** The way out of a cluster: over its load balancer, with these public addresses, unless it says otherwise. */
export function sendingFrom(ids: readonly string[] | null | undefined, outboundType?: string): Properties {
  const own = { effectiveOutboundIPs: ids?.map((id) => ({ id })) ?? ids };
  return { networkProfile: { outboundType, loadBalancerProfile: own, natGatewayProfile: own } };
}

const unreachable = { publicNetworkAccessForIngestion: "Disabled", publicNetworkAccessForQuery: "Disabled" };

/** A Log Analytics workspace that takes in and answers nothing from public networks. */
export function aLogWorkspace(properties: Properties = {}): Body {
  return aService(logsId, { ...unreachable, ...properties });
}

/** An Application Insights component that takes in and answers nothing from public networks. */
export function anInsightsComponent(properties: Properties = {}): Body {
  return aService(insightsId, { Application_Type: "web", ...unreachable, ...properties }, { kind: "web" });
}
