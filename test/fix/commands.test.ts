import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apiVersionOf } from "../../lib/catalog/api-versions.ts";
import { catalog } from "../../lib/catalog/index.ts";
import { command, commandFor, commandLine, readsFile, shellWord } from "../../lib/fix/command.ts";
import { patchCommand } from "../../lib/fix/patch-command.ts";
import { serviceCommands } from "../../lib/fix/service-commands.ts";
import { Policy } from "../../lib/model/policy.ts";
import { fold } from "../../lib/model/resource-id.ts";
import { readSet } from "../net/read-set.ts";
import { aKustoCluster, aWorkspace, kustoId, workspaceId } from "../support/analytics.ts";
import { anAllow, anApp, appId, lastRow, lists, slotId, untouched } from "../support/apps.ts";
import { aBatchAccount, batchId, only, open } from "../support/batch.ts";
import {
  absent,
  aConnection,
  aConsumptionOnlyEnvironment,
  aKeyVault,
  aNetwork,
  aNetworkInterface,
  aNetworkRule,
  anApiManagement,
  aPerimeter,
  aPlacedService,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  aSqlServer,
  aStorageAccount,
  complete,
  type Given,
  group,
  idOf,
  ipRules,
  networkId,
  noPerimeter,
  nsgId,
  publicAddressId,
  routeTableId,
  sqlId,
  storageId,
  subnetId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import { fixesOf } from "../support/fixed.ts";
import { aHub, signalRId } from "../support/hubs.ts";
import { anIotHub, iotHubId, ruleSet } from "../support/iot-hubs.ts";
import {
  aCache,
  aCluster,
  aFlexibleServer,
  aNamespace,
  anEventGrid,
  aRelayNamespace,
  cacheId,
  clusterId,
  domainId,
  mysqlId,
  partnerId,
  postgresqlId,
  pullId,
  relayId,
  serviceBusId,
  topicId,
} from "../support/more-services.ts";
import { aDataFactory, aStorageSyncService, factoryId, storageSyncId } from "../support/on-or-off.ts";
import {
  aCitusCluster,
  aksId,
  aLearningWorkspace,
  aLogWorkspace,
  aManagedInstance,
  anAksCluster,
  anApimService,
  anInsightsComponent,
  aPrivateAksCluster,
  apimId,
  citusId,
  insightsId,
  instanceId,
  learningId,
  logsId,
} from "../support/platform-services.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import {
  aiId,
  aManagedHsm,
  anAiAccount,
  aRegistry,
  aSearchService,
  hsmId,
  registryId,
  registryRules,
  searchId,
} from "../support/registries-and-ai.ts";
import {
  aServiceWithoutFirewall,
  automationId,
  grafanaId,
  managedRedisId,
  purviewId,
  recoveryId,
  storeId,
  twinsId,
} from "../support/services-without-firewall.ts";
import { policyWith } from "../support/world.ts";

const where = "--resource-group rg --subscription 00000000-0000-4000-8000-000000000001";

const whereZones = where.replace("rg", "rg-dns");

interface Row {
  readonly when: string;
  readonly finding: string;
  readonly given: Given;
  readonly policy?: Policy;
  /** Undefined where Cordon knows of nothing. */
  readonly want: readonly string[] | undefined;
}

const perimeterRule = "--perimeter-name nsp --profile-name default --name rule-0";
const approved = policyWith({ approvedAddresses: readSet("203.0.113.0/31") });

const noSqlServer = complete(subscription, "Microsoft.Sql/servers");

const { ipAddress, ...kept } = anAllow("203.0.113.0/31");
const cutDown = { ...kept, ipAddress };

/** There is no command of its own for all of what a configuration holds. */
function patchOf(id: string, properties: object): string {
  return `az rest --method patch --url '${id}/config/web?api-version=2025-03-01' --body '${JSON.stringify({ properties })}'`;
}

const someApproved = policyWith({ approvedAddresses: readSet("203.0.113.2", "203.0.113.7") });
const oneApproved = policyWith({ approvedAddresses: readSet("203.0.113.7") });
const openRules = [
  ["0.0.0.0", "255.255.255.255"],
  ["0.0.0.0", "0.0.0.0"],
] as const;

function eventGridPatch(id: string, addresses: readonly string[]): string {
  const inboundIpRules = addresses.map((ipMask) => ({ ipMask, action: "Allow" }));
  const body = JSON.stringify({ properties: { inboundIpRules } });
  return `az rest --method patch --url '${id}?api-version=2025-02-15' --body '${body}'`;
}

function hubWith(networkRuleSets: unknown): string {
  const words = "az resource update --name iot-erp --resource-type Microsoft.Devices/IotHubs --set";
  return `${words} 'properties.networkRuleSets=${JSON.stringify(networkRuleSets)}' ${where}`;
}

/** An account with neighbouring addresses for its names, of which one is known to no zone. */
function withTwoNames(): Given {
  const zone = zoneId("privatelink.cognitiveservices.azure.com");
  const recordSets = [{ recordType: "A", recordSetName: "ai-erp", ipAddresses: ["10.0.0.4"] }];
  const addresses = {
    "10.0.0.4": ["ai-erp.cognitiveservices.azure.com"],
    "10.0.0.5": ["ai-erp.openai.azure.com"],
  };
  return [
    anAiAccount({ publicNetworkAccess: "Disabled", privateEndpointConnections: [aConnection("Approved")] }, "OpenAI"),
    aPrivateEndpoint({ service: aiId, groupIds: ["account"] }),
    anInterface({ groupId: "account", addresses }),
    aNetwork(),
    aZoneGroup(zone, endpointId(), recordSets),
    aZone({ id: zone, records: { "ai-erp": ["10.0.0.4"] } }),
    aZone({ id: zoneId("privatelink.openai.azure.com"), records: {} }),
    everyZone,
    noPerimeter,
  ];
}

const mysqlZone = "privatelink.mysql.database.azure.com";

/** Servers that nobody reaches but over a private endpoint, in a subscription with a zone for something else. */
function withTwoEndpoints(): Given {
  const servers = [
    { id: mysqlId, endpoint: "pe-blob", address: "10.0.0.4" },
    { id: `${mysqlId}-two`, endpoint: "pe-two", address: "10.0.0.5" },
  ];
  const given = servers.map(({ id, endpoint: name, address }): Given => {
    const connections = [aConnection("Approved", name)];
    const addresses = { [address]: [`${idOf(id).name}.mysql.database.azure.com`] };
    return [
      aFlexibleServer(id, {
        network: { publicNetworkAccess: "Disabled" },
        properties: { privateEndpointConnections: connections },
      }),
      aPrivateEndpoint({ name, service: id, groupIds: ["mysqlServer"] }),
      anInterface({ name, groupId: "mysqlServer", addresses }),
      noZoneGroup(endpointId(name)),
    ];
  });
  return [...given, aNetwork(), aZone(), everyZone, noPerimeter].flat();
}

const instanceZone = "privatelink.5e1b.database.windows.net";

const anInstanceElsewhere: Given = [
  aManagedInstance({
    fullyQualifiedDomainName: "sqlmi-erp.5e1b.database.windows.net",
    subnetId: subnetId.replace("/vnet/", "/vnet-data/"),
  }),
  aPrivateEndpoint({ service: instanceId, groupIds: ["managedInstance"] }),
  anInterface({ groupId: "managedInstance", addresses: { "10.0.0.4": [] } }),
  [aNetwork(), noZoneGroup(), everyZone, noPerimeter],
];

const rows: readonly Row[] = [
  {
    when: "no number is left before those that allow what a rule denies",
    finding: `NI605:${nsgId}`,
    given: [
      aNetwork(),
      aSecurityGroup([
        aSecurityRule({ name: "low", priority: 100, sourceAddressPrefix: "0.0.0.0/1", destinationPortRange: "443" }),
        aSecurityRule({ name: "high", priority: 101, sourceAddressPrefix: "128.0.0.0/1", destinationPortRange: "443" }),
        aSecurityRule({
          ...{ name: "close", priority: 200, access: "Deny" },
          ...{ sourceAddressPrefix: "9.9.9.0/24", destinationPortRange: "443" },
        }),
      ]),
      absent(`${networkId}/subnets/GatewaySubnet`),
    ],
    want: [`az network nsg rule update --nsg-name nsg --name low --priority 201 ${where}`],
  },
  {
    when: "packets get past the firewall by a public IPv6 address",
    finding: `NI606:${subnetId}`,
    given: [
      aNetwork([{ properties: { addressPrefixes: ["10.0.0.0/24", "fd00:1::/64"], routeTable: { id: routeTableId } } }]),
      aSecurityGroup(),
      aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" }]),
      aNetworkInterface({ privateIPAddress: "fd00:1::4", publicIPAddress: publicAddressId }),
      absent(`${networkId}/subnets/GatewaySubnet`),
      complete(subscription, "Microsoft.Network/privateEndpoints"),
    ],
    policy: policyWith({ firewalls: readSet("10.9.0.4") }),
    want: [`az network nic ip-config update --nic-name nic --name ipconfig1 --public-ip-address null ${where}`],
  },
  {
    when: "a storage account allows by default",
    finding: `NI101:${storageId}`,
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter],
    want: [`az storage account update --name stdrawings --default-action Deny ${where}`],
  },
  {
    when: "a vault allows by default",
    finding: `NI101:${vaultId}`,
    given: [aKeyVault({ networkAcls: { defaultAction: "allow" } }), noPerimeter],
    want: [`az keyvault update --name kv-erp --default-action Deny ${where}`],
  },
  {
    when: "the one prefix of a perimeter's rule is nobody's whom the policy approves",
    finding: `NI104:${storageId}`,
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24"] }] })],
    policy: approved,
    want: [`az network perimeter profile access-rule delete ${perimeterRule} --yes ${where}`],
  },
  {
    when: "so is one of the prefixes of a perimeter's rule",
    finding: `NI104:${storageId}`,
    given: [
      aStorageAccount(),
      aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24", "203.0.113.0/31"] }] }),
    ],
    policy: approved,
    want: [
      `az network perimeter profile access-rule update ${perimeterRule} --address-prefixes '["203.0.113.0/31"]' ${where}`,
    ],
  },
  {
    when: "so is every prefix of a perimeter's rule",
    finding: `NI104:${storageId}`,
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24", "192.0.2.0/24"] }] })],
    policy: approved,
    want: [`az network perimeter profile access-rule delete ${perimeterRule} --yes ${where}`],
  },
  {
    when: "a perimeter's rule for a subscription lets callers in whatever their address",
    finding: `NI106:${storageId}`,
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ subscriptions: [{ id: subscription }] }] })],
    want: [`az network perimeter profile access-rule delete ${perimeterRule} --yes ${where}`],
  },
  {
    when: "a perimeter's rule lets all of Azure in to a vault by one of its service tags",
    finding: `NI103:${vaultId}`,
    given: [
      aKeyVault(),
      aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["PowerPlatformInfra", "AzureCloud"] }] }),
    ],
    want: [
      `az network perimeter profile access-rule update ${perimeterRule} --service-tags '["PowerPlatformInfra"]' ${where}`,
    ],
  },
  {
    when: "a subnet is listed behind a perimeter",
    finding: `NI207:${storageId}`,
    given: [
      aStorageAccount({
        publicNetworkAccess: "SecuredByPerimeter",
        networkAcls: { virtualNetworkRules: [aNetworkRule()] },
      }),
      aPerimeter(),
    ],
    want: [`az storage account network-rule remove --account-name stdrawings --subnet ${subnetId} ${where}`],
  },
  {
    when: "one rule of a storage account is the whole address space",
    finding: `NI101:${storageId}`,
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/0") } }), noPerimeter],
    policy: approved,
    want: [
      `az storage account network-rule add --account-name stdrawings --ip-address 203.0.113.0 ${where}`,
      `az storage account network-rule add --account-name stdrawings --ip-address 203.0.113.1 ${where}`,
      `az storage account network-rule remove --account-name stdrawings --ip-address 0.0.0.0/0 ${where}`,
    ],
  },
  {
    when: "one rule of a SQL server is the whole address space",
    finding: `NI101:${sqlId}`,
    given: [aSqlServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }), noPerimeter],
    want: [`az sql server firewall-rule delete --server sql-erp --name rule-0 ${where}`],
  },
  {
    when: "a rule of a SQL server is wider than what is approved",
    finding: `NI104:${sqlId}`,
    given: [aSqlServer({ firewallRules: [["203.0.113.0", "203.0.113.9"]] }), noPerimeter],
    policy: oneApproved,
    want: [
      `az sql server firewall-rule update --server sql-erp --name rule-0 --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7 ${where}`,
    ],
  },
  {
    when: "a SQL server admits Azure",
    finding: `NI103:${sqlId}`,
    given: [aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }), noPerimeter],
    want: [`az sql server firewall-rule delete --server sql-erp --name rule-0 ${where}`],
  },
  {
    when: "one rule of a PostgreSQL server is the whole address space",
    finding: `NI101:${postgresqlId}`,
    given: aFlexibleServer(postgresqlId, { firewallRules: [["0.0.0.0", "255.255.255.255"]] }),
    want: [`az postgres flexible-server firewall-rule delete --server-name psql-erp --name rule-0 --yes ${where}`],
  },
  {
    when: "a rule of a PostgreSQL server is wider than what is approved",
    finding: `NI104:${postgresqlId}`,
    given: aFlexibleServer(postgresqlId, { firewallRules: [["203.0.113.0", "203.0.113.9"]] }),
    policy: someApproved,
    want: [
      `az postgres flexible-server firewall-rule create --server-name psql-erp --name rule-0-2 --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7 ${where}`,
      `az postgres flexible-server firewall-rule update --server-name psql-erp --name rule-0 --start-ip-address 203.0.113.2 --end-ip-address 203.0.113.2 ${where}`,
    ],
  },
  {
    when: "a PostgreSQL server has a private endpoint, and several rules that are wide",
    finding: `NI303:${postgresqlId}`,
    given: aFlexibleServer(postgresqlId, {
      firewallRules: openRules,
      properties: { privateEndpointConnections: [aConnection("Approved")] },
    }),
    want: [`az postgres flexible-server update --name psql-erp --public-access Disabled ${where}`],
  },
  {
    when: "a MySQL server admits Azure",
    finding: `NI103:${mysqlId}`,
    given: aFlexibleServer(mysqlId, { firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    want: [`az mysql flexible-server firewall-rule delete --name mysql-erp --rule-name rule-0 --yes ${where}`],
  },
  {
    when: "a rule of a MySQL server is wider than what is approved",
    finding: `NI104:${mysqlId}`,
    given: aFlexibleServer(mysqlId, { firewallRules: [["203.0.113.0", "203.0.113.9"]] }),
    policy: oneApproved,
    want: [
      `az mysql flexible-server firewall-rule update --name mysql-erp --rule-name rule-0 --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7 ${where}`,
    ],
  },
  {
    when: "a MySQL server has a private endpoint, and several rules that are wide",
    finding: `NI303:${mysqlId}`,
    given: aFlexibleServer(mysqlId, {
      firewallRules: openRules,
      properties: { privateEndpointConnections: [aConnection("Approved")] },
    }),
    want: [`az mysql flexible-server update --name mysql-erp --public-access Disabled ${where}`],
  },
  {
    when: "a DocumentDB cluster admits Azure",
    finding: `NI103:${clusterId}`,
    given: aCluster({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    want: [`az documentdb mongocluster firewall-rule delete --cluster-name docdb-erp --name rule-0 --yes ${where}`],
  },
  {
    when: "a rule of a DocumentDB cluster is wider than what is approved",
    finding: `NI104:${clusterId}`,
    given: aCluster({ firewallRules: [["203.0.113.0", "203.0.113.9"]] }),
    policy: someApproved,
    want: [
      `az documentdb mongocluster firewall-rule create --cluster-name docdb-erp --name rule-0-2 --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7 ${where}`,
      `az documentdb mongocluster firewall-rule update --cluster-name docdb-erp --name rule-0 --start-ip-address 203.0.113.2 --end-ip-address 203.0.113.2 ${where}`,
    ],
  },
  {
    when: "Cosmos DB goes past the firewall of a DocumentDB cluster",
    finding: `NI106:${clusterId}`,
    given: aCluster({ properties: { networkBypassMode: "AzureCosmosDB" } }),
    want: [`az documentdb mongocluster update --cluster-name docdb-erp --network-bypass-mode None ${where}`],
  },
  {
    when: "a DocumentDB cluster has a private endpoint, and several rules that are wide",
    finding: `NI303:${clusterId}`,
    given: aCluster({
      firewallRules: openRules,
      properties: { privateEndpointConnections: [aConnection("Approved")] },
    }),
    want: [`az documentdb mongocluster update --cluster-name docdb-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "the rule of a Synapse workspace is for all addresses",
    finding: `NI101:${workspaceId}`,
    given: aWorkspace({ firewallRules: openRules }),
    want: [`az synapse workspace firewall-rule delete --workspace-name syn-erp --name rule-0 --yes ${where}`],
  },
  {
    when: "a rule of a Synapse workspace is wider than what is approved",
    finding: `NI104:${workspaceId}`,
    given: aWorkspace({ firewallRules: [["203.0.113.0", "203.0.113.9"]] }),
    policy: someApproved,
    want: [
      `az synapse workspace firewall-rule create --workspace-name syn-erp --name rule-0-2 --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7 ${where}`,
      `az synapse workspace firewall-rule update --workspace-name syn-erp --name rule-0 --start-ip-address 203.0.113.2 --end-ip-address 203.0.113.2 ${where}`,
    ],
  },
  {
    when: "a Synapse workspace has a private endpoint, and several rules that are wide",
    finding: `NI303:${workspaceId}`,
    given: aWorkspace({
      firewallRules: openRules,
      properties: { privateEndpointConnections: [aConnection("Approved")] },
    }),
    want: [
      `az rest --method patch --url '${workspaceId}?api-version=2021-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "trusted services go past the firewall of a Synapse workspace, which no documented request changes alone",
    finding: `NI106:${workspaceId}`,
    given: aWorkspace({ properties: { trustedServiceBypassEnabled: true } }),
    want: undefined,
  },
  {
    when: "the list of a Data Explorer cluster is empty, and addresses are approved",
    finding: `NI101:${kustoId}`,
    given: [aKustoCluster({ allowedIpRangeList: [] }), noPerimeter],
    policy: oneApproved,
    want: [
      `az rest --method patch --url '${kustoId}?api-version=2025-02-14' --body '{"properties":{"allowedIpRangeList":["203.0.113.7"]}}'`,
    ],
  },
  {
    when: "an entry of a Data Explorer cluster is wider than what is approved",
    finding: `NI104:${kustoId}`,
    given: [aKustoCluster({ allowedIpRangeList: ["203.0.113.0/24", "198.51.100.7"] }), noPerimeter],
    policy: policyWith({ approvedAddresses: readSet("203.0.113.7", "198.51.100.7") }),
    want: [
      `az rest --method patch --url '${kustoId}?api-version=2025-02-14' --body '{"properties":{"allowedIpRangeList":["198.51.100.7","203.0.113.7"]}}'`,
    ],
  },
  {
    when: "a Data Explorer cluster has a private endpoint, and nothing is approved",
    finding: `NI303:${kustoId}`,
    given: [
      aKustoCluster({ allowedIpRangeList: [], privateEndpointConnections: [aConnection("Approved")] }),
      noPerimeter,
    ],
    want: [
      `az rest --method patch --url '${kustoId}?api-version=2025-02-14' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "an Automation account is open, whose switch is a boolean",
    finding: `NI101:${automationId}`,
    given: [aServiceWithoutFirewall(automationId), noPerimeter],
    policy: oneApproved,
    want: [
      `az rest --method patch --url '${automationId}?api-version=2024-10-23' --body '{"properties":{"publicNetworkAccess":false}}'`,
    ],
  },
  {
    when: "a Purview account has a private endpoint, and its public door is open",
    finding: `NI303:${purviewId}`,
    given: [aServiceWithoutFirewall(purviewId, { privateEndpointConnections: [aConnection("Approved")] }), noPerimeter],
    want: [
      `az rest --method patch --url '${purviewId}?api-version=2021-12-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "a Recovery Services vault is open",
    finding: `NI101:${recoveryId}`,
    given: [aServiceWithoutFirewall(recoveryId), noPerimeter],
    want: [
      `az rest --method patch --url '${recoveryId}?api-version=2026-07-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "both endpoints of a Batch account are open",
    finding: `NI101:${batchId}`,
    given: [aBatchAccount({ accountAccess: open, nodeManagementAccess: open }), noPerimeter],
    want: [
      `az rest --method patch --url '${batchId}?api-version=2025-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "the endpoint for nodes of a Batch account is open",
    finding: `NI101:${batchId}`,
    given: [aBatchAccount({ nodeManagementAccess: open }), noPerimeter],
    want: [
      `az rest --method patch --url '${batchId}?api-version=2025-06-01' --body '{"properties":{"networkProfile":{"accountAccess":{"defaultAction":"Deny","ipRules":[]},"nodeManagementAccess":{"ipRules":[],"defaultAction":"Deny"}}}}'`,
    ],
  },
  {
    when: "a rule of the endpoint for nodes is wider than what is approved",
    finding: `NI104:${batchId}`,
    given: [aBatchAccount({ nodeManagementAccess: only("203.0.113.0/24") }), noPerimeter],
    policy: oneApproved,
    want: [
      `az rest --method patch --url '${batchId}?api-version=2025-06-01' --body '{"properties":{"networkProfile":{"accountAccess":{"defaultAction":"Deny","ipRules":[]},"nodeManagementAccess":{"defaultAction":"Deny","ipRules":[{"action":"Allow","value":"203.0.113.7"}]}}}}'`,
    ],
  },
  {
    when: "a site needs an Automation account that is shut, which Cordon does not open to everybody for it",
    finding: `NI501:${automationId}#site:leipzig`,
    given: [aServiceWithoutFirewall(automationId, { publicNetworkAccess: false }), noPerimeter],
    policy: policyWith({
      sites: [
        {
          name: "leipzig",
          natAddresses: readSet("203.0.113.7"),
          connection: "internet",
          needs: [{ kind: "type", type: "Microsoft.Automation/automationAccounts" }],
        },
      ],
    }),
    want: undefined,
  },
  {
    when: "a Redis cache has no rule, and nothing is approved",
    finding: `NI101:${cacheId}`,
    given: aCache(),
    want: [`az redis update --name redis-erp --set publicNetworkAccess=Disabled ${where}`],
  },
  {
    when: "the one rule of a Redis cache is the whole address space: without it everybody would get in all the same",
    finding: `NI101:${cacheId}`,
    given: aCache({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }),
    want: [`az redis update --name redis-erp --set publicNetworkAccess=Disabled ${where}`],
  },
  {
    when: "a rule of a Redis cache is wider than what is approved",
    finding: `NI104:${cacheId}`,
    given: aCache({ firewallRules: [["203.0.113.0", "203.0.113.9"]] }),
    policy: someApproved,
    want: [
      `az redis firewall-rules create --name redis-erp --rule-name rule_0_2 --start-ip 203.0.113.7 --end-ip 203.0.113.7 ${where}`,
      `az redis firewall-rules update --name redis-erp --rule-name rule_0 --start-ip 203.0.113.2 --end-ip 203.0.113.2 ${where}`,
    ],
  },
  {
    when: "a Redis cache keeps a rule while public access is off",
    finding: `NI107:${cacheId}`,
    given: aCache({ firewallRules: [["203.0.113.0", "203.0.113.9"]], properties: { publicNetworkAccess: "Disabled" } }),
    want: [`az redis firewall-rules delete --name redis-erp --rule-name rule_0 ${where}`],
  },
  {
    when: "a Relay namespace allows by default",
    finding: `NI101:${relayId}`,
    given: [aRelayNamespace({ defaultAction: "Allow" }), noPerimeter],
    want: [`az relay namespace network-rule-set update --namespace-name relay-erp --default-action Deny ${where}`],
  },
  {
    when: "a rule of a Relay namespace is wider than what is approved",
    finding: `NI104:${relayId}`,
    given: [aRelayNamespace({ ipRules: [{ ipMask: "203.0.113.0/29", action: "Allow" }] }), noPerimeter],
    policy: oneApproved,
    want: [
      `az relay namespace network-rule-set ip-rule add --namespace-name relay-erp --ip-rule ip-address=203.0.113.7 action=Allow ${where}`,
      `az relay namespace network-rule-set ip-rule remove --namespace-name relay-erp --ip-rule ip-address=203.0.113.0/29 action=Allow ${where}`,
    ],
  },
  {
    when: "trusted services go past the firewall of a Relay namespace",
    finding: `NI106:${relayId}`,
    given: [aRelayNamespace({ trustedServiceAccessEnabled: true }), noPerimeter],
    want: [
      `az relay namespace network-rule-set update --namespace-name relay-erp --trusted-service-access-enabled false ${where}`,
    ],
  },
  {
    when: "a Relay namespace has a private endpoint, and the public door is open",
    finding: `NI303:${relayId}`,
    given: [
      aRelayNamespace(
        { ipRules: [{ ipMask: "0.0.0.0/0", action: "Allow" }] },
        { privateEndpointConnections: [aConnection("Approved")] },
      ),
      noPerimeter,
    ],
    want: [`az relay namespace update --name relay-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "public access is off at a namespace and in its rule set, which Azure replaces as a whole",
    finding: `NI207:${serviceBusId}`,
    given: [
      aNamespace(
        serviceBusId,
        { publicNetworkAccess: "Disabled", ipRules: [], virtualNetworkRules: [{ subnet: { id: subnetId } }] },
        { publicNetworkAccess: "Disabled" },
      ),
      aNetwork([{ serviceEndpoints: ["Microsoft.ServiceBus"] }]),
      noPerimeter,
    ],
    want: [
      `az servicebus namespace update --name sb-erp --public-network-access Enabled ${where}`,
      `az servicebus namespace network-rule-set update --namespace-name sb-erp --public-network-access Enabled ${where}`,
    ],
  },
  {
    when: "two private endpoints of a network need a zone that there is not yet",
    finding: `NI304:${endpointId()}#mysqlserver`,
    given: withTwoEndpoints(),
    want: [
      `az network private-dns zone create --name ${mysqlZone} ${whereZones}`,
      ...["pe-blob", "pe-two"].map(
        (name) =>
          `az network private-endpoint dns-zone-group create --endpoint-name ${name} --name default --private-dns-zone ${zoneId(mysqlZone)} --zone-name ${mysqlZone.replaceAll(".", "-")} ${where}`,
      ),
      `az network private-dns link vnet create --zone-name ${mysqlZone} --name link-vnet --virtual-network ${networkId} --registration-enabled false ${whereZones}`,
    ],
  },
  {
    when: "a SQL managed instance has an endpoint in another network, and nobody has made its zone",
    finding: `NI304:${endpointId()}#managedInstance`,
    given: [anInstanceElsewhere, aZone()],
    want: [
      `az network private-dns zone create --name ${instanceZone} ${whereZones}`,
      `az network private-dns record-set a add-record --zone-name ${instanceZone} --record-set-name sqlmi-erp --ipv4-address 10.0.0.4 ${whereZones}`,
      `az network private-dns link vnet create --zone-name ${instanceZone} --name link-vnet --virtual-network ${networkId} --registration-enabled false ${whereZones}`,
    ],
  },
  {
    when: "the zone of a SQL managed instance has its record and no link",
    finding: `NI304:${endpointId()}#managedInstance`,
    given: [
      anInstanceElsewhere,
      aZone({ id: zoneId(instanceZone), links: [], records: { "sqlmi-erp": ["10.0.0.4"] } }),
    ],
    want: [
      `az network private-dns link vnet create --zone-name ${instanceZone} --name link-vnet --virtual-network ${networkId} --registration-enabled false ${whereZones}`,
    ],
  },
  {
    when: "a name of a private endpoint with an address for each name has no record",
    finding: `NI306:${endpointId()}#account privatelink.openai.azure.com`,
    given: withTwoNames(),
    want: [
      `az network private-dns record-set a add-record --zone-name privatelink.openai.azure.com --record-set-name ai-erp --ipv4-address 10.0.0.5 ${whereZones}`,
    ],
  },
  {
    when: "an Event Grid topic has no rule, and nothing is approved",
    finding: `NI101:${topicId}`,
    given: [anEventGrid(topicId, { inboundIpRules: [] }), noPerimeter],
    want: [`az eventgrid topic update --name evgt-erp --public-network-access disabled ${where}`],
  },
  {
    when: "a rule of an Event Grid domain is wider than what is approved, and its command takes whole lists",
    finding: `NI104:${domainId}`,
    given: [anEventGrid(domainId, { inboundIpRules: [{ ipMask: "203.0.113.0/29", action: "Allow" }] }), noPerimeter],
    policy: someApproved,
    want: [eventGridPatch(domainId, ["203.0.113.2", "203.0.113.7"])],
  },
  {
    when: "an Event Grid topic keeps rules while public access is off, and its command takes no empty list",
    finding: `NI107:${topicId}`,
    given: [anEventGrid(topicId, { publicNetworkAccess: "Disabled" }), noPerimeter],
    want: [eventGridPatch(topicId, [])],
  },
  {
    when: "a data factory is open, whose commands are an extension",
    finding: `NI101:${factoryId}`,
    given: [aDataFactory(), noPerimeter].flat(),
    want: [
      `az rest --method patch --url '${factoryId}?api-version=2018-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "a Storage Sync Service is open, of which no command shuts the endpoint",
    finding: `NI101:${storageSyncId}`,
    given: [aStorageSyncService(), noPerimeter],
    want: [
      `az rest --method patch --url '${storageSyncId}?api-version=2025-12-01' --body '{"properties":{"incomingTrafficPolicy":"AllowVirtualNetworksOnly"}}'`,
    ],
  },
  {
    when: "an IoT hub has no rule set, of which Azure takes a whole one only",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub({ networkRuleSets: undefined }), noPerimeter],
    want: [hubWith({ defaultAction: "Deny", applyToBuiltInEventHubEndpoint: true, ipRules: [] })],
  },
  {
    when: "an IoT hub allows by default, at its built-in endpoint, too",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub(ruleSet([], { defaultAction: "Allow" })), noPerimeter],
    want: [hubWith({ applyToBuiltInEventHubEndpoint: true, ipRules: [], defaultAction: "Deny" })],
  },
  {
    when: "the built-in endpoint of an IoT hub is open",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub(ruleSet([], { applyToBuiltInEventHubEndpoint: false })), noPerimeter],
    want: [hubWith({ defaultAction: "Deny", ipRules: [], applyToBuiltInEventHubEndpoint: true })],
  },
  {
    when: "the built-in endpoint of a free IoT hub is open, which no setting is known to shut for certain",
    finding: `NI101:${iotHubId}`,
    given: [anIotHub(ruleSet([], { applyToBuiltInEventHubEndpoint: false }), "Free"), noPerimeter],
    want: undefined,
  },
  {
    when: "a rule of an IoT hub is wider than what is approved, at both of its endpoints",
    finding: `NI104:${iotHubId}`,
    given: [anIotHub(ruleSet(["203.0.113.0/24"])), noPerimeter],
    policy: oneApproved,
    want: [hubWith(ruleSet(["203.0.113.7"]).networkRuleSets)],
  },
  {
    when: "a container registry allows by default",
    finding: `NI101:${registryId}`,
    given: aRegistry({ networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: [`az acr update --name crerp --default-action Deny ${where}`],
  },
  {
    when: "a rule of a container registry is wider than what is approved",
    finding: `NI104:${registryId}`,
    given: aRegistry({ networkRuleSet: registryRules({ ipRules: ipRules("203.0.113.0/28") }) }),
    policy: approved,
    want: [
      `az acr network-rule add --name crerp --ip-address 203.0.113.0 ${where}`,
      `az acr network-rule add --name crerp --ip-address 203.0.113.1 ${where}`,
      `az acr network-rule remove --name crerp --ip-address 203.0.113.0/28 ${where}`,
    ],
  },
  {
    when: "a container registry admits trusted services",
    finding: `NI106:${registryId}`,
    given: aRegistry({ networkRuleBypassOptions: "AzureServices" }),
    want: [`az acr update --name crerp --allow-trusted-services false ${where}`],
  },
  {
    when: "a container registry admits its tasks",
    finding: `NI106:${registryId}`,
    given: aRegistry({ networkRuleBypassAllowedForTasks: true }),
    want: [
      `az rest --method patch --url '${registryId}?api-version=2025-11-01' --body '{"properties":{"networkRuleBypassAllowedForTasks":false}}'`,
    ],
  },
  {
    when: "a network rule of a container registry names a subnet that is gone",
    finding: `NI203:${registryId}`,
    given: [
      aRegistry({
        networkRuleSet: registryRules({
          virtualNetworkRules: [{ virtualNetworkSubnetResourceId: `${networkId}/subnets/gone` }],
        }),
      }),
      aNetwork(),
      absent(`${networkId}/subnets/gone`),
    ],
    want: [`az acr network-rule remove --name crerp --subnet ${networkId}/subnets/gone ${where}`],
  },
  {
    when: "a container registry has a private endpoint and allows by default, and rules are kept",
    finding: `NI303:${registryId}`,
    given: aRegistry({
      networkRuleSet: registryRules({ ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") }),
      privateEndpointConnections: [aConnection("Approved")],
    }),
    want: [`az acr update --name crerp --public-network-enabled false ${where}`],
  },
  {
    when: "an Azure AI services account allows by default",
    finding: `NI101:${aiId}`,
    given: [anAiAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter],
    want: [
      `az resource update --name ai-erp --resource-type Microsoft.CognitiveServices/accounts --set properties.networkAcls.defaultAction=Deny ${where}`,
    ],
  },
  {
    when: "an Azure AI services account has no network rules at all, in which a default could be set",
    finding: `NI101:${aiId}`,
    given: [anAiAccount({ networkAcls: undefined }), noPerimeter],
    want: [
      `az rest --method patch --url '${aiId}?api-version=2026-07-01' --body '{"properties":{"networkAcls":{"defaultAction":"Deny"}}}'`,
    ],
  },
  {
    when: "a rule of an Azure AI services account is the whole address space",
    finding: `NI101:${aiId}`,
    given: [anAiAccount({ networkAcls: { defaultAction: "Deny", ipRules: [{ value: "0.0.0.0/0" }] } }), noPerimeter],
    want: [`az cognitiveservices account network-rule remove --name ai-erp --ip-address 0.0.0.0/0 ${where}`],
  },
  {
    when: "an Azure AI services account admits trusted services",
    finding: `NI106:${aiId}`,
    given: [anAiAccount({ networkAcls: { defaultAction: "Deny", bypass: "AzureServices" } }), noPerimeter],
    want: [
      `az resource update --name ai-erp --resource-type Microsoft.CognitiveServices/accounts --set properties.networkAcls.bypass=None ${where}`,
    ],
  },
  {
    when: "an Azure AI Search service has no rule, and so admits everybody",
    finding: `NI101:${searchId}`,
    given: [aSearchService({ networkRuleSet: { ipRules: [] } }), noPerimeter],
    want: [`az search service update --name srch-erp --public-access Disabled ${where}`],
  },
  {
    when: "a rule of an Azure AI Search service is wider than what is approved",
    finding: `NI104:${searchId}`,
    given: [
      aSearchService({ networkRuleSet: { ipRules: [{ value: "203.0.113.0" }, { value: "198.51.100.0/24" }] } }),
      noPerimeter,
    ],
    policy: approved,
    want: [`az search service update --name srch-erp --ip-rules 203.0.113.0 ${where}`],
  },
  {
    when: "the only rule of an Azure AI Search service is kept while public access is off",
    finding: `NI107:${searchId}`,
    given: [aSearchService({ publicNetworkAccess: "disabled" }), noPerimeter],
    want: [`az search service update --name srch-erp --ip-rules , ${where}`],
  },
  {
    when: "an Azure AI Search service admits trusted services",
    finding: `NI106:${searchId}`,
    given: [
      aSearchService({ networkRuleSet: { bypass: "AzureServices", ipRules: [{ value: "203.0.113.0" }] } }),
      noPerimeter,
    ],
    want: [
      `az rest --method patch --url '${searchId}?api-version=2025-05-01' --body '{"properties":{"networkRuleSet":{"ipRules":[{"value":"203.0.113.0"}],"bypass":"None"}}}'`,
    ],
  },
  {
    when: "an Event Grid namespace has no rule",
    finding: `NI101:${pullId}`,
    given: [anEventGrid(pullId, { inboundIpRules: [] }), noPerimeter],
    want: [`az eventgrid namespace update --name evgns-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "a rule of an Event Grid namespace is wider than what is approved",
    finding: `NI104:${pullId}`,
    given: [anEventGrid(pullId, { inboundIpRules: [{ ipMask: "203.0.113.0/29", action: "Allow" }] }), noPerimeter],
    policy: someApproved,
    want: [eventGridPatch(pullId, ["203.0.113.2", "203.0.113.7"])],
  },
  {
    when: "an Event Grid partner namespace has no rule",
    finding: `NI101:${partnerId}`,
    given: [anEventGrid(partnerId, { inboundIpRules: [] }), noPerimeter],
    want: [
      `az resource update --name evgpn-erp --resource-type Microsoft.EventGrid/partnerNamespaces --set properties.publicNetworkAccess=Disabled ${where}`,
    ],
  },
  {
    when: "an App Configuration store has no private endpoint, so that public access is on by itself",
    finding: `NI101:${storeId}`,
    given: [aServiceWithoutFirewall(storeId, { publicNetworkAccess: null }), noPerimeter],
    want: [
      `az rest --method patch --url '${storeId}?api-version=2024-06-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "an Azure Managed Redis cluster has a private endpoint, and the public door is open",
    finding: `NI303:${managedRedisId}`,
    given: aServiceWithoutFirewall(managedRedisId, { privateEndpointConnections: [aConnection("Approved")] }),
    want: [
      `az rest --method patch --url '${managedRedisId}?api-version=2025-07-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "public access to an Azure Digital Twins instance is on",
    finding: `NI101:${twinsId}`,
    given: aServiceWithoutFirewall(twinsId),
    want: [
      `az resource update --name adt-erp --resource-type Microsoft.DigitalTwins/digitalTwinsInstances --set properties.publicNetworkAccess=Disabled ${where}`,
    ],
  },
  {
    when: "a private endpoint serves an Azure Managed Grafana workspace, and the public door is open",
    finding: `NI303:${grafanaId}`,
    given: aServiceWithoutFirewall(grafanaId, { privateEndpointConnections: [aConnection("Approved")] }),
    want: [`az grafana update --name amg-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "a SignalR Service lets requests in from everybody",
    finding: `NI101:${signalRId}`,
    given: aHub(signalRId, { publicNetwork: { allow: ["ClientConnection"] } }),
    want: [
      `az rest --method patch --url '${signalRId}?api-version=2024-03-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "an AKS cluster has no authorized range, and nobody is approved",
    finding: `NI101:${aksId}`,
    given: anAksCluster({ authorizedIPRanges: [] }),
    want: [`az aks update --name aks-erp --api-server-authorized-ip-ranges 0.0.0.0/32 ${where}`],
  },
  {
    when: "a range of an AKS cluster is wider than what is approved",
    finding: `NI104:${aksId}`,
    given: anAksCluster({ authorizedIPRanges: ["203.0.113.0/32", "198.51.100.0/24"] }),
    policy: approved,
    want: [`az aks update --name aks-erp --api-server-authorized-ip-ranges 203.0.113.0/32 ${where}`],
  },
  {
    when: "an AKS cluster is private and one of its connections was rejected",
    finding: `NI302:${aksId}#pe-erp`,
    given: aPrivateAksCluster("Rejected"),
    want: [`az network private-endpoint-connection delete --id ${aksId}/privateEndpointConnections/pe-erp --yes`],
  },
  {
    when: "a Machine Learning workspace lets everybody in beside one address",
    finding: `NI101:${learningId}`,
    given: aLearningWorkspace({ networkAcls: { defaultAction: "Allow", ipRules: [{ value: "203.0.113.0" }] } }),
    want: [
      `az rest --method patch --url '${learningId}?api-version=2025-01-01-preview' --body '{"properties":{"networkAcls":{"ipRules":[{"value":"203.0.113.0"}],"defaultAction":"Deny"}}}'`,
    ],
  },
  {
    when: "a rule of a Machine Learning workspace is wider than what is approved",
    finding: `NI104:${learningId}`,
    given: aLearningWorkspace({
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0" }, { value: "198.51.100.0/24" }] },
    }),
    policy: approved,
    want: [`az ml workspace network-rule remove --workspace-name mlw-erp --ip-address 198.51.100.0/24 ${where}`],
  },
  {
    when: "a Machine Learning workspace has a private endpoint and lets everybody in",
    finding: `NI303:${learningId}`,
    given: aLearningWorkspace({
      networkAcls: { defaultAction: "Allow", ipRules: [] },
      privateEndpointConnections: [aConnection("Approved")],
    }),
    want: [`az ml workspace update --name mlw-erp --set public_network_access=Disabled ${where}`],
  },
  {
    when: "a rule of a Cosmos DB for PostgreSQL cluster is wider than what is approved",
    finding: `NI104:${citusId}`,
    given: aCitusCluster([["203.0.113.0", "203.0.113.15"]]),
    policy: approved,
    want: [
      `az cosmosdb postgres firewall-rule create --cluster-name cosmos-pg-erp --name rule-0-2 --start-ip-address 203.0.113.1 --end-ip-address 203.0.113.1 ${where}`,
      `az cosmosdb postgres firewall-rule update --cluster-name cosmos-pg-erp --name rule-0 --start-ip-address 203.0.113.0 --end-ip-address 203.0.113.0 ${where}`,
    ],
  },
  {
    when: "a rule of a Cosmos DB for PostgreSQL cluster stands for every workload in Azure",
    finding: `NI103:${citusId}`,
    given: aCitusCluster([["0.0.0.0", "0.0.0.0"]]),
    want: [`az cosmosdb postgres firewall-rule delete --cluster-name cosmos-pg-erp --name rule-0 --yes ${where}`],
  },
  {
    when: "a Cosmos DB for PostgreSQL cluster has a private endpoint, and several rules let everybody in",
    finding: `NI303:${citusId}`,
    given: aCitusCluster(
      [
        ["0.0.0.1", "127.255.255.255"],
        ["128.0.0.0", "255.255.255.255"],
      ],
      { privateEndpointConnections: [aConnection("Approved")] },
    ),
    want: [`az cosmosdb postgres cluster update --name cosmos-pg-erp --coord-public-ip-access false ${where}`],
  },
  {
    when: "an API Management service has a private endpoint and is public",
    finding: `NI303:${apimId}`,
    given: anApimService({ privateEndpointConnections: [aConnection("Approved")] }),
    want: [
      `az rest --method patch --url '${apimId}?api-version=2024-05-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "the group of a subnet lets everybody in to the public endpoint of a SQL managed instance",
    finding: `NI101:${instanceId}`,
    given: [
      aManagedInstance({ publicDataEndpointEnabled: true }),
      aNetwork([{ delegations: ["Microsoft.Sql/managedInstances"] }]),
      aSecurityGroup([aSecurityRule({ destinationPortRange: "3342" })]),
    ],
    want: [`az sql mi update --name sqlmi-erp --public-data-endpoint-enabled false ${where}`],
  },
  {
    when: "queries of a Log Analytics workspace are open",
    finding: `NI101:${logsId}`,
    given: aLogWorkspace({ publicNetworkAccessForQuery: "Enabled" }),
    want: [
      `az monitor log-analytics workspace update --workspace-name log-erp --ingestion-access Disabled --query-access Disabled ${where}`,
    ],
  },
  {
    when: "an Application Insights component is open",
    finding: `NI101:${insightsId}`,
    given: anInsightsComponent({
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
    }),
    want: [
      `az monitor app-insights component update --app appi-erp --ingestion-access Disabled --query-access Disabled ${where}`,
    ],
  },
  {
    when: "a managed HSM allows by default",
    finding: `NI101:${hsmId}`,
    given: aManagedHsm({ networkAcls: { defaultAction: "Allow", bypass: "None" } }),
    want: [`az keyvault update-hsm --hsm-name hsm-erp --default-action Deny ${where}`],
  },
  {
    when: "a rule of a managed HSM is the whole address space",
    finding: `NI101:${hsmId}`,
    given: aManagedHsm({ networkAcls: { defaultAction: "Deny", bypass: "None", ipRules: [{ value: "0.0.0.0/0" }] } }),
    want: [`az keyvault network-rule remove --hsm-name hsm-erp --ip-address 0.0.0.0/0 ${where}`],
  },
  {
    when: "a managed HSM admits trusted services",
    finding: `NI106:${hsmId}`,
    given: aManagedHsm({ networkAcls: { defaultAction: "Deny" } }),
    want: [`az keyvault update-hsm --hsm-name hsm-erp --bypass None ${where}`],
  },
  {
    when: "a managed HSM keeps a service tag while public access is off",
    finding: `NI107:${hsmId}`,
    given: aManagedHsm({
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", bypass: "None", serviceTags: [{ tag: "AzureDevOps" }] },
    }),
    want: [
      `az rest --method patch --url '${hsmId}?api-version=2026-02-01' --body '{"properties":{"networkAcls":{"defaultAction":"Deny","bypass":"None","serviceTags":[]}}}'`,
    ],
  },
  {
    when: "a storage account admits trusted services",
    finding: `NI106:${storageId}`,
    given: [aStorageAccount({ networkAcls: { bypass: "Logging, AzureServices" } }), noPerimeter],
    policy: policyWith({ approvedExceptions: [] }),
    want: [`az storage account update --name stdrawings --bypass None ${where}`],
  },
  {
    when: "a network rule of a SQL server names a subnet without the endpoint",
    finding: `NI202:${sqlId}`,
    given: [aSqlServer({ virtualNetworkRules: [{ subnet: subnetId }] }), aNetwork([{}]), noPerimeter],
    want: [`az network vnet subnet update --vnet-name vnet --name snet-app --service-endpoints Microsoft.Sql ${where}`],
  },
  {
    when: "a network rule is left while public access is off",
    finding: `NI207:${storageId}`,
    given: [
      aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]),
      noPerimeter,
    ],
    want: [`az storage account update --name stdrawings --public-network-access Enabled ${where}`],
  },
  {
    when: "a service endpoint leads to nothing beside another one",
    finding: `NI204:${subnetId}#microsoft.sql`,
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.KeyVault", "Microsoft.Sql"] }]),
      aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
      noSqlServer,
    ],
    want: [
      `az network vnet subnet update --vnet-name vnet --name snet-app --service-endpoints Microsoft.KeyVault ${where}`,
    ],
  },
  {
    when: "the only service endpoint leads to nothing",
    finding: `NI204:${subnetId}#microsoft.sql`,
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Sql"] }]), noSqlServer],
    want: [`az network vnet subnet update --vnet-name vnet --name snet-app --remove serviceEndpoints ${where}`],
  },
  {
    when: "nobody has touched an app",
    finding: `NI101:${appId}`,
    given: anApp(untouched),
    want: [patchOf(appId, { ipSecurityRestrictionsDefaultAction: "Deny" })],
  },
  {
    when: "a rule of a slot is wider than what is approved",
    finding: `NI104:${slotId}`,
    given: [
      anApp(),
      anApp(
        lists([anAllow("203.0.113.0/24"), lastRow("Deny")], [lastRow("Deny")], {
          scmIpSecurityRestrictionsDefaultAction: "Deny",
        }),
        {},
        slotId,
      ),
    ],
    policy: approved,
    want: [patchOf(slotId, { ipSecurityRestrictions: [cutDown, lastRow("Deny")] })],
  },
  {
    when: "the SCM site of an app lets in everybody, the main site some",
    finding: `NI108:${appId}`,
    given: anApp(lists([anAllow("203.0.113.0/31"), lastRow("Deny")], [lastRow("Allow")])),
    policy: approved,
    want: [patchOf(appId, { scmIpSecurityRestrictionsUseMain: true })],
  },
  {
    when: "an open account allows anonymous access",
    finding: `NI109:${storageId}`,
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" }, allowBlobPublicAccess: true }), noPerimeter],
    want: [`az storage account update --name stdrawings --allow-blob-public-access false ${where}`],
  },
  {
    when: "an open registry lets everybody pull",
    finding: `NI109:${registryId}`,
    given: aRegistry({ anonymousPullEnabled: true, networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: [`az acr update --name crerp --anonymous-pull-enabled false ${where}`],
  },
  {
    when: "a gateway's subnet has a group",
    finding: `NI407:${networkId}/subnets/GatewaySubnet`,
    given: aNetwork([{ name: "GatewaySubnet" }]),
    want: [
      `az network vnet subnet update --vnet-name vnet --name GatewaySubnet --remove networkSecurityGroup ${where}`,
    ],
  },
  {
    when: "Bastion's subnet has a table",
    finding: `NI407:${networkId}/subnets/AzureBastionSubnet`,
    given: [
      aNetwork([{ name: "AzureBastionSubnet", properties: { routeTable: { id: routeTableId } } }]),
      aRouteTable([]),
    ],
    want: [`az network vnet subnet update --vnet-name vnet --name AzureBastionSubnet --remove routeTable ${where}`],
  },
  {
    when: "the table of a gateway's subnet keeps the routes of gateways away",
    finding: `NI407:${networkId}/subnets/GatewaySubnet`,
    given: [
      aNetwork([{ name: "GatewaySubnet", nsg: undefined, properties: { routeTable: { id: routeTableId } } }]),
      { ...aRouteTable([]), properties: { routes: [], disableBgpRoutePropagation: true } },
    ],
    want: [`az network route-table update --name rt --disable-bgp-route-propagation false ${where}`],
  },
  {
    when: "the table of a gateway's subnet has a default route",
    finding: `NI407:${networkId}/subnets/GatewaySubnet`,
    given: [
      aNetwork([{ name: "GatewaySubnet", nsg: undefined, properties: { routeTable: { id: routeTableId } } }]),
      aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType: "Internet" }]),
    ],
    want: [`az network route-table route delete --route-table-name rt --name route-0 ${where}`],
  },
  {
    when: "an API Management service lacks a group",
    finding: `NI407:${subnetId}`,
    given: [aNetwork([{ nsg: undefined }]), anApiManagement()],
    want: [
      `az network nsg create --name nsg-snet-app --location westeurope ${where}`,
      `az network vnet subnet update --vnet-name vnet --name snet-app --network-security-group ${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-snet-app ${where}`,
    ],
  },
  {
    when: "a managed instance lacks a table",
    finding: `NI407:${subnetId}`,
    given: [
      aNetwork([{ delegations: ["Microsoft.Sql/managedInstances"] }]),
      aPlacedService("Microsoft.Sql/managedInstances", { subnetId }),
    ],
    want: [
      `az network route-table create --name rt-snet-app --location westeurope ${where}`,
      `az network vnet subnet update --vnet-name vnet --name snet-app --route-table ${group}/providers/Microsoft.Network/routeTables/rt-snet-app ${where}`,
    ],
  },
  {
    when: "a subnet has no group",
    finding: `NI601:${subnetId}`,
    given: aNetwork([{ nsg: undefined }]),
    want: [
      `az network nsg create --name nsg-snet-app --location westeurope ${where}`,
      `az network vnet subnet update --vnet-name vnet --name snet-app --network-security-group ${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-snet-app ${where}`,
    ],
  },
  {
    when: "a rule with an odd name lets the internet in",
    finding: `NI602:${subnetId}`,
    given: [aNetwork(), aSecurityGroup([aSecurityRule({ name: "it's; rm -rf /" })])],
    want: [`az network nsg rule delete --nsg-name nsg --name $'it\\u0027s; rm -rf /' ${where}`],
  },
  {
    when: "a subnet has default outbound access",
    finding: `NI607:${subnetId}`,
    given: aNetwork([{ properties: { defaultOutboundAccess: true } }]),
    want: [`az network vnet subnet update --vnet-name vnet --name snet-app --default-outbound-access false ${where}`],
  },
];

describe("the command lines of a fix", () => {
  test.each(rows)("when $when", async ({ finding, given, policy = Policy.default, want }) => {
    const { answers } = await fixesOf(given, policy, ({ id }) => id.toLowerCase() === finding.toLowerCase());
    expect(answers.map(({ fix }) => fix?.commands)).toEqual([want]);
  });
});

test.each(
  catalog.filter(({ accessLists }) => accessLists === undefined),
)("$noun: all that a fix changes has a command", ({ type, ...service }) => {
  if (service.accessLists !== undefined) throw new TypeError("no firewall");
  const { ipRules, virtualNetworkRules } = service;
  const needed = [
    ...(ipRules.some((source) => source.in === "child") ? ["addAddress", "changeAddress", "removeAddress"] : []),
    ...(virtualNetworkRules === undefined ? [] : ["removeSubnet"]),
  ];
  const commands: Readonly<Record<string, unknown>> = { ...serviceCommands(fold(type)) };
  expect(needed.filter((name) => commands[name] === undefined)).toEqual([]);
});

test("no command names a rule that the Azure CLI would take for a file", async () => {
  const id = `${sqlId}/firewallRules/@notes.txt`;
  const properties = { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" };
  const rule = { id, name: "@notes.txt", type: "Microsoft.Sql/servers/firewallRules", properties };
  const { answers } = await fixesOf(
    [aSqlServer(), rule, noPerimeter],
    Policy.default,
    ({ id }) => id.toLowerCase() === `NI101:${sqlId}`.toLowerCase(),
  );
  expect(answers.map(({ fix }) => [fix?.edits.map(({ resource }) => resource), fix?.commands])).toEqual([[[id], []]]);
  expect(answers[0]?.fix?.caveats.join()).toContain("begins with `@`");
});

test("a subnet of an app that does not tell its plan may be delegated for either", async () => {
  const app = aPlacedService("Microsoft.Web/sites", { virtualNetworkSubnetId: subnetId });
  const { answers } = await fixesOf([aNetwork(), app], Policy.default, ({ rule }) => rule === "NI401");
  const closing = answers.flatMap(({ fix, alternatives = [] }) => [
    ...(fix === undefined ? [] : [fix]),
    ...alternatives,
  ]);
  expect(closing.flatMap(({ commands }) => commands).sort()).toEqual(
    ["Microsoft.App/environments", "Microsoft.Web/serverFarms"].map(
      (name) => `az network vnet subnet update --vnet-name vnet --name snet-app --delegations ${name} ${where}`,
    ),
  );
});

test("a subnet of a consumption-only environment loses its delegation", async () => {
  const delegated = aNetwork([{ delegations: ["Microsoft.App/environments"] }]);
  const isOfRule = ({ rule }: { readonly rule: string }) => rule === "NI402";
  const { answers } = await fixesOf([delegated, aConsumptionOnlyEnvironment()], Policy.default, isOfRule);
  expect(answers.map(({ fix }) => fix?.commands)).toEqual([
    [`az network vnet subnet update --vnet-name vnet --name snet-app --remove delegations ${where}`],
  ]);
});

describe("shellWord", () => {
  test("property: bash takes every word as it was", () => {
    const anyWord = fc.string({ unit: "binary" }).filter((word) => !word.includes("\0") && word.isWellFormed());
    const tricky = fc.constantFrom(
      "",
      "-n",
      "it's",
      "$(id)",
      "`id`",
      "a b",
      "\u001b[2J",
      "\u202e",
      "\u{e0041}",
      "=ls",
      "a\nb",
      "\\",
      "!!",
      "*",
      "~",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(anyWord, tricky), { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
        const output = execFileSync("bash", ["-c", script], { env: { ...process.env, LC_ALL: "C.UTF-8" } }).toString();
        expect(output.split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  test("nothing in a command line can steer a terminal", () => {
    const line = commandLine(["network", "nsg", "show", "--name", "\u001b[31mred\u202e\u0085"]);
    expect(line).toBe("az network nsg show --name $'\\u001b[31mred\\u202e\\u0085'");
  });

  test.each([
    "\u200d",
    "\u00ad",
    "\u2060",
    "\u{e0041}",
    "\u3164",
  ])("%j, which nobody sees, is written out", (hidden) => {
    expect(shellWord(`a${hidden}b`)).toMatch(/^\$'a\\[uU][\da-f]+b'$/);
  });

  test("property: no word has an end for PowerShell, nor an operator for the command prompt", () => {
    const steering = fc.constantFrom(
      "'",
      "\u2018",
      "\u2019",
      "\u201a",
      "\u201b",
      "&",
      "|",
      ">",
      "; calc",
      "$(calc)",
      " ",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(steering, fc.string())), (parts) => {
        expect(shellWord(parts.join(""))).toMatch(/^([\w@%+=:,./-]+|\$?'[^'\u2018-\u201b&|<>^]*')$/);
      }),
    );
  });

  test("zsh takes no word for a path", () => {
    expect(shellWord("=ls")).toBe("'=ls'");
  });

  test.each([
    { word: "@notes.txt", reads: true },
    { word: "--name=@notes.txt", reads: true },
    { word: "id=@-", reads: true },
    { word: "@", reads: false },
    { word: "a@b", reads: false },
    { word: "x=y=@z", reads: false },
  ])("$word is taken for a file: $reads", ({ word, reads }) => {
    expect(readsFile(["sql", "server", "show", "--name", word])).toBe(reads);
  });

  test.each(["-x", "--word", "--name", "--", "-"])("the value %s is joined to its option", (rule) => {
    const words = command("sql server firewall-rule delete --yes --name {rule} --force", idOf(storageId), { rule });
    expect(words.slice(3, 7)).toEqual(["delete", "--yes", `--name=${rule}`, "--force"]);
  });

  test("the first of several values is joined to its option, and so is what only begins with one", () => {
    const words = commandFor("x --all {all} --one {one}=1 --two id={one}", { all: ["--a", "b"], one: "--c" });
    expect(words).toEqual(["x", "--all=--a", "b", "--one=--c=1", "--two", "id=--c"]);
  });
});

describe("a patch", () => {
  const body = { properties: { publicNetworkAccess: "Disabled" } };

  test("has an address that says the same whatever is in a name", () => {
    const id = idOf(storageId.replace("/rg/", "/rg küche (1)#?&/"));
    expect(patchCommand(id, "/properties/publicNetworkAccess", () => body)).toEqual([
      [
        "rest",
        "--method",
        "patch",
        "--url",
        `${storageId.replace("/rg/", "/rg%20k%C3%BCche%20(1)%23%3F%26/")}?api-version=${apiVersionOf(id.type)}`,
        "--body",
        JSON.stringify(body),
      ],
    ]);
  });

  test("is not made of a type whose api-version is not known", () => {
    const id = idOf(`${group}/providers/Contoso.Erp/things/one`);
    expect(() => patchCommand(id, "/properties/publicNetworkAccess", () => body)).toThrow("contoso.erp/things");
  });
});
