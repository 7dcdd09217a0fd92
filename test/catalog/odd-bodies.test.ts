import { describe, test } from "vitest";
import {
  aNetwork,
  aSecurityGroup,
  aSecurityRule,
  type Body,
  type Given,
  networkId,
  nsgId,
  subnetId,
} from "../support/builders.ts";
import { approved, expectJudged, type ServiceRow } from "../support/judged.ts";
import {
  aDatabricksWorkspace,
  aksId,
  aManagedInstance,
  anAksCluster,
  anApimService,
  apimId,
  databricksId,
  instanceId,
} from "../support/platform-services.ts";

function without(body: Body, ...names: readonly string[]): Body {
  return Object.assign({}, body, ...names.map((name) => ({ [name]: undefined })));
}

const tagList = (name: string, ...addressPrefixes: readonly string[]): Given => ({
  kind: "serviceTags",
  list: { changeNumber: 1, values: [{ name, addressPrefixes: [...addressPrefixes] }] },
});

const thinCluster = ["NI101", "NI102", "NI105", "NI107", "NI302", "NI303"];

const clusters: readonly ServiceRow[] = [
  {
    when: "the profile is null",
    given: anAksCluster({}, { apiServerAccessProfile: null }),
    want: "internet",
    fails: ["NI101"],
  },
  { when: "the list is null", given: anAksCluster({ authorizedIPRanges: null }), want: "internet", fails: ["NI101"] },
  {
    when: "the list is a text",
    given: anAksCluster({ authorizedIPRanges: "203.0.113.7/32" }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105"],
  },
  {
    when: "an entry is an empty text",
    given: anAksCluster({ authorizedIPRanges: [""] }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105"],
  },
  {
    when: "a range does not begin at its start",
    given: anAksCluster({ authorizedIPRanges: ["203.0.113.90/29"] }),
    want: "addresses",
  },
  { when: "an address has no mask", given: anAksCluster({ authorizedIPRanges: ["20.20.20.20"] }), want: "addresses" },
  {
    when: "the entry for nobody has no mask",
    given: anAksCluster({ authorizedIPRanges: ["0.0.0.0"] }),
    want: "nobody",
  },
  {
    when: "a range is private",
    given: anAksCluster({ authorizedIPRanges: ["10.0.0.0/8"] }),
    want: "nobody",
    fails: ["NI105"],
  },
  { when: "a range is one of IPv6", given: anAksCluster({ authorizedIPRanges: ["2001:db8::/32"] }), want: "nobody" },
  { when: "whether it is private is null", given: anAksCluster({ enablePrivateCluster: null }), want: "addresses" },
  {
    when: "it has no properties",
    given: without(anAksCluster(), "properties"),
    want: "nobody..internet",
    unsure: thinCluster,
  },
  {
    when: "its load balancer is a basic one",
    given: anAksCluster(
      { authorizedIPRanges: ["0.0.0.0/32"] },
      { networkProfile: { loadBalancerSku: "Basic", outboundType: "loadBalancer" } },
    ),
    want: "nobody..addresses",
  },
  {
    when: "public access is left to a perimeter, as in previews",
    given: anAksCluster({}, { publicNetworkAccess: "SecuredByPerimeter" }),
    want: "nobody..addresses",
    unsure: ["NI107"],
  },
  {
    when: "it is public and in a network",
    given: anAksCluster({ enableVnetIntegration: true, subnetId }),
    want: "addresses",
  },
  {
    when: "commands may be run in it through Azure",
    given: anAksCluster({ disableRunCommand: false }),
    want: "addresses",
  },
  {
    when: "an entry is the tag of a service, whose addresses are known",
    given: anAksCluster({ authorizedIPRanges: ["AzureFrontDoor.Backend", "20.20.20.20"] }),
    beside: tagList("AzureFrontDoor.Backend", "203.0.113.0/28"),
    want: "addresses",
  },
  {
    when: "an entry is the tag of Azure",
    given: anAksCluster({ authorizedIPRanges: ["AzureCloud", "20.20.20.20"] }),
    beside: tagList("AzureCloud", "203.0.113.0/28"),
    want: "azure",
    fails: ["NI103"],
  },
];

describe("odd bodies of AKS clusters", () => {
  test.each(clusters)("$when", async (row) => {
    await expectJudged(aksId, row);
  });
});

const external = { virtualNetworkType: "External", virtualNetworkConfiguration: { subnetResourceId: subnetId } };
const forPlans = aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]);
const forEnvironments = aNetwork([{ delegations: ["Microsoft.Web/hostingEnvironments"] }]);
const web = (sourceAddressPrefix: string, id = nsgId) =>
  aSecurityGroup([aSecurityRule({ destinationPortRange: "443", sourceAddressPrefix })], id);
const secondId = `${networkId}/subnets/snet-two`;
const twoSubnets = aNetwork([{}, { name: "snet-two", nsg: `${nsgId}-two` }]);
const alsoIn = (virtualNetworkConfiguration: object | null) => ({
  ...external,
  additionalLocations: [
    { location: "North Europe", sku: { name: "Premium", capacity: 1 }, virtualNetworkConfiguration },
  ],
});

const apiServices: readonly ServiceRow[] = [
  {
    when: "its kind of network is spelled otherwise",
    given: anApimService({ ...external, virtualNetworkType: "external" }, "premium"),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody",
  },
  {
    when: "it is external, and where its subnet is is null",
    given: anApimService({ ...external, virtualNetworkConfiguration: null }),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "its second region lets everybody in",
    given: anApimService(alsoIn({ subnetResourceId: secondId })),
    beside: [twoSubnets, aSecurityGroup(), web("Internet", `${nsgId}-two`)],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "neither of its regions lets anybody in",
    given: anApimService(alsoIn({ subnetResourceId: secondId })),
    beside: [twoSubnets, aSecurityGroup(), aSecurityGroup([], `${nsgId}-two`)],
    want: "nobody",
  },
  {
    when: "where it stands in its second region is null",
    given: anApimService(alsoIn(null)),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "its tier is not said",
    given: without(anApimService(external), "sku"),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "its tier is one that nobody knows",
    given: anApimService(external, "UltraV3"),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "it sends through a subnet, and is of the newest tier",
    given: anApimService(external, "PremiumV2"),
    beside: [forPlans, aSecurityGroup()],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it stands in a subnet, and is of the newest tier",
    given: anApimService({ ...external, virtualNetworkType: "Internal" }, "PremiumV2"),
    beside: [forEnvironments, web("Internet")],
    want: "private",
  },
  {
    when: "it is in no network, and names the subnet where it was",
    given: anApimService({ ...external, virtualNetworkType: "None" }),
    beside: [aNetwork(), aSecurityGroup()],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its kind of network and public access are null",
    given: anApimService({ publicNetworkAccess: null, virtualNetworkType: null }, "Consumption"),
    want: "internet",
    fails: ["NI101"],
  },
  { when: "off is spelled otherwise", given: anApimService({ publicNetworkAccess: "disabled" }), want: "nobody" },
  {
    when: "public access has a value of other services",
    given: anApimService({ publicNetworkAccess: "SecuredByPerimeter" }),
    want: "nobody..internet",
    unsure: ["NI101", "NI702"],
  },
  {
    when: "its connections are null",
    given: anApimService({ privateEndpointConnections: null }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it has no properties",
    given: without(anApimService(), "properties"),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI302", "NI303"],
  },
];

describe("odd bodies of API Management services", () => {
  test.each(apiServices)("$when", async (row) => {
    await expectJudged(apimId, row);
  });
});

const isPublic = { publicDataEndpointEnabled: true };
const forInstances = aNetwork([{ delegations: ["Microsoft.Sql/managedInstances"] }]);
const tds = (properties: Parameters<typeof aSecurityRule>[0]) =>
  aSecurityGroup([aSecurityRule({ destinationPortRange: "3342", sourceAddressPrefix: "Internet", ...properties })]);

const instances: readonly ServiceRow[] = [
  {
    when: "its subnet is null",
    given: aManagedInstance({ ...isPublic, subnetId: null }),
    beside: [forInstances, tds({})],
    want: "private..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "its subnet is an empty text",
    given: aManagedInstance({ ...isPublic, subnetId: "" }),
    beside: [forInstances, tds({})],
    want: "private..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "its subnet is spelled otherwise",
    given: aManagedInstance({ ...isPublic, subnetId: subnetId.toUpperCase() }),
    beside: [forInstances, tds({})],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its network does not have the subnet",
    given: aManagedInstance(isPublic),
    beside: [aNetwork([{ name: "snet-other" }]), tds({})],
    want: "private..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "the port is one of a range",
    given: aManagedInstance(isPublic),
    beside: [forInstances, tds({ destinationPortRange: "3340-3350", sourceAddressPrefix: "203.0.113.7" })],
    want: "addresses",
  },
  {
    when: "the group lets another protocol in",
    given: aManagedInstance(isPublic),
    beside: [forInstances, tds({ protocol: "Udp" })],
    want: "private",
  },
  {
    when: "a rule denies before one allows",
    given: aManagedInstance(isPublic),
    beside: [
      forInstances,
      aSecurityGroup([
        aSecurityRule({ destinationPortRange: "3342", sourceAddressPrefix: "Internet", priority: 200 }),
        aSecurityRule({ access: "Deny", destinationPortRange: "*", sourceAddressPrefix: "*", priority: 100 }),
      ]),
    ],
    want: "private",
  },
  {
    when: "the public endpoint and the connections are null",
    given: aManagedInstance({ publicDataEndpointEnabled: null, privateEndpointConnections: null }),
    beside: [forInstances, tds({})],
    want: "private",
  },
  {
    when: "whether the public endpoint is on is a number",
    given: aManagedInstance({ publicDataEndpointEnabled: 1 }),
    beside: [forInstances, tds({})],
    want: "private..internet",
    unsure: ["NI101", "NI102", "NI702"],
  },
  {
    when: "it has no properties",
    given: without(aManagedInstance(isPublic), "properties"),
    beside: [forInstances, tds({})],
    want: "private..internet",
    unsure: ["NI101", "NI102", "NI302", "NI303"],
  },
];

describe("odd bodies of SQL managed instances", () => {
  test.each(instances)("$when", async (row) => {
    await expectJudged(instanceId, row);
  });
});

const workspaces: readonly ServiceRow[] = [
  {
    when: "off is spelled otherwise",
    given: aDatabricksWorkspace({ publicNetworkAccess: "disabled" }),
    want: "nobody",
  },
  {
    when: "public access is null",
    given: aDatabricksWorkspace({ publicNetworkAccess: null }),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "public access has a value that nobody knows",
    given: aDatabricksWorkspace({ publicNetworkAccess: "Sometimes" }),
    want: "nobody..internet",
    unsure: ["NI101", "NI702"],
  },
  {
    when: "it has no clusters of its own, and public access is off",
    given: aDatabricksWorkspace({
      computeMode: "Serverless",
      parameters: null,
      publicNetworkAccess: "Disabled",
      ...approved,
    }),
    want: "private",
  },
  {
    when: "public access is off, and its connections are null",
    given: aDatabricksWorkspace({ publicNetworkAccess: "Disabled", privateEndpointConnections: null }),
    want: "nobody",
  },
  {
    when: "it has no properties",
    given: without(aDatabricksWorkspace(), "properties"),
    want: "nobody..internet",
    unsure: ["NI101", "NI302", "NI303"],
  },
];

describe("odd bodies of Databricks workspaces", () => {
  test.each(workspaces)("$when", async (row) => {
    await expectJudged(databricksId, row);
  });
});
