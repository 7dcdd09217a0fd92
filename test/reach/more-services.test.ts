import { describe, expect, test } from "vitest";
import {
  aBareApp,
  aDeny,
  anAllow,
  anApp,
  appId,
  forSubnet,
  forTag,
  lastRow,
  lists,
  untouched,
} from "../support/apps.ts";
import { absent, aConnection, aNetwork, aSecurityGroup, type Given, refused, subnetId } from "../support/builders.ts";
import { aBareNamespace, aCosmosAccount, aNamespace, eventHubsId, serviceBusId } from "../support/more-services.ts";
import { auditOf } from "../support/world.ts";

interface Row {
  readonly when: string;
  readonly given: Given;
  /** The widest door: how wide at least, or "atLeast..atMost" where that is not known. */
  readonly want: string;
  /** Rules that fail. */
  readonly fails?: readonly string[];
}

function check(rows: readonly Row[]): void {
  test.each(rows)("$want when $when", async ({ given, want, fails = [] }) => {
    const { evaluations } = await auditOf(given);
    const reach = evaluations.find((evaluation) => evaluation.reach !== undefined)?.reach;
    const { atLeast, atMost } = reach ?? {};
    expect(atLeast === atMost ? atLeast : `${atLeast}..${atMost}`).toBe(want);
    const findings = evaluations.flatMap((evaluation) => evaluation.findings);
    const failed = findings.filter(({ status, resource }) => status === "fail" && resource.type !== "subnet");
    expect(failed.map(({ rule }) => rule)).toEqual(fails);
  });
}

const aRule = (id = subnetId) => ({ id, ignoreMissingVNetServiceEndpoint: false });
const withEndpoint = (service: string): Given => [aNetwork([{ serviceEndpoints: [service] }]), aSecurityGroup()];

describe("a Cosmos DB account", () => {
  const empty = { ipRules: [] };
  const filtered = { isVirtualNetworkFilterEnabled: true, virtualNetworkRules: [aRule()] };
  check([
    { when: "one address is listed", given: aCosmosAccount(), want: "addresses" },
    { when: "there is no rule at all", given: aCosmosAccount(empty), want: "internet", fails: ["NI101"] },
    { when: "the rules are absent", given: aCosmosAccount({ ipRules: null }), want: "internet", fails: ["NI101"] },
    {
      when: "there is no rule and a private endpoint is approved",
      given: aCosmosAccount({ ...empty, privateEndpointConnections: [aConnection("Approved")] }),
      want: "private",
    },
    {
      when: "there is no rule and a private endpoint is only pending",
      given: aCosmosAccount({ ...empty, privateEndpointConnections: [aConnection("Pending")] }),
      want: "internet",
      fails: ["NI101", "NI302"],
    },
    {
      when: "there is no rule and public access is off",
      given: aCosmosAccount({ ...empty, publicNetworkAccess: "Disabled" }),
      want: "nobody",
    },
    {
      when: "0.0.0.0 is listed, which is Azure and no address",
      given: aCosmosAccount({ ipRules: [{ ipAddressOrRange: "0.0.0.0" }] }),
      want: "azure",
      fails: ["NI103"],
    },
    {
      when: "an old api-version gives its rules as one text",
      given: aCosmosAccount({ ipRules: undefined, ipRangeFilter: "203.0.113.7, 198.51.100.0/24" }),
      want: "addresses",
    },
    {
      when: "that text holds something that is no address",
      given: aCosmosAccount({ ipRules: undefined, ipRangeFilter: "203.0.113.7,home" }),
      want: "addresses..internet",
    },
    {
      when: "only a subnet is listed and the network filter is on",
      given: [aCosmosAccount({ ...empty, ...filtered }), withEndpoint("Microsoft.AzureCosmosDB")],
      want: "subnets",
    },
    {
      when: "a subnet is listed and the network filter is off, so that the rule counts for nothing",
      given: [
        aCosmosAccount({ ...empty, ...filtered, isVirtualNetworkFilterEnabled: false }),
        withEndpoint("Microsoft.AzureCosmosDB"),
      ],
      want: "internet",
      fails: ["NI101", "NI201"],
    },
    {
      when: "a subnet without an endpoint is listed and the filter is off, so that the rule is no concern",
      given: [
        aCosmosAccount({ ...filtered, isVirtualNetworkFilterEnabled: false }),
        aNetwork([{ serviceEndpoints: [] }]),
      ],
      want: "addresses",
    },
    {
      when: "the network filter is on without any rule, which the documents leave open",
      given: aCosmosAccount({ ...empty, isVirtualNetworkFilterEnabled: true }),
      want: "nobody..internet",
    },
    {
      when: "trusted services and a resource are let past",
      given: aCosmosAccount({
        networkAclBypass: "AzureServices",
        networkAclBypassResourceIds: ["/subscriptions/x/resourceGroups/y/providers/Microsoft.Synapse/workspaces/z"],
      }),
      want: "addresses",
      fails: ["NI106"],
    },
  ]);
});

describe.each([
  { what: "a Service Bus namespace", id: serviceBusId, endpoint: "Microsoft.ServiceBus" },
  { what: "an Event Hubs namespace", id: eventHubsId, endpoint: "Microsoft.EventHub" },
])("$what", ({ id, endpoint }) => {
  const ruleSet = `${id}/networkRuleSets/default`;
  const aNetworkRule = { subnet: { id: subnetId }, ignoreMissingVnetServiceEndpoint: false };
  check([
    { when: "one address is listed", given: aNamespace(id), want: "addresses" },
    {
      when: "the default is Allow",
      given: aNamespace(id, { defaultAction: "Allow" }),
      want: "internet",
      fails: ["NI101"],
    },
    {
      when: "Deny has no rule, which the service does not enforce",
      given: aNamespace(id, { ipRules: [] }),
      want: "internet",
      fails: ["NI101", "NI107"],
    },
    {
      when: "Deny has only a network rule",
      given: [aNamespace(id, { ipRules: [], virtualNetworkRules: [aNetworkRule] }), withEndpoint(endpoint)],
      want: "subnets",
    },
    {
      when: "Deny has no rule and public access is off",
      given: aNamespace(id, { ipRules: [] }, { publicNetworkAccess: "Disabled" }),
      want: "nobody",
    },
    {
      when: "only the rule set says that public access is off",
      given: aNamespace(id, { defaultAction: "Allow", publicNetworkAccess: "Disabled", ipRules: [] }),
      want: "nobody",
    },
    {
      when: "only the rule set leaves it to a perimeter",
      given: aNamespace(id, { defaultAction: "Allow", publicNetworkAccess: "SecuredByPerimeter", ipRules: [] }),
      want: "nobody",
    },
    {
      when: "there is no rule set, which means Allow",
      given: [aBareNamespace(id), absent(ruleSet)],
      want: "internet",
      fails: ["NI101"],
    },
    { when: "the rule set was refused", given: [aBareNamespace(id), refused(ruleSet)], want: "nobody..internet" },
    { when: "nobody read the rule set", given: aBareNamespace(id), want: "nobody..internet" },
    {
      when: "trusted services are let past",
      given: aNamespace(id, { trustedServiceAccessEnabled: true }),
      want: "addresses",
      fails: ["NI106"],
    },
    {
      when: "a rule has an action that nobody knows",
      given: aNamespace(id, { ipRules: [{ ipMask: "203.0.113.7", action: "Ponder" }] }),
      want: "nobody..addresses",
    },
  ]);
});

describe("an app", () => {
  const config = `${appId}/config/web`;
  const noScm = { scmIpSecurityRestrictionsDefaultAction: "Deny" };
  const denied = forSubnet(subnetId, { action: "Deny" });
  const ownAddress = (sslState: string) => ({
    hostNameSslStates: [
      { name: "app-erp.azurewebsites.net", sslState: "Disabled" },
      { name: "erp.contoso.com", sslState },
    ],
  });
  const connected = (status: string) => ({ privateEndpointConnections: [aConnection(status)] });
  check([
    { when: "each site lists one address", given: anApp(), want: "addresses" },
    { when: "nobody has touched it", given: anApp(untouched), want: "internet", fails: ["NI101", "NI108"] },
    { when: "its main site alone is open", given: anApp(lists([], [], noScm)), want: "internet", fails: ["NI101"] },
    {
      when: "its SCM site alone is open",
      given: anApp(lists([lastRow("Deny"), anAllow("203.0.113.7/32")])),
      want: "internet",
      fails: ["NI108"],
    },
    { when: "it is off", given: anApp(untouched, { publicNetworkAccess: "Disabled" }), want: "nobody" },
    {
      when: "nobody has said whether it is on, and a private endpoint is approved",
      given: anApp(untouched, { publicNetworkAccess: null, ...connected("Approved") }),
      want: "private",
    },
    {
      when: "it is on all the same",
      given: anApp(untouched, connected("Approved")),
      want: "internet",
      fails: ["NI101", "NI108", "NI303"],
    },
    {
      when: "a rule for nobody in particular denies, and everybody else with them",
      given: anApp(lists([aDeny("203.0.113.7/32")], [], noScm)),
      want: "nobody",
    },
    {
      when: "a subnet is listed and has the endpoint",
      given: [anApp(lists([forSubnet()], [], noScm)), withEndpoint("Microsoft.Web")],
      want: "subnets",
    },
    {
      when: "a subnet gets in, and a name has an address of the app's own, with which that is not supported",
      given: [anApp(lists([forSubnet()], [], noScm), ownAddress("IpBasedEnabled")), withEndpoint("Microsoft.Web")],
      want: "nobody..subnets",
    },
    {
      when: "a subnet gets in, and a name has a certificate of its own",
      given: [anApp(lists([forSubnet()], [], noScm), ownAddress("SniEnabled")), withEndpoint("Microsoft.Web")],
      want: "subnets",
    },
    {
      when: "a subnet is listed after a rule that denies every subnet",
      given: [
        anApp(lists([aDeny("AnyVnets", { priority: 1 }), forSubnet()], [], noScm)),
        withEndpoint("Microsoft.Web"),
      ],
      want: "nobody",
    },
    {
      when: "a subnet is denied and allowed with one priority, denied first in what Azure lists",
      given: [anApp(lists([denied, forSubnet()], [], noScm)), withEndpoint("Microsoft.Web")],
      want: "nobody",
    },
    {
      when: "a subnet is denied and allowed with one priority, allowed first in what Azure lists",
      given: [anApp(lists([forSubnet(), denied], [], noScm)), withEndpoint("Microsoft.Web")],
      want: "subnets",
    },
    {
      when: "its main site lets every subnet in, and its SCM site denies one that it allows as well",
      given: [anApp(lists([anAllow("AnyVnets")], [denied, forSubnet()])), withEndpoint("Microsoft.Web")],
      want: "azure",
      fails: ["NI103"],
    },
    {
      when: "Azure is listed by its tag, which nobody has looked up",
      given: anApp(lists([forTag("AzureCloud")], [], noScm)),
      want: "azure",
      fails: ["NI103"],
    },
    { when: "its configuration was refused", given: [aBareApp(), refused(config)], want: "nobody..internet" },
    { when: "nobody read its configuration", given: aBareApp(), want: "nobody..internet" },
  ]);
});
