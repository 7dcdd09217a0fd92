import {
  aConnection,
  aNetwork,
  aSecurityGroup,
  aSecurityRule,
  aSqlServer,
  type Given,
  idOf,
  networkId,
  noPerimeter,
  sqlId,
  subnetId,
} from "../support/builders.ts";
import {
  aCache,
  aCluster,
  aFlexibleServer,
  cacheId,
  clusterId,
  mysqlId,
  postgresqlId,
} from "../support/more-services.ts";
import { aCitusCluster, aManagedInstance, citusId, instanceId } from "../support/platform-services.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import { aServiceWithoutFirewall, managedRedisId } from "../support/services-without-firewall.ts";
import { approved, oneApproved, openRules, someApproved, testCommands, where, whereZones } from "./command-table.ts";

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

testCommands([
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
    when: "an Azure Managed Redis cluster has a private endpoint, and the public door is open",
    finding: `NI303:${managedRedisId}`,
    given: aServiceWithoutFirewall(managedRedisId, { privateEndpointConnections: [aConnection("Approved")] }),
    want: [
      `az rest --method patch --url '${managedRedisId}?api-version=2025-07-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
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
    when: "a network rule of a SQL server names a subnet without the endpoint",
    finding: `NI202:${sqlId}`,
    given: [aSqlServer({ virtualNetworkRules: [{ subnet: subnetId }] }), aNetwork([{}]), noPerimeter],
    want: [`az network vnet subnet update --vnet-name vnet --name snet-app --service-endpoints Microsoft.Sql ${where}`],
  },
]);
