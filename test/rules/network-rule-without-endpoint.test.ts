import { networkRuleWithoutEndpoint } from "../../lib/rules/network-rule-without-endpoint.ts";
import { anAllow, anApp, forSubnet, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  networkId,
  refusedList,
  sqlId,
  subnetId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const foreignSubnet = subnetId.replace("000000000001", "000000000002");

/** A storage account with network rules for the given subnets. */
function listing(...subnets: readonly string[]) {
  return aStorageAccount({ networkAcls: { virtualNetworkRules: subnets.map((subnet) => aNetworkRule(subnet)) } });
}

ruleTable(networkRuleWithoutEndpoint, [
  {
    when: "the subnet has the endpoint",
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]), listing(subnetId)],
    want: "pass",
  },
  {
    when: "the subnet has no endpoint",
    looks: "fine",
    given: [aNetwork(), listing(subnetId)],
    want: "fail",
    says: ["snet-app", "/properties/networkAcls/virtualNetworkRules/0/id", "/properties/serviceEndpoints"],
  },
  {
    when: "the endpoints of the subnet are null",
    given: [
      {
        id: subnetId,
        type: "Microsoft.Network/virtualNetworks/subnets",
        properties: { addressPrefix: "10.0.0.0/24", serviceEndpoints: null },
      },
      listing(subnetId),
    ],
    want: "fail",
  },
  {
    when: "the subnet has the endpoints of other services only",
    looks: "fine",
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Sql", "Microsoft.KeyVault"] }]), listing(subnetId)],
    want: "fail",
  },
  {
    when: "the subnet has the endpoint for every region instead",
    looks: "wrong",
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Storage.Global"] }]), listing(subnetId)],
    want: "pass",
  },
  {
    when: "the endpoint for every region of another service stands on the subnet",
    looks: "fine",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage.Global"] }]),
      aSqlServer({ virtualNetworkRules: [{ subnet: subnetId }] }),
    ],
    want: "fail",
  },
  {
    when: "one of two subnets lacks it",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }, { name: "snet-batch" }]),
      listing(subnetId, `${networkId}/subnets/snet-batch`),
    ],
    want: "fail",
    says: ["admits snet-batch without"],
  },
  {
    when: "service and subnet are spelled in other casing",
    looks: "wrong",
    given: [
      aNetwork([{ serviceEndpoints: ["microsoft.keyvault"] }]),
      aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId.toLowerCase() }] } }),
    ],
    want: "pass",
  },
  {
    when: "a vault lists a subnet without the endpoint in lower case",
    given: [aNetwork(), aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId.toLowerCase() }] } })],
    want: "fail",
  },
  {
    when: "the endpoint could not be set up",
    given: [
      aNetwork([{ serviceEndpoints: [{ service: "Microsoft.Storage", provisioningState: "Failed" }] }]),
      listing(subnetId),
    ],
    want: "undetermined",
    says: ["Failed"],
  },
  {
    when: "the endpoint is being taken down",
    given: [
      aNetwork([{ serviceEndpoints: [{ service: "Microsoft.Storage", provisioningState: "Deleting" }] }]),
      listing(subnetId),
    ],
    want: "undetermined",
  },
  {
    when: "an entry of the endpoints cannot be understood",
    given: [aNetwork([{ serviceEndpoints: [{ locations: ["*"] }] }]), listing(subnetId)],
    want: "undetermined",
  },
  {
    when: "the endpoints are no list",
    given: [
      {
        id: subnetId,
        type: "Microsoft.Network/virtualNetworks/subnets",
        properties: { serviceEndpoints: "Microsoft.Storage" },
      },
      listing(subnetId),
    ],
    want: "undetermined",
  },
  {
    when: "the subnet is gone, which is another rule's finding",
    given: [aNetwork([]), listing(subnetId)],
    want: "pass",
  },
  {
    when: "the subnet lies in a subscription that is not in the recording, though the rule works",
    looks: "fine",
    given: [aNetwork(), listing(foreignSubnet)],
    want: "undetermined",
    says: ["000000000002"],
  },
  {
    when: "the subnet was read without its properties",
    given: [{ id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" }, listing(subnetId)],
    want: "undetermined",
    says: ["without its properties"],
  },
  { when: "the rule names nothing that can be understood", given: listing("snet-app"), want: "undetermined" },
  {
    when: "the rule names a network instead of a subnet",
    given: [aNetwork(), listing(networkId)],
    want: "undetermined",
    says: ["names no subnet that can be understood"],
  },
  {
    when: "public access is off, where no network rule has an effect",
    looks: "wrong",
    given: [
      aNetwork(),
      aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
    ],
    want: "pass",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    looks: "wrong",
    given: [aNetwork(), listing(subnetId), aPerimeter()],
    want: "pass",
  },
  {
    when: "the default admits everybody: the rule still has no effect",
    given: [
      aNetwork(),
      aStorageAccount({ networkAcls: { defaultAction: "Allow", virtualNetworkRules: [aNetworkRule()] } }),
    ],
    want: "fail",
  },
  {
    when: "a SQL server was told to ignore the missing endpoint",
    looks: "fine",
    given: [aNetwork(), aSqlServer({ virtualNetworkRules: [{ subnet: subnetId, state: "Ready" }] })],
    want: "fail",
    says: ["virtualNetworkRules/rule-0"],
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
    when: "the SQL network rules were refused while public access is off",
    given: [
      aSqlServer({ properties: { publicNetworkAccess: "Disabled" }, notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "pass",
  },
  { when: "there are no network rules", given: [aNetwork(), aStorageAccount()], want: "pass" },

  {
    when: "an app admits a subnet that lacks the endpoint",
    given: [anApp(lists([forSubnet()])), aNetwork([{ serviceEndpoints: [] }])],
    want: "fail",
    says: ["snet-app", "/properties/ipSecurityRestrictions/0/vnetSubnetResourceId"],
  },
  {
    when: "only the SCM site of an app admits a subnet that lacks the endpoint",
    looks: "fine",
    given: [anApp(lists([anAllow("203.0.113.7/32")], [forSubnet()])), aNetwork([{ serviceEndpoints: [] }])],
    want: "fail",
  },
  {
    when: "an app denies a subnet that lacks the endpoint",
    looks: "wrong",
    given: [anApp(lists([forSubnet(undefined, { action: "Deny" })])), aNetwork([{ serviceEndpoints: [] }])],
    want: "pass",
  },
  {
    when: "an app admits a subnet with the endpoint",
    given: [anApp(lists([forSubnet()])), aNetwork([{ serviceEndpoints: ["Microsoft.Web"] }])],
    want: "pass",
  },
]);
