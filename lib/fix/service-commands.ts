import { fold } from "../model/resource-id.ts";

/**
 * The commands that change the boundary of one type of service. `{name}` is the service's, `{rule}` that of a child,
 * `{value}` what is set, added or taken away; `{list}` all addresses that are to stay, with commas between them.
 */
export interface ServiceCommands {
  /** Absent where a patch of the body does it. */
  readonly publicNetworkAccess?: string;
  /** Azure switches it only of one that has an entrance in a network, or an approved private endpoint. */
  readonly switchesOnlyWith?: "entranceInNetwork" | "privateEndpoint";
  /** Absent where a patch of the body does it. */
  readonly defaultAction?: string;
  /** The object in the body that has to be there for that command to work; without it, the body is patched. */
  readonly defaultActionWithin?: string;
  /** Of the same switch in the child that holds the rules, which Azure replaces as a whole and does not patch. */
  readonly ruleSetAccess?: string;
  /** Absent, with `removeAddress`, where no command takes every list of addresses: then the list is patched. */
  readonly addAddress?: string;
  /** What stands for `{list}` where no address stays. */
  readonly noAddress?: string;
  /** Of a rule that is a resource of its own. */
  readonly changeAddress?: string;
  readonly removeAddress?: string;
  /** Absent for services without network rules. */
  readonly removeSubnet?: string;
  /** Absent where a patch of the body does it, and false where that does not either. */
  readonly bypass?: string | false;
  readonly removeResource?: string;
  /** Lets nobody in any more who does not sign in. */
  readonly refuseAnonymous?: string;
  /** How the commands spell what is not spelled as in ARM: `Enabled`, or `AzureServices`. */
  readonly spellings?: Readonly<Record<string, string>>;
  /** What some of them lack to have their public access switched off. */
  readonly offNeeds?: string;
  /** Instead of a patch, of which Azure takes none: the `{property}` of the body is replaced by `{value}`, which is JSON. */
  readonly replace?: string;
  /** What keeps the commands for rules from working while public access is off. */
  readonly whileOff?: string;
}

/** Of rules that are resources of their own, each a range; `of` names the service and the rule. */
function ofRanges(group: string, of: string): Pick<ServiceCommands, "addAddress" | "changeAddress" | "removeAddress"> {
  return {
    addAddress: `${group} create ${of} --start-ip-address {first} --end-ip-address {last}`,
    changeAddress: `${group} update ${of} --start-ip-address {first} --end-ip-address {last}`,
    removeAddress: `${group} delete ${of} --yes`,
  };
}

/** Of which the words for the server and for one of its rules differ. */
function flexibleServer(noun: "postgres" | "mysql", server: string, rule: string): ServiceCommands {
  return {
    publicNetworkAccess: `${noun} flexible-server update --name {name} --public-access {value}`,
    ...ofRanges(`${noun} flexible-server firewall-rule`, `${server} {name} ${rule} {rule}`),
    whileOff:
      "the command line touches the firewall rules only while public access is on, which puts all of them in force",
  };
}

/** https://learn.microsoft.com/cli/azure/servicebus/namespace/network-rule-set, and eventhubs and relay alike. */
function messaging(noun: "servicebus" | "eventhubs" | "relay", trustedServices: string): ServiceCommands {
  const rules = `${noun} namespace network-rule-set`;
  return {
    publicNetworkAccess: `${noun} namespace update --name {name} --public-network-access {value}`,
    defaultAction: `${rules} update --namespace-name {name} --default-action {value}`,
    ruleSetAccess: `${rules} update --namespace-name {name} --public-network-access {value}`,
    addAddress: `${rules} ip-rule add --namespace-name {name} --ip-rule ip-address={value} action=Allow`,
    removeAddress: `${rules} ip-rule remove --namespace-name {name} --ip-rule ip-address={value} action=Allow`,
    bypass: `${rules} update --namespace-name {name} ${trustedServices} {value}`,
  };
}

function broker(noun: "servicebus" | "eventhubs"): ServiceCommands {
  const rules = `${noun} namespace network-rule-set virtual-network-rule`;
  return {
    ...messaging(noun, "--enable-trusted-service-access"),
    removeSubnet: `${rules} remove --namespace-name {name} --subnet id={value}`,
  };
}

/** Its option for rules takes whole lists, none of them empty: https://learn.microsoft.com/azure/event-grid/configure-firewall#use-azure-cli */
function eventGrid(noun: "topic" | "domain"): ServiceCommands {
  return {
    publicNetworkAccess: `eventgrid ${noun} update --name {name} --public-network-access {value}`,
    spellings: { Enabled: "enabled", Disabled: "disabled" },
  };
}

/** https://learn.microsoft.com/cli/azure/resource#az-resource-update */
function propertyOf(type: string, property: string): string {
  return `resource update --name {name} --resource-type ${type} --set properties.${property}={value}`;
}

const commands: readonly (readonly [type: string, commands: ServiceCommands])[] = [
  [
    "Microsoft.Storage/storageAccounts",
    {
      // https://learn.microsoft.com/cli/azure/storage/account, https://learn.microsoft.com/cli/azure/storage/account/network-rule
      publicNetworkAccess: "storage account update --name {name} --public-network-access {value}",
      defaultAction: "storage account update --name {name} --default-action {value}",
      addAddress: "storage account network-rule add --account-name {name} --ip-address {value}",
      removeAddress: "storage account network-rule remove --account-name {name} --ip-address {value}",
      removeSubnet: "storage account network-rule remove --account-name {name} --subnet {value}",
      bypass: "storage account update --name {name} --bypass {words}",
      removeResource:
        "storage account network-rule remove --account-name {name} --resource-id {value} --tenant-id {tenant}",
      refuseAnonymous: "storage account update --name {name} --allow-blob-public-access false",
    },
  ],
  [
    "Microsoft.KeyVault/vaults",
    {
      // https://learn.microsoft.com/cli/azure/keyvault, https://learn.microsoft.com/cli/azure/keyvault/network-rule
      publicNetworkAccess: "keyvault update --name {name} --public-network-access {value}",
      defaultAction: "keyvault update --name {name} --default-action {value}",
      addAddress: "keyvault network-rule add --name {name} --ip-address {value}",
      removeAddress: "keyvault network-rule remove --name {name} --ip-address {value}",
      removeSubnet: "keyvault network-rule remove --name {name} --subnet {value}",
      bypass: "keyvault update --name {name} --bypass {value}",
    },
  ],
  [
    "Microsoft.KeyVault/managedHSMs",
    {
      // https://learn.microsoft.com/azure/key-vault/managed-hsm/configure-network-security, https://learn.microsoft.com/cli/azure/keyvault
      publicNetworkAccess: "keyvault update-hsm --hsm-name {name} --public-network-access {value}",
      defaultAction: "keyvault update-hsm --hsm-name {name} --default-action {value}",
      addAddress: "keyvault network-rule add --hsm-name {name} --ip-address {value}",
      removeAddress: "keyvault network-rule remove --hsm-name {name} --ip-address {value}",
      bypass: "keyvault update-hsm --hsm-name {name} --bypass {value}",
    },
  ],
  [
    "Microsoft.DocumentDB/databaseAccounts",
    {
      // https://learn.microsoft.com/cli/azure/cosmosdb, https://learn.microsoft.com/cli/azure/cosmosdb/network-rule
      publicNetworkAccess: "cosmosdb update --name {name} --public-network-access {value}",
      spellings: { Enabled: "ENABLED", Disabled: "DISABLED" },
      addAddress: "cosmosdb update --name {name} --ip-range-filter {list}",
      removeAddress: "cosmosdb update --name {name} --ip-range-filter {list}",
      removeSubnet: "cosmosdb network-rule remove --name {name} --subnet {value}",
      bypass: "cosmosdb update --name {name} --network-acl-bypass {value}",
    },
  ],
  [
    "Microsoft.Sql/servers",
    {
      // https://learn.microsoft.com/cli/azure/sql/server and its groups firewall-rule, ipv6-firewall-rule, vnet-rule
      publicNetworkAccess: "sql server update --name {name} --enable-public-network {value}",
      spellings: { Enabled: "true", Disabled: "false" },
      ...ofRanges("sql server firewall-rule", "--server {name} --name {rule}"),
      removeAddress: "sql server {kind} delete --server {name} --name {rule}",
      removeSubnet: "sql server vnet-rule delete --server {name} --name {rule}",
    },
  ],
  [
    "Microsoft.Sql/managedInstances",
    {
      // https://learn.microsoft.com/cli/azure/sql/mi#az-sql-mi-update
      publicNetworkAccess: "sql mi update --name {name} --public-data-endpoint-enabled {value}",
      spellings: { Enabled: "true", Disabled: "false" },
    },
  ],
  // https://learn.microsoft.com/azure/postgresql/network/how-to-networking-servers-deployed-public-access-delete-firewall-rules
  // https://learn.microsoft.com/cli/azure/postgres/flexible-server/firewall-rule: since version 2.87 of the command line,
  // https://github.com/Azure/azure-cli/pull/33343
  ["Microsoft.DBforPostgreSQL/flexibleServers", flexibleServer("postgres", "--server-name", "--name")],
  // https://learn.microsoft.com/cli/azure/mysql/flexible-server and its group firewall-rule
  ["Microsoft.DBforMySQL/flexibleServers", flexibleServer("mysql", "--name", "--rule-name")],
  [
    "Microsoft.DocumentDB/mongoClusters",
    {
      // https://learn.microsoft.com/cli/azure/documentdb/mongocluster and its group firewall-rule
      publicNetworkAccess: "documentdb mongocluster update --cluster-name {name} --public-network-access {value}",
      ...ofRanges("documentdb mongocluster firewall-rule", "--cluster-name {name} --name {rule}"),
      bypass: "documentdb mongocluster update --cluster-name {name} --network-bypass-mode {value}",
    },
  ],
  [
    "Microsoft.DBforPostgreSQL/serverGroupsv2",
    {
      // https://learn.microsoft.com/cli/azure/cosmosdb/postgres/cluster#az-cosmosdb-postgres-cluster-update and the group firewall-rule
      publicNetworkAccess: "cosmosdb postgres cluster update --name {name} --coord-public-ip-access {value}",
      spellings: { Enabled: "true", Disabled: "false" },
      ...ofRanges("cosmosdb postgres firewall-rule", "--cluster-name {name} --name {rule}"),
    },
  ],
  [
    "Microsoft.Cache/redis",
    {
      // https://learn.microsoft.com/cli/azure/redis and its group firewall-rules
      publicNetworkAccess: "redis update --name {name} --set publicNetworkAccess={value}",
      addAddress: "redis firewall-rules create --name {name} --rule-name {rule} --start-ip {first} --end-ip {last}",
      changeAddress: "redis firewall-rules update --name {name} --rule-name {rule} --start-ip {first} --end-ip {last}",
      removeAddress: "redis firewall-rules delete --name {name} --rule-name {rule}",
    },
  ],
  // its command puts the whole cluster anew, "with potential downtime" (https://learn.microsoft.com/cli/azure/redisenterprise), and
  // only newer versions have the option: https://learn.microsoft.com/javascript/api/@azure/arm-redisenterprisecache/clusterupdateproperties
  ["Microsoft.Cache/redisEnterprise", {}],
  ["Microsoft.ServiceBus/namespaces", broker("servicebus")],
  ["Microsoft.EventHub/namespaces", broker("eventhubs")],
  ["Microsoft.Relay/namespaces", messaging("relay", "--trusted-service-access-enabled")],
  ["Microsoft.EventGrid/topics", eventGrid("topic")],
  ["Microsoft.EventGrid/domains", eventGrid("domain")],
  [
    "Microsoft.EventGrid/namespaces",
    // https://learn.microsoft.com/cli/azure/eventgrid/namespace; all of its rules are given at once
    { publicNetworkAccess: "eventgrid namespace update --name {name} --public-network-access {value}" },
  ],
  [
    "Microsoft.EventGrid/partnerNamespaces",
    {
      // https://learn.microsoft.com/cli/azure/eventgrid/partner/namespace has no command that updates one
      publicNetworkAccess: propertyOf("Microsoft.EventGrid/partnerNamespaces", "publicNetworkAccess"),
    },
  ],
  [
    "Microsoft.Devices/IotHubs",
    {
      // https://learn.microsoft.com/azure/iot-hub/iot-hub-ip-filtering#retrieve-and-update-ip-filters-using-azure-cli; a patch changes
      // tags alone: https://learn.microsoft.com/rest/api/iothub/iot-hub-resource/update
      replace:
        "resource update --name {name} --resource-type Microsoft.Devices/IotHubs --set properties.{property}={value}",
    },
  ],
  [
    "Microsoft.Devices/provisioningServices",
    {
      // a patch changes tags alone: https://learn.microsoft.com/rest/api/iot-dps/iot-dps-resource/update
      replace:
        "resource update --name {name} --resource-type Microsoft.Devices/provisioningServices --set properties.{property}={value}",
    },
  ],
  [
    "Microsoft.ContainerRegistry/registries",
    {
      // https://learn.microsoft.com/cli/azure/acr, https://learn.microsoft.com/cli/azure/acr/network-rule
      publicNetworkAccess: "acr update --name {name} --public-network-enabled {value}",
      spellings: { Enabled: "true", Disabled: "false", AzureServices: "true", None: "false" },
      defaultAction: "acr update --name {name} --default-action {value}",
      addAddress: "acr network-rule add --name {name} --ip-address {value}",
      removeAddress: "acr network-rule remove --name {name} --ip-address {value}",
      removeSubnet: "acr network-rule remove --name {name} --subnet {value}",
      bypass: "acr update --name {name} --allow-trusted-services {value}",
      refuseAnonymous: "acr update --name {name} --anonymous-pull-enabled false",
    },
  ],
  [
    "Microsoft.ContainerService/managedClusters",
    {
      // https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges#update-an-existing-clusters-api-server-authorized-ip-ranges
      // https://learn.microsoft.com/azure/aks/api-server-vnet-integration#enable-or-disable-private-cluster-mode-on-an-existing-cluster-with-api-server-vnet-integration
      publicNetworkAccess: "aks update --name {name} {value}",
      spellings: { Enabled: "--disable-private-cluster", Disabled: "--enable-private-cluster" },
      switchesOnlyWith: "entranceInNetwork",
      addAddress: "aks update --name {name} --api-server-authorized-ip-ranges {list}",
      removeAddress: "aks update --name {name} --api-server-authorized-ip-ranges {list}",
    },
  ],
  [
    "Microsoft.CognitiveServices/accounts",
    {
      // https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks: only rules have commands of their own
      publicNetworkAccess: propertyOf("Microsoft.CognitiveServices/accounts", "publicNetworkAccess"),
      defaultAction: propertyOf("Microsoft.CognitiveServices/accounts", "networkAcls.defaultAction"),
      // https://github.com/Azure/azure-cli/blob/dev/src/azure-cli-core/azure/cli/core/commands/arm.py (`_update_instance`)
      defaultActionWithin: "/properties/networkAcls",
      addAddress: "cognitiveservices account network-rule add --name {name} --ip-address {value}",
      removeAddress: "cognitiveservices account network-rule remove --name {name} --ip-address {value}",
      removeSubnet: "cognitiveservices account network-rule remove --name {name} --subnet {value}",
      bypass: propertyOf("Microsoft.CognitiveServices/accounts", "networkAcls.bypass"),
    },
  ],
  [
    "Microsoft.ApiManagement/service",
    {
      // the command is for classic tiers: https://learn.microsoft.com/azure/api-management/private-endpoint
      switchesOnlyWith: "privateEndpoint",
    },
  ],
  [
    "Microsoft.Databricks/workspaces",
    {
      // https://learn.microsoft.com/cli/azure/databricks/workspace#az-databricks-workspace-update
      publicNetworkAccess: "databricks workspace update --name {name} --public-network-access {value}",
    },
  ],
  [
    "Microsoft.MachineLearningServices/workspaces",
    {
      // https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link, of the extension `ml`
      publicNetworkAccess: "ml workspace update --name {name} --set public_network_access={value}",
      addAddress: "ml workspace network-rule add --workspace-name {name} --ip-address {value}",
      removeAddress: "ml workspace network-rule remove --workspace-name {name} --ip-address {value}",
    },
  ],
  [
    "Microsoft.OperationalInsights/workspaces",
    {
      // https://learn.microsoft.com/cli/azure/monitor/log-analytics/workspace#az-monitor-log-analytics-workspace-update
      publicNetworkAccess:
        "monitor log-analytics workspace update --workspace-name {name} --ingestion-access {value} --query-access {value}",
    },
  ],
  [
    "Microsoft.Insights/components",
    {
      // https://learn.microsoft.com/cli/azure/monitor/app-insights/component#az-monitor-app-insights-component-update
      publicNetworkAccess:
        "monitor app-insights component update --app {name} --ingestion-access {value} --query-access {value}",
    },
  ],
  [
    "Microsoft.Insights/dataCollectionEndpoints",
    {
      // https://learn.microsoft.com/cli/azure/monitor/data-collection/endpoint#az-monitor-data-collection-endpoint-update
      publicNetworkAccess: "monitor data-collection endpoint update --name {name} --public-network-access {value}",
    },
  ],
  [
    "Microsoft.Search/searchServices",
    {
      // https://learn.microsoft.com/azure/search/search-manage-azure-cli: all rules are given at once; a lone comma takes all away,
      // https://github.com/Azure/azure-cli/blob/dev/src/azure-cli/azure/cli/command_modules/search/custom.py
      publicNetworkAccess: "search service update --name {name} --public-access {value}",
      addAddress: "search service update --name {name} --ip-rules {list}",
      removeAddress: "search service update --name {name} --ip-rules {list}",
      noAddress: ",",
    },
  ],
  // the option that the document names (https://learn.microsoft.com/azure/azure-app-configuration/howto-disable-public-access) is
  // another one in many versions of the command line; a patch does without:
  // https://learn.microsoft.com/javascript/api/@azure/arm-appconfiguration/configurationstoreupdateparameters
  ["Microsoft.AppConfiguration/configurationStores", {}],
  [
    "Microsoft.DigitalTwins/digitalTwinsInstances",
    {
      // `az dt create`, which the document has, takes the location of the resource group for that of the instance:
      // https://learn.microsoft.com/azure/digital-twins/how-to-enable-private-link
      publicNetworkAccess: propertyOf("Microsoft.DigitalTwins/digitalTwinsInstances", "publicNetworkAccess"),
    },
  ],
  [
    "Microsoft.Dashboard/grafana",
    // https://learn.microsoft.com/cli/azure/grafana#az-grafana-update
    { publicNetworkAccess: "grafana update --name {name} --public-network-access {value}" },
  ],
  [
    "Microsoft.Synapse/workspaces",
    {
      // https://learn.microsoft.com/cli/azure/synapse/workspace/firewall-rule; no command switches public access
      // (https://github.com/MicrosoftDocs/azure-docs/issues/120107), and of two requests Microsoft recommends the patch:
      // https://learn.microsoft.com/azure/synapse-analytics/known-issues
      offNeeds: "Azure switches public access off only for workspaces with a managed virtual network",
      ...ofRanges("synapse workspace firewall-rule", "--workspace-name {name} --name {rule}"),
      // https://learn.microsoft.com/dotnet/api/azure.resourcemanager.synapse.models.synapseworkspacepatch
      bypass: false,
    },
  ],
  // its commands are an extension, which patches do without: https://learn.microsoft.com/dotnet/api/azure.resourcemanager.kusto.models.kustoclusterpatch
  ["Microsoft.Kusto/clusters", {}],
  // no command has it: https://learn.microsoft.com/dotnet/api/azure.resourcemanager.appservice.models.staticsitepatch
  ["Microsoft.Web/staticSites", {}],
  [
    "Microsoft.HealthcareApis/workspaces",
    {
      // a patch changes tags alone: https://learn.microsoft.com/javascript/api/@azure/arm-healthcareapis/workspacepatchresource
      publicNetworkAccess: propertyOf("Microsoft.HealthcareApis/workspaces", "publicNetworkAccess"),
    },
  ],
  // its commands are an extension: https://learn.microsoft.com/dotnet/api/azure.resourcemanager.datafactory.models.datafactorypatch
  ["Microsoft.DataFactory/factories", {}],
  [
    "Microsoft.StorageSync/storageSyncServices",
    {
      // no command: https://learn.microsoft.com/azure/storage/file-sync/file-sync-networking-endpoints#disable-access-to-the-storage-sync-service-public-endpoint
      // https://learn.microsoft.com/dotnet/api/azure.resourcemanager.storagesync.models.storagesyncservicepatch
      offNeeds: "without a private endpoint nothing is synchronised any more",
    },
  ],
  // patches hold both endpoints: https://learn.microsoft.com/javascript/api/@azure/arm-batch/batchaccountupdateparameters
  ["Microsoft.Batch/batchAccounts", {}],
  // its commands are an extension: https://learn.microsoft.com/javascript/api/@azure/arm-automation/automationaccountupdateparameters
  ["Microsoft.Automation/automationAccounts", {}],
  // so are these: https://learn.microsoft.com/javascript/api/@azure/arm-purview/accountupdateparameters
  ["Microsoft.Purview/accounts", {}],
  // https://learn.microsoft.com/azure/backup/backup-azure-private-endpoints-configure-manage#deny-public-network-access-to-the-vault
  [
    "Microsoft.RecoveryServices/vaults",
    { offNeeds: "Azure does not switch public access off for vaults with Cross Region Restore" },
  ],
];

const byType = new Map(commands.map(([type, own]) => [fold(type), own]));

/** `type` is folded. */
export function serviceCommands(type: string): ServiceCommands | undefined {
  return byType.get(type);
}
