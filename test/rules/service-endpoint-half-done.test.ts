import { serviceEndpointHalfDone } from "../../lib/rules/service-endpoint-half-done.ts";
import { anApp, forSubnet, lastRow, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  refusedList,
  sqlId,
  storageId,
  subnetId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);
const virtualNetworkRules = [aNetworkRule()];
const open = { networkAcls: { defaultAction: "Allow", virtualNetworkRules } };
const everybody = ["0.0.0.0", "255.255.255.255"] as const;

ruleTable(serviceEndpointHalfDone, [
  {
    when: "both halves are done",
    given: [network, aStorageAccount({ networkAcls: { virtualNetworkRules } })],
    want: "pass",
  },
  {
    when: "the subnet is listed and the default action is still Allow",
    looks: "fine",
    given: [network, aStorageAccount(open)],
    want: "fail",
    says: ["/properties/networkAcls/defaultAction", "serviceEndpoints"],
  },
  {
    when: "the subnet is listed beside two halves of the internet",
    looks: "fine",
    given: [
      network,
      aStorageAccount({ networkAcls: { virtualNetworkRules, ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") } }),
    ],
    want: "fail",
  },
  {
    when: "the endpoint is the one for every region",
    given: [aNetwork([{ serviceEndpoints: ["microsoft.storage.GLOBAL"] }]), aStorageAccount(open)],
    want: "fail",
  },
  {
    when: "the endpoint is being updated, and works meanwhile",
    given: [
      aNetwork([{ serviceEndpoints: [{ service: "Microsoft.Storage", provisioningState: "Updating" }] }]),
      aStorageAccount(open),
    ],
    want: "fail",
  },
  {
    when: "only the second of two listed subnets has the endpoint",
    looks: "fine",
    given: [
      aNetwork([{ name: "snet-web" }, { serviceEndpoints: ["Microsoft.Storage"] }]),
      aStorageAccount({
        networkAcls: {
          defaultAction: "Allow",
          virtualNetworkRules: [aNetworkRule(subnetId.replace("snet-app", "snet-web")), aNetworkRule()],
        },
      }),
    ],
    want: "fail",
  },
  {
    when: "the listed subnet lacks the endpoint, which is another rule's finding",
    looks: "wrong",
    given: [aNetwork(), aStorageAccount(open)],
    want: "pass",
  },
  {
    when: "the subnet has the endpoint of another service",
    looks: "wrong",
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Sql", "Microsoft.KeyVault"] }]), aStorageAccount(open)],
    want: "pass",
  },
  {
    when: "the subnet has the endpoint and is not listed",
    looks: "wrong",
    given: [network, aStorageAccount({ networkAcls: { defaultAction: "Allow" } })],
    want: "pass",
  },
  {
    when: "the listed subnet is gone",
    given: [aNetwork([]), aStorageAccount(open)],
    want: "pass",
  },
  {
    when: "public access is off",
    looks: "wrong",
    given: [network, aStorageAccount({ publicNetworkAccess: "Disabled", ...open })],
    want: "pass",
  },
  {
    when: "a SQL server lists the subnet and everybody",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.Sql"] }]),
      aSqlServer({ firewallRules: [everybody], virtualNetworkRules: [{ subnet: subnetId }] }),
    ],
    want: "fail",
    says: ["255.255.255.255"],
  },
  {
    when: "a SQL server lists the subnet and Azure, which is another rule's finding",
    looks: "wrong",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.Sql"] }]),
      aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]], virtualNetworkRules: [{ subnet: subnetId }] }),
    ],
    want: "pass",
  },
  {
    when: "a vault lists the subnet in lower case",
    looks: "fine",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.KeyVault"] }]),
      aKeyVault({ networkAcls: { defaultAction: "allow", virtualNetworkRules: [{ id: subnetId.toLowerCase() }] } }),
    ],
    want: "fail",
  },
  {
    when: "the subnet was not read, though the rule works",
    given: aStorageAccount(open),
    want: "undetermined",
    says: ["snet-app"],
  },
  {
    when: "the subnet was read without its properties",
    given: [{ id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" }, aStorageAccount(open)],
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "the endpoint could not be set up",
    given: [
      aNetwork([{ serviceEndpoints: [{ service: "Microsoft.Storage", provisioningState: "Failed" }] }]),
      aStorageAccount(open),
    ],
    want: "undetermined",
    says: ["Failed"],
  },
  {
    when: "the default action has a value that nobody knows",
    given: [network, aStorageAccount({ networkAcls: { defaultAction: "Maybe", virtualNetworkRules } })],
    want: "undetermined",
    says: ["Maybe"],
  },
  {
    when: "the SQL network rules were refused",
    given: [
      aSqlServer({ firewallRules: [everybody], notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL network rules were refused, and nobody else gets in",
    given: [
      aSqlServer({ notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "pass",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    looks: "wrong",
    given: [network, aStorageAccount(open), aPerimeter()],
    want: "pass",
  },
  {
    when: "the body is a thin one",
    given: [network, { id: storageId, type: "Microsoft.Storage/storageAccounts" }],
    want: "undetermined",
  },

  {
    when: "an app admits a subnet with the endpoint, and everybody else",
    given: [
      anApp(lists([forSubnet()], [], { ipSecurityRestrictionsDefaultAction: "Allow" })),
      aNetwork([{ serviceEndpoints: ["Microsoft.Web"] }]),
    ],
    want: "fail",
  },
  {
    when: "an app admits a subnet with the endpoint, and nobody else",
    looks: "wrong",
    given: [anApp(lists([forSubnet(), lastRow("Deny")])), aNetwork([{ serviceEndpoints: ["Microsoft.Web"] }])],
    want: "pass",
  },
]);
