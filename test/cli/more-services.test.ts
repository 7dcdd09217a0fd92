import { expect, test } from "vitest";
import { cordon, folderWith } from "./cordon.ts";
import { answer, auditedIn, listOf, provider, rulesOf } from "./recorded-services.ts";

const servers = "Microsoft.DBforPostgreSQL/flexibleServers";
const caches = "Microsoft.Cache/redis";
const clusters = "Microsoft.DocumentDB/mongoClusters";
const relays = "Microsoft.Relay/namespaces";
const topics = "Microsoft.EventGrid/topics";
const domains = "Microsoft.EventGrid/domains";
const subnet = `${provider}/Microsoft.Network/virtualNetworks/vnet/subnets/snet-redis`;
const allOfAzure = { startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" };
const onPublicEndpoint = { network: { publicNetworkAccess: "Enabled" } };

async function recording(): Promise<string> {
  const ruleSet = `${provider}/${relays}/relay-closed/networkRuleSets/default`;
  return folderWith({
    "servers.json": listOf(servers, {
      "psql-open": onPublicEndpoint,
      "psql-azure": onPublicEndpoint,
      "psql-unread": onPublicEndpoint,
      "psql-inside": { network: { publicNetworkAccess: "Disabled", delegatedSubnetResourceId: subnet } },
    }),
    "psql-open.json": rulesOf(servers, "psql-open", {
      AllowAll: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
    }),
    "psql-azure.json": rulesOf(servers, "psql-azure", { AllowAzure: allOfAzure }),
    "caches.json": listOf(caches, {
      "redis-open": {},
      "redis-office": {},
      "redis-unread": {},
      "redis-inside": { subnetId: subnet },
    }),
    "open.json": rulesOf(caches, "redis-open", {}),
    "office.json": rulesOf(caches, "redis-office", { office: { startIP: "203.0.113.7", endIP: "203.0.113.7" } }),
    "clusters.json": listOf(clusters, { "docdb-azure": {} }),
    "cluster-rules.json": rulesOf(clusters, "docdb-azure", {
      AllowAllAzureServicesAndResourcesWithinAzureIps: allOfAzure,
    }),
    "relays.json": listOf(relays, { "relay-closed": {} }),
    "rule-set.json": answer(ruleSet, {
      id: ruleSet,
      name: "default",
      type: `${relays}/networkRuleSets`,
      properties: { defaultAction: "Deny", ipRules: [{ ipMask: "203.0.113.7", action: "Allow" }] },
    }),
    "topics.json": listOf(topics, { "evgt-open": { inboundIpRules: [] } }),
    "domains.json": listOf(domains, { "evgd-off": { publicNetworkAccess: "Disabled" } }),
  });
}

test("a recording of servers, caches, clusters, relays, topics and domains is audited", async () => {
  const { code, found, states } = await auditedIn(await recording(), /^NI10/);
  expect(found).toEqual([
    "NI101 fail evgt-open",
    "NI101 fail psql-open",
    "NI101 fail redis-open",
    "NI101 undetermined psql-unread",
    "NI101 undetermined redis-unread",
    "NI102 undetermined psql-unread",
    "NI102 undetermined redis-unread",
    "NI103 fail docdb-azure",
    "NI103 fail psql-azure",
    "NI103 undetermined psql-unread",
    "NI103 undetermined redis-unread",
    "NI105 undetermined psql-unread",
    "NI105 undetermined redis-unread",
  ]);
  expect(states).toEqual([
    "docdb-azure audited",
    "evgd-off audited",
    "evgt-open audited",
    "psql-azure audited",
    "psql-inside placed",
    "psql-open audited",
    "psql-unread audited",
    "redis-inside placed",
    "redis-office audited",
    "redis-open audited",
    "redis-unread audited",
    "relay-closed audited",
  ]);
  expect(code).toBe(1);
});

test.each([
  { service: "psql-open", from: "9.9.9.9", says: ["9.9.9.9 → psql-open, TCP 5432", "AllowAll"] },
  { service: "redis-open", from: "9.9.9.9", says: ["gets in", "9.9.9.9 → redis-open, TCP 6380"] },
  { service: "redis-office", from: "203.0.113.7", says: ["203.0.113.7 → redis-office", "office"] },
  { service: "relay-closed", from: "9.9.9.9", says: ["blocked", "9.9.9.9 → relay-closed, TCP 443"] },
])("who reaches $service from $from is told", async ({ service, from, says }) => {
  const { stdout } = await cordon(["reach", service, "--from", from, "--recording", await recording()]);
  for (const one of says) expect(stdout).toContain(one);
});

test.each([
  {
    finding: "NI101:psql-open",
    says: "az postgres flexible-server firewall-rule delete --server-name psql-open --name AllowAll",
  },
  { finding: "NI101:redis-open", says: "az redis update --name redis-open --set publicNetworkAccess=Disabled" },
  {
    finding: "NI103:docdb-azure",
    says: "az documentdb mongocluster firewall-rule delete --cluster-name docdb-azure",
  },
  { finding: "NI101:evgt-open", says: "az eventgrid topic update --name evgt-open --public-network-access disabled" },
])("a fix of $finding names the command line of its kind", async ({ finding, says }) => {
  const { stdout } = await cordon(["fix", finding, "--recording", await recording()]);
  expect(stdout).toContain(says);
});
