import { firewallRangeIneffective } from "../../lib/rules/firewall-range-ineffective.ts";
import { anAllow, anApp, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aNetwork,
  aPerimeter,
  aPublicAddress,
  aSqlServer,
  aStorageAccount,
  type Given,
  group,
  ipRules,
  refusedList,
  sqlId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

/** A storage account that admits these addresses. */
function admitting(...values: readonly string[]) {
  return aStorageAccount({ networkAcls: { ipRules: ipRules(...values) } });
}

/** Made-up ranges of Azure in two regions. */
const azure: Given = {
  kind: "serviceTags",
  list: {
    changeNumber: 1,
    values: [
      { name: "AzureCloud", addressPrefixes: ["20.50.0.0/16", "20.60.0.0/16"] },
      { name: "AzureCloud.westeurope", addressPrefixes: ["20.50.0.0/16"] },
      { name: "AzureCloud.northeurope", addressPrefixes: ["20.60.0.0/16"] },
    ],
  },
};

/** In the region of the account, unless said otherwise. */
function owned(ipAddress: string, location = "westeurope"): Given {
  return { ...aPublicAddress(), location, properties: { ipAddress } };
}

ruleTable(firewallRangeIneffective, [
  {
    when: "a rule is for a public address of the estate in the account's own region, which no list of service tags tells of",
    looks: "fine",
    given: [admitting("203.0.113.7", "20.50.1.4"), owned("20.50.1.4")],
    want: "fail",
    says: ["addresses of Azure in the account's own region (westeurope) never match: 20.50.1.4", "pip", "/location"],
  },
  {
    when: "one of the addresses of a rule is in the account's own region",
    looks: "wrong",
    given: [admitting("20.50.1.4/31"), owned("20.50.1.4")],
    want: "pass",
  },
  {
    when: "an address of the same range is in another region",
    looks: "wrong",
    given: [admitting("20.50.1.4"), owned("20.50.1.4", "northeurope")],
    want: "pass",
  },
  {
    when: "another address of the same block is in the account's own region",
    looks: "wrong",
    given: [admitting("20.50.1.4"), owned("20.50.1.5")],
    want: "pass",
  },
  {
    when: "a public prefix of the estate in the account's own region holds the address",
    looks: "fine",
    given: [
      admitting("20.50.1.4"),
      {
        ...owned("-"),
        id: `${group}/providers/Microsoft.Network/publicIPPrefixes/pre`,
        type: "Microsoft.Network/publicIPPrefixes",
        properties: { ipPrefix: "20.50.1.0/28" },
      },
    ],
    want: "fail",
  },
  { when: "there is no rule", given: aStorageAccount(), want: "pass" },
  { when: "every rule is for public addresses", given: admitting("203.0.113.7", "8.8.8.0/24"), want: "pass" },
  {
    when: "one of the rules is for a private range",
    given: admitting("203.0.113.7", "10.1.0.0/16"),
    want: "fail",
    says: ["10.1.0.0/16", "/properties/networkAcls/ipRules/1/value", "/properties/publicNetworkAccess"],
  },
  {
    when: "the range is private only from its tenth bit on",
    looks: "fine",
    given: admitting("172.31.255.0/24"),
    want: "fail",
  },
  {
    when: "the range only looks private",
    looks: "wrong",
    given: admitting("172.32.0.0/16", "192.169.0.1"),
    want: "pass",
  },
  {
    when: "the range holds private and public addresses",
    looks: "wrong",
    given: admitting("8.0.0.0/6"),
    want: "pass",
  },
  {
    when: "the range is that of carriers' NAT, which Azure never sees",
    looks: "fine",
    given: admitting("100.64.0.0/10"),
    want: "fail",
  },
  {
    when: "a SQL server admits every tenant in Azure, which only looks like the address 0.0.0.0",
    looks: "wrong",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    want: "pass",
  },
  {
    when: "a SQL server has a rule for a private range",
    given: aSqlServer({ firewallRules: [["192.168.0.0", "192.168.3.255"]] }),
    want: "fail",
    says: ["192.168.0.0/22", "firewallRules/rule-0"],
  },
  {
    when: "an IPv6 rule is for unique local addresses",
    looks: "fine",
    given: aSqlServer({ ipv6FirewallRules: [["fd00::", "fd00::ffff"]] }),
    want: "fail",
  },
  {
    when: "public access is off, so that no rule has an effect",
    looks: "wrong",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { ipRules: ipRules("10.0.0.0/8") } }),
    want: "pass",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    looks: "wrong",
    given: [admitting("10.0.0.0/8"), aPerimeter()],
    want: "pass",
  },
  {
    when: "everybody is admitted by default, and by a rule for a private range as well",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow", ipRules: ipRules("10.0.0.0/8") } }),
    want: "fail",
  },
  {
    when: "the action of a rule for a private range is not known: it matches nobody all the same",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipRules: [{ value: "10.0.0.0/8", action: "Ponder" }] } }),
    want: "fail",
  },
  {
    when: "the action of a rule for a public range is not known",
    given: aStorageAccount({ networkAcls: { ipRules: [{ value: "8.8.8.8", action: "Ponder" }] } }),
    want: "pass",
  },
  {
    when: "a vault's rule cannot be parsed and may be for anything",
    given: aKeyVault({ networkAcls: { ipRules: [{ value: "10.0.0.0/33" }] } }),
    want: "undetermined",
    says: ["10.0.0.0/33"],
  },
  {
    when: "public access has a value that nobody knows",
    given: aStorageAccount({ publicNetworkAccess: "Sometimes", networkAcls: { ipRules: ipRules("10.0.0.0/8") } }),
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "the SQL firewall rules were refused",
    given: [aSqlServer({ notRead: ["firewallRules"] }), refusedList(sqlId, "Microsoft.Sql/servers/firewallRules")],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "one SQL firewall rule was read and is private, the list was refused",
    given: [
      aSqlServer({ firewallRules: [["10.0.0.1", "10.0.0.9"]], notRead: ["firewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "fail",
  },
  {
    when: "the rule is for addresses of Azure in the account's own region",
    looks: "fine",
    given: [admitting("20.50.7.0/24"), azure],
    want: "fail",
    says: ["addresses of Azure in the account's own region (westeurope) never match: 20.50.7.0/24", "/location"],
  },
  {
    when: "the account spells its region with a space",
    looks: "fine",
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("20.50.7.1") } }, { location: "West Europe" }), azure],
    want: "fail",
  },
  {
    when: "one rule is for a private range, and one for addresses of the own region",
    given: [admitting("10.1.0.0/16", "20.50.7.1", "203.0.113.7"), azure],
    want: "fail",
    says: ["has an address in 10.1.0.0/16; addresses of Azure"],
  },
  {
    when: "the rule is for addresses of Azure in another region",
    looks: "wrong",
    given: [admitting("20.60.7.0/24"), azure],
    want: "pass",
  },
  {
    when: "the rule is for more than the own region's addresses",
    looks: "wrong",
    given: [admitting("20.50.0.0/15"), azure],
    want: "pass",
  },
  {
    when: "no list of service tags says what is in the own region",
    given: admitting("20.50.7.0/24"),
    want: "pass",
  },
  {
    when: "the list of service tags lacks the own region",
    given: [
      admitting("20.50.7.0/24"),
      {
        kind: "serviceTags",
        list: { changeNumber: 1, values: [{ name: "AzureCloud", addressPrefixes: ["20.50.0.0/16"] }] },
      },
    ],
    want: "pass",
  },
  {
    when: "the account does not say in which region it is",
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("20.50.7.1") } }, { location: undefined }), azure],
    want: "pass",
  },
  {
    when: "a vault matches callers from its own region like all others",
    looks: "wrong",
    given: [aKeyVault({ networkAcls: { ipRules: [{ value: "20.50.7.0/24" }] } }), azure],
    want: "pass",
  },
  {
    when: "public access has a value that nobody knows, before a rule for the own region",
    given: [
      aStorageAccount({ publicNetworkAccess: "Sometimes", networkAcls: { ipRules: ipRules("20.50.7.1") } }),
      azure,
    ],
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "the rule is for a subnet that comes over a service endpoint, with private addresses",
    looks: "fine",
    given: [aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]), admitting("10.0.0.0/24")],
    want: "fail",
    says: ["10.0.0.0/24"],
  },

  {
    when: "a rule of an app is for private addresses",
    given: anApp(lists([anAllow("10.0.0.0/8"), anAllow("203.0.113.7/32")])),
    want: "fail",
    says: ["10.0.0.0/8", "/properties/ipSecurityRestrictions/0/ipAddress"],
  },
  {
    when: "a rule of an app is for private addresses and others",
    given: anApp(lists([anAllow("10.0.0.0/8,203.0.113.7/32")])),
    want: "pass",
  },
]);
