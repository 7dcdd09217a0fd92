/** Whether a subnet can carry a network security group; "depends" where that is settled elsewhere. */
export type NsgSupport = "supported" | "unsupported" | "depends";

/** Folded names of subnets that take no network security group (the Bastion subnet does, with rules of its own). */
export const subnetNamesWithoutNsg: ReadonlySet<string> = new Set([
  "gatewaysubnet",
  "azurefirewallsubnet",
  "azurefirewallmanagementsubnet",
  "routeserversubnet",
]);

/**
 * Folded `serviceName` of a delegation → whether its subnet can carry a network security group, as far as the
 * services' own documents say. NetApp volumes carry one with Standard network features only.
 */
export const nsgSupportByDelegation: ReadonlyMap<string, NsgSupport> = new Map([
  ["microsoft.web/serverfarms", "supported"],
  ["microsoft.web/hostingenvironments", "supported"],
  ["microsoft.sql/managedinstances", "supported"],
  ["microsoft.containerinstance/containergroups", "supported"],
  ["microsoft.netapp/volumes", "depends"],
  ["microsoft.dbforpostgresql/flexibleservers", "supported"],
  ["microsoft.dbformysql/flexibleservers", "supported"],
  ["microsoft.databricks/workspaces", "supported"],
  ["microsoft.app/environments", "supported"],
  ["microsoft.apimanagement/service", "supported"],
  ["microsoft.network/dnsresolvers", "unsupported"],
  ["microsoft.containerservice/managedclusters", "supported"],
  ["microsoft.kusto/clusters", "supported"],
  ["microsoft.documentdb/cassandraclusters", "supported"],
  ["microsoft.machinelearningservices/workspaces", "supported"],
  ["microsoft.batch/batchaccounts", "supported"],
  ["microsoft.hardwaresecuritymodules/dedicatedhsms", "unsupported"],
  ["microsoft.baremetal/azurepaymenthsm", "unsupported"],
  ["microsoft.logic/integrationserviceenvironments", "supported"],
  ["microsoft.servicenetworking/trafficcontrollers", "supported"],
]);
