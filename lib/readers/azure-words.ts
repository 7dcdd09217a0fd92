import { readTypes } from "../catalog/api-versions.ts";
import { delegatedServices } from "../catalog/delegations.ts";
import { catalog } from "../catalog/index.ts";
import { placements } from "../catalog/placements.ts";
import { resourceGraphTables } from "../catalog/resource-graph.ts";
import { endpointServices } from "../catalog/service-endpoints.ts";
import { regionOf } from "../model/region.ts";
import { fold } from "../model/resource-id.ts";

/** The first part of service tags: https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags */
const serviceTags = `
  ActionGroup ApiManagement AppConfiguration AppService AppServiceManagement ApplicationInsightsAvailability
  AutonomousDevelopmentPlatform AzureActiveDirectory AzureActiveDirectoryDomainServices AzureAdvancedThreatProtection
  AzureArcInfrastructure AzureAttestation AzureBackup AzureBotService AzureCloud AzureCognitiveSearch AzureConnectors
  AzureContainerRegistry AzureCosmosDB AzureDataExplorerManagement AzureDataLake AzureDatabricks AzureDevOps
  AzureDevSpaces AzureDeviceUpdate AzureDigitalTwins AzureEventGrid AzureFrontDoor AzureHealthcareAPIs
  AzureInformationProtection AzureIoTHub AzureKeyVault AzureLoadBalancer AzureLoadTestingInstanceManagement
  AzureMachineLearning AzureMachineLearningInference AzureManagedGrafana AzureMonitor AzureMonitorForSAP
  AzureOpenDatasets AzurePlatformDNS AzurePlatformIMDS AzurePlatformLKM AzurePortal AzureResourceManager
  AzureSecurityCenter AzureSentinel AzureSignalR AzureSiteRecovery AzureSphere AzureSpringCloud AzureStack
  AzureTrafficManager AzureUpdateDelivery AzureWebPubSub BatchNodeManagement ChaosStudio CognitiveServicesFrontend
  CognitiveServicesManagement DataFactory DataFactoryManagement Dynamics365BusinessCentral
  Dynamics365ForMarketingEmail EOPExternalPublishedIPs EventHub GatewayManager Grafana GuestAndHybridManagement
  HDInsight Internet KustoAnalytics LogicApps LogicAppsManagement M365ManagementActivityApi
  M365ManagementActivityApiWebhook Marketplace MicrosoftAzureFluidRelay MicrosoftCloudAppSecurity
  MicrosoftContainerRegistry MicrosoftDefenderForEndpoint MicrosoftPurviewPolicyDistribution OneDsCollector PowerBI
  PowerPlatformInfra PowerPlatformPlex PowerQueryOnline SCCservice Scuba SecurityCopilot SerialConsole ServiceBus
  ServiceFabric Sql SqlManagement Storage StorageMover StorageSyncService VideoIndexer VirtualNetwork
  WindowsAdminCenter WindowsVirtualDesktop Frontend FirstParty MicrosoftSecurity Backend ServiceEndpoint Core`;

/** Of all clouds: https://learn.microsoft.com/azure/reliability/regions-list */
const regions = `
  australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilne brazilse
  brazilsouth brazilsoutheast canadacentral canadaeast centralfrance centralindia centralus centraluseuap chilec
  chilecentral chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3 denmarkeast eastasia eastus eastus2
  eastus2euap eastus2stage eastusstg francecentral francesouth germanyn germanynorth germanywc germanywestcentral global
  indonesiacentral israelcentral israelnorthwest italynorth japaneast japanwest jioindiacentral jioindiawest
  koreacentral koreasouth malaysiasouth malaysiawest mexicocentral newzealandnorth northcentralus northcentralusstage
  northeurope northeurope2 norwaye norwayeast norwayw norwaywest polandcentral qatarcentral southafricanorth
  southafricawest southcentralus southcentralus2 southcentralusstg southeastasia southeastus southeastus3 southfrance
  southindia spaincentral swedencentral swedensouth switzerlandn switzerlandnorth switzerlandw switzerlandwest
  taiwannorth taiwannorthwest uaecentral uaenorth uksouth ukwest usdodcentral usdodeast usgovarizona usgovtexas
  usgovvirginia usstagec usstagee westcentralus westeurope westindia westus westus2 westus3`;

/** Names that mean something to Azure: with another one a thing would be another thing. */
const fixedNames = `
  GatewaySubnet AzureFirewallSubnet AzureFirewallManagementSubnet AzureBastionSubnet RouteServerSubnet
  AzurePrivatePeering AzurePublicPeering MicrosoftPeering default current Any AnyVnets all @
  AllowVnetInBound AllowAzureLoadBalancerInBound DenyAllInBound AllowVnetOutBound AllowInternetOutBound DenyAllOutBound
  AllowAllWindowsAzureIps AllowAllAzureServicesAndResourcesWithinAzureIps x-azure-fdid x-fd-healthprobe
  x-forwarded-for x-forwarded-host`;

/** What settings are set to. */
const values = `
  true false yes no on off none null enabled disabled enabling disabling allow deny alwaysAllow inbound outbound tcp
  udp icmp esp ah http https mssql ipv4 ipv6 dualstack dynamic static basic standard premium free shared isolated
  regional zonal zoneredundant succeeded failed creating updating deleting deleted accepted canceled provisioning
  provisioned deprovisioning deprovisioned notprovisioned inprogress running stopped ready active invalid inactive
  online available unavailable approved pending rejected disconnected connected initiated connecting configured
  notconfigured configuring validationneeded validationfailed manualvalidationneeded asnvalidationfailed
  certificatemissinginroutingregistry invalidsignatureencoding signatureverificationfailed networksourcedeleted
  unknown other user networksecuritygroupenabled routetableenabled virtualappliance virtualapplianceecmp
  virtualnetworkgateway virtualnetworkserviceendpoint vnetlocal vnetpeering vnetglobalpeering interfaceendpoint
  virtualnetworkpeering fullyinsync localnotinsync remotenotinsync localandremotenotinsync completed normal
  initializing warning error enforced learning audit transition custom securedbyperimeter notspecified alert
  servicetag addresses xff networkrule natrule applicationrule snat dnat filter firewallpolicyfilterrulecollection
  firewallpolicynatrulecollection azfw_vnet azfw_hub vpn expressroute localgateway policybased routebased ikev1 ikev2
  ipsec vnet2vnet vpnclient ingresssnat egresssnat responderonly initiatoronly notconnected
  generation1 generation2 azurehostedservice azureservices logging metrics nxdomainredirect delegatedservices
  certificate radius aad metereddata unlimiteddata multicloud standard_lrs standard_zrs standard_grs standard_gzrs
  standard_ragrs standard_ragzrs premium_lrs premium_zrs standardv2_lrs premiumv2_lrs hot cool cold archive storagev2
  blobstorage blockblobstorage filestorage tls1_0 tls1_1 tls1_2 tls1_3 generalpurpose memoryoptimized burstable
  businesscritical globaldocumentdb mongodb cassandra gremlin workflowstandard elasticpremium elastic flexconsumption
  consumption developer consumptiononly workloadprofiles gen4 gen5 app functionapp workflowapp container kubernetes
  linux windows linuxapp ergw1az ergw2az ergw3az ergwscale vpngw1 vpngw2 vpngw3 vpngw1az vpngw2az vpngw3az
  systemassigned userassigned systemassigneduserassigned serviceprincipal managedidentity group tenant get post
  resource string bool object array int objectarray table subnet delete`;

/** In answers that say no: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
const errorCodes = `
  AuthorizationFailed LinkedAuthorizationFailed ResourceNotFound ResourceGroupNotFound SubscriptionNotFound NotFound
  ParentResourceNotFound InvalidResourceType NoRegisteredProviderFound MissingSubscriptionRegistration Forbidden
  TooManyRequests ServerTimeout ServiceUnavailable InternalServerError GatewayTimeout NoAnswer InvalidAuthenticationToken
  AuthenticationFailed FeatureNotSupported RateLimiting BadRequest Conflict`;

/** Labels of Azure's own hosts, besides those of the zones that the catalog knows. */
const labels = `
  scm private blob queue web dfs file database vault documents privatelink azure azurewebsites management microsoft
  usgovcloudapi chinacloudapi chinacloudsites microsoftazure cloudapp azure-api azure-devices azurecr azmk8s net com
  cn us io`;

const paths = [
  ...readTypes,
  ...[...resourceGraphTables].flatMap(([table, types]) => [table, ...types]),
  ...placements.flatMap(({ type, delegations }) => [type, ...delegations]),
  ...delegatedServices.map(({ serviceName }) => serviceName),
  ...endpointServices.map(({ name }) => name),
  ...catalog.flatMap(({ namedZone }) =>
    namedZone === undefined ? [] : [namedZone.groupId, namedZone.kept?.inGroup ?? "", namedZone.kept?.none ?? ""],
  ),
  ...catalog.flatMap(({ privateLink, firewallChild }) => [
    ...privateLink.flatMap(({ groupId, zones }) => [groupId, ...Object.values(zones).flat()]),
    firewallChild?.name ?? "",
  ]),
  "Microsoft.Resources/subscriptions/resourceGroups/deployments/locations/serviceTags/operations/usages",
  "Microsoft.Network/locations/availableDelegations/virtualNetworks/virtualNetworkPeerings/subnets/bastionHosts",
  "Microsoft.Network/networkInterfaces/effectiveRouteTable/ipConfigurations/azureFirewallIpConfigurations",
  "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/effectiveSecurityAdminRules",
  "Microsoft.Network/networkSecurityGroups/securityRules/defaultSecurityRules/routeTables/routes/networkManagers",
  "Microsoft.Network/loadBalancers/frontendIPConfigurations/applicationGateways/gatewayIPConfigurations",
  "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections/serviceEndpointPolicies/connections/routeFilters",
  "Microsoft.Network/localNetworkGateways/privateLinkServices/privateEndpointConnections/networkWatchers/dnsResolvers",
  "Microsoft.Compute/virtualMachines/virtualMachineScaleSets/extensions/disks",
  "Microsoft.Authorization/permissions/roleAssignments/roleDefinitions/read/action",
  "Microsoft.Management/managementGroups/descendants",
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.ResourceGraph/resources",
  "Microsoft.Network/networkSecurityPerimeters/associations/inboundEndpoints/outboundEndpoints",
  "Microsoft.MachineLearningServices/workspaces/computes",
  "Microsoft.DocumentDB/cassandraClusters/dataCenters",
  "Microsoft.DevCenter/networkConnections",
  "Microsoft.Insights/privateLinkScopes/scopedResources",
  "tenants/providers/SOA",
];

/** What the catalog compares settings with: the keys of `values`, and flags. */
function comparedIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(comparedIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === "values") return Object.keys(inner);
    return name === "flags" ? inner : comparedIn(inner);
  });
}

const compared = [...catalog, ...placements].flatMap(comparedIn);

/** Folded: what Azure itself calls something. Only these words say nothing about whose estate it is. */
const words: ReadonlySet<string> = new Set(
  [serviceTags, regions, fixedNames, values, errorCodes, labels, ...paths, ...compared].flatMap((text) =>
    fold(text).split(/[\s/.]+/),
  ),
);

/** Static websites are in partitions, `<account>.z6.web.core.windows.net`, and so are static web apps: `<name>.3.azurestaticapps.net`. */
const partition = /^(z\d{1,2}|\d)$/i;

/** The sizes and tiers of plans: https://learn.microsoft.com/javascript/api/@azure/arm-appservice/skuname */
const plan = /^([fdbspiy]|ep|ws|ei|fc|basic|standard|premium|isolated)\d?(m?v\d)?$/i;

/** Whether it is one of Azure's own words, or the name of a region: "West Europe". */
export function isWordOfAzure(text: string): boolean {
  return words.has(fold(text)) || words.has(regionOf(text) ?? "") || partition.test(text) || plan.test(text);
}
