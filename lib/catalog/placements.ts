import { fold } from "../model/resource-id.ts";
import type { SubnetRequirement } from "./subnet-requirements.ts";

/** A type of service whose resources go into a subnet: where it is said, and what the subnet needs. */
export interface Placement {
  /** The canonical spelling: `Microsoft.Web/sites`. */
  readonly type: string;
  /** What people call one of them: "SQL managed instance". */
  readonly noun: string;
  /** What of one is in the subnets, where the rest is elsewhere: "API server". */
  readonly part?: string;
  /** Newest stable api-version that holds all of this. */
  readonly apiVersion: string;
  /** JSON pointers to ids of subnets, in which `*` is any element of an array, or to their names. */
  readonly subnets: readonly (string | NamedSubnet)[];
  /** Where one says that it has left its subnets, which its body still names: a folded text. */
  readonly leftWhere?: { readonly pointer: string; readonly value: string };
  /** The delegations that its subnets may need, the usual one first; none where they need none. */
  readonly delegations: readonly string[];
  /** Those that need a delegation, where they ask for more of their subnets than whatever else has the same delegation. */
  readonly delegated?: PlacedKind;
  /** Some of the type go into subnets that must not be delegated at all. */
  readonly undelegated?: PlacedKind;
  /** Which of them want a subnet for themselves, where not even another of the type may be; or all of them one for their type. */
  readonly alone?: "all" | "delegated" | "type";
  /** What tells which of several it is, what decides first. */
  readonly signs?: readonly DelegationSign[];
  /** JSON pointer to the id of the placed resource that tells, where the body has no sign. */
  readonly host?: string;
  /** JSON pointer to the id of the resource group in which it runs machines, whose interfaces are in its subnets. */
  readonly machines?: string;
  /** Services run on it, and it is none itself: reports do not list it. */
  readonly isHost?: true;
  /** There is none outside of a network, wherever it is. */
  readonly isAlwaysInjected?: true;
  /** JSON pointers to ids of placed resources in which it runs: where they are, it is. */
  readonly environments?: readonly string[];
  readonly requirements?: readonly PlacedRequirement[];
  /** Where one says that nothing that is made for subnets counts for it, and what it says then; the first pointer with a value tells. */
  readonly isApart?: { readonly pointers: readonly string[]; readonly values: Readonly<Record<string, boolean>> };
}

/** What the type asks of its subnets, or some of the type. */
export interface PlacedRequirement extends SubnetRequirement {
  /** Those whose subnets must not be delegated; those that are apart, in subnets where no other of the type is not. */
  readonly onlyOf?: "undelegated" | "apart";
}

/** JSON pointers to the id of a network, and to the name of a subnet in it. */
export interface NamedSubnet {
  readonly network: string;
  readonly name: string;
}

/** A value in a body that tells what the service's subnets need to be delegated to. */
export interface DelegationSign {
  readonly pointer: string;
  /** It tells something where this fits. */
  readonly fits: RegExp;
  /** One of them; none where they must not be delegated. */
  readonly delegations: readonly string[];
}

/** Some services of a type, and what they ask of their subnets. */
export interface PlacedKind {
  /** "a consumption-only Container Apps environment" */
  readonly noun: string;
  /** The longest prefix, and so the smallest subnet, that it takes. */
  readonly minSubnetPrefix: number;
}

const forPlans = "Microsoft.Web/serverFarms";
const forHostingEnvironments = "Microsoft.Web/hostingEnvironments";
/** Of the Flex Consumption plan, and of Container Apps, which share no subnet with one another. */
const forContainerApps = "Microsoft.App/environments";

/**
 * Apps of the Flex Consumption plan go into a subnet that is delegated to Container Apps environments, those of all other
 * plans into one that is delegated to App Service.
 * https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#considerations
 * https://learn.microsoft.com/azure/app-service/configure-vnet-integration-enable#prerequisites
 */
const forApps = [forPlans, forContainerApps];

/** https://learn.microsoft.com/javascript/api/@azure/arm-appservice/skuname */
const otherTiers = /^(free|shared|dynamic|basic|standard|premium|elastic|isolated|workflow)/i;

/**
 * Azure's own command line goes by the `sku` of an app, which the platform sets. Of the rest, `functionAppConfig` came with the
 * Flex Consumption plan, which takes nothing but function apps.
 * https://github.com/Azure/azure-cli/blob/dev/src/azure-cli/azure/cli/command_modules/appservice/utils.py
 * https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan
 */
const ofApps: Pick<Placement, "delegations" | "signs" | "host" | "environments"> = {
  delegations: forApps,
  signs: [
    { pointer: "/properties/sku", fits: /^flexconsumption$/i, delegations: [forContainerApps] },
    { pointer: "/properties/sku", fits: otherTiers, delegations: [forPlans] },
    { pointer: "/properties/functionAppConfig/runtime/name", fits: /./, delegations: [forContainerApps] },
    { pointer: "/kind", fits: /^(?!.*functionapp)./i, delegations: [forPlans] },
  ],
  host: "/properties/serverFarmId",
  environments: ["/properties/hostingEnvironmentProfile/id", "/properties/managedEnvironmentId"],
};

const networkOfInstances =
  "https://learn.microsoft.com/azure/azure-sql/managed-instance/connectivity-architecture-overview#network-requirements";

const networkOfVolumes =
  "https://learn.microsoft.com/azure/azure-netapp-files/azure-netapp-files-network-topologies#constraints";

/** Every type of service of which Cordon knows the place; the catalog has the boundary of some. */
export const placements: readonly Placement[] = [
  {
    type: "Microsoft.Web/sites",
    noun: "App Service app",
    apiVersion: "2025-03-01",
    subnets: ["/properties/virtualNetworkSubnetId"],
    ...ofApps,
  },
  {
    type: "Microsoft.Web/sites/slots",
    noun: "App Service slot",
    apiVersion: "2025-03-01",
    subnets: ["/properties/virtualNetworkSubnetId"],
    ...ofApps,
  },
  {
    type: "Microsoft.Web/serverfarms",
    noun: "App Service plan",
    isHost: true,
    apiVersion: "2025-03-01",
    subnets: ["/properties/network/virtualNetworkSubnetId"],
    delegations: forApps,
    signs: [
      { pointer: "/sku/tier", fits: /^flexconsumption$/i, delegations: [forContainerApps] },
      { pointer: "/sku/tier", fits: otherTiers, delegations: [forPlans] },
      { pointer: "/sku/name", fits: /^fc\d/i, delegations: [forContainerApps] },
      { pointer: "/sku/name", fits: /^(f|d|b|s|p|i|y|ep|ws|ei)\d/i, delegations: [forPlans] },
    ],
  },
  {
    type: "Microsoft.Sql/managedInstances",
    noun: "SQL managed instance",
    apiVersion: "2025-01-01",
    subnets: ["/properties/subnetId"],
    delegations: ["Microsoft.Sql/managedInstances"],
    requirements: [
      { part: "networkSecurityGroup", is: "needed", link: networkOfInstances },
      { part: "routeTable", is: "needed", link: networkOfInstances },
    ],
  },
  {
    type: "Microsoft.ContainerInstance/containerGroups",
    noun: "container group",
    apiVersion: "2026-07-01",
    subnets: ["/properties/subnetIds/*/id"],
    delegations: ["Microsoft.ContainerInstance/containerGroups"],
  },
  // With Basic network features, neither groups nor routes are supported on the subnet; beside volumes with Standard ones they are
  // made for those.
  {
    type: "Microsoft.NetApp/netAppAccounts/capacityPools/volumes",
    noun: "NetApp volume",
    apiVersion: "2026-06-01",
    subnets: ["/properties/subnetId"],
    delegations: ["Microsoft.Netapp/volumes"],
    isApart: {
      pointers: ["/properties/effectiveNetworkFeatures", "/properties/networkFeatures"],
      values: { basic: true, standard: false },
    },
    requirements: [
      { part: "networkSecurityGroup", is: "unsupported", onlyOf: "apart", link: networkOfVolumes },
      { part: "routeTable", is: "unsupported", onlyOf: "apart", link: networkOfVolumes },
    ],
  },
  {
    type: "Microsoft.DBforPostgreSQL/flexibleServers",
    noun: "PostgreSQL flexible server",
    apiVersion: "2025-08-01",
    subnets: ["/properties/network/delegatedSubnetResourceId"],
    delegations: ["Microsoft.DBforPostgreSQL/flexibleServers"],
  },
  {
    type: "Microsoft.DBforMySQL/flexibleServers",
    noun: "MySQL flexible server",
    apiVersion: "2024-12-30",
    subnets: ["/properties/network/delegatedSubnetResourceId"],
    delegations: ["Microsoft.DBforMySQL/flexibleServers"],
  },
  // Nothing but such caches may be in the subnet, for which no delegation is asked and no size told.
  // https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-premium-vnet
  {
    type: "Microsoft.Cache/redis",
    noun: "Redis cache",
    apiVersion: "2024-11-01",
    subnets: ["/properties/subnetId"],
    delegations: [],
    alone: "type",
  },
  // An older kind of cluster, which Azure migrates: https://learn.microsoft.com/azure/data-explorer/security-network-migrate-vnet-to-private-endpoint
  {
    type: "Microsoft.Kusto/clusters",
    noun: "Data Explorer cluster",
    apiVersion: "2025-02-14",
    subnets: ["/properties/virtualNetworkConfiguration/subnetId"],
    leftWhere: { pointer: "/properties/virtualNetworkConfiguration/state", value: "disabled" },
    delegations: ["Microsoft.Kusto/clusters"],
  },
  // An environment has one of two types, or is an express one, of which the documents do not say what its subnet needs. Workload
  // profiles are on the list of an environment of that type only, and at least the Consumption profile is.
  // https://learn.microsoft.com/azure/container-apps/custom-virtual-networks#subnet
  // https://learn.microsoft.com/azure/container-apps/workload-profiles-overview#profile-types
  // https://learn.microsoft.com/azure/container-apps/express-overview#considerations
  // https://learn.microsoft.com/dotnet/api/azure.resourcemanager.appcontainers.models.managedenvironmentmode
  // https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to#enable-virtual-network-integration
  {
    type: "Microsoft.App/managedEnvironments",
    noun: "Container Apps environment",
    apiVersion: "2026-01-01",
    subnets: ["/properties/vnetConfiguration/infrastructureSubnetId"],
    delegations: [forContainerApps],
    undelegated: { noun: "a consumption-only Container Apps environment", minSubnetPrefix: 23 },
    signs: [
      { pointer: "/properties/environmentMode", fits: /^workloadprofiles$/i, delegations: [forContainerApps] },
      { pointer: "/properties/environmentMode", fits: /^consumptiononly$/i, delegations: [] },
      { pointer: "/properties/workloadProfiles/0/name", fits: /./, delegations: [forContainerApps] },
    ],
    alone: "all",
    requirements: [
      {
        part: "routeTable",
        is: "unsupported",
        onlyOf: "undelegated",
        link: "https://learn.microsoft.com/azure/container-apps/networking#environment-selection",
      },
    ],
  },
  // The classic tiers go among other resources into a subnet that must not be delegated, the newer ones each into one of its own.
  // https://learn.microsoft.com/azure/api-management/virtual-network-injection-resources
  // https://learn.microsoft.com/azure/api-management/integrate-vnet-outbound#prerequisites
  // https://learn.microsoft.com/azure/api-management/inject-vnet-v2#prerequisites
  {
    type: "Microsoft.ApiManagement/service",
    noun: "API Management service",
    apiVersion: "2024-05-01",
    subnets: [
      "/properties/virtualNetworkConfiguration/subnetResourceId",
      "/properties/additionalLocations/*/virtualNetworkConfiguration/subnetResourceId",
    ],
    delegations: [forPlans, forHostingEnvironments],
    delegated: { noun: "an API Management service of a newer tier", minSubnetPrefix: 27 },
    undelegated: { noun: "an API Management service of a classic tier", minSubnetPrefix: 29 },
    signs: [
      { pointer: "/sku/name", fits: /^(developer|premium)$/i, delegations: [] },
      { pointer: "/sku/name", fits: /^standardv2$/i, delegations: [forPlans] },
      { pointer: "/sku/name", fits: /^premiumv2$/i, delegations: [forPlans, forHostingEnvironments] },
    ],
    alone: "delegated",
    // the pages above say so of each tier
    requirements: [
      {
        part: "networkSecurityGroup",
        is: "needed",
        link: "https://learn.microsoft.com/azure/api-management/virtual-network-injection-resources",
      },
    ],
  },
  // Nothing else may be in the subnet, of which the id stands where that of the network once did.
  // https://learn.microsoft.com/azure/app-service/environment/overview
  // https://learn.microsoft.com/azure/app-service/environment/networking#subnet-requirements
  // https://learn.microsoft.com/azure/app-service/environment/how-to-create-from-template
  {
    type: "Microsoft.Web/hostingEnvironments",
    noun: "App Service environment",
    isHost: true,
    apiVersion: "2025-03-01",
    subnets: ["/properties/virtualNetwork/id"],
    delegations: [forHostingEnvironments],
    alone: "all",
    isAlwaysInjected: true,
  },
  // The API server, where it is in a network of the owner's: many of them share a subnet. The nodes are in a network anyhow,
  // https://learn.microsoft.com/rest/api/aks/managed-clusters/get (`vnetSubnetID`)
  // https://learn.microsoft.com/azure/aks/api-server-vnet-integration
  {
    type: "Microsoft.ContainerService/managedClusters",
    noun: "AKS cluster",
    part: "API server",
    apiVersion: "2026-05-01",
    subnets: ["/properties/apiServerAccessProfile/subnetId"],
    delegations: ["Microsoft.ContainerService/managedClusters"],
  },
  // Agents of Foundry: each account needs a subnet for itself.
  // https://learn.microsoft.com/azure/ai-foundry/agents/how-to/virtual-networks#known-limitations
  {
    type: "Microsoft.CognitiveServices/accounts",
    noun: "Azure AI services account",
    apiVersion: "2026-07-01",
    subnets: ["/properties/networkInjections/*/subnetArmId"],
    delegations: [forContainerApps],
    alone: "all",
  },
  // A workspace has two subnets of its own in one network, which no other workspace and nothing else may be in. Its clusters
  // are machines in the owner's subscription, in a resource group that Databricks manages.
  // https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject
  // https://learn.microsoft.com/rest/api/databricks/workspaces/get
  // https://blogs.dxc.technology/2020/01/10/understanding-azure-databricks-and-resource-groups/
  {
    type: "Microsoft.Databricks/workspaces",
    noun: "Databricks workspace",
    apiVersion: "2026-01-01",
    subnets: ["customPublicSubnetName", "customPrivateSubnetName"].map((name) => ({
      network: "/properties/parameters/customVirtualNetworkId/value",
      name: `/properties/parameters/${name}/value`,
    })),
    delegations: ["Microsoft.Databricks/workspaces"],
    machines: "/properties/managedResourceGroupId",
    alone: "all",
    requirements: [
      {
        part: "networkSecurityGroup",
        is: "needed",
        link: "https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject",
      },
    ],
  },
  // Its nodes stand among other resources, and no delegation is asked for: https://learn.microsoft.com/azure/hdinsight/hdinsight-plan-virtual-network-deployment
  {
    type: "Microsoft.HDInsight/clusters",
    noun: "HDInsight cluster",
    apiVersion: "2021-06-01",
    subnets: ["/properties/computeProfile/roles/*/virtualNetworkProfile/subnet"],
    delegations: [],
  },
  // Their datacentres, which have subnets of their own, are in no list of a subscription. None has a public endpoint:
  // https://learn.microsoft.com/azure/managed-instance-apache-cassandra/secure-managed-instance-apache-cassandra
  {
    type: "Microsoft.DocumentDB/cassandraClusters",
    noun: "managed Cassandra cluster",
    apiVersion: "2026-03-15",
    subnets: ["/properties/delegatedManagementSubnetId"],
    delegations: [],
    isAlwaysInjected: true,
  },
];

const byType = new Map(placements.map((placement) => [fold(placement.type), placement]));

/** Whether a body says that it has left the subnets that it names. */
export function hasLeft({ leftWhere }: Placement, body: unknown): boolean {
  const segments = leftWhere?.pointer.split("/").slice(1) ?? [];
  const said = segments.reduce<unknown>((at, name) => Object(at)[name], body);
  return leftWhere !== undefined && typeof said === "string" && fold(said) === leftWhere.value;
}

/** `type` is folded. */
export function placementOfType(type: string): Placement | undefined {
  return byType.get(type);
}
