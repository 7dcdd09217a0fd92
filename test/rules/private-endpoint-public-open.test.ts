import { privateEndpointPublicOpen } from "../../lib/rules/private-endpoint-public-open.ts";
import { anAllow, anApp, lastRow, lists, untouched } from "../support/apps.ts";
import {
  aConnection,
  aKeyVault,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  refusedList,
  sqlId,
  storageId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const approved = { privateEndpointConnections: [aConnection("Approved")] };
const open = { networkAcls: { defaultAction: "Allow" } };

ruleTable(privateEndpointPublicOpen, [
  { when: "the public door is shut", given: aStorageAccount(approved), want: "pass" },
  {
    when: "the default admits everybody beside an approved endpoint",
    looks: "fine",
    given: aStorageAccount({ ...approved, ...open }),
    want: "fail",
    says: ["/properties/networkAcls/defaultAction", "/properties/privateEndpointConnections/0"],
  },
  {
    when: "two halves of the internet are admitted beside an approved endpoint",
    looks: "fine",
    given: aStorageAccount({ ...approved, networkAcls: { ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") } }),
    want: "fail",
  },
  {
    when: "a SQL server admits every tenant in Azure beside an approved endpoint",
    looks: "fine",
    given: aSqlServer({ properties: approved, firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    want: "fail",
    says: ["0.0.0.0"],
  },
  {
    when: "a vault has no networkAcls",
    looks: "fine",
    given: aKeyVault({ ...approved, networkAcls: null }),
    want: "fail",
    says: ["is absent, which means Allow"],
  },
  {
    when: "one of several connections is approved",
    given: aStorageAccount({
      ...open,
      privateEndpointConnections: [aConnection("Rejected", "pe-a"), aConnection("Approved", "pe-b")],
    }),
    want: "fail",
  },
  {
    when: "listed addresses are admitted beside an approved endpoint",
    looks: "wrong",
    given: aStorageAccount({ ...approved, networkAcls: { ipRules: ipRules("203.0.113.0/28") } }),
    want: "pass",
  },
  {
    when: "public access is off and the default action Allow",
    looks: "wrong",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", ...approved, ...open }),
    want: "pass",
  },
  { when: "there is no private endpoint", given: aStorageAccount(open), want: "pass" },
  {
    when: "the only endpoint is disconnected and serves nobody",
    looks: "wrong",
    given: aStorageAccount({ ...open, privateEndpointConnections: [aConnection("Disconnected")] }),
    want: "pass",
  },
  {
    when: "the status of the only endpoint is one that nobody knows",
    given: aStorageAccount({ ...open, privateEndpointConnections: [aConnection("Resting")] }),
    want: "undetermined",
    says: ["Resting"],
  },
  {
    when: "the default action has a value that nobody knows",
    given: aStorageAccount({ ...approved, networkAcls: { defaultAction: "Maybe" } }),
    want: "undetermined",
    says: ["Maybe"],
  },
  {
    when: "the SQL firewall rules were refused",
    given: [
      aSqlServer({ properties: approved, notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "an enforced perimeter shuts the public door",
    looks: "wrong",
    given: [aStorageAccount({ ...approved, ...open }), aPerimeter()],
    want: "pass",
  },
  {
    when: "an enforced perimeter is open itself",
    looks: "fine",
    given: [
      aStorageAccount({ publicNetworkAccess: "Disabled", ...approved }),
      aPerimeter({ accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] }),
    ],
    want: "fail",
  },
  {
    when: "a perimeter in learning mode is open",
    looks: "fine",
    given: [
      aStorageAccount(approved),
      aPerimeter({ accessMode: "Learning", accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] }),
    ],
    want: "fail",
  },
  {
    when: "a perimeter in audit mode is open",
    given: [
      aStorageAccount(approved),
      aPerimeter({ accessMode: "Audit", accessRules: [{ addressPrefixes: ["0.0.0.0/0"] }] }),
    ],
    want: "undetermined",
    says: ["audit mode"],
  },
  {
    when: "the body is a thin one",
    given: { id: storageId, type: "Microsoft.Storage/storageAccounts" },
    want: "undetermined",
  },

  {
    when: "an app has a private endpoint, and only its SCM site is open",
    looks: "fine",
    given: anApp(lists([anAllow("203.0.113.7/32")], [lastRow("Allow")]), {
      privateEndpointConnections: [aConnection("Approved")],
    }),
    want: "fail",
    says: ["/properties/scmIpSecurityRestrictionsDefaultAction"],
  },
  {
    when: "an app has a private endpoint, which turns public access off as nobody has set it",
    looks: "wrong",
    given: anApp(untouched, { publicNetworkAccess: null, privateEndpointConnections: [aConnection("Approved")] }),
    want: "pass",
  },
]);
