import { firewallAdmitsInternet } from "../../lib/rules/firewall-admits-internet.ts";
import { aBareApp, aDeny, anAllow, anApp, forTag, lists } from "../support/apps.ts";
import {
  aKeyVault,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  ipRules,
  refusedList,
  sqlId,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { aNamespace, eventHubsId, serviceBusId } from "../support/more-services.ts";
import { aRegistry, registryRules } from "../support/registries-and-ai.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const halves = ipRules("0.0.0.0/1", "128.0.0.0/1");
const globalIpv6 = ["2000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] as const;
const forIpv6 = { ipRules: [{ ipMask: "2000::/3", action: "Allow" }] };
const dualStack = { dualStackEndpointPreference: { publishIpv6Endpoint: true } };

ruleTable(firewallAdmitsInternet, [
  {
    when: "the firewall lists a few addresses",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0/28", "198.51.100.10") } }),
    want: "pass",
  },
  {
    when: "two rules are one half of the address space each",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipRules: halves } }),
    want: "fail",
    says: ["/properties/networkAcls/ipRules/0/value", "0.0.0.0/1", "128.0.0.0/1"],
  },
  {
    when: "a vault has the halves, and everything in lower case",
    looks: "fine",
    given: aKeyVault({ networkAcls: { ipRules: [{ value: "0.0.0.0/1" }, { value: "128.0.0.0/1" }] } }),
    want: "fail",
  },
  {
    when: "two SQL rules meet in the middle",
    looks: "fine",
    given: aSqlServer({
      firewallRules: [
        ["0.0.0.0", "120.0.0.0"],
        ["120.0.0.1", "255.255.255.255"],
      ],
    }),
    want: "fail",
    says: ["firewallRules/rule-0", "firewallRules/rule-1"],
  },
  {
    when: "a SQL rule leaves out no more than the first address",
    looks: "fine",
    given: aSqlServer({ firewallRules: [["0.0.0.1", "255.255.255.255"]] }),
    want: "fail",
  },
  {
    when: "many ranges that overlap add up to a third of the internet",
    looks: "fine",
    given: aStorageAccount({
      networkAcls: {
        ipRules: ipRules("16.0.0.0/4", "24.0.0.0/5", "32.0.0.0/4", "36.0.0.0/6", "48.0.0.0/4", "64.0.0.0/4"),
      },
    }),
    want: "fail",
  },
  {
    when: "ranges reach the share only where their overlaps count twice",
    looks: "wrong",
    given: aStorageAccount({
      networkAcls: { ipRules: ipRules("32.0.0.0/3", "32.0.0.0/4", "48.0.0.0/4", "40.0.0.0/5", "56.0.0.0/5") },
    }),
    want: "pass",
  },
  {
    when: "one /2 alone is more than a quarter of the public addresses",
    looks: "fine",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("128.0.0.0/2") } }),
    want: "fail",
  },
  {
    when: "one /2 is mostly multicast and reserved space",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("192.0.0.0/2") } }),
    want: "pass",
  },
  {
    when: "the policy asks for a larger share",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("128.0.0.0/2") } }),
    policy: policyWith({ nearlyInternet: 0.5 }),
    want: "pass",
  },
  {
    when: "the policy asks for a smaller share",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("192.0.0.0/2") } }),
    policy: policyWith({ nearlyInternet: 0.1 }),
    want: "fail",
  },
  {
    when: "one rule alone is everybody, which is another rule's finding",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/0") } }),
    want: "pass",
  },
  {
    when: "the default admits everybody, which is another rule's finding",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow", ipRules: halves } }),
    want: "pass",
  },
  {
    when: "public access is Disabled and the halves are kept",
    looks: "wrong",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { ipRules: halves } }),
    want: "pass",
  },
  {
    when: "IPv6 rules hold all that IANA hands out, and the account has an IPv6 endpoint",
    looks: "fine",
    given: aStorageAccount({ ...dualStack, networkAcls: { ipv6Rules: ipRules("2000::/3") } }),
    want: "fail",
    says: ["/properties/networkAcls/ipv6Rules/0/value"],
  },
  {
    when: "IPv6 rules hold all that IANA hands out, and the account has no IPv6 endpoint",
    looks: "wrong",
    given: aStorageAccount({ networkAcls: { ipv6Rules: ipRules("2000::/3") } }),
    want: "pass",
  },
  {
    when: "it is not known whether the account has an IPv6 endpoint",
    given: aStorageAccount({
      dualStackEndpointPreference: { publishIpv6Endpoint: "perhaps" },
      networkAcls: { ipv6Rules: ipRules("2000::/3") },
    }),
    want: "undetermined",
    says: ["publishIpv6Endpoint"],
  },
  {
    when: "SQL servers have IPv6 addresses unless they say otherwise",
    given: aSqlServer({ ipv6FirewallRules: [globalIpv6] }),
    want: "fail",
  },
  {
    when: "IPv6 is switched off at a SQL server that keeps a rule for all of it",
    looks: "wrong",
    given: aSqlServer({ properties: { isIPv6Enabled: "Disabled" }, ipv6FirewallRules: [globalIpv6] }),
    want: "pass",
  },
  {
    when: "whether a SQL server has IPv6 cannot be understood",
    given: aSqlServer({ properties: { isIPv6Enabled: "SecuredByPerimeter" }, ipv6FirewallRules: [globalIpv6] }),
    want: "undetermined",
    says: ["isIPv6Enabled"],
  },
  {
    when: "a rule of an Event Hubs namespace holds all IPv6 addresses that IANA hands out, and it has both kinds",
    looks: "fine",
    given: aNamespace(eventHubsId, forIpv6, { ipAddressType: "DualStack" }),
    want: "fail",
    says: ["/properties/ipRules/0/ipMask"],
  },
  {
    when: "the namespace with such a rule has IPv4 addresses only",
    looks: "wrong",
    given: aNamespace(eventHubsId, forIpv6, { ipAddressType: "IPv4" }),
    want: "pass",
  },
  {
    when: "the namespace with such a rule was read by an api-version that does not say which addresses it has",
    given: aNamespace(eventHubsId, forIpv6),
    want: "undetermined",
    says: ["/properties/ipAddressType"],
  },
  {
    when: "a Service Bus namespace has both kinds of addresses and such a rule, of which its documents do not speak",
    given: aNamespace(serviceBusId, forIpv6, { ipAddressType: "DualStack" }),
    want: "undetermined",
    says: ["is not an ipv4 address"],
  },
  {
    when: "a container registry has both kinds of addresses and such a rule, of which its documents do not speak",
    given: aRegistry({
      endpointProtocol: "IPv4AndIPv6",
      networkRuleSet: registryRules({ ipRules: [{ value: "2000::/3", action: "Allow" }] }),
    }),
    want: "undetermined",
    says: ["is not an ipv4 address"],
  },
  {
    when: "a range cannot be parsed",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.0/040") } }),
    want: "undetermined",
    says: ["203.0.113.0/040"],
  },
  {
    when: "a range cannot be parsed, and the others are enough",
    given: aStorageAccount({ networkAcls: { ipRules: ipRules("mars", "0.0.0.0/1", "128.0.0.0/1") } }),
    want: "fail",
  },
  {
    when: "rules do something else than allow",
    given: aStorageAccount({ networkAcls: { ipRules: halves.map((rule) => ({ ...rule, action: "Deny" })) } }),
    want: "undetermined",
    says: ["Deny"],
  },
  {
    when: "the action of a rule is in lower case",
    given: aStorageAccount({ networkAcls: { ipRules: halves.map((rule) => ({ ...rule, action: "allow" })) } }),
    want: "fail",
  },
  {
    when: "the SQL firewall rules were refused",
    given: [aSqlServer({ notRead: ["firewallRules"] }), refusedList(sqlId, "Microsoft.Sql/servers/firewallRules")],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the SQL firewall rules were refused after the halves were seen",
    given: [
      aSqlServer({
        notRead: ["firewallRules"],
        firewallRules: [
          ["0.0.0.0", "127.255.255.255"],
          ["128.0.0.0", "255.255.255.255"],
        ],
      }),
      refusedList(sqlId, "Microsoft.Sql/servers/firewallRules"),
    ],
    want: "fail",
  },
  {
    when: "the body is a thin one",
    given: { id: storageId, type: "Microsoft.Storage/storageAccounts" },
    want: "undetermined",
  },
  {
    when: "an enforced perimeter stands before a firewall with the halves",
    looks: "wrong",
    given: [aStorageAccount({ networkAcls: { ipRules: halves } }), aPerimeter()],
    want: "pass",
  },
  {
    when: "an enforced perimeter has the halves itself",
    looks: "fine",
    given: [
      aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" }),
      aPerimeter({ accessRules: [{ addressPrefixes: ["0.0.0.0/1"] }, { addressPrefixes: ["128.0.0.0/1"] }] }),
    ],
    want: "fail",
    says: ["accessRules/rule-0", "accessRules/rule-1"],
  },
  {
    when: "the halves of a perimeter are for the way out",
    looks: "wrong",
    given: [
      aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" }),
      aPerimeter({ accessRules: [{ direction: "Outbound", addressPrefixes: ["0.0.0.0/1", "128.0.0.0/1"] }] }),
    ],
    want: "pass",
  },
  {
    when: "a perimeter in learning mode has the halves",
    looks: "fine",
    given: [
      aStorageAccount(),
      aPerimeter({
        accessMode: "Learning",
        accessRules: [{ addressPrefixes: ["0.0.0.0/1"] }, { addressPrefixes: ["128.0.0.0/1"] }],
      }),
    ],
    want: "fail",
  },
  {
    when: "a perimeter in audit mode has the halves",
    given: [
      aStorageAccount(),
      aPerimeter({
        accessMode: "Audit",
        accessRules: [{ addressPrefixes: ["0.0.0.0/1"] }, { addressPrefixes: ["128.0.0.0/1"] }],
      }),
    ],
    want: "undetermined",
    says: ["audit mode"],
  },
  {
    when: "the service is secured by a perimeter that nobody read",
    given: aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" }),
    want: "undetermined",
  },

  {
    when: "rules of an app are halves of the internet",
    looks: "fine",
    given: anApp(lists([anAllow("0.0.0.0/1"), anAllow("128.0.0.0/1", { priority: 200 })])),
    want: "fail",
  },
  {
    when: "one rule of an app has the halves, with a comma between them",
    looks: "fine",
    given: anApp(lists([anAllow("0.0.0.0/2,64.0.0.0/2")])),
    want: "fail",
  },
  {
    when: "an app lets in all but half of the IPv4 addresses, and no IPv6 one",
    looks: "fine",
    given: anApp(
      lists([aDeny("0.0.0.0/1"), aDeny("::/0", { priority: 200 })], [], {
        ipSecurityRestrictionsDefaultAction: "Allow",
      }),
    ),
    want: "fail",
  },
  {
    when: "of a half that an app lets in nearly all is denied before",
    looks: "wrong",
    given: anApp(lists([aDeny("0.0.0.0/2"), anAllow("0.0.0.0/1", { priority: 200 }), aDeny("64.0.0.0/2")])),
    want: "pass",
  },
  {
    when: "an app lets a service tag in that is in no list, and so few of all addresses",
    looks: "wrong",
    given: anApp(lists([forTag("AzureFrontDoor.Backend")])),
    want: "pass",
  },
  {
    when: "a rule of an app is for the internet, and for a service tag that is in no list",
    given: anApp(lists([forTag("Internet,VirtualNetwork")])),
    want: "fail",
    says: ["/properties/ipSecurityRestrictions/0/ipAddress", "Internet,VirtualNetwork"],
  },
  { when: "the rules of an app were not read", given: aBareApp(), want: "undetermined" },
  {
    when: "an enforced perimeter lets the tag of the internet in to an account, of which it is not known whether tags count",
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ serviceTags: ["Internet"] }] })],
    want: "undetermined",
    says: ["service tags of a perimeter"],
  },
  {
    when: "an enforced perimeter lets the tag of the internet in to a vault",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["Internet"] }] })],
    want: "fail",
    says: ["/properties/serviceTags/0"],
  },
  {
    when: "an enforced perimeter lets a service tag in to a vault that is in no list, and so few of all addresses",
    looks: "wrong",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["AzureCloud"] }] })],
    want: "pass",
  },
]);
