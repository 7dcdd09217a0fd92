import { describe, expect, test } from "vitest";
import { parseAzureEvent } from "../../lib/events/azure-event.ts";
import { parseChange } from "../../lib/events/change.ts";
import { type ToRead, whatShows, whatToRead } from "../../lib/events/what-to-read.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import samples from "../fixtures/azure-events.json" with { type: "json" };

const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const group = `${subscription}/resourceGroups/rg-erp`;
const network = `${group}/providers/Microsoft.Network`;
const vnet = `${network}/virtualNetworks/vnet-erp`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/sterpdrawings`;
const server = `${group}/providers/Microsoft.Sql/servers/sql-erp`;
const postgresql = `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-erp`;
const mysql = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/mysql-erp`;
const cluster = `${group}/providers/Microsoft.DocumentDB/mongoClusters/docdb-erp`;
const cache = `${group}/providers/Microsoft.Cache/redis/redis-erp`;
const relay = `${group}/providers/Microsoft.Relay/namespaces/relay-erp`;
const topic = `${group}/providers/Microsoft.EventGrid/topics/evgt-erp`;
const domain = `${group}/providers/Microsoft.EventGrid/domains/evgd-erp`;
const pull = `${group}/providers/Microsoft.EventGrid/namespaces/evgns-erp`;
const partner = `${group}/providers/Microsoft.EventGrid/partnerNamespaces/evgpn-erp`;
const namespace = `${group}/providers/Microsoft.ServiceBus/namespaces/sb-erp`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-erp`;
const hsm = `${group}/providers/Microsoft.KeyVault/managedHSMs/hsm-erp`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/crerp`;
const ai = `${group}/providers/Microsoft.CognitiveServices/accounts/ai-erp`;
const search = `${group}/providers/Microsoft.Search/searchServices/srch-erp`;
const store = `${group}/providers/Microsoft.AppConfiguration/configurationStores/appcs-erp`;
const managedRedis = `${group}/providers/Microsoft.Cache/redisEnterprise/amr-erp`;
const twins = `${group}/providers/Microsoft.DigitalTwins/digitalTwinsInstances/adt-erp`;
const grafana = `${group}/providers/Microsoft.Dashboard/grafana/amg-erp`;
const signalR = `${group}/providers/Microsoft.SignalRService/signalR/sigr-erp`;
const webPubSub = `${group}/providers/Microsoft.SignalRService/webPubSub/wps-erp`;
const workspace = `${group}/providers/Microsoft.Synapse/workspaces/syn-erp`;
const kusto = `${group}/providers/Microsoft.Kusto/clusters/adx-erp`;
const automation = `${group}/providers/Microsoft.Automation/automationAccounts/aa-erp`;
const purview = `${group}/providers/Microsoft.Purview/accounts/pview-erp`;
const recovery = `${group}/providers/Microsoft.RecoveryServices/vaults/rsv-erp`;
const iotHub = `${group}/providers/Microsoft.Devices/IotHubs/iot-erp`;
const factory = `${group}/providers/Microsoft.DataFactory/factories/adf-erp`;
const fileSync = `${group}/providers/Microsoft.StorageSync/storageSyncServices/sss-erp`;
const batch = `${group}/providers/Microsoft.Batch/batchAccounts/baerp`;
const kubernetes = `${group}/providers/Microsoft.ContainerService/managedClusters/aks-erp`;
const learning = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-erp`;
const databricks = `${group}/providers/Microsoft.Databricks/workspaces/dbw-erp`;
const citus = `${group}/providers/Microsoft.DBforPostgreSQL/serverGroupsv2/cosmos-pg-erp`;
const apim = `${group}/providers/Microsoft.ApiManagement/service/apim-erp`;
const instance = `${group}/providers/Microsoft.Sql/managedInstances/sqlmi-erp`;
const logs = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-erp`;
const insights = `${group}/providers/Microsoft.Insights/components/appi-erp`;
const endpoint = `${network}/privateEndpoints/pe-sql`;
const zone = `${network}/privateDnsZones/privatelink.database.windows.net`;
const policy = `${network}/firewallPolicies/fp-hub`;
const site = `${group}/providers/Microsoft.Web/sites/app-erp`;
const perimeter = `${network}/networkSecurityPerimeters/nsp-erp`;
const manager = `${network}/networkManagers/vnm`;

/** The ids that are read, "the subscription" or "nothing". */
function told(toRead: ToRead) {
  if (toRead.kind === "resources") return toRead.ids.map(({ text }) => text);
  return toRead.kind === "subscription" ? "the subscription" : "nothing";
}

const everything = "the subscription";

describe("each of Azure's samples, whatever its schema", () => {
  const management = [
    [account.replace("resourceGroups", "resourcegroups")],
    [`${server}/firewallRules/AllowAllWindowsAzureIps`],
    [vnet],
    "nothing",
    [vault],
    [`${namespace}/networkRuleSets/default`],
    [endpoint],
  ];
  test.each([
    { schema: "Event Grid schema", events: samples.eventGridSchema.flat(), want: management },
    { schema: "CloudEvents 1.0", events: samples.cloudEvents10, want: management },
    { schema: "notifications", events: samples.resourceNotificationsCloudEvent, want: [[account], [account]] },
    {
      schema: "notifications, Event Grid schema",
      events: samples.resourceNotificationsEventGrid.flat(),
      want: [[account]],
    },
  ])("$schema", ({ events, want }) => {
    expect(events.map((event) => told(whatToRead(parseAzureEvent(event))))).toEqual(want);
  });

  test("events that come twice and in disorder name each resource once, with the time of the latest", () => {
    const byId = new Map(samples.cloudEvents10.map((event) => [event.id, event]));
    const [second, first, again, third] = samples.duplicatesAndDisorder.deliveryOrder.map((id) => byId.get(id));
    const later = { ...again, time: "2026-02-03T10:15:31Z" };
    const { resources } = parseChange([second, first, later, again, third]);
    expect(resources.map(({ id, at }) => [id.text, at])).toEqual([
      [management[1]?.[0], Date.parse("2026-02-03T10:16:02Z")],
      [management[0]?.[0], Date.parse("2026-02-03T10:15:31Z")],
      [vnet, Date.parse(third?.time ?? "")],
    ]);
  });
});

type Outcome = "Success" | "Failure" | "Cancel";

function eventOf(operation: string, uri: string, outcome: Outcome = "Success") {
  const verb = operation.slice(operation.lastIndexOf("/") + 1).toLowerCase();
  const kind = { write: "Write", delete: "Delete", action: "Action" }[verb];
  return parseAzureEvent({
    id: "e1",
    eventType: `Microsoft.Resources.Resource${kind}${outcome}`,
    eventTime: "2026-02-03T10:15:30.1234567Z",
    data: { resourceUri: uri, operationName: operation },
  });
}

/** The operation of a write to a resource, which Azure names after its type. */
function written(id: string) {
  const [, , , , , , provider, ...rest] = id.split("/");
  return `${provider}/${rest.filter((_, index) => index % 2 === 0).join("/")}/write`;
}

const childrenThatStandInTheirParent = [
  { child: `${vnet}/subnets/snet-app`, parent: vnet },
  { child: `${vnet}/virtualNetworkPeerings/to-hub`, parent: vnet },
  { child: `${vnet}/subnets/snet-app/serviceAssociationLinks/link`, parent: vnet },
  { child: `${vnet}/subnets/snet-app/resourceNavigationLinks/link`, parent: vnet },
  { child: `${network}/networkSecurityGroups/nsg/securityRules/allow`, parent: `${network}/networkSecurityGroups/nsg` },
  { child: `${network}/routeTables/rt/routes/default`, parent: `${network}/routeTables/rt` },
  {
    child: `${network}/expressRouteCircuits/er/peerings/MicrosoftPeering`,
    parent: `${network}/expressRouteCircuits/er`,
  },
  { child: `${account}/privateEndpointConnections/c1`, parent: account },
  { child: `${server}/privateEndpointConnections/c1`, parent: server },
  { child: `${namespace}/privateEndpointConnections/c1`, parent: namespace },
  { child: `${vault}/privateEndpointConnections/c1`, parent: vault },
  { child: `${postgresql}/privateEndpointConnections/c1`, parent: postgresql },
  { child: `${mysql}/privateEndpointConnections/c1`, parent: mysql },
  ...[cluster, cache, relay, topic, domain, pull, partner].map((parent) => ({
    child: `${parent}/privateEndpointConnections/c1`,
    parent,
  })),
  { child: `${hsm}/privateEndpointConnections/c1`, parent: hsm },
  { child: `${registry}/privateEndpointConnections/c1`, parent: registry },
  { child: `${ai}/privateEndpointConnections/c1`, parent: ai },
  { child: `${search}/privateEndpointConnections/c1`, parent: search },
  ...[store, managedRedis, twins, grafana, signalR, webPubSub].map((parent) => ({
    child: `${parent}/privateEndpointConnections/c1`,
    parent,
  })),
  { child: `${workspace}/privateEndpointConnections/c1`, parent: workspace },
  { child: `${kusto}/privateEndpointConnections/c1`, parent: kusto },
  { child: `${automation}/privateEndpointConnections/c1`, parent: automation },
  { child: `${purview}/privateEndpointConnections/c1`, parent: purview },
  { child: `${recovery}/privateEndpointConnections/c1`, parent: recovery },
  { child: `${batch}/privateEndpointConnections/c1`, parent: batch },
  { child: `${fileSync}/privateEndpointConnections/c1`, parent: fileSync },
  { child: `${iotHub}/privateEndpointConnections/c1`, parent: iotHub },
  { child: `${workspace}/trustedServiceByPassConfiguration/default`, parent: workspace },
  { child: `${learning}/privateEndpointConnections/c1`, parent: learning },
  { child: `${citus}/privateEndpointConnections/c1`, parent: citus },
  { child: `${apim}/privateEndpointConnections/c1`, parent: apim },
  { child: `${instance}/privateEndpointConnections/c1`, parent: instance },
  { child: `${databricks}/privateEndpointConnections/c1`, parent: databricks },
  { child: `${network}/virtualNetworkGateways/vpn/natRules/r1`, parent: `${network}/virtualNetworkGateways/vpn` },
  { child: `${site}/networkConfig/virtualNetwork`, parent: site },
  { child: `${site}/slots/next/networkConfig/virtualNetwork`, parent: `${site}/slots/next` },
  { child: `${site}/virtualNetworkConnections/old`, parent: site },
];

test.each(childrenThatStandInTheirParent)("$child is read with what holds it", ({ child, parent }) => {
  const shouting = child.toUpperCase();
  expect(told(whatToRead(eventOf(written(child), child)))).toEqual([parent]);
  expect(told(whatToRead(eventOf(written(child), child, "Failure")))).toEqual([parent]);
  expect(told(whatToRead(eventOf(written(child).replace("/write", "/delete"), child)))).toEqual([parent]);
  expect(told(whatToRead(eventOf(written(child).toUpperCase(), shouting)))).toEqual([
    shouting.slice(0, parent.length), // as the event spells it
  ]);
});

const alone = [
  account,
  server,
  `${server}/firewallRules/office`,
  `${server}/ipv6FirewallRules/office`,
  `${server}/virtualNetworkRules/app`,
  postgresql,
  `${postgresql}/firewallRules/AllowAll`,
  mysql,
  `${mysql}/firewallRules/AllowAll`,
  cluster,
  `${cluster}/firewallRules/AllowAll`,
  cache,
  `${cache}/firewallRules/office`,
  relay,
  `${relay}/networkRuleSets/default`,
  topic,
  domain,
  pull,
  partner,
  hsm,
  registry,
  ai,
  search,
  store,
  managedRedis,
  twins,
  grafana,
  signalR,
  webPubSub,
  workspace,
  `${workspace}/firewallRules/allowAll`,
  kusto,
  batch,
  iotHub,
  fileSync,
  factory,
  `${factory}/privateEndpointConnections/c1`,
  recovery,
  purview,
  automation,
  kubernetes,
  learning,
  databricks,
  logs,
  insights,
  instance,
  apim,
  citus,
  `${citus}/firewallRules/office`,
  `${kubernetes}/privateEndpointConnections/c1`,
  `${namespace}/networkRuleSets/default`,
  `${zone}/A/sql-erp`,
  `${zone}/AAAA/sql-erp`,
  `${zone}/virtualNetworkLinks/erp`,
  zone,
  policy,
  site,
  `${site}/slots/next`,
  `${site}/config/web`,
  `${site}/slots/next/config/WEB`,
  `${perimeter}/profiles/p1`,
  `${perimeter}/profiles/p1/accessRules/office`,
  `${perimeter}/resourceAssociations/a1`,
  `${network}/publicIPAddresses/pip`,
  `${network}/networkInterfaces/nic`,
  `${network}/natGateways/nat`,
  `${network}/virtualNetworkGateways/vpn`,
  `${network}/connections/porto`,
  `${network}/localNetworkGateways/porto`,
  `${network}/azureFirewalls/fw`,
  `${network}/ipGroups/offices`,
  `${group}/providers/Microsoft.DataLakeStore/accounts/old`,
  `${group}/providers/Microsoft.HDInsight/clusters/hdi`,
  `${group}/providers/Microsoft.DocumentDB/cassandraClusters/cas`,
  `${group}/providers/Microsoft.DBforMariaDB/servers/old`,
  `${group}/providers/Microsoft.DBforMySQL/servers/old`,
  `${group}/providers/Microsoft.DBforPostgreSQL/servers/old`,
  `${group}/providers/Microsoft.NetApp/netAppAccounts/a/capacityPools/p/volumes/v`,
];

test.each(alone)("%s is read itself", (id) => {
  expect(told(whatToRead(eventOf(written(id), id)))).toEqual([id]);
  expect(told(whatToRead(eventOf(written(id).replace("/write", "/delete"), id, "Cancel")))).toEqual([id]);
});

const other = [
  {
    when: "a zone group is written, which empties customDnsConfigs",
    operation: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write",
    uri: `${endpoint}/privateDnsZoneGroups/default`,
    want: [`${endpoint}/privateDnsZoneGroups/default`, endpoint],
  },
  {
    when: "a policy gets a rule collection group, which it lists",
    operation: "Microsoft.Network/firewallPolicies/ruleCollectionGroups/write",
    uri: `${policy}/ruleCollectionGroups/g1`,
    want: [`${policy}/ruleCollectionGroups/g1`, policy],
  },
  {
    when: "a private endpoint connection is approved",
    operation: "Microsoft.Storage/storageAccounts/privateEndpointConnections/write",
    uri: `${account}/privateEndpointConnections/sterpdrawings.0a1b`,
    want: [account],
  },
  {
    when: "an account fails over to its other region",
    operation: "Microsoft.Storage/storageAccounts/failover/action",
    uri: account,
    want: [account],
  },
  {
    when: "a delegated service prepares a subnet",
    operation: "Microsoft.Network/virtualNetworks/subnets/prepareNetworkPolicies/action",
    uri: `${vnet}/subnets/snet-app`,
    want: [vnet],
  },
  {
    when: "all subnets are named at once",
    operation: "Microsoft.Network/virtualNetworks/subnets/write",
    uri: `${vnet}/subnets`,
    want: [vnet],
  },
  {
    when: "a PostgreSQL server moves out of its subnet",
    operation: "Microsoft.DBforPostgreSQL/flexibleServers/migrateNetwork/action",
    uri: postgresql,
    want: [postgresql],
  },
  {
    when: "a MySQL server moves out of its subnet",
    operation: "Microsoft.DBforMySQL/flexibleServers/detachVNet/action",
    uri: mysql,
    want: [mysql],
  },
  {
    when: "all firewall rules of a server are replaced",
    operation: "Microsoft.Sql/servers/firewallRules/write",
    uri: `${server}/firewallRules`,
    want: everything,
  },
  {
    when: "all firewall rules are replaced, and the event names the server",
    operation: "microsoft.sql/servers/FIREWALLRULES/write",
    uri: server,
    want: everything,
  },
  {
    when: "the portal replaces the firewall rules of a Synapse workspace",
    operation: "Microsoft.Synapse/workspaces/replaceAllIpFirewallRules/action",
    uri: workspace,
    want: everything,
  },
  {
    when: "a workspace is tied to a private link scope, of which only the workspace's body tells",
    operation: "Microsoft.Insights/privateLinkScopes/scopedResources/write",
    uri: "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Insights/privateLinkScopes/ampls/scopedResources/log",
    want: everything,
  },
  {
    when: "resources leave a group",
    operation: "Microsoft.Resources/subscriptions/resourceGroups/moveResources/action",
    uri: group,
    want: everything,
  },
  {
    when: "it is tried whether they could",
    operation: "Microsoft.Resources/subscriptions/resourceGroups/validateMoveResources/action",
    uri: group,
    want: "nothing",
  },
  {
    when: "a group is deleted",
    operation: "Microsoft.Resources/subscriptions/resourceGroups/delete",
    uri: group,
    want: everything,
  },
  {
    when: "a group is made or tagged",
    operation: "Microsoft.Resources/subscriptions/resourceGroups/write",
    uri: group,
    want: "nothing",
  },
  {
    when: "drafts of rules come into force",
    operation: "Microsoft.Network/firewallPolicies/deploy/action",
    uri: policy,
    want: everything,
  },
  {
    when: "drafts of rules are written",
    operation: "Microsoft.Network/firewallPolicies/ruleCollectionGroups/ruleCollectionGroupDrafts/write",
    uri: `${policy}/ruleCollectionGroups/g1/ruleCollectionGroupDrafts/default`,
    want: "nothing",
  },
  {
    when: "security admin rules are committed",
    operation: "Microsoft.Network/networkManagers/commit/action",
    uri: manager,
    want: everything,
  },
  {
    when: "a network joins a group of a network manager",
    operation: "Microsoft.Network/networkManagers/networkGroups/staticMembers/write",
    uri: `${manager}/networkGroups/g1/staticMembers/m1`,
    want: everything,
  },
  {
    when: "security admin rules are written, and not committed yet",
    operation: "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules/write",
    uri: `${manager}/securityAdminConfigurations/c/ruleCollections/rc/rules/r`,
    want: "nothing",
  },
  {
    when: "a service takes over what its perimeter says, of which no reader of Azure brings anything",
    operation: "Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations/reconcile/action",
    uri: `${account}/networkSecurityPerimeterConfigurations/c1`,
    want: "nothing",
  },
  {
    when: "a deployment begins",
    operation: "Microsoft.Resources/deployments/write",
    uri: `${group}/providers/Microsoft.Resources/deployments/main`,
    want: "nothing",
  },
  {
    when: "a resource is tagged",
    operation: "Microsoft.Resources/tags/write",
    uri: `${account}/providers/Microsoft.Resources/tags/default`,
    want: "nothing",
  },
  {
    when: "a role is assigned on a service",
    operation: "Microsoft.Authorization/roleAssignments/write",
    uri: `${account}/providers/Microsoft.Authorization/roleAssignments/r1`,
    want: "nothing",
  },
  {
    when: "a policy is assigned",
    operation: "Microsoft.Authorization/policyAssignments/write",
    uri: `${subscription}/providers/Microsoft.Authorization/policyAssignments/p1`,
    want: "nothing",
  },
  {
    when: "diagnostics of a service are set",
    operation: "Microsoft.Insights/diagnosticSettings/write",
    uri: `${account}/providers/Microsoft.Insights/diagnosticSettings/all`,
    want: "nothing",
  },
  {
    when: "a container is made",
    operation: "Microsoft.Storage/storageAccounts/blobServices/containers/write",
    uri: `${account}/blobServices/default/containers/drawings`,
    want: "nothing",
  },
  {
    when: "a database is made",
    operation: "Microsoft.Sql/servers/databases/write",
    uri: `${server}/databases/erp`,
    want: "nothing",
  },
  {
    when: "an app gets other settings",
    operation: "Microsoft.Web/sites/config/write",
    uri: `${site}/config/appsettings`,
    want: "nothing",
  },
  {
    when: "a slot of an app logs more",
    operation: "Microsoft.Web/sites/slots/config/write",
    uri: `${site}/slots/next/config/logs`,
    want: "nothing",
  },
  {
    when: "a circuit is authorized for somebody",
    operation: "Microsoft.Network/expressRouteCircuits/authorizations/write",
    uri: `${network}/expressRouteCircuits/er/authorizations/a1`,
    want: "nothing",
  },
  {
    when: "keys are listed",
    operation: "Microsoft.Storage/storageAccounts/listKeys/action",
    uri: account,
    want: "nothing",
  },
  {
    when: "keys are listed, in capitals",
    operation: "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTACCOUNTSAS/ACTION",
    uri: account,
    want: "nothing",
  },
  {
    when: "effective routes are asked for, as Cordon itself does",
    operation: "Microsoft.Network/networkInterfaces/effectiveRouteTable/action",
    uri: `${network}/networkInterfaces/nic`,
    want: "nothing",
  },
  {
    when: "effective admin rules are asked for, as Cordon itself does",
    operation: "Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action",
    uri: vnet,
    want: "nothing",
  },
  {
    when: "a right to join a subnet is used",
    operation: "Microsoft.Network/virtualNetworks/subnets/join/action",
    uri: `${vnet}/subnets/snet-app`,
    want: "nothing",
  },
  {
    when: "it is asked whether a name is free",
    operation: "Microsoft.Storage/checkNameAvailability/action",
    uri: `${subscription}/providers/Microsoft.Storage/checkNameAvailability`,
    want: "nothing",
  },
  {
    when: "an action of a type that is no list only sounds like one",
    operation: "Microsoft.Storage/lists/rebuild/action",
    uri: account,
    want: [account],
  },
  {
    when: "a machine is written",
    operation: "Microsoft.Compute/virtualMachines/write",
    uri: `${group}/providers/Microsoft.Compute/virtualMachines/vm`,
    want: "nothing",
  },
  {
    when: "a service has a name like a type that rules read",
    operation: "Microsoft.Storage/storageAccounts/blobServices/containers/write",
    uri: `${account}/blobServices/default/containers/virtualNetworks`,
    want: "nothing",
  },
];

test.each(other)("$when", ({ operation, uri, want }) => {
  expect(told(whatToRead(eventOf(operation, uri)))).toEqual(want);
  expect(told(whatToRead(eventOf(operation, uri, "Failure")))).toEqual(want);
});

test("a group that is gone, told by a notification without an operation", () => {
  const type = "Microsoft.ResourceNotifications.Resources.Deleted";
  const event = { specversion: "1.0", id: "e1", type, subject: group, data: {} };
  expect(told(whatToRead(parseAzureEvent(event)))).toBe(everything);
});

test("what is a write by its type is looked at, whatever its operation is called", () => {
  const operationName = "Microsoft.Storage/storageAccounts/listKeys/action";
  const eventType = "Microsoft.Resources.ResourceWriteSuccess";
  const event = parseAzureEvent({ id: "e1", eventType, data: { resourceUri: account, operationName } });
  expect(told(whatToRead(event))).toEqual([account]);
});

const byHand = [
  { id: account, want: [account] },
  { id: `${account}/blobServices/default/containers/drawings`, want: [account] },
  { id: `${vnet}/subnets/snet-app`, want: [vnet] },
  { id: `${site}/config/appsettings`, want: [site] },
  { id: `${account}/providers/Microsoft.Insights/diagnosticSettings/all`, want: [account] },
  { id: `${group}/providers/Microsoft.Compute/virtualMachines/vm`, want: everything },
  { id: group, want: everything },
  { id: subscription, want: everything },
];

test.each(byHand)("asked for by hand, $id shows in $want", ({ id, want }) => {
  const parsed = ResourceId.parse(id);
  expect(parsed && told(whatShows(parsed))).toEqual(want);
});
