import { firewallRulesInert } from "../../lib/rules/firewall-rules-inert.ts";
import { anApp, untouched } from "../support/apps.ts";
import {
  aConnection,
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  noPerimeter,
  notAssociated,
  refusedList,
  sqlId,
  vaultId,
} from "../support/builders.ts";
import { aNamespace, serviceBusId } from "../support/more-services.ts";
import { ruleTable } from "../support/rule-table.ts";

const rules = { networkAcls: { ipRules: ipRules("203.0.113.7") } };
const off = { publicNetworkAccess: "Disabled" };
const secured = { publicNetworkAccess: "SecuredByPerimeter" };
const anAddress = ["203.0.113.7", "203.0.113.7"] as const;

ruleTable(firewallRulesInert, [
  { when: "public access is on", given: aStorageAccount(rules), want: "pass" },
  {
    when: "public access is off and an IP rule is kept",
    looks: "fine",
    given: aStorageAccount({ ...off, ...rules }),
    want: "fail",
    says: ["1 IP rule without effect", "203.0.113.7", "Disabled"],
  },
  { when: "public access is off and there is no rule", given: aStorageAccount(off), want: "pass" },
  {
    when: "a rule that is kept cannot be parsed",
    given: aStorageAccount({ ...off, networkAcls: { ipRules: ipRules("mars", null) } }),
    want: "fail",
    says: ["2 IP rules"],
  },
  {
    when: "only IPv6 rules are kept",
    given: aStorageAccount({ ...off, networkAcls: { ipv6Rules: ipRules("2001:db8::/64") } }),
    want: "fail",
  },
  {
    when: "only network rules are kept, which is another rule's finding",
    looks: "wrong",
    given: [aNetwork(), aStorageAccount({ ...off, networkAcls: { virtualNetworkRules: [aNetworkRule()] } })],
    want: "pass",
  },
  {
    when: "a vault spells it in lower case",
    given: aKeyVault({ publicNetworkAccess: "disabled", networkAcls: { ipRules: [{ value: "203.0.113.7" }] } }),
    want: "fail",
  },
  {
    when: "a SQL server keeps rules, which are resources of their own",
    looks: "fine",
    given: aSqlServer({ properties: off, firewallRules: [anAddress, ["0.0.0.0", "0.0.0.0"]] }),
    want: "fail",
    says: ["2 IP rules", "firewallRules/rule-1"],
  },
  {
    when: "a SQL server keeps an IPv6 rule",
    given: aSqlServer({ properties: off, ipv6FirewallRules: [["2001:db8::1", "2001:db8::2"]] }),
    want: "fail",
  },
  {
    when: "the SQL firewall rules were refused",
    given: [
      aSqlServer({ properties: off, notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL firewall rules were refused after one was seen",
    given: [
      aSqlServer({ properties: off, firewallRules: [anAddress], notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "fail",
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
    when: "an enforced perimeter stands before a firewall with rules",
    looks: "fine",
    given: [aStorageAccount(rules), aPerimeter()],
    want: "fail",
  },
  {
    when: "a perimeter in learning mode leaves the rules in force",
    looks: "wrong",
    given: [aStorageAccount(rules), aPerimeter({ accessMode: "Learning" })],
    want: "pass",
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
    when: "the service is secured by a perimeter, and no perimeter holds it",
    given: [aStorageAccount({ ...secured, ...rules }), notAssociated()],
    want: "fail",
  },
  {
    when: "the service is secured by a perimeter that nobody read",
    given: aStorageAccount({ ...secured, ...rules }),
    want: "undetermined",
  },
  {
    when: "Deny stands alone, which Service Bus takes for no firewall at all",
    looks: "fine",
    given: [aNamespace(serviceBusId, { ipRules: [] }), noPerimeter],
    want: "fail",
    says: ["Deny without any rule", "everybody gets in"],
  },
  {
    when: "Deny stands beside one rule",
    given: [aNamespace(serviceBusId), noPerimeter],
    want: "pass",
  },
  {
    when: "the body is a thin one",
    given: { id: vaultId, type: "Microsoft.KeyVault/vaults" },
    want: "undetermined",
  },

  {
    when: "an app keeps a rule while its public access is off",
    given: anApp({}, { publicNetworkAccess: "Disabled" }),
    want: "fail",
    says: ["2 IP rules"],
  },
  {
    when: "an app whose public access is off has but the row that Azure adds",
    looks: "wrong",
    given: anApp(untouched, { publicNetworkAccess: "Disabled" }),
    want: "pass",
  },
  {
    when: "a private endpoint turns public access off, which nobody has set, and an app keeps its rules",
    looks: "fine",
    given: anApp({}, { publicNetworkAccess: null, privateEndpointConnections: [aConnection("Approved")] }),
    want: "fail",
  },
]);
