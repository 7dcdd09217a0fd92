import { serviceEndpointUnused } from "../../lib/rules/service-endpoint-unused.ts";
import { aBareApp, anApp, forSubnet, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aSqlServer,
  aStorageAccount,
  aSubnet,
  complete,
  networkId,
  refusedList,
  sqlId,
  storageId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const allAccounts = complete(subscription, "Microsoft.Storage/storageAccounts");
const allVaults = complete(subscription, "Microsoft.KeyVault/vaults");
const allServers = complete(subscription, "Microsoft.Sql/servers");
const allNamespaces = complete(subscription, "Microsoft.ServiceBus/namespaces");

const allApps = ["Microsoft.Web/sites", "Microsoft.Web/sites/slots"].map((type) => complete(subscription, type));
const named = `${networkId}/subnets/snet-app2`;

const namespaceId = `${storageId.split("/providers/")[0]}/providers/Microsoft.ServiceBus/namespaces/sb-erp`;
const namespace = { id: namespaceId, type: "Microsoft.ServiceBus/namespaces", properties: {} };

function ruleSetOf(subnet: string) {
  return {
    id: `${namespaceId}/networkRuleSets/default`,
    type: "Microsoft.ServiceBus/namespaces/networkRuleSets",
    properties: { defaultAction: "Deny", virtualNetworkRules: [{ subnet: { id: subnet } }] },
  };
}

/** A network whose only subnet has these service endpoints. */
function endpoints(...serviceEndpoints: readonly unknown[]) {
  return aNetwork([{ serviceEndpoints }]);
}

function admitting(subnet: string) {
  return aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule(subnet)] } });
}

ruleTable(serviceEndpointUnused, [
  { when: "the subnet has no endpoint", given: aNetwork(), want: "pass" },
  {
    when: "an account admits the subnet",
    given: [endpoints("Microsoft.Storage"), admitting(subnetId), allAccounts],
    want: "pass",
  },
  {
    when: "no account admits the subnet",
    given: [endpoints("Microsoft.Storage"), aStorageAccount(), allAccounts],
    want: { "Microsoft.Storage": "fail" },
    says: ["/properties/serviceEndpoints/0", "no service that was not read admits the subnet"],
  },
  {
    when: "an account admits another subnet of the network",
    looks: "fine",
    given: [endpoints("Microsoft.Storage"), admitting(`${networkId}/subnets/snet-app2`), allAccounts],
    want: { "Microsoft.Storage": "fail" },
  },
  {
    when: "an account admits the subnet in another casing",
    looks: "wrong",
    given: [
      endpoints("microsoft.storage"),
      admitting(subnetId.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions")),
      allAccounts,
    ],
    want: "pass",
  },
  {
    when: "a vault admits the subnet, which has no endpoint for vaults but one for storage",
    looks: "fine",
    given: [
      endpoints("Microsoft.Storage"),
      aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
      allAccounts,
      allVaults,
    ],
    want: { "Microsoft.Storage": "fail" },
  },
  {
    when: "one of two endpoints is used",
    given: [endpoints("Microsoft.Storage", "Microsoft.KeyVault"), admitting(subnetId), allAccounts, allVaults],
    want: { "Microsoft.Storage": "pass", "Microsoft.KeyVault": "fail" },
  },
  {
    when: "the global endpoint for storage is used",
    looks: "wrong",
    given: [endpoints("Microsoft.Storage.Global"), admitting(subnetId), allAccounts],
    want: "pass",
  },
  {
    when: "an account that admits the subnet lies in another subscription that was read",
    looks: "wrong",
    given: [
      endpoints("Microsoft.Storage"),
      { ...admitting(subnetId), id: storageId.replace("000000000001", "000000000002") },
    ],
    want: "pass",
  },
  {
    when: "a SQL server admits the subnet by a child resource",
    looks: "wrong",
    given: [endpoints("Microsoft.Sql"), aSqlServer({ virtualNetworkRules: [{ subnet: subnetId }] }), allServers],
    want: "pass",
  },
  {
    when: "no SQL server admits the subnet, and the rules of all of them were read",
    given: [endpoints("Microsoft.Sql"), aSqlServer(), allServers],
    want: { "Microsoft.Sql": "fail" },
  },
  {
    when: "the network rules of a SQL server were refused",
    looks: "fine",
    given: [
      endpoints("Microsoft.Sql"),
      aSqlServer({ notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
      allServers,
    ],
    want: { "Microsoft.Sql": "undetermined" },
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "a Service Bus namespace admits the subnet in the child that holds its firewall",
    looks: "wrong",
    given: [
      endpoints("Microsoft.ServiceBus"),
      [namespace, ruleSetOf(subnetId), complete(namespaceId, "Microsoft.ServiceBus/namespaces/networkRuleSets")],
      allNamespaces,
    ],
    want: "pass",
  },
  {
    when: "the firewall of a Service Bus namespace was not read",
    given: [endpoints("Microsoft.ServiceBus"), namespace, allNamespaces],
    want: { "Microsoft.ServiceBus": "undetermined" },
  },
  {
    when: "no Service Bus namespace admits the subnet",
    given: [
      endpoints("Microsoft.ServiceBus"),
      [namespace, ruleSetOf(`${networkId}/subnets/snet-2`)],
      complete(namespaceId, "Microsoft.ServiceBus/namespaces/networkRuleSets"),
      allNamespaces,
    ],
    want: { "Microsoft.ServiceBus": "fail" },
  },
  {
    when: "the SCM site alone of an app admits the subnet",
    looks: "wrong",
    given: [endpoints("Microsoft.Web"), anApp(lists([forSubnet(named)], [forSubnet()])), allApps],
    want: "pass",
  },
  {
    when: "an app admits another subnet",
    given: [endpoints("Microsoft.Web"), anApp(lists([forSubnet(named)])), allApps],
    want: { "Microsoft.Web": "fail" },
  },
  {
    when: "an app denies the subnet what it would not have let in anyway",
    looks: "fine",
    given: [endpoints("Microsoft.Web"), anApp(lists([forSubnet(subnetId, { action: "Deny" })])), allApps],
    want: { "Microsoft.Web": "fail" },
  },
  {
    when: "the lists of an app were not read",
    given: [endpoints("Microsoft.Web"), aBareApp(), allApps],
    want: { "Microsoft.Web": "undetermined" },
  },
  {
    when: "the endpoint leads to a service that is not audited",
    looks: "wrong",
    given: endpoints("Microsoft.AzureActiveDirectory"),
    want: "pass",
  },
  {
    when: "not all accounts were read",
    given: [endpoints("Microsoft.Storage"), aStorageAccount()],
    want: { "Microsoft.Storage": "undetermined" },
    says: ["microsoft.storage/storageaccounts", "is not known to be complete"],
  },
  {
    when: "an account was read without its properties",
    given: [endpoints("Microsoft.Storage"), { id: storageId, type: "Microsoft.Storage/storageAccounts" }, allAccounts],
    want: { "Microsoft.Storage": "undetermined" },
    says: ["without the properties that matter"],
  },
  {
    when: "a network rule of an account names nothing that can be understood",
    looks: "fine",
    given: [endpoints("Microsoft.Storage"), admitting("snet-app"), allAccounts],
    want: { "Microsoft.Storage": "undetermined" },
  },
  {
    when: "the network rules of an account are no list",
    looks: "fine",
    given: [endpoints("Microsoft.Storage"), aStorageAccount({ networkAcls: { virtualNetworkRules: {} } }), allAccounts],
    want: { "Microsoft.Storage": "undetermined" },
  },
  {
    when: "an account admits a subnet of a classic network, which is certainly another one",
    given: [
      endpoints("Microsoft.Storage"),
      admitting(subnetId.replace("Microsoft.Network", "Microsoft.ClassicNetwork")),
      allAccounts,
    ],
    want: { "Microsoft.Storage": "fail" },
  },
  {
    when: "the endpoint is listed twice",
    given: [endpoints("Microsoft.Storage", "Microsoft.Storage"), allAccounts],
    want: { "Microsoft.Storage": "fail" },
  },
  {
    when: "an entry does not say which service it is for",
    given: [endpoints({ provisioningState: "Succeeded" }), allAccounts],
    want: { "/properties/serviceEndpoints/0": "undetermined" },
  },
  {
    when: "the subnet was read without its properties",
    given: { id: aSubnet().id, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
    says: ["without its properties"],
  },
]);
