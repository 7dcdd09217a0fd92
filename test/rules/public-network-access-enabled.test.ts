import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import {
  aKeyVault,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  notAssociated,
  perimeterId,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const dualStack = { dualStackEndpointPreference: { publishIpv6Endpoint: true } };
const secured = { publicNetworkAccess: "SecuredByPerimeter" };

ruleTable(publicNetworkAccessEnabled, [
  { when: "the firewall denies by default", given: aStorageAccount(), want: "pass" },
  {
    when: "the default action is Allow",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
    want: "fail",
    says: ["/properties/networkAcls/defaultAction", "Allow"],
  },
  {
    when: "public access is Disabled and the default action Allow",
    looks: "wrong",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { defaultAction: "Allow" } }),
    want: "pass",
  },
  {
    when: "a vault has no networkAcls at all, which means Allow",
    looks: "fine",
    given: aKeyVault({ networkAcls: null }),
    want: "fail",
    says: ["is absent, which means Allow"],
  },
  {
    when: "one SQL rule is the whole address space",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }),
    want: "fail",
    says: ["255.255.255.255"],
  },
  {
    when: "one SQL rule is all but one address",
    given: aSqlServer({ firewallRules: [["0.0.0.1", "255.255.255.255"]] }),
    want: "pass",
  },
  {
    when: "the SQL firewall rules were not read",
    given: aSqlServer({ notRead: ["firewallRules"] }),
    want: "undetermined",
    says: ["firewallRules` is not in the recording"],
  },
  {
    when: "the default action has a value that nobody knows",
    given: aStorageAccount({ networkAcls: { defaultAction: "Maybe" } }),
    want: "undetermined",
    says: ["Maybe"],
  },
  {
    when: "the body is a thin one",
    given: { id: storageId, name: "stdrawings", type: "Microsoft.Storage/storageAccounts" },
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "values are spelled in lower case",
    given: aStorageAccount({ publicNetworkAccess: "enabled", networkAcls: { defaultAction: "allow" } }),
    want: "fail",
  },
  {
    when: "public access and default action are null, which means Enabled and Allow",
    looks: "fine",
    given: aStorageAccount({ publicNetworkAccess: null, networkAcls: { defaultAction: null } }),
    want: "fail",
  },
  {
    when: "one rule of a storage account is the whole address space",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7", "0.0.0.0/0") } }),
    want: "fail",
    says: ["/properties/networkAcls/ipRules/1/value"],
  },
  {
    when: "a rule whose range cannot be parsed may be the whole address space",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/00") } }),
    want: "undetermined",
    says: ["0.0.0.0/00"],
  },
  {
    when: "one IPv6 rule is the whole address space, and the account has an IPv6 endpoint",
    looks: "fine",
    given: aStorageAccount({ ...dualStack, networkAcls: { ipv6Rules: ipRules("::/0") } }),
    want: "fail",
  },
  {
    when: "one IPv6 rule is the whole address space, and the account has no IPv6 endpoint",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipv6Rules: ipRules("::/0") } }),
    want: "pass",
  },
  {
    when: "public access is Disabled and one SQL rule is the whole address space",
    looks: "wrong",
    given: aSqlServer({
      properties: { publicNetworkAccess: "Disabled" },
      firewallRules: [["0.0.0.0", "255.255.255.255"]],
    }),
    want: "pass",
  },
  {
    when: "the service is secured by a perimeter, and no perimeter holds it: nobody gets in",
    looks: "wrong",
    given: [aStorageAccount({ ...secured, networkAcls: { defaultAction: "Allow" } }), notAssociated()],
    want: "pass",
  },
  {
    when: "the service is secured by a perimeter that nobody read",
    looks: "fine",
    given: aStorageAccount(secured),
    want: "undetermined",
  },
  {
    when: "public access has a value that nobody knows, and whether a perimeter holds the service was not read",
    looks: "fine",
    given: aStorageAccount({ publicNetworkAccess: "Sometimes" }),
    want: "undetermined",
  },
  {
    when: "an enforced perimeter stands before a firewall that admits everybody",
    looks: "wrong",
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), aPerimeter()],
    want: "pass",
  },
  {
    when: "an enforced perimeter admits everybody, also with public access Disabled",
    looks: "fine",
    given: [
      aStorageAccount({ publicNetworkAccess: "Disabled" }),
      aPerimeter({ accessMode: "enforced", accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] }),
    ],
    want: "fail",
    says: ["accessRules/rule-0"],
  },
  {
    when: "an enforced perimeter admits all of IPv6 to a vault, which has no IPv6 endpoint",
    looks: "wrong",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ addressPrefixes: ["::/0"] }] })],
    want: "pass",
  },
  {
    when: "an access rule of the enforced perimeter was read without its properties",
    looks: "fine",
    given: [
      aStorageAccount(secured),
      aPerimeter(),
      {
        id: `${perimeterId}/profiles/default/accessRules/thin`,
        type: "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
      },
    ],
    want: "undetermined",
  },
  {
    when: "the association with the perimeter was read without its properties",
    looks: "fine",
    given: [
      aStorageAccount(secured),
      aPerimeter({ service: vaultId }),
      {
        id: `${perimeterId}/resourceAssociations/thin`,
        type: "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
      },
    ],
    want: "undetermined",
  },
  {
    when: "an association names no service that can be understood: it may be this one",
    looks: "fine",
    given: [aStorageAccount(secured), aPerimeter({ service: "stdrawings" })],
    want: "undetermined",
  },
  {
    when: "a perimeter in learning mode adds everybody",
    looks: "fine",
    given: [
      aStorageAccount(),
      aPerimeter({ accessMode: "Learning", accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] }),
    ],
    want: "fail",
  },
  {
    when: "a perimeter in audit mode adds everybody",
    given: [aStorageAccount(), aPerimeter({ accessMode: "Audit", accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] })],
    want: "undetermined",
    says: ["audit mode"],
  },
  {
    when: "a perimeter in learning mode leaves a default of Allow in force",
    looks: "fine",
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), aPerimeter({ accessMode: "Learning" })],
    want: "fail",
  },
]);
