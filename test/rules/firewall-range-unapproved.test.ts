import { Glob } from "../../lib/model/glob.ts";
import type { Site } from "../../lib/model/policy.ts";
import { firewallRangeUnapproved } from "../../lib/rules/firewall-range-unapproved.ts";
import { readSet } from "../net/read-set.ts";
import { aDeny, anAllow, anApp, forTag, lastRow, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aPerimeter,
  aPublicAddress,
  aSqlServer,
  aStorageAccount,
  type Given,
  ipRules,
  refusedList,
  sqlId,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const policy = policyWith({ approvedAddresses: readSet("203.0.113.0/28") });
const dualStack = { dualStackEndpointPreference: { publishIpv6Endpoint: true } };

const someTags: Given = {
  kind: "serviceTags",
  list: { changeNumber: 1, values: [{ name: "PowerPlatformInfra", addressPrefixes: ["52.126.35.0/24"] }] },
};

/** The policy with a site that needs what the pattern matches. */
function withSite(pattern: string) {
  const plant: Site = {
    name: "plant",
    natAddresses: readSet("198.51.100.10"),
    connection: "microsoftPeering",
    needs: [{ kind: "id", glob: new Glob(pattern) }],
  };
  return policyWith({ approvedAddresses: readSet("203.0.113.0/28"), sites: [plant] });
}

const approvingOffice = policyWith({ approvedAddresses: readSet("203.0.113.7") });

ruleTable(firewallRangeUnapproved, [
  {
    when: "the policy names no approved addresses at all",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("198.51.100.0/24") } }),
    want: "pass",
  },
  {
    when: "every address is approved",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0/28", "203.0.113.7") } }),
    policy,
    want: "pass",
  },
  {
    when: "the address that is not approved is one of the estate in the account's own region, which no rule matches",
    looks: "wrong",
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7", "198.51.100.200") } }), aPublicAddress()],
    policy,
    want: "pass",
  },
  {
    when: "one range is not approved",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7", "198.51.100.0/24") } }),
    policy,
    want: "fail",
    says: ["198.51.100.0/24", "/properties/networkAcls/ipRules/1/value"],
  },
  {
    when: "a range is twice as wide as approved: only the other half is named",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0/27") } }),
    policy,
    want: "fail",
    says: ["admits 203.0.113.16/28, which"],
  },
  {
    when: "two approved prefixes cover one rule together",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0/27") } }),
    policy: policyWith({ approvedAddresses: readSet("203.0.113.0/28", "203.0.113.16/28") }),
    want: "pass",
  },
  {
    when: "a rule is for a private range, from which nobody comes: that it admits nobody is another rule's finding",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7", "10.70.0.0/16") } }),
    policy,
    want: "pass",
  },
  {
    when: "a rule is for a private range, and another for addresses that nobody approved: these alone are named",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("10.70.0.0/16", "198.51.100.0/24") } }),
    policy,
    want: "fail",
    says: ["admits 198.51.100.0/24, which"],
  },
  {
    when: "one range is private in part",
    looks: "fine",
    given: aSqlServer({ firewallRules: [["9.0.0.0", "10.255.255.255"]] }),
    policy,
    want: "fail",
    says: ["admits 9.0.0.0/8, which"],
  },
  {
    when: "a SQL rule goes over an approved prefix by one address",
    given: aSqlServer({ firewallRules: [["203.0.113.0", "203.0.113.16"]] }),
    policy,
    want: "fail",
    says: ["admits 203.0.113.16, which"],
  },
  {
    when: "a vault writes a single approved address as a prefix",
    given: aKeyVault({ networkAcls: { ipRules: [{ value: "203.0.113.4/32" }] } }),
    policy,
    want: "pass",
  },
  {
    when: "nothing is approved and nothing admitted",
    given: aStorageAccount(),
    policy: policyWith({ approvedAddresses: readSet() }),
    want: "pass",
  },
  {
    when: "nothing is approved and one address admitted",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7") } }),
    policy: policyWith({ approvedAddresses: readSet() }),
    want: "fail",
  },
  {
    when: "the address is that of a site that needs the service",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("198.51.100.10") } }),
    policy: withSite(storageId),
    want: "pass",
  },
  {
    when: "the address is that of a site that needs another service",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("198.51.100.10") } }),
    policy: withSite("*/storageAccounts/another"),
    want: "fail",
    says: ["198.51.100.10"],
  },
  {
    when: "public access is off",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { ipRules: ipRules("198.51.100.0/24") } }),
    policy,
    want: "pass",
  },
  {
    when: "the default admits everybody, which is another rule's finding",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow", ipRules: ipRules("198.51.100.0/24") } }),
    policy,
    want: "pass",
  },
  {
    when: "the rules together are the internet, though none is everybody",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") } }),
    policy,
    want: "fail",
  },
  {
    when: "a SQL server admits Azure, which is another rule's finding",
    looks: "wrong",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
    policy,
    want: "pass",
  },
  {
    when: "an IPv6 range is not approved, and the account has no IPv6 endpoint",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipv6Rules: ipRules("2001:db8:20::/64") } }),
    policy,
    want: "pass",
  },
  {
    when: "an IPv6 range is not approved, and the account has an IPv6 endpoint",
    given: aStorageAccount({ ...dualStack, networkAcls: { ipv6Rules: ipRules("2001:db8:20::/64") } }),
    policy,
    want: "fail",
    says: ["2001:db8:20::/64"],
  },
  {
    when: "a range cannot be parsed",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0-15") } }),
    policy,
    want: "undetermined",
    says: ["203.0.113.0-15"],
  },
  {
    when: "a range cannot be parsed and another is not approved",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0-15", "198.51.100.10") } }),
    policy,
    want: "fail",
    says: ["198.51.100.10"],
  },
  {
    when: "an IPv6 address stands among the IPv4 rules",
    given: aStorageAccount({ ...dualStack, networkAcls: { ipRules: ipRules("2001:db8:20::1") } }),
    policy,
    want: "undetermined",
    says: ["is not an ipv4 address"],
  },
  {
    when: "the SQL firewall rules were refused",
    given: [aSqlServer({ notRead: ["firewallRules"] }), refusedList(sqlId, "Microsoft.Sql/servers/firewallRules")],
    policy,
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL IPv6 rules were refused",
    given: [
      aSqlServer({ notRead: ["ipv6FirewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/ipv6FirewallRules"),
    ],
    policy,
    want: "undetermined",
  },
  {
    when: "the recording lacks the SQL IPv6 rules, which few have",
    looks: "wrong",
    given: aSqlServer({ notRead: ["ipv6FirewallRules"] }),
    policy,
    want: "pass",
  },
  {
    when: "an enforced perimeter admits what nobody approved",
    looks: "fine",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24"] }] })],
    policy,
    want: "fail",
    says: ["198.51.100.0/24", "accessRules/rule-0"],
  },
  {
    when: "an enforced perimeter admits a service tag",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ serviceTags: ["AzureCloud"] }] })],
    policy,
    want: "undetermined",
    says: ["service tags"],
  },
  {
    when: "an enforced perimeter admits a service tag to a vault, which nobody has looked up",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["PowerPlatformInfra"] }] })],
    policy,
    want: "undetermined",
    says: ["`PowerPlatformInfra`"],
  },
  {
    when: "an enforced perimeter admits the addresses of a service tag to a vault",
    looks: "fine",
    given: [
      aKeyVault(),
      aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["powerplatforminfra"] }] }),
      someTags,
    ],
    policy,
    want: "fail",
    says: ["admits 52.126.35.0/24", "/properties/serviceTags/0", "PowerPlatformInfra"],
  },
  {
    when: "an enforced perimeter admits a prefix that cannot be parsed",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["203.0.113.0/28", "here"] }] })],
    policy,
    want: "undetermined",
  },
  {
    when: "the prefixes of a perimeter's access rule are no list",
    looks: "fine",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: "198.51.100.0/24" }] })],
    policy,
    want: "undetermined",
  },
  {
    when: "the service tags of a perimeter's access rule are no list",
    looks: "fine",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ serviceTags: "AzureCloud" }] })],
    policy,
    want: "undetermined",
  },
  {
    when: "the service tells of an access rule without saying what is in it",
    looks: "fine",
    given: [
      aStorageAccount(),
      {
        id: `${storageId}/networkSecurityPerimeterConfigurations/association`,
        properties: {
          resourceAssociation: { accessMode: "Enforced" },
          profile: { accessRules: [{ name: "rule-0" }] },
        },
      },
    ],
    policy,
    want: "undetermined",
  },
  {
    when: "a perimeter's access rule has a direction that nobody knows",
    given: [
      aStorageAccount(),
      aPerimeter({ accessRules: [{ direction: "Sideways", addressPrefixes: ["198.51.100.0/24"] }] }),
    ],
    policy,
    want: "undetermined",
    says: ["Sideways"],
  },
  {
    when: "a perimeter in learning mode admits what nobody approved",
    looks: "fine",
    given: [
      aStorageAccount(),
      aPerimeter({ accessMode: "Learning", accessRules: [{ addressPrefixes: ["198.51.100.0/24"] }] }),
    ],
    policy,
    want: "fail",
  },
  {
    when: "a perimeter in audit mode admits what nobody approved",
    given: [
      aStorageAccount(),
      aPerimeter({ accessMode: "Audit", accessRules: [{ addressPrefixes: ["198.51.100.0/24"] }] }),
    ],
    policy,
    want: "undetermined",
    says: ["audit mode"],
  },

  { when: "an app admits an approved address", given: anApp(), policy: approvingOffice, want: "pass" },
  {
    when: "the SCM site of an app admits another one",
    looks: "fine",
    given: anApp(lists([anAllow("203.0.113.7/32")], [anAllow("198.51.100.1/32")])),
    policy: approvingOffice,
    want: "fail",
    says: ["198.51.100.1", "/properties/scmIpSecurityRestrictions/0/ipAddress"],
  },
  {
    when: "the SCM site of an app is open, and its main site admits an address that nobody approved",
    looks: "fine",
    given: anApp(lists([anAllow("198.51.100.1/32")], [lastRow("Allow")])),
    policy: approvingOffice,
    want: "fail",
    says: ["198.51.100.1"],
  },
  {
    when: "an app denies what is not approved of a range that it admits",
    looks: "wrong",
    given: anApp(lists([aDeny("203.0.113.0/29"), anAllow("203.0.113.0/28", { priority: 200 })])),
    policy: policyWith({ approvedAddresses: readSet("203.0.113.8/29") }),
    want: "pass",
  },
  {
    when: "an app admits a service tag",
    given: [
      anApp(lists([forTag("AzureFrontDoor.Backend")])),
      {
        kind: "serviceTags",
        list: { changeNumber: 1, values: [{ name: "AzureFrontDoor.Backend", addressPrefixes: ["20.1.0.0/29"] }] },
      },
    ],
    policy: approvingOffice,
    want: "fail",
    says: ["20.1.0.0/29"],
  },
  {
    when: "an app admits a service tag that is in no list",
    given: anApp(lists([forTag("AzureFrontDoor.Backend")])),
    policy: approvingOffice,
    want: "undetermined",
    says: ["without the list of service tags"],
  },
  {
    when: "an app admits a netmask beside an address",
    looks: "fine",
    given: anApp(lists([anAllow("203.0.113.0", { subnetMask: "255.255.255.0" })])),
    policy: approvingOffice,
    want: "fail",
    says: ["203.0.113.0/30"],
  },
]);
