import { fold } from "../model/resource-id.ts";

/** Whether a subnet can carry a network security group; "depends" where that is settled elsewhere. */
export type NsgSupport = "supported" | "unsupported" | "depends";

/**
 * A service that subnets are delegated to, as far as the services' own documents say; what they leave open is undefined.
 * https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview
 */
export interface DelegatedService {
  /** Azure's spelling, which compares without regard to case: "Microsoft.Web/serverFarms". */
  readonly serviceName: string;
  /** The longest prefix, and so the smallest subnet, that the service takes. */
  readonly minSubnetPrefix?: number;
  /** Whether anything else than this service may be in the subnet. */
  readonly isShareable?: boolean;
  readonly nsg?: "supported" | "unsupported";
  /** The types of resources that go into such a subnet; where there is none here, Azure publishes none. */
  readonly consumers: readonly string[];
}

/** NetApp volumes carry a network security group with Standard network features only. */
export const delegatedServices: readonly DelegatedService[] = [
  {
    serviceName: "Microsoft.Web/serverFarms",
    minSubnetPrefix: 28,
    isShareable: false,
    nsg: "supported",
    consumers: [
      "Microsoft.Web/sites",
      "Microsoft.Web/sites/slots",
      "Microsoft.Web/serverfarms",
      "Microsoft.ApiManagement/service",
    ],
  },
  {
    serviceName: "Microsoft.Web/hostingEnvironments",
    minSubnetPrefix: 27,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.Web/hostingEnvironments", "Microsoft.ApiManagement/service"],
  },
  {
    serviceName: "Microsoft.Sql/managedInstances",
    minSubnetPrefix: 27,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.Sql/managedInstances"],
  },
  {
    serviceName: "Microsoft.ContainerInstance/containerGroups",
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.ContainerInstance/containerGroups"],
  },
  {
    serviceName: "Microsoft.Netapp/volumes",
    minSubnetPrefix: 28,
    isShareable: false,
    consumers: ["Microsoft.NetApp/netAppAccounts/capacityPools/volumes"],
  },
  {
    serviceName: "Microsoft.DBforPostgreSQL/flexibleServers",
    minSubnetPrefix: 28,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.DBforPostgreSQL/flexibleServers"],
  },
  {
    serviceName: "Microsoft.DBforMySQL/flexibleServers",
    minSubnetPrefix: 29,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.DBforMySQL/flexibleServers"],
  },
  {
    serviceName: "Microsoft.Databricks/workspaces",
    minSubnetPrefix: 26,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.Databricks/workspaces"],
  },
  {
    serviceName: "Microsoft.App/environments",
    minSubnetPrefix: 27,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.App/managedEnvironments", "Microsoft.CognitiveServices/accounts", "Microsoft.Web/sites"],
  },
  {
    serviceName: "Microsoft.ApiManagement/service",
    minSubnetPrefix: 29,
    isShareable: true,
    nsg: "supported",
    consumers: ["Microsoft.ApiManagement/service"],
  },
  {
    serviceName: "Microsoft.Network/dnsResolvers",
    minSubnetPrefix: 28,
    isShareable: false,
    consumers: ["Microsoft.Network/dnsResolvers/inboundEndpoints", "Microsoft.Network/dnsResolvers/outboundEndpoints"],
  },
  {
    serviceName: "Microsoft.ContainerService/managedClusters",
    minSubnetPrefix: 28,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.ContainerService/managedClusters"],
  },
  {
    serviceName: "Microsoft.Kusto/clusters",
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.Kusto/clusters"],
  },
  {
    serviceName: "Microsoft.DocumentDB/cassandraClusters",
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.DocumentDB/cassandraClusters", "Microsoft.DocumentDB/cassandraClusters/dataCenters"],
  },
  { serviceName: "Microsoft.AzureCosmosDB/clusters", isShareable: false, consumers: [] },
  {
    serviceName: "Microsoft.MachineLearningServices/workspaces",
    nsg: "supported",
    consumers: ["Microsoft.MachineLearningServices/workspaces/computes"],
  },
  {
    serviceName: "Microsoft.Batch/batchAccounts",
    isShareable: true,
    nsg: "supported",
    consumers: ["Microsoft.Batch/batchAccounts/pools"],
  },
  { serviceName: "Microsoft.StreamAnalytics/streamingJobs", isShareable: false, consumers: [] },
  {
    serviceName: "Microsoft.HardwareSecurityModules/dedicatedHSMs",
    isShareable: false,
    nsg: "unsupported",
    consumers: ["Microsoft.HardwareSecurityModules/dedicatedHSMs"],
  },
  { serviceName: "Microsoft.BareMetal/AzureVMware", isShareable: false, consumers: [] },
  { serviceName: "Microsoft.BareMetal/AzureHostedService", isShareable: false, consumers: [] },
  {
    serviceName: "Microsoft.BareMetal/AzurePaymentHSM",
    isShareable: false,
    nsg: "unsupported",
    consumers: ["Microsoft.HardwareSecurityModules/dedicatedHSMs"],
  },
  { serviceName: "Microsoft.BareMetal/CrayServers", isShareable: false, consumers: [] },
  {
    serviceName: "Microsoft.AVS/PrivateClouds",
    isShareable: false,
    consumers: ["Microsoft.AVS/privateClouds"],
  },
  {
    serviceName: "Microsoft.Logic/integrationServiceEnvironments",
    minSubnetPrefix: 27,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.Logic/integrationServiceEnvironments"],
  },
  {
    serviceName: "Microsoft.LabServices/labplans",
    isShareable: false,
    consumers: ["Microsoft.LabServices/labPlans"],
  },
  {
    serviceName: "Microsoft.DevCenter/networkConnection",
    isShareable: true,
    consumers: ["Microsoft.DevCenter/networkConnections"],
  },
  {
    serviceName: "Microsoft.DevOpsInfrastructure/pools",
    isShareable: false,
    consumers: ["Microsoft.DevOpsInfrastructure/pools"],
  },
  {
    serviceName: "GitHub.Network/networkSettings",
    isShareable: false,
    consumers: ["GitHub.Network/networkSettings"],
  },
  {
    serviceName: "Microsoft.PowerPlatform/enterprisePolicies",
    isShareable: false,
    consumers: ["Microsoft.PowerPlatform/enterprisePolicies"],
  },
  { serviceName: "Microsoft.PowerPlatform/vnetaccesslinks", isShareable: false, consumers: [] },
  {
    serviceName: "Microsoft.ServiceNetworking/trafficControllers",
    minSubnetPrefix: 24,
    isShareable: false,
    nsg: "supported",
    consumers: ["Microsoft.ServiceNetworking/trafficControllers/associations"],
  },
  { serviceName: "Microsoft.Orbital/orbitalGateways", isShareable: false, consumers: [] },
  { serviceName: "Microsoft.Synapse/workspaces", consumers: ["Microsoft.Synapse/workspaces"] },
  { serviceName: "Microsoft.Sql/servers", consumers: [] },
  { serviceName: "Microsoft.DBforPostgreSQL/serversv2", consumers: [] },
  {
    serviceName: "Microsoft.StoragePool/diskPools",
    isShareable: false,
    consumers: ["Microsoft.StoragePool/diskPools"],
  },
  { serviceName: "Microsoft.DelegatedNetwork/controller", consumers: [] },
  {
    serviceName: "NGINX.NGINXPLUS/nginxDeployments",
    isShareable: false,
    consumers: ["NGINX.NGINXPLUS/nginxDeployments"],
  },
  {
    serviceName: "PaloAltoNetworks.Cloudngfw/firewalls",
    isShareable: false,
    consumers: ["PaloAltoNetworks.Cloudngfw/firewalls"],
  },
  {
    serviceName: "Qumulo.Storage/fileSystems",
    isShareable: false,
    consumers: ["Qumulo.Storage/fileSystems"],
  },
  {
    serviceName: "Microsoft.Network/applicationGateways",
    isShareable: false,
    consumers: ["Microsoft.Network/applicationGateways"],
  },
  { serviceName: "Oracle.Database/networkAttachments", consumers: [] },
];

const byServiceName = new Map(delegatedServices.map((service) => [fold(service.serviceName), service]));

/** `serviceName` is folded; undefined where it is in no list. */
export function delegatedService(serviceName: string): DelegatedService | undefined {
  return byServiceName.get(serviceName);
}

export function nsgSupportOf(serviceName: string): NsgSupport {
  return byServiceName.get(serviceName)?.nsg ?? "depends";
}

interface FixedName {
  /** Whether the subnet takes a network security group. */
  readonly nsg: NsgSupport;
  /** The service's documents say that nothing else may be in the subnet. */
  readonly isDedicated?: true;
}

/**
 * Folded names that Azure keeps for one service of its own.
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
 * https://learn.microsoft.com/azure/bastion/configuration-settings#subnet
 */
const fixedNameSubnets: ReadonlyMap<string, FixedName> = new Map<string, FixedName>([
  ["gatewaysubnet", { nsg: "unsupported", isDedicated: true }],
  ["azurefirewallsubnet", { nsg: "unsupported" }],
  ["azurefirewallmanagementsubnet", { nsg: "unsupported" }],
  ["azurebastionsubnet", { nsg: "supported", isDedicated: true }],
  ["routeserversubnet", { nsg: "unsupported" }],
]);

/** Undefined for a subnet whose name means nothing to Azure. */
export function fixedNameSubnet(name: string): NsgSupport | undefined {
  return fixedNameSubnets.get(fold(name))?.nsg;
}

/** Only for the service that Azure keeps the name for. */
export function isDedicatedByName(name: string): boolean {
  return fixedNameSubnets.get(fold(name))?.isDedicated === true;
}

/** Folded, of what Azure offers in a location: `…/locations/westeurope/availableDelegations/Microsoft.Web.serverFarms`. */
export const availableDelegationsType = "microsoft.network/locations/availabledelegations";

/** How Azure names a delegation where a name cannot hold a slash. */
export function delegationNameOf(serviceName: string): string {
  return serviceName.replaceAll("/", ".");
}
