import { serviceTagTooBroad } from "../../lib/rules/service-tag-too-broad.ts";
import {
  aKeyVault,
  aNetwork,
  aNetworkInterface,
  anApiManagement,
  aSecurityGroup,
  aSecurityRule,
  aSqlServer,
  aStorageAccount,
  type Body,
  complete,
  type Given,
  networkId,
  refusedList,
  sqlId,
  subscription,
} from "../support/builders.ts";
import {
  aFirewall,
  aFirewallWithPolicy,
  aNetworkRule,
  aPolicy,
  classicCollection,
  theFirewallAddress,
} from "../support/firewalls.ts";
import { anAiAccount, aRegistry } from "../support/registries-and-ai.ts";
import { ruleTable } from "../support/rule-table.ts";

const tags: Given = {
  kind: "serviceTags",
  list: {
    changeNumber: 1,
    values: [
      { name: "Storage", addressPrefixes: ["20.0.0.0/22", "20.1.0.0/24", "2001:db8::/64"] },
      { name: "Storage.WestEurope", addressPrefixes: ["20.1.0.0/24"] },
      { name: "Storage.NorthEurope", addressPrefixes: ["20.0.0.0/24"] },
      { name: "Sql.WestEurope", addressPrefixes: ["20.2.0.0/24"] },
      { name: "Sql", addressPrefixes: ["20.2.0.0/23"] },
      { name: "AzureCloud", addressPrefixes: ["20.0.0.0/8"] },
      { name: "AzureCloud.westeurope", addressPrefixes: ["20.1.0.0/16"] },
      { name: "AzureCloud.centralfrance", addressPrefixes: ["20.9.0.0/24"] },
    ],
  },
};

const lists: Given = [
  complete(subscription, "Microsoft.Storage/storageAccounts"),
  complete(subscription, "Microsoft.Sql/servers"),
  complete(subscription, "Microsoft.KeyVault/vaults"),
];

function outbound(tag: string, values: Readonly<Record<string, unknown>> = {}): object {
  return aSecurityRule({
    name: "to-azure",
    direction: "Outbound",
    sourceAddressPrefix: "*",
    destinationAddressPrefix: tag,
    destinationPortRange: "443",
    ...values,
  });
}

/** A subnet with a group of these rules, and one storage account in its region. */
function groupWith(...rules: readonly object[]): readonly Given[] {
  return [aNetwork(), aSecurityGroup(rules), aStorageAccount(), lists];
}

const everyRegistry = complete(subscription, "Microsoft.ContainerRegistry/registries");

const elsewhere = aStorageAccount({}, { location: "North Europe" });
const second: Body = { ...elsewhere, id: `${elsewhere.id}2` };

function allowing(tag: string): object {
  return classicCollection([aNetworkRule({ name: "out", destinationAddresses: [tag], destinationPorts: ["443"] })]);
}

ruleTable(serviceTagTooBroad, [
  { when: "no rule names a tag", given: [groupWith(outbound("10.0.0.0/8")), tags], want: "pass" },
  {
    when: "the tag of all storage is allowed, and all accounts are in one region",
    given: [groupWith(outbound("Storage")), tags],
    want: "fail",
    says: ["`to-azure` allows Storage where Storage.WestEurope would do (256 of 1,280 addresses)"],
  },
  {
    when: "no list of tags was read",
    given: groupWith(outbound("storage")),
    want: "fail",
    says: ["where storage.westeurope would do (how many addresses that leaves is not known)"],
  },
  { when: "the tag has a region", given: [groupWith(outbound("Storage.NorthEurope")), tags], want: "pass" },
  {
    when: "accounts are in several regions",
    looks: "wrong",
    given: [groupWith(outbound("Storage")), second, tags],
    want: "pass",
  },
  {
    when: "an account has a copy in another region that clients can read",
    looks: "wrong",
    given: [
      aNetwork(),
      aSecurityGroup([outbound("Storage")]),
      aStorageAccount({ secondaryLocation: "northeurope", secondaryEndpoints: { blob: "https://x" } }),
      lists,
    ],
    want: "pass",
  },
  {
    when: "an account has a copy that nobody can read",
    given: [
      aNetwork(),
      aSecurityGroup([outbound("Storage")]),
      aStorageAccount({ secondaryLocation: "northeurope" }),
      lists,
    ],
    want: "fail",
  },
  {
    when: "all accounts are in another region than the network",
    looks: "fine",
    given: [aNetwork(), aSecurityGroup([outbound("Storage")]), elsewhere, lists, tags],
    want: "fail",
    says: ["where Storage.NorthEurope would do (256 of 1,280 addresses)"],
  },
  {
    when: "there is no account, so that the region of the network counts",
    given: [aNetwork(), aSecurityGroup([outbound("Storage")]), lists, tags],
    want: "fail",
    says: ["Storage.WestEurope"],
  },
  {
    when: "not all accounts were read",
    given: [aNetwork(), aSecurityGroup([outbound("Storage")]), aStorageAccount(), tags],
    want: "undetermined",
    says: ["the list of all `microsoft.storage/storageaccounts`"],
  },
  {
    when: "the list of accounts was refused",
    given: [
      aNetwork(),
      aSecurityGroup([outbound("Storage")]),
      refusedList(subscription, "Microsoft.Storage/storageAccounts"),
      tags,
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the list of tags has no part for the region",
    looks: "wrong",
    given: [
      aNetwork(),
      aSecurityGroup([outbound("Storage")]),
      aStorageAccount({}, { location: "mexicocentral" }),
      lists,
      tags,
    ],
    want: "pass",
  },
  {
    when: "the tag has no regions",
    looks: "wrong",
    given: [groupWith(outbound("AzureActiveDirectory"))],
    want: "pass",
  },
  {
    when: "the tag of all container registries is allowed, and the one there is has a tier without replicas",
    given: [aNetwork(), aSecurityGroup([outbound("AzureContainerRegistry")]), aRegistry({}, "Standard"), everyRegistry],
    want: "fail",
    says: ["AzureContainerRegistry.westeurope would do"],
  },
  {
    when: "a container registry may have replicas",
    given: [aNetwork(), aSecurityGroup([outbound("AzureContainerRegistry")]), aRegistry(), everyRegistry],
    want: "undetermined",
    says: ["has replicas is not in its body"],
  },
  {
    when: "the tag of Azure AI services has no regions, and no list of tags says so",
    looks: "wrong",
    given: [
      aNetwork(),
      aSecurityGroup([outbound("CognitiveServicesManagement")]),
      anAiAccount(),
      complete(subscription, "Microsoft.CognitiveServices/accounts"),
    ],
    want: "pass",
  },
  { when: "the rule denies", given: [groupWith(outbound("Storage", { access: "Deny" })), tags], want: "pass" },
  {
    when: "a rule before it denies the internet, so that it never decides",
    looks: "wrong",
    given: groupWith(
      outbound("Storage", { priority: 200 }),
      outbound("Internet", { access: "Deny", protocol: "*", destinationPortRange: "*" }),
    ),
    want: "pass",
  },
  {
    when: "a rule before it denies another port",
    looks: "fine",
    given: groupWith(
      outbound("Storage", { priority: 200 }),
      outbound("Internet", { access: "Deny", destinationPortRange: "445" }),
    ),
    want: "fail",
  },
  {
    when: "a rule before it denies other sources",
    given: groupWith(
      outbound("Storage", { priority: 200 }),
      outbound("Internet", { access: "Deny", sourceAddressPrefix: "10.0.0.0/25" }),
    ),
    want: "fail",
  },
  {
    when: "the group stands before nothing",
    looks: "wrong",
    given: [aSecurityGroup([outbound("Storage")]), aStorageAccount(), lists],
    want: "pass",
  },
  {
    when: "Azure says that it stands before a subnet that was not read",
    given: [
      {
        ...aSecurityGroup(),
        properties: { securityRules: [outbound("Storage")], subnets: [{ id: `${networkId}/subnets/other` }] },
      },
      aStorageAccount(),
      lists,
    ],
    want: "fail",
  },
  {
    when: "Azure says that it stands before an interface",
    given: [
      {
        ...aSecurityGroup(),
        properties: { securityRules: [outbound("Storage")], networkInterfaces: [{ id: aNetworkInterface().id }] },
      },
      aStorageAccount(),
      lists,
    ],
    want: "fail",
  },
  {
    when: "the rules cannot be understood",
    given: groupWith(outbound("Storage", { priority: "first" })),
    want: "undetermined",
    says: ["/properties/priority"],
  },
  {
    when: "the rules cannot be understood, and none of them names a tag that could be narrower",
    given: groupWith(outbound("VirtualNetwork", { priority: "first" })),
    want: "pass",
  },

  // AzureCloud and Internet
  {
    when: "all of Azure is allowed",
    given: [groupWith(outbound("AzureCloud")), tags],
    want: "fail",
    says: ["AzureCloud where AzureCloud.westeurope would do (65,536 of 16,777,216 addresses)"],
  },
  {
    when: "all of Azure is allowed, and services are in several regions",
    given: [groupWith(outbound("AzureCloud")), second, tags],
    want: "fail",
    says: ["AzureCloud where Storage would do (1,280 of 16,777,216 addresses)"],
  },
  {
    when: "all of Azure is allowed in a region that the tag has another name for",
    given: [aNetwork(), { ...aSecurityGroup([outbound("AzureCloud")]), location: "francecentral" }, lists, tags],
    want: "fail",
    says: ["AzureCloud.centralfrance"],
  },
  {
    when: "all of Azure is let in",
    looks: "fine",
    given: [groupWith(aSecurityRule({ name: "from-azure", sourceAddressPrefix: "AzureCloud" })), tags],
    want: "fail",
    says: ["`from-azure` lets in AzureCloud where AzureCloud.westeurope would do"],
  },
  {
    when: "storage is let in, whose tag is meant for rules on the way out",
    given: groupWith(aSecurityRule({ sourceAddressPrefix: "Storage" })),
    want: "pass",
  },
  {
    when: "the internet is let in, which is told by another rule",
    given: groupWith(aSecurityRule()),
    want: "pass",
  },
  {
    when: "the internet is allowed on the web's port",
    looks: "wrong",
    given: groupWith(outbound("Internet")),
    want: "pass",
  },
  {
    when: "the internet is allowed on the port of SQL servers",
    looks: "fine",
    given: [groupWith(outbound("Internet", { destinationPortRange: "1433" })), aSqlServer(), tags],
    want: "fail",
    says: ["Internet where Sql.WestEurope would do (256 of "],
  },
  {
    when: "the internet is allowed on that port, and there is no SQL server",
    given: groupWith(outbound("Internet", { destinationPortRange: "1433" })),
    want: "pass",
  },
  {
    when: "the internet is allowed on that port, and SQL servers are in several regions",
    given: [
      groupWith(outbound("Internet", { destinationPortRange: "1433" })),
      aSqlServer(),
      { id: `${sqlId}2`, type: "Microsoft.Sql/servers", location: "northeurope", properties: {} },
    ],
    want: "fail",
    says: ["Internet where Sql would do"],
  },

  // What services need
  {
    when: "Azure itself keeps the rule",
    looks: "wrong",
    given: groupWith(
      outbound("Storage", { name: "Microsoft.Databricks-workspaces_UseOnly_databricks-worker-to-storage" }),
    ),
    want: "pass",
  },
  {
    when: "Azure Bastion needs it",
    looks: "wrong",
    given: [aNetwork([{ name: "AzureBastionSubnet" }]), aSecurityGroup([outbound("AzureCloud")]), lists, tags],
    want: "pass",
  },
  {
    when: "Azure Databricks is in the subnet",
    looks: "wrong",
    given: [
      aNetwork([{ delegations: ["Microsoft.Databricks/workspaces"] }]),
      aSecurityGroup([outbound("Storage")]),
      aStorageAccount(),
      lists,
    ],
    want: "pass",
  },
  {
    when: "API Management of a classic tier, which has no delegation, is in the subnet",
    looks: "wrong",
    given: [aNetwork(), anApiManagement(), aSecurityGroup([outbound("AzureKeyVault")]), aKeyVault(), lists],
    want: "pass",
  },
  {
    when: "nothing is in the subnet that needs all key vaults",
    given: [aNetwork(), aSecurityGroup([outbound("AzureKeyVault")]), aKeyVault(), lists],
    want: "fail",
  },

  // Firewalls
  {
    when: "a classic firewall allows all storage",
    given: [
      aFirewall({ networkRuleCollections: [allowing("Storage")] }),
      theFirewallAddress(),
      aStorageAccount(),
      lists,
      tags,
    ],
    want: "fail",
    says: ["`out` allows Storage where Storage.WestEurope would do (256 of 1,280 addresses)"],
  },
  {
    when: "a firewall policy does",
    given: [
      aFirewallWithPolicy,
      aPolicy({
        groups: [{ collections: [{ rules: [aNetworkRule({ destinationAddresses: ["Storage"] })] }] }],
      }),
      aStorageAccount(),
      lists,
    ],
    want: "fail",
    says: ["afwp/ruleCollectionGroups/0"],
  },
  {
    when: "a policy that no firewall uses does",
    looks: "wrong",
    given: [
      aPolicy({
        groups: [{ collections: [{ rules: [aNetworkRule({ destinationAddresses: ["Storage"] })] }] }],
        properties: { firewalls: [] },
      }),
      aStorageAccount(),
      lists,
    ],
    want: "pass",
  },
  {
    when: "the groups of a policy are not known",
    given: [aFirewallWithPolicy, aPolicy({ list: undefined, properties: { ruleCollectionGroups: undefined } })],
    want: "undetermined",
  },
]);
