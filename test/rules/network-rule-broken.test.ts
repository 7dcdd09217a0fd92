import { networkRuleBroken } from "../../lib/rules/network-rule-broken.ts";
import { anApp, forSubnet, lists } from "../support/apps.ts";
import {
  absent,
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aSqlServer,
  aStorageAccount,
  complete,
  networkId,
  refused,
  refusedList,
  sqlId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const foreignSubnet = subnetId.replace("000000000001", "000000000002");
const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage", "Microsoft.Sql", "Microsoft.KeyVault"] }]);

/** A storage account with one network rule. */
function listing(state?: unknown, subnet = subnetId) {
  return aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule(subnet, state)] } });
}

const vault = aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId.toLowerCase() }] } });

ruleTable(networkRuleBroken, [
  { when: "the rule works and its subnet exists", given: [network, listing("Succeeded")], want: "pass" },
  { when: "there are no network rules", given: [network, aStorageAccount()], want: "pass" },
  {
    when: "the subnet is not in its network any more",
    looks: "fine",
    given: [aNetwork([{ name: "snet-other" }]), listing("Succeeded")],
    want: "fail",
    says: ["snet-app", "/properties/networkAcls/virtualNetworkRules/0/id"],
  },
  {
    when: "the network lists no subnets at all",
    given: [{ id: networkId, type: "Microsoft.Network/virtualNetworks", properties: { subnets: [] } }, vault],
    want: "fail",
  },
  {
    when: "the network's body says nothing of subnets, which proves nothing",
    given: [{ id: networkId, type: "Microsoft.Network/virtualNetworks", properties: { subnets: null } }, vault],
    want: "undetermined",
  },
  { when: "Azure answers that there is no such subnet", given: [vault, absent(subnetId)], want: "fail" },
  { when: "Azure answers that there is no such network", given: [vault, absent(networkId)], want: "fail" },
  {
    when: "the list of all networks was read and lacks the network",
    given: [vault, complete(subscription, "Microsoft.Network/virtualNetworks")],
    want: "fail",
  },
  {
    when: "the subnet was made anew under its old name",
    looks: "fine",
    given: [network, listing("NetworkSourceDeleted")],
    want: "fail",
    says: ["NetworkSourceDeleted"],
  },
  { when: "the state is Failed", looks: "fine", given: [network, listing("Failed")], want: "fail" },
  { when: "the state is spelled in lower case", given: [network, listing("networksourcedeleted")], want: "fail" },
  {
    when: "the state says so while the subnet was not read",
    given: listing("NetworkSourceDeleted", foreignSubnet),
    want: "fail",
  },
  {
    when: "the subnet was not read, and the state Succeeded proves that it exists",
    looks: "wrong",
    given: listing("Succeeded", foreignSubnet),
    want: "pass",
  },
  {
    when: "the subnet was refused, and the state Succeeded proves that it exists",
    looks: "wrong",
    given: [listing("Succeeded"), refused(subnetId)],
    want: "pass",
  },
  {
    when: "the rule is still being set up for a subnet that was not read",
    given: listing("Provisioning", foreignSubnet),
    want: "undetermined",
    says: ["000000000002"],
  },
  {
    when: "the rule is still being set up for a subnet that exists",
    given: [network, listing("Provisioning")],
    want: "pass",
  },
  {
    when: "the state is one that nobody knows",
    given: [network, listing("Hibernating")],
    want: "undetermined",
    says: ["Hibernating"],
  },
  {
    when: "no state is reported and the subnet was not read",
    given: listing(null, foreignSubnet),
    want: "undetermined",
  },
  {
    when: "a vault lists the subnet in lower case",
    looks: "wrong",
    given: [network, vault],
    want: "pass",
  },
  {
    when: "a vault, which reports no states, lists a subnet that was not read",
    given: vault,
    want: "undetermined",
    says: ["snet-app"],
  },
  {
    when: "a vault lists a subnet that was refused",
    given: [vault, refused(subnetId)],
    want: "undetermined",
    says: ["403 reading"],
  },
  {
    when: "the network was read without its properties",
    looks: "fine",
    given: [{ id: networkId, type: "Microsoft.Network/virtualNetworks" }, vault],
    want: "undetermined",
  },
  {
    when: "the rule names nothing that can be understood",
    given: [network, listing("Succeeded", "/subscriptions/…/snet-app")],
    want: "undetermined",
    says: ["names no subnet that can be understood"],
  },
  {
    when: "public access is off: the dead rule is there all the same",
    given: [
      aNetwork([]),
      aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
    ],
    want: "fail",
  },
  {
    when: "the SQL rule is Ready and its subnet was not read",
    given: aSqlServer({ virtualNetworkRules: [{ subnet: foreignSubnet, state: "Ready" }] }),
    want: "pass",
  },
  {
    when: "the SQL rule has failed",
    looks: "fine",
    given: [network, aSqlServer({ virtualNetworkRules: [{ subnet: subnetId, state: "Failed" }] })],
    want: "fail",
    says: ["virtualNetworkRules/rule-0", "/properties/state", "Failed"],
  },
  {
    when: "the SQL rule is in the state Unknown",
    given: [network, aSqlServer({ virtualNetworkRules: [{ subnet: subnetId, state: "Unknown" }] })],
    want: "undetermined",
    says: ["Unknown"],
  },
  {
    when: "the SQL rule is being made for a subnet that exists",
    given: [network, aSqlServer({ virtualNetworkRules: [{ subnet: subnetId, state: "InProgress" }] })],
    want: "pass",
  },
  {
    when: "the SQL network rules were refused",
    given: [
      aSqlServer({ notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL network rules were refused after a broken one was seen",
    given: [
      network,
      aSqlServer({ virtualNetworkRules: [{ subnet: subnetId, state: "Failed" }], notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "fail",
  },

  {
    when: "an app admits a subnet that is gone",
    given: [anApp(lists([forSubnet(`${networkId}/subnets/snet-gone`)])), aNetwork()],
    want: "fail",
    says: ["snet-gone"],
  },
  {
    when: "an app denies a subnet that is gone",
    looks: "wrong",
    given: [anApp(lists([forSubnet(`${networkId}/subnets/snet-gone`, { action: "Deny" })])), aNetwork()],
    want: "pass",
  },
  {
    when: "an app admits something that is no subnet",
    given: anApp(lists([forSubnet(networkId)])),
    want: "undetermined",
  },
]);
