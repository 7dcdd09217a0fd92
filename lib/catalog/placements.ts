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
  /** The delegations that will do, one of them at least, the usual one first; none where it needs none. */
  readonly delegations: readonly string[];
}

/** An app of the Flex Consumption plan goes into a subnet that is delegated to Container Apps environments. */
const forApps = ["Microsoft.Web/serverFarms", "Microsoft.App/environments"];

/** Every type of service of which Cordon knows the place; the catalog has the boundary of some. */
export const placements: readonly Placement[] = [
  {
    type: "Microsoft.Web/sites",
    noun: "App Service app",
    apiVersion: "2025-03-01",
    subnets: ["/properties/virtualNetworkSubnetId"],
    delegations: forApps,
  },
  {
    type: "Microsoft.Web/sites/slots",
    noun: "App Service slot",
    apiVersion: "2025-03-01",
    subnets: ["/properties/virtualNetworkSubnetId"],
    delegations: forApps,
  },
  {
    type: "Microsoft.Web/serverfarms",
    noun: "App Service plan",
    apiVersion: "2025-03-01",
    subnets: ["/properties/network/virtualNetworkSubnetId"],
    delegations: forApps,
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
