import { fold } from "../model/resource-id.ts";

/** A type of service whose resources go into a subnet: where it is said, and what the subnet needs. */
export interface Placement {
  /** The canonical spelling: `Microsoft.Web/sites`. */
  readonly type: string;
  /** What people call one of them: "SQL managed instance". */
  readonly noun: string;
  /** Newest stable api-version that holds all of this. */
  readonly apiVersion: string;
  /** JSON pointers to ids of subnets; `*` is any element of an array. */
  readonly subnets: readonly string[];
  /** The delegations that its subnets may need, the usual one first; none where they need none. */
  readonly delegations: readonly string[];
  /** Some of the type go into subnets that must not be delegated at all. */
  readonly undelegated?: Undelegated;
  /** Each of them wants a subnet for itself: not even another of its type may be there. */
  readonly isAlone?: true;
  /** What tells which of several it is, what decides first. */
  readonly signs?: readonly DelegationSign[];
  /** JSON pointer to the id of the placed resource that tells, where the body has no sign. */
  readonly host?: string;
  /** Services run on it, and it is none itself: reports do not list it. */
  readonly isHost?: true;
}

/** A value in a body that tells what the service's subnets need to be delegated to. */
export interface DelegationSign {
  readonly pointer: string;
  /** It tells something where this fits. */
  readonly fits: RegExp;
  /** None where they must not be delegated. */
  readonly delegation?: string;
}

/** A kind of service whose subnets must not be delegated. */
export interface Undelegated {
  /** "a consumption-only Container Apps environment" */
  readonly noun: string;
  /** The longest prefix, and so the smallest subnet, that it takes. */
  readonly minSubnetPrefix: number;
}

const forPlans = "Microsoft.Web/serverFarms";
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
const ofApps: Pick<Placement, "delegations" | "signs" | "host"> = {
  delegations: forApps,
  signs: [
    { pointer: "/properties/sku", fits: /^flexconsumption$/i, delegation: forContainerApps },
    { pointer: "/properties/sku", fits: otherTiers, delegation: forPlans },
    { pointer: "/properties/functionAppConfig/runtime/name", fits: /./, delegation: forContainerApps },
    { pointer: "/kind", fits: /^(?!.*functionapp)./i, delegation: forPlans },
  ],
  host: "/properties/serverFarmId",
};

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
      { pointer: "/sku/tier", fits: /^flexconsumption$/i, delegation: forContainerApps },
      { pointer: "/sku/tier", fits: otherTiers, delegation: forPlans },
      { pointer: "/sku/name", fits: /^fc\d/i, delegation: forContainerApps },
      { pointer: "/sku/name", fits: /^(f|d|b|s|p|i|y|ep|ws|ei)\d/i, delegation: forPlans },
    ],
  },
  {
    type: "Microsoft.Sql/managedInstances",
    noun: "SQL managed instance",
    apiVersion: "2025-01-01",
    subnets: ["/properties/subnetId"],
    delegations: ["Microsoft.Sql/managedInstances"],
  },
  {
    type: "Microsoft.ContainerInstance/containerGroups",
    noun: "container group",
    apiVersion: "2026-07-01",
    subnets: ["/properties/subnetIds/*/id"],
    delegations: ["Microsoft.ContainerInstance/containerGroups"],
  },
  {
    type: "Microsoft.NetApp/netAppAccounts/capacityPools/volumes",
    noun: "NetApp volume",
    apiVersion: "2026-06-01",
    subnets: ["/properties/subnetId"],
    delegations: ["Microsoft.Netapp/volumes"],
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
      { pointer: "/properties/environmentMode", fits: /^workloadprofiles$/i, delegation: forContainerApps },
      { pointer: "/properties/environmentMode", fits: /^consumptiononly$/i },
      { pointer: "/properties/workloadProfiles/0/name", fits: /./, delegation: forContainerApps },
    ],
    isAlone: true,
  },
  // Its newer tiers go into subnets that are delegated to App Service; which delegation it needs depends on the tier.
  {
    type: "Microsoft.ApiManagement/service",
    noun: "API Management service",
    apiVersion: "2024-05-01",
    subnets: [
      "/properties/virtualNetworkConfiguration/subnetResourceId",
      "/properties/additionalLocations/*/virtualNetworkConfiguration/subnetResourceId",
    ],
    delegations: [],
  },
];

const byType = new Map(placements.map((placement) => [fold(placement.type), placement]));

/** `type` is folded. */
export function placementOfType(type: string): Placement | undefined {
  return byType.get(type);
}
