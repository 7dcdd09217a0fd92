import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import { aBareApp, aDeny, anAllow, anApp, forTag, lastRow, lists, untouched } from "../support/apps.ts";
import {
  aConnection,
  aKeyVault,
  aPerimeter,
  aPerimeterConfiguration,
  aSqlServer,
  aStorageAccount,
  type Given,
  group,
  ipRules,
  notAssociated,
  perimeterId,
  refusedList,
  sqlId,
  storageId,
  vaultId,
} from "../support/builders.ts";
import { aNamespace, anEventGrid, eventHubsId, topicId } from "../support/more-services.ts";
import { ruleTable } from "../support/rule-table.ts";

const dualStack = { dualStackEndpointPreference: { publishIpv6Endpoint: true } };
const azureOfRegion: Given = {
  kind: "serviceTags",
  list: { changeNumber: 1, values: [{ name: "AzureCloud.westeurope", addressPrefixes: ["20.0.0.0/10"] }] },
};
const secured = { publicNetworkAccess: "SecuredByPerimeter" };

ruleTable(publicNetworkAccessEnabled, [
  { when: "the firewall denies by default", given: aStorageAccount(), want: "pass" },
  {
    when: "the default action is Allow",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
    want: "fail",
    says: ["every address is admitted", "/properties/networkAcls/defaultAction", "Allow"],
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
    says: ["every IPv4 address is admitted", "255.255.255.255"],
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
    when: "the range of an SQL firewall rule ends before it starts",
    given: aSqlServer({ firewallRules: [["203.0.113.9", "203.0.113.1"]] }),
    want: "undetermined",
    says: ["203.0.113.9-203.0.113.1"],
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
    says: ["every IPv6 address is admitted"],
  },
  {
    when: "one rule of an Event Hubs namespace with both kinds of addresses is all of IPv6",
    looks: "fine",
    given: aNamespace(eventHubsId, { ipRules: [{ ipMask: "::/0", action: "Allow" }] }, { ipAddressType: "DualStack" }),
    want: "fail",
    says: ["every IPv6 address is admitted"],
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
    when: "a perimeter should stand before an open account, and Azure could not carry the association through",
    looks: "fine",
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), aPerimeter({ hasProvisioningIssues: "yes" })],
    want: "undetermined",
    says: ["/properties/hasProvisioningIssues", "whether the access mode is in force is not known"],
  },
  {
    when: "the account itself tells of an error in the association with its perimeter",
    looks: "fine",
    given: [
      aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
      aPerimeterConfiguration({ severities: ["Warning", "Error"] }),
    ],
    want: "undetermined",
    says: ["/properties/provisioningIssues"],
  },
  {
    when: "the account itself tells of a warning about the association with its perimeter",
    looks: "wrong",
    given: [
      aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
      aPerimeterConfiguration({ severities: ["Warning"] }),
    ],
    want: "pass",
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

  {
    when: "nobody has touched an app",
    given: anApp(untouched),
    want: "fail",
    says: ["/properties/ipSecurityRestrictionsDefaultAction"],
  },
  { when: "an app lets one address in", given: anApp(), want: "pass" },
  {
    when: "the list of all apps, which leaves rules out, is all that is known of one",
    given: aBareApp(),
    want: "undetermined",
    says: ["config/web"],
  },
  {
    when: "an app is open and its public access off",
    given: anApp(untouched, { publicNetworkAccess: "Disabled" }),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "an app is open, its public access is not set, and a private endpoint turns it off",
    given: anApp(untouched, { publicNetworkAccess: null, privateEndpointConnections: [aConnection("Approved")] }),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "an app's public access is an empty text, and it has no private endpoint",
    given: anApp(untouched, { publicNetworkAccess: "" }),
    want: "fail",
    looks: "fine",
    says: ["Enabled without a private endpoint"],
  },
  {
    when: "an app's public access is not set, and a private endpoint waits for approval",
    given: anApp(untouched, { publicNetworkAccess: null, privateEndpointConnections: [aConnection("Pending")] }),
    want: "undetermined",
  },
  {
    when: "an app's public access is on, although a private endpoint is there",
    given: anApp(untouched, { privateEndpointConnections: [aConnection("Approved")] }),
    want: "fail",
    looks: "fine",
  },
  {
    when: "an app and its configuration contradict each other about public access",
    given: anApp({ ...untouched, publicNetworkAccess: "Disabled" }),
    want: "undetermined",
    says: ["says otherwise"],
  },
  {
    when: "an app has rules and no word on the others, whom it denies then",
    given: anApp(lists([anAllow("203.0.113.7/32"), lastRow("Deny")])),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "an app has rules, and lets the others in",
    given: anApp(lists([anAllow("203.0.113.7/32")], [], { ipSecurityRestrictionsDefaultAction: "Allow" })),
    want: "fail",
    says: ["every address is admitted"],
    looks: "fine",
  },
  {
    when: "an app denies one address and lets all others in: of IPv6 that is everybody",
    looks: "fine",
    given: anApp(lists([aDeny("9.9.9.9/32")], [], { ipSecurityRestrictionsDefaultAction: "Allow" })),
    want: "fail",
    says: ["every address but 9.9.9.9 is admitted"],
  },
  {
    when: "an app denies nobody but who has a private address, which no caller has",
    given: anApp(lists([aDeny("10.0.0.0/8")], [], { ipSecurityRestrictionsDefaultAction: "Allow" })),
    want: "fail",
    says: ["every address is admitted"],
  },
  {
    when: "an app denies much of IPv4, and nobody of IPv6",
    looks: "fine",
    given: anApp(
      lists([aDeny("0.0.0.0/1"), aDeny("128.0.0.0/2"), aDeny("192.0.0.0/4")], [], {
        ipSecurityRestrictionsDefaultAction: "Allow",
      }),
    ),
    want: "fail",
    says: ["208.0.0.0/4 and every IPv6 address are admitted"],
  },
  {
    when: "an app denies a service tag that is in no list, and lets the others in",
    given: anApp(
      lists([forTag("AzureEventGrid", { action: "Deny" })], [], { ipSecurityRestrictionsDefaultAction: "Allow" }),
    ),
    want: "undetermined",
  },
  {
    when: "one SQL rule is the whole address space, and the IPv6 rules were not read to their end",
    given: [
      aSqlServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]], notRead: ["ipv6FirewallRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/ipv6FirewallRules"),
    ],
    want: "fail",
    says: ["every IPv4 address is admitted"],
  },
  {
    when: "an app has no rule, and denies everybody",
    given: anApp(lists([lastRow("Deny")], [], { ipSecurityRestrictionsDefaultAction: "deny" })),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "the only sign that an app denies everybody is a row that nobody can set",
    given: anApp(lists([lastRow("Deny")])),
    want: "undetermined",
    says: ["/properties/ipSecurityRestrictions/0/action"],
  },
  {
    when: "nobody has touched an app, and its recording is of the days when Azure's own row came first",
    given: anApp(lists([{ ...lastRow("Allow"), priority: 1 }], [{ ...lastRow("Allow"), priority: 1 }])),
    want: "fail",
    says: ["every address is admitted", "/properties/ipSecurityRestrictions/0"],
  },
  {
    when: "a rule of an app is everybody by name, and one with a lower number denies them",
    given: anApp(lists([anAllow("Any", { priority: 300 }), aDeny("Any", { priority: 200 })])),
    want: "pass",
    looks: "wrong",
  },
  { when: "a rule of an app is everybody", given: anApp(lists([anAllow("0.0.0.0/0"), lastRow("Deny")])), want: "fail" },
  {
    when: "a rule of an app is everybody, and one with a lower number denies them",
    given: anApp(lists([anAllow("0.0.0.0/0", { priority: 300 }), aDeny("0.0.0.0/0", { priority: 200 })])),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "a rule of an app is everybody, and stands in the list after one of the same number that denies them",
    given: anApp(lists([aDeny("0.0.0.0/0"), anAllow("0.0.0.0/0")])),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "a rule of an app is everybody who sends a header, which anybody can",
    given: anApp(lists([anAllow("0.0.0.0/0", { headers: { "X-Azure-FDID": ["guid"] } })])),
    want: "undetermined",
    says: ["x-azure-fdid"],
  },
  {
    when: "an app lets one Front Door in",
    given: anApp(lists([forTag("AzureFrontDoor.Backend", { headers: { "X-Azure-FDID": ["guid"] } })])),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "an app lets a service tag in that is in no list",
    given: anApp(lists([forTag("AzureEventGrid")])),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "what a rule of an app is for cannot be understood",
    given: anApp(lists([anAllow("10.0.0.1", { tag: "XffProxy" })])),
    want: "undetermined",
  },
  {
    when: "the order of an app's rules cannot be told",
    given: anApp(lists([anAllow("0.0.0.0/0", { priority: null }), aDeny("0.0.0.0/0")])),
    want: "undetermined",
    says: ["/properties/ipSecurityRestrictions/0/priority"],
  },
  {
    when: "only the SCM site of an app is open",
    given: anApp(lists([anAllow("203.0.113.7/32")], [lastRow("Allow")])),
    want: "pass",
  },
  {
    when: "an app stands in an App Service Environment, whose entrance is not read",
    given: anApp(untouched, {
      hostingEnvironmentProfile: { id: `${group}/providers/Microsoft.Web/hostingEnvironments/ase` },
    }),
    want: "pass",
    looks: "wrong",
  },
  {
    when: "an enforced perimeter lets all of Azure in by its service tag, which is another rule's finding",
    looks: "wrong",
    given: [aKeyVault(), aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["AzureCloud"] }] })],
    want: "pass",
  },
  {
    when: "one rule of an account is the whole address space, of which no rule matches Azure's part in its region",
    looks: "fine",
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/0") } }), azureOfRegion],
    want: "fail",
    says: ["every address is admitted, but for those of Azure in the region of the service"],
  },
  {
    when: "the rules of an account are halves of that, which is another rule's finding",
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") } }), azureOfRegion],
    want: "pass",
  },
  {
    when: "a topic has no rule, the first of which would turn its firewall on",
    given: [anEventGrid(topicId, { inboundIpRules: [] }), notAssociated(topicId)],
    want: "fail",
    says: ["every address is admitted, as the firewall has no rule"],
    looks: "fine",
  },
  {
    when: "an account allows by default, Azure in its region included",
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), azureOfRegion],
    want: "fail",
    says: ['"every address is admitted"'],
  },
]);
