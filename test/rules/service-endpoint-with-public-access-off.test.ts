import { serviceEndpointWithPublicAccessOff } from "../../lib/rules/service-endpoint-with-public-access-off.ts";
import { anApp, forSubnet, lists } from "../support/apps.ts";
import {
  aConnection,
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  networkId,
  notAssociated,
  refusedList,
  sqlId,
  subnetId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import { aCosmosAccount, aNamespace, serviceBusId } from "../support/more-services.ts";
import { ruleTable } from "../support/rule-table.ts";

const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);
const off = { publicNetworkAccess: "Disabled" };
const secured = { publicNetworkAccess: "SecuredByPerimeter" };
const rules = { networkAcls: { virtualNetworkRules: [aNetworkRule()] } };
const perimeters = "Microsoft.Network/networkSecurityPerimeters";

ruleTable(serviceEndpointWithPublicAccessOff, [
  { when: "public access is on and the default is Deny", given: [network, aStorageAccount(rules)], want: "pass" },
  {
    when: "public access is off, the endpoint and the rule are in place",
    looks: "fine",
    given: [network, aStorageAccount({ ...off, ...rules })],
    want: "fail",
    says: [
      "refuses snet-app too",
      "/properties/publicNetworkAccess",
      "/properties/networkAcls/virtualNetworkRules/0/id",
    ],
  },
  {
    when: "public access is off, and the subnet was not read",
    given: aStorageAccount({ ...off, ...rules }),
    want: "fail",
  },
  {
    when: "two subnets are listed, of which there is one finding",
    given: aStorageAccount({
      ...off,
      networkAcls: { virtualNetworkRules: [aNetworkRule(), aNetworkRule(`${networkId}/subnets/snet-batch`)] },
    }),
    want: "fail",
    says: ["snet-app and snet-batch"],
  },
  {
    when: "the rule names nothing that can be understood",
    given: aStorageAccount({ ...off, networkAcls: { virtualNetworkRules: [aNetworkRule("snet-old")] } }),
    want: "fail",
    says: ["refuses snet-old too"],
  },
  { when: "public access is off and there is no rule", given: aStorageAccount(off), want: "pass" },
  {
    when: "only IP rules are kept, which is another rule's finding",
    looks: "wrong",
    given: aStorageAccount({ ...off, networkAcls: { ipRules: ipRules("203.0.113.7") } }),
    want: "pass",
  },
  {
    when: "a vault spells it in lower case",
    given: aKeyVault({ publicNetworkAccess: "disabled", networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
    want: "fail",
  },
  {
    when: "a SQL server keeps a rule, which is a resource of its own",
    looks: "fine",
    given: aSqlServer({ properties: off, virtualNetworkRules: [{ subnet: subnetId }] }),
    want: "fail",
    says: ["virtualNetworkRules/rule-0"],
  },
  {
    when: "a namespace is switched off",
    given: aNamespace(serviceBusId, { virtualNetworkRules: [{ subnet: { id: subnetId } }] }, off),
    want: "fail",
  },
  {
    when: "a namespace is switched off by its rule set",
    looks: "fine",
    given: aNamespace(serviceBusId, { ...off, virtualNetworkRules: [{ subnet: { id: subnetId } }] }),
    want: "fail",
  },
  {
    when: "a Cosmos DB account is switched off",
    given: aCosmosAccount({ ...off, isVirtualNetworkFilterEnabled: true, virtualNetworkRules: [{ id: subnetId }] }),
    want: "fail",
  },
  {
    when: "a Cosmos DB account ignores its network rules anyway",
    looks: "wrong",
    given: aCosmosAccount({ ...off, virtualNetworkRules: [{ id: subnetId }] }),
    want: "pass",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    looks: "fine",
    given: [aStorageAccount(rules), aPerimeter()],
    want: "fail",
    says: [
      "left to a network security perimeter",
      "the network rules for snet-app count for nothing",
      "resourceAssociations",
      "Enforced",
    ],
  },
  {
    when: "an enforced perimeter lets every address in, which is nothing to a subnet with a service endpoint",
    looks: "fine",
    given: [network, aStorageAccount(rules), aPerimeter({ accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] })],
    want: "fail",
  },
  {
    when: "an enforced perimeter stands before a vault whose public access is off",
    given: [
      aKeyVault({ publicNetworkAccess: "disabled", networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
      aPerimeter({ service: vaultId }),
    ],
    want: "fail",
    says: ["left to a network security perimeter"],
  },
  {
    when: "an enforced perimeter stands before a firewall without a network rule",
    looks: "wrong",
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7") } }), aPerimeter()],
    want: "pass",
  },
  {
    when: "a perimeter in learning mode leaves the network rules in force",
    looks: "wrong",
    given: [network, aStorageAccount(rules), aPerimeter({ accessMode: "Learning" })],
    want: "pass",
  },
  {
    when: "a perimeter in learning mode leaves it at that",
    looks: "fine",
    given: [aStorageAccount({ ...off, ...rules }), aPerimeter({ accessMode: "Learning" })],
    want: "fail",
  },
  {
    when: "whether a perimeter holds the service was refused, which changes nothing for the subnets",
    given: [aStorageAccount({ ...off, ...rules }), refusedList(subscription, perimeters)],
    want: "fail",
  },
  {
    when: "the service relies on a perimeter, and none holds it",
    looks: "fine",
    given: [aStorageAccount({ ...secured, ...rules }), notAssociated()],
    want: "fail",
    says: ["left to a network security perimeter", "SecuredByPerimeter"],
  },
  {
    when: "the service relies on a perimeter in learning mode",
    looks: "fine",
    given: [aStorageAccount({ ...secured, ...rules }), aPerimeter({ accessMode: "Learning" })],
    want: "fail",
  },
  {
    when: "the service relies on a perimeter in audit mode",
    given: [aStorageAccount({ ...secured, ...rules }), aPerimeter({ accessMode: "Audit" })],
    want: "undetermined",
    says: ["audit mode"],
  },
  {
    when: "public access has a value that nobody knows",
    given: aStorageAccount({ publicNetworkAccess: "Sometimes", ...rules }),
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "public access has a value that nobody knows, and there is no rule",
    looks: "wrong",
    given: aStorageAccount({ publicNetworkAccess: "Sometimes" }),
    want: "pass",
  },
  {
    when: "the SQL network rules were refused",
    given: [
      aSqlServer({ properties: off, notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL network rules were refused while public access is on",
    given: [
      aSqlServer({ notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "pass",
  },
  {
    when: "the body is a thin one",
    given: { id: vaultId, type: "Microsoft.KeyVault/vaults" },
    want: "undetermined",
  },

  {
    when: "an app admits a subnet while its public access is off",
    given: [
      anApp(lists([forSubnet()]), { publicNetworkAccess: "Disabled" }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Web"] }]),
    ],
    want: "fail",
  },
  {
    when: "an app admits a subnet and has a private endpoint, beside which service endpoints do not work",
    looks: "fine",
    given: [
      anApp(lists([forSubnet()]), { privateEndpointConnections: [aConnection("Approved")] }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Web"] }]),
    ],
    want: "fail",
    says: ["the app has a private endpoint, so it refuses snet-app", "/properties/privateEndpointConnections/0"],
  },
  {
    when: "the private endpoint of the app that admits a subnet waits for approval",
    looks: "wrong",
    given: [
      anApp(lists([forSubnet()]), { privateEndpointConnections: [aConnection("Pending")] }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Web"] }]),
    ],
    want: "pass",
  },
  {
    when: "an account admits a subnet and has a private endpoint, beside which service endpoints work",
    looks: "wrong",
    given: [network, aStorageAccount({ ...rules, privateEndpointConnections: [aConnection("Approved")] })],
    want: "pass",
  },
  {
    when: "an app admits an address while its public access is off",
    given: anApp({}, { publicNetworkAccess: "Disabled" }),
    want: "pass",
  },
]);
