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
  readonly delegation: string;
}

const forPlans = "Microsoft.Web/serverFarms";
const forFlexConsumption = "Microsoft.App/environments";

/**
 * Apps of the Flex Consumption plan go into a subnet that is delegated to Container Apps environments, those of all other
 * plans into one that is delegated to App Service.
 * https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#considerations
 * https://learn.microsoft.com/azure/app-service/configure-vnet-integration-enable#prerequisites
 */
const forApps = [forPlans, forFlexConsumption];

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
    { pointer: "/properties/sku", fits: /^flexconsumption$/i, delegation: forFlexConsumption },
    { pointer: "/properties/sku", fits: otherTiers, delegation: forPlans },
    { pointer: "/properties/functionAppConfig/runtime/name", fits: /./, delegation: forFlexConsumption },
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
      { pointer: "/sku/tier", fits: /^flexconsumption$/i, delegation: forFlexConsumption },
      { pointer: "/sku/tier", fits: otherTiers, delegation: forPlans },
      { pointer: "/sku/name", fits: /^fc\d/i, delegation: forFlexConsumption },
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
