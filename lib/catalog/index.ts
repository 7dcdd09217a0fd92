import { fold, type ResourceId } from "../model/resource-id.ts";
import { aiSearch } from "./ai-search.ts";
import { aiServices } from "./ai-services.ts";
import { apiManagement } from "./api-management.ts";
import { appConfiguration } from "./app-configuration.ts";
import { appService, appServiceSlot } from "./app-service.ts";
import { automationAccount } from "./automation.ts";
import { applicationInsights, dataCollectionEndpoint, logAnalytics, privateLinkScope } from "./azure-monitor.ts";
import { batchAccount } from "./batch.ts";
import { containerRegistry } from "./container-registry.ts";
import { cosmosDb } from "./cosmos-db.ts";
import { cosmosDbPostgresql } from "./cosmos-db-postgresql.ts";
import { dataExplorerCluster } from "./data-explorer.ts";
import { dataFactory } from "./data-factory.ts";
import { dataLakeGen1 } from "./data-lake-gen1.ts";
import { databricks } from "./databricks.ts";
import { deviceProvisioningService } from "./device-provisioning.ts";
import { digitalTwins } from "./digital-twins.ts";
import { documentDb } from "./document-db.ts";
import { diskAccess, privateLinkHub } from "./endpoint-holders.ts";
import { eventGridDomain, eventGridNamespace, eventGridPartnerNamespace, eventGridTopic } from "./event-grid.ts";
import { eventHubs } from "./event-hubs.ts";
import { storageSyncService } from "./file-sync.ts";
import { apiForFhir, healthDataWorkspace } from "./health-data.ts";
import { iotHub } from "./iot-hub.ts";
import { keyVault } from "./key-vault.ts";
import { kubernetesCluster } from "./kubernetes-cluster.ts";
import { machineLearning } from "./machine-learning.ts";
import { managedGrafana } from "./managed-grafana.ts";
import { managedHsm } from "./managed-hsm.ts";
import { mysqlFlexibleServer } from "./mysql-flexible-server.ts";
import { placementOfType } from "./placements.ts";
import { postgresqlFlexibleServer } from "./postgresql-flexible-server.ts";
import { purviewAccount } from "./purview.ts";
import { recoveryServicesVault } from "./recovery-services.ts";
import { redisCache } from "./redis-cache.ts";
import { redisEnterprise } from "./redis-enterprise.ts";
import { relay } from "./relay.ts";
import type { PrivateLinkGroup, RetiredService, Service } from "./service.ts";
import { serviceBus } from "./service-bus.ts";
import { signalR, webPubSub } from "./signalr.ts";
import { mariaDbServer, mysqlSingleServer, postgresqlSingleServer } from "./single-servers.ts";
import { sqlManagedInstance } from "./sql-managed-instance.ts";
import { sqlServer } from "./sql-server.ts";
import { staticWebApp } from "./static-web-app.ts";
import { storage } from "./storage.ts";
import { synapseWorkspace } from "./synapse.ts";

/** Every type of service whose isolation is audited. */
export const catalog: readonly Service[] = [
  storage,
  sqlServer,
  sqlManagedInstance,
  postgresqlFlexibleServer,
  mysqlFlexibleServer,
  keyVault,
  managedHsm,
  cosmosDb,
  cosmosDbPostgresql,
  documentDb,
  redisCache,
  redisEnterprise,
  serviceBus,
  eventHubs,
  relay,
  eventGridTopic,
  eventGridDomain,
  eventGridNamespace,
  eventGridPartnerNamespace,
  iotHub,
  deviceProvisioningService,
  appService,
  appServiceSlot,
  staticWebApp,
  containerRegistry,
  kubernetesCluster,
  machineLearning,
  databricks,
  apiManagement,
  logAnalytics,
  applicationInsights,
  dataCollectionEndpoint,
  privateLinkScope,
  aiServices,
  aiSearch,
  appConfiguration,
  digitalTwins,
  managedGrafana,
  signalR,
  webPubSub,
  synapseWorkspace,
  privateLinkHub,
  dataExplorerCluster,
  dataFactory,
  healthDataWorkspace,
  batchAccount,
  automationAccount,
  purviewAccount,
  recoveryServicesVault,
  storageSyncService,
  diskAccess,
];

export const retiredServices: readonly RetiredService[] = [
  dataLakeGen1,
  apiForFhir,
  mariaDbServer,
  mysqlSingleServer,
  postgresqlSingleServer,
];

const byType = new Map(catalog.map((service) => [fold(service.type), service]));
const retiredByType = new Map(retiredServices.map((service) => [fold(service.type), service]));

/** `type` is folded. */
export function serviceOfType(type: string): Service | undefined {
  return byType.get(type);
}

/** `type` is folded. */
export function retiredServiceOfType(type: string): RetiredService | undefined {
  return retiredByType.get(type);
}

/** Whether services of a (folded) type have rules of their own behind public access, whatever they say. */
export function hasFirewall(type: string): boolean {
  const defaultAction = serviceOfType(type)?.defaultAction;
  return defaultAction === undefined || !("always" in defaultAction) || defaultAction.always === "deny";
}

/** Whether parts of services of a (folded) type behind lists of their own are judged apart, each by rules that are for it. */
export function arePartsApart(type: string): boolean {
  const lists = serviceOfType(type)?.accessLists ?? [];
  return lists.some((list) => !("target" in list));
}

/** The group of a service that a private endpoint asks for. */
export function privateLinkGroup(service: Service, groupId: string): PrivateLinkGroup | undefined {
  return service.privateLink.find((one) => {
    return one.isPrefix ? fold(groupId).startsWith(fold(one.groupId)) : fold(groupId) === fold(one.groupId);
  });
}

const namedByGroup = catalog.flatMap((service) =>
  service.privateLink.filter(({ isPrefix }) => isPrefix).map(({ groupId }) => ({ type: service.type, groupId })),
);

/** The service that a private endpoint leads to: what it names, or the child of that which its group names. */
export function privateLinkTarget(named: ResourceId, groupId: string): ResourceId {
  const child = namedByGroup.find(({ type, groupId: prefix }) => {
    return fold(type).startsWith(`${named.type}/`) && fold(groupId).startsWith(fold(prefix));
  });
  if (child === undefined) return named;
  return named.child(child.type.slice(named.type.length + 1), groupId.slice(child.groupId.length));
}

/** What is said of any type of service, audited or not; `type` is folded. */
export function describedType(type: string): Pick<Service, "type" | "noun"> | undefined {
  return serviceOfType(type) ?? placementOfType(type) ?? retiredServiceOfType(type);
}

/** Whether a (folded) type is one of services, ended or not: the plans that apps run on are none. */
export function isTypeOfService(type: string): boolean {
  return describedType(type) !== undefined && placementOfType(type)?.isHost !== true;
}
