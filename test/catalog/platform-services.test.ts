import { describe, expect, test } from "vitest";
import { apiVersionThatShows } from "../../lib/catalog/hidden-parts.ts";
import { Policy } from "../../lib/model/policy.ts";
import { reachFromAddress, reachFromSubnet, serviceReach } from "../../lib/reach/service-reach.ts";
import { readSet } from "../net/read-set.ts";
import {
  aConnection,
  aNetwork,
  aPerimeter,
  aPublicAddress,
  aSecurityGroup,
  aSecurityRule,
  complete,
  type Given,
  group,
  networkId,
  noPerimeter,
  publicAddressId,
  refused,
  refusedList,
  subnetId,
} from "../support/builders.ts";
import {
  anAddress,
  approved,
  approving,
  azure,
  expectJudged,
  off,
  type ServiceRow,
  wantedPrivate,
  whole,
} from "../support/judged.ts";
import {
  aCitusCluster,
  aDatabricksWorkspace,
  aksId,
  aLearningWorkspace,
  aLogWorkspace,
  aManagedInstance,
  anAksCluster,
  anApimService,
  anInsightsComponent,
  aPrivateAksCluster,
  apimId,
  citusId,
  databricksId,
  insightsId,
  instanceId,
  learningId,
  logsId,
  sendingFrom,
} from "../support/platform-services.ts";
import { anInterface, aPrivateEndpoint, aZone, everyZone, noZoneGroup, zoneId } from "../support/private-endpoints.ts";
import { auditOf, snapshotOf } from "../support/world.ts";

const connections = "Microsoft.ContainerService/managedClusters/privateEndpointConnections";
const integrated = { enableVnetIntegration: true, subnetId };

const onlyItself = { authorizedIPRanges: ["0.0.0.0/32"] };
const prefixId = `${group}/providers/Microsoft.Network/publicIPPrefixes/ippre`;
const aPrefix = {
  id: prefixId,
  name: "ippre",
  type: "Microsoft.Network/publicIPPrefixes",
  location: "westeurope",
  properties: { ipPrefix: "198.51.100.200/31" },
};

const clusters: readonly ServiceRow[] = [
  { when: "one address is listed", given: anAksCluster(), want: "addresses" },
  {
    when: "nothing is set",
    given: anAksCluster({}, { apiServerAccessProfile: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the list is empty, which turns it off",
    given: anAksCluster({ authorizedIPRanges: [] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the list is empty, and approved addresses are there to be the first",
    given: anAksCluster({ authorizedIPRanges: [] }),
    policy: approving,
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the entry stands for the cluster's own addresses alone, and looks like every workload in Azure, or nobody",
    given: anAksCluster({ authorizedIPRanges: ["0.0.0.0/32"] }),
    policy: approving,
    want: "nobody",
  },
  {
    when: "the entry stands for the cluster's own addresses alone, which are known and in no policy",
    given: anAksCluster(onlyItself, sendingFrom([publicAddressId])),
    beside: aPublicAddress(),
    policy: approving,
    want: "addresses",
  },
  {
    when: "its own address is one of a prefix that it was given",
    given: anAksCluster(onlyItself, sendingFrom([prefixId], "LoadBalancer")),
    beside: aPrefix,
    policy: approving,
    want: "addresses",
  },
  {
    when: "its own address was not read",
    given: anAksCluster(onlyItself, sendingFrom([publicAddressId])),
    policy: approving,
    want: "nobody..addresses",
  },
  {
    when: "one of its own addresses may not be read, and a listed one is not approved",
    given: anAksCluster({ authorizedIPRanges: ["198.51.100.7"] }, sendingFrom([publicAddressId])),
    beside: refused(publicAddressId),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "nothing is said of its way out, which is a load balancer then",
    given: anAksCluster(onlyItself, { networkProfile: undefined }),
    policy: approving,
    want: "nobody..addresses",
  },
  {
    when: "the addresses of its load balancer are null",
    given: anAksCluster(onlyItself, sendingFrom(null, "loadBalancer")),
    want: "nobody..addresses",
  },
  {
    when: "its load balancer has no address",
    given: anAksCluster(onlyItself, sendingFrom([], "loadBalancer")),
    want: "nobody",
  },
  {
    when: "it gets out over a managed NAT gateway, of which no document says whether its addresses are let in",
    given: anAksCluster(onlyItself, sendingFrom([publicAddressId], "managedNATGateway")),
    beside: aPublicAddress(),
    policy: approving,
    want: "nobody..addresses",
  },
  {
    when: "it gets out over its owner's NAT gateway, whose addresses the owner has to list",
    given: anAksCluster(onlyItself, sendingFrom([publicAddressId], "userAssignedNATGateway")),
    beside: aPublicAddress(),
    want: "nobody",
  },
  {
    when: "its way out is one that nobody knows",
    given: anAksCluster(onlyItself, sendingFrom([publicAddressId], "constructor")),
    beside: aPublicAddress(),
    want: "nobody..addresses",
  },
  {
    when: "it has a way out and no list, so that everybody gets in",
    given: anAksCluster({ authorizedIPRanges: [] }, sendingFrom([publicAddressId])),
    beside: aPublicAddress(),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it is private, and has a way out and ranges that count for nothing",
    given: [
      anAksCluster({ enablePrivateCluster: true }, sendingFrom([publicAddressId])),
      complete(aksId, connections),
      aPublicAddress(),
    ],
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "that entry stands beside the whole address space",
    given: anAksCluster({ authorizedIPRanges: ["0.0.0.0/32", "0.0.0.0/0"] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the only range is the whole address space, without which the list would be empty",
    given: anAksCluster({ authorizedIPRanges: ["0.0.0.0/0"] }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "halves together admit everybody",
    given: anAksCluster({ authorizedIPRanges: ["0.0.0.0/1", "128.0.0.0/1"] }),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "a range is wider than what is approved",
    given: anAksCluster({ authorizedIPRanges: ["203.0.113.0/27"] }),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "an entry is the service tag of a region, as in previews, which is every workload there",
    given: anAksCluster({ authorizedIPRanges: ["AzureCloud.westeurope"] }),
    want: "azure",
    fails: ["NI103"],
  },
  {
    when: "public access is said to be off and the cluster is no private one, of which no document says what it does",
    given: anAksCluster({ authorizedIPRanges: [] }, { publicNetworkAccess: "Disabled" }),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "public access is said to be on, and some range is listed",
    given: anAksCluster({}, { publicNetworkAccess: "Enabled" }),
    want: "addresses",
  },
  {
    when: "public access is said to be off of a private cluster",
    given: aPrivateAksCluster("Approved"),
    want: "private",
  },
  {
    when: "a private cluster has a public name, which leads to a private address",
    given: aPrivateAksCluster("Approved", { enablePrivateClusterPublicFQDN: true }),
    want: "private",
  },
  {
    when: "a private cluster has the private endpoint that the policy wants",
    given: aPrivateAksCluster(),
    policy: wantedPrivate(aksId),
    want: "private",
  },
  {
    when: "the private endpoint of a private cluster waits for approval",
    given: aPrivateAksCluster("Pending"),
    policy: wantedPrivate(aksId),
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
  {
    when: "the connections of a private cluster may not be read",
    given: [
      anAksCluster({ authorizedIPRanges: undefined, enablePrivateCluster: true }),
      refusedList(aksId, connections),
    ],
    policy: wantedPrivate(aksId),
    want: "nobody..private",
    unsure: ["NI301", "NI302"],
  },
  {
    when: "a public cluster can have no private endpoint, so that nobody reads its list",
    given: anAksCluster(),
    policy: wantedPrivate(aksId),
    want: "addresses",
    fails: ["NI301"],
  },
  {
    when: "the API server is in a network and private: no private endpoint leads to it, and none is needed",
    given: [
      anAksCluster({ authorizedIPRanges: undefined, enablePrivateCluster: true, ...integrated }),
      refusedList(aksId, connections),
    ],
    policy: wantedPrivate(aksId),
    want: "private",
    unsure: ["NI302"],
  },
  {
    when: "the API server is in a network and public, and everybody is let in",
    given: anAksCluster({ authorizedIPRanges: [], ...integrated }),
    want: "internet",
    fails: ["NI101"],
  },
];

const hidden = { networkAcls: undefined, ipAllowlist: undefined };
const learningRules = (defaultAction: string | undefined, ...values: readonly string[]) => ({
  networkAcls: { defaultAction, ipRules: values.map((value) => ({ value })) },
});

const learningWorkspaces: readonly ServiceRow[] = [
  { when: "one address is listed", given: aLearningWorkspace(), want: "addresses" },
  {
    when: "everybody is let in",
    given: aLearningWorkspace(learningRules("Allow")),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "everybody is let in, whatever the list says",
    given: aLearningWorkspace(learningRules("Allow", "203.0.113.7")),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "a preview shows no rules",
    given: aLearningWorkspace({ networkAcls: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "its body is of a stable api-version, which does not show who is let in",
    given: aLearningWorkspace(hidden),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105", "NI107"],
  },
  {
    when: "an older list has an entry, and the default action is not said",
    given: aLearningWorkspace({ networkAcls: undefined, ipAllowlist: ["203.0.113.7"] }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI105", "NI107"],
  },
  {
    when: "it denies and has no rule, of which no document says what it does",
    given: aLearningWorkspace(learningRules("Deny")),
    want: "nobody..internet",
    unsure: ["NI101", "NI107"],
  },
  {
    when: "halves together admit everybody",
    given: aLearningWorkspace(learningRules("Deny", "0.0.0.0/1", "128.0.0.0/1")),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "a rule is wider than what is approved",
    given: aLearningWorkspace(learningRules("Deny", "203.0.113.0/27")),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "public access is off, and the body of a stable api-version shows no rules",
    given: aLearningWorkspace({ ...off, ...hidden }),
    want: "nobody",
    unsure: ["NI107"],
  },
  {
    when: "public access is off, and an older switch says otherwise",
    given: aLearningWorkspace({ ...off, networkAcls: undefined, allowPublicAccessWhenBehindVnet: true }),
    want: "nobody",
  },
  {
    when: "nobody has set public access, and there is no private endpoint",
    given: aLearningWorkspace({ publicNetworkAccess: undefined, ...learningRules("Allow") }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "nobody has set public access, and there is a private endpoint",
    given: aLearningWorkspace({ ...approved, publicNetworkAccess: undefined, ...learningRules("Allow") }),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
  {
    when: "a private endpoint is approved and everybody is let in",
    given: aLearningWorkspace({ ...approved, ...learningRules("Allow") }),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "the policy wants a private endpoint and there is none",
    given: aLearningWorkspace({ ...off, networkAcls: undefined }),
    policy: wantedPrivate(learningId),
    want: "nobody",
    fails: ["NI301"],
  },
];

describe("Machine Learning workspaces", () => {
  test.each(learningWorkspaces)("$when", async (row) => {
    await expectJudged(learningId, row);
  });

  test.each([
    { when: "says that everybody is let in", properties: { ...learningRules("Allow") } },
    { when: "says nothing of its own", properties: { ...hidden, publicNetworkAccess: undefined } },
  ])("a project that $when is as open as its hub, which is audited, and needs no private endpoint", async (row) => {
    const hubId = `${group}/providers/Microsoft.MachineLearningServices/workspaces/hub-erp`;
    const hub = { ...aLearningWorkspace({ ...off, ...approved, ...hidden }), id: hubId, name: "hub-erp", kind: "Hub" };
    const project = { ...aLearningWorkspace({ ...row.properties, hubResourceId: hubId }), kind: "Project" };
    const { evaluations } = await auditOf([hub, project, noPerimeter], wantedPrivate(hubId));
    const judged = evaluations.filter(({ subject }) => subject.id.type.endsWith("/workspaces"));
    expect(judged.map(({ subject }) => subject.id.name)).toEqual(["hub-erp"]);
    expect(judged.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail")).toEqual([]);
    expect(apiVersionThatShows("microsoft.machinelearningservices/workspaces", project)).toBeUndefined();
  });

  test("what a stable api-version leaves out is read in a preview", () => {
    const type = "microsoft.machinelearningservices/workspaces";
    expect(apiVersionThatShows(type, aLearningWorkspace(hidden))).toBe("2025-01-01-preview");
    expect(apiVersionThatShows(type, aLearningWorkspace())).toBeUndefined();
    expect(apiVersionThatShows(type, aLearningWorkspace({ networkAcls: undefined }))).toBeUndefined();
  });
});

describe("names behind a private endpoint of a Machine Learning workspace", () => {
  // as https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns#find-the-ip-addresses has them
  const guid = "fb7e20a0-8891-458b-b969-55ddb3382f51";
  const notebook = `ml-mlw-erp-westeurope-${guid}.westeurope`;
  const api = {
    id: zoneId("privatelink.api.azureml.ms"),
    links: [networkId],
    records: {
      [`${guid}.workspace.westeurope`]: ["10.0.0.4"],
      [`${guid}.workspace.westeurope.cert`]: ["10.0.0.4"],
      [`*.${guid}.inference.westeurope`]: ["10.0.0.6"],
    },
  };
  const notebooks = {
    id: zoneId("privatelink.notebooks.azure.net"),
    links: [networkId],
    records: { [notebook]: ["10.0.0.5"] },
  };
  const addresses = {
    "10.0.0.4": [`${guid}.workspace.westeurope.api.azureml.ms`, `${guid}.workspace.westeurope.cert.api.azureml.ms`],
    "10.0.0.5": [`${notebook}.notebooks.azure.net`],
    "10.0.0.6": ["*.westeurope.inference.ml.azure.com"],
  };

  test.each([
    { when: "both zones hold them", zones: [api, notebooks], want: [] },
    {
      when: "there is no zone for notebooks",
      zones: [api],
      want: ["NI304 amlworkspace privatelink.notebooks.azure.net"],
    },
    {
      when: "the zone for notebooks is linked to no network",
      zones: [api, { ...notebooks, links: [] }],
      want: ["NI304 amlworkspace privatelink.notebooks.azure.net"],
    },
    {
      when: "the record of the certificates' name is missing",
      zones: [{ ...api, records: { [`${guid}.workspace.westeurope`]: ["10.0.0.4"] } }, notebooks],
      want: ["NI306 amlworkspace privatelink.api.azureml.ms"],
    },
  ])("$when", async ({ zones, want }) => {
    const { evaluations } = await auditOf([
      aLearningWorkspace({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] }),
      aPrivateEndpoint({ service: learningId, groupIds: ["amlworkspace"] }),
      anInterface({ groupId: "amlworkspace", addresses }),
      aNetwork(),
      noZoneGroup(),
      everyZone,
      zones.map(aZone),
    ]);
    const found = evaluations.flatMap(({ findings }) => findings).filter(({ rule }) => /NI30[456]/.test(rule));
    expect(found.map(({ rule, status, part }) => `${status === "fail" ? "" : status}${rule} ${part}`)).toEqual(want);
  });
});

const databricksWorkspaces: readonly ServiceRow[] = [
  {
    when: "public access is on, and its own lists may let in a few only",
    given: aDatabricksWorkspace(),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "nobody has set public access",
    given: aDatabricksWorkspace({ publicNetworkAccess: undefined }),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  { when: "public access is off", given: aDatabricksWorkspace(off), want: "nobody" },
  {
    when: "public access is on beside a private endpoint",
    given: aDatabricksWorkspace(approved),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
  {
    when: "public access is off beside a private endpoint",
    given: aDatabricksWorkspace({ ...off, ...approved }),
    want: "private",
  },
  {
    when: "the policy wants a private endpoint and there is none",
    given: aDatabricksWorkspace(off),
    policy: wantedPrivate(databricksId),
    want: "nobody",
    fails: ["NI301"],
  },
];

describe("Databricks workspaces", () => {
  test.each(databricksWorkspaces)("$when", async (row) => {
    await expectJudged(databricksId, row);
  });
});

const citusClusters: readonly ServiceRow[] = [
  { when: "there is no rule, which admits nobody", given: aCitusCluster(), want: "nobody" },
  { when: "one address is listed", given: aCitusCluster([anAddress]), want: "addresses" },
  { when: "a rule is the whole address space", given: aCitusCluster([whole]), want: "internet", fails: ["NI101"] },
  { when: "a rule stands for every workload in Azure", given: aCitusCluster([azure]), want: "azure", fails: ["NI103"] },
  {
    when: "halves together admit everybody",
    given: aCitusCluster([
      ["0.0.0.1", "127.255.255.255"],
      ["128.0.0.0", "255.255.255.255"],
    ]),
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "a rule is wider than what is approved",
    given: aCitusCluster([["203.0.113.0", "203.0.113.31"]]),
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "the coordinator is not public, and rules are kept",
    given: aCitusCluster([anAddress], { coordinatorEnablePublicIpAccess: false }),
    want: "nobody",
    fails: ["NI107"],
  },
  {
    when: "the coordinator is not public and the workers are, of which no document says whom the rules let in",
    given: aCitusCluster([whole], { coordinatorEnablePublicIpAccess: false, nodeEnablePublicIpAccess: true }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI107"],
  },
  {
    when: "nobody says whether the coordinator is public",
    given: aCitusCluster([whole], { coordinatorEnablePublicIpAccess: undefined }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI107"],
  },
  {
    when: "everybody is let in beside a private endpoint",
    given: aCitusCluster([whole], approved),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "the policy wants a private endpoint and there is none",
    given: aCitusCluster([], { coordinatorEnablePublicIpAccess: false }),
    policy: wantedPrivate(citusId),
    want: "nobody",
    fails: ["NI301"],
  },
];

describe("Cosmos DB for PostgreSQL clusters", () => {
  test.each(citusClusters)("$when", async (row) => {
    await expectJudged(citusId, row);
  });
});

const inSubnet = { virtualNetworkConfiguration: { subnetResourceId: subnetId } };
const external = { virtualNetworkType: "External", ...inSubnet };
const web = (sourceAddressPrefix: string, destinationPortRange = "443") =>
  aSecurityRule({ destinationPortRange, sourceAddressPrefix });

const apiServices: readonly ServiceRow[] = [
  { when: "it is in no network", given: anApimService(), want: "internet", fails: ["NI101"] },
  {
    when: "nothing is set",
    given: anApimService({ publicNetworkAccess: undefined, virtualNetworkType: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  { when: "public access is off", given: anApimService({ ...off, ...approved }), want: "private" },
  {
    when: "it has a private endpoint, and public access is on",
    given: anApimService(approved),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "it is internal, although public access is said to be on",
    given: anApimService({ ...external, virtualNetworkType: "Internal" }),
    beside: [aNetwork(), aSecurityGroup([web("Internet")])],
    policy: wantedPrivate(apimId),
    want: "private",
  },
  {
    when: "its kind of network is one that nobody knows, whatever its tier",
    given: anApimService({ virtualNetworkType: "Constructor" }, "StandardV2"),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "it is external, and the group of its subnet lets everybody in",
    given: anApimService(external),
    beside: [aNetwork(), aSecurityGroup([web("Internet")])],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it is external, and the group of its subnet lets nobody in from the internet",
    given: anApimService(external),
    beside: [aNetwork(), aSecurityGroup()],
    want: "nobody",
  },
  {
    when: "it is external, and the group of its subnet lets a few addresses in",
    given: anApimService(external),
    beside: [aNetwork(), aSecurityGroup([web("203.0.113.0/27")])],
    policy: approving,
    want: "addresses",
    fails: ["NI104"],
  },
  {
    when: "it is external, and the group lets everybody in on the port of HTTP alone, which its APIs answer on or not",
    given: anApimService(external),
    beside: [aNetwork(), aSecurityGroup([web("Internet", "80")])],
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "it is external, and the group lets everybody in on the ports of HTTP and HTTPS",
    given: anApimService(external),
    beside: [aNetwork(), aSecurityGroup([web("Internet", "0-1023")])],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "it is external, and the group lets everybody in on the port of management, which no client uses",
    given: anApimService(external),
    beside: [aNetwork(), aSecurityGroup([web("Internet", "3443")])],
    want: "nobody",
  },
  {
    when: "it is external, and the group of its subnet was not read",
    given: anApimService(external),
    beside: aNetwork(),
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "it is external, and its subnet has no group",
    given: anApimService(external),
    beside: aNetwork([{ nsg: undefined }]),
    want: "nobody..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "it is of a newer tier, whose subnet is for what it sends",
    given: anApimService(external, "StandardV2"),
    beside: [aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]), aSecurityGroup()],
    want: "internet",
    fails: ["NI101"],
  },
];

describe("API Management services", () => {
  test.each(apiServices)("$when", async (row) => {
    await expectJudged(apimId, row);
  });
});

const publicInstance = aManagedInstance({ publicDataEndpointEnabled: true });
const forInstances = aNetwork([{ delegations: ["Microsoft.Sql/managedInstances"] }]);
const tds = (sourceAddressPrefix: string, destinationPortRange = "3342") =>
  aSecurityGroup([aSecurityRule({ destinationPortRange, sourceAddressPrefix })]);

const instances: readonly ServiceRow[] = [
  {
    when: "the public endpoint is off, whatever the group of the subnet lets in",
    given: aManagedInstance(),
    beside: [forInstances, tds("Internet")],
    policy: wantedPrivate(instanceId),
    want: "private",
  },
  {
    when: "nobody has set the public endpoint",
    given: aManagedInstance({ publicDataEndpointEnabled: undefined }),
    beside: [forInstances, tds("Internet")],
    want: "private",
  },
  {
    when: "the public endpoint is on, and the group lets everybody in",
    given: publicInstance,
    beside: [forInstances, tds("Internet")],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the public endpoint is on, and the group lets everybody in on all ports",
    given: publicInstance,
    beside: [forInstances, tds("*", "*")],
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the public endpoint is on, and the group lets everybody in on the port of the other entrance",
    given: publicInstance,
    beside: [forInstances, tds("Internet", "1433")],
    want: "private",
  },
  {
    when: "the public endpoint is on, and the group lets nobody in",
    given: publicInstance,
    beside: [forInstances, aSecurityGroup()],
    want: "private",
  },
  {
    when: "the public endpoint is on, and the group lets half of the internet in",
    given: publicInstance,
    beside: [forInstances, tds("128.0.0.0/1")],
    want: "internet",
    fails: ["NI102"],
  },
  {
    when: "the public endpoint is on, and the group lets an approved address in",
    given: publicInstance,
    beside: [forInstances, tds("203.0.113.7")],
    policy: approving,
    want: "addresses",
  },
  {
    when: "the public endpoint is on, and the subnet was not read",
    given: publicInstance,
    want: "private..internet",
    unsure: ["NI101", "NI102"],
  },
  {
    when: "everybody is let in beside a private endpoint",
    given: aManagedInstance({ publicDataEndpointEnabled: true, ...approved }),
    beside: [forInstances, tds("Internet")],
    want: "internet",
    fails: ["NI101", "NI303"],
  },
];

describe("SQL managed instances", () => {
  test.each(instances)("$when", async (row) => {
    await expectJudged(instanceId, row);
  });

  test("a flow to the public endpoint takes its port, and is stopped or let through by the group of the subnet", () => {
    const snapshot = snapshotOf([publicInstance, forInstances, tds("Internet"), noPerimeter]);
    const [service] = snapshot.ofKind("service");
    if (service === undefined) throw new Error("no service");
    const [way] = serviceReach(service, Policy.default, snapshot).ways;
    expect(way?.witness?.flow.port).toBe(3342);
    expect(way?.witness?.steps.at(-1)?.evidence.map(({ pointer }) => pointer)).toContain("/properties/securityRules/0");
  });
});

const secured = {
  publicNetworkAccessForIngestion: "SecuredByPerimeter",
  publicNetworkAccessForQuery: "SecuredByPerimeter",
};
const scoped = [{ resourceId: `${group}/providers/Microsoft.Insights/privateLinkScopes/ampls/scopedResources/log` }];

const logWorkspaces: readonly ServiceRow[] = [
  { when: "both switches are off", given: aLogWorkspace(), want: "nobody" },
  {
    when: "nothing is set",
    given: aLogWorkspace({ publicNetworkAccessForIngestion: undefined, publicNetworkAccessForQuery: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "only queries are open",
    given: aLogWorkspace({ publicNetworkAccessForQuery: "Enabled" }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "only ingestion is open",
    given: aLogWorkspace({ publicNetworkAccessForIngestion: "Enabled" }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "one switch has a value that nobody knows, and the other is off",
    given: aLogWorkspace({ publicNetworkAccessForQuery: "Sometimes" }),
    want: "nobody..internet",
    unsure: ["NI101", "NI102", "NI103", "NI701", "NI702"],
  },
  {
    when: "both switches are off, and a private link scope leads to it",
    given: aLogWorkspace({ privateLinkScopedResources: scoped }),
    want: "nobody..private",
  },
  {
    when: "it relies on a perimeter that there is not",
    given: aLogWorkspace(secured),
    want: "nobody",
    fails: ["NI702"],
  },
  {
    when: "an enforced perimeter holds it",
    given: aLogWorkspace(secured),
    beside: aPerimeter({ service: logsId }),
    want: "nobody",
  },
  {
    when: "queries are left to a perimeter, and ingestion is open",
    given: aLogWorkspace({ ...secured, publicNetworkAccessForIngestion: "Enabled" }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "the policy wants a private endpoint, and no private link scope leads to it",
    given: aLogWorkspace(),
    policy: wantedPrivate(logsId),
    want: "nobody",
    fails: ["NI301"],
  },
  {
    when: "the policy wants a private endpoint, and a private link scope leads to it",
    given: aLogWorkspace({ privateLinkScopedResources: scoped }),
    policy: wantedPrivate(logsId),
    want: "nobody..private",
    unsure: ["NI301"],
  },
];

describe("Log Analytics workspaces", () => {
  test.each(logWorkspaces)("$when", async (row) => {
    await expectJudged(logsId, row);
  });
});

const components: readonly ServiceRow[] = [
  { when: "both switches are off", given: anInsightsComponent(), want: "nobody" },
  {
    when: "nothing is set",
    given: anInsightsComponent({ publicNetworkAccessForIngestion: undefined, publicNetworkAccessForQuery: undefined }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "only queries are open",
    given: anInsightsComponent({ publicNetworkAccessForQuery: "Enabled" }),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "both switches are off, and a private link scope leads to it",
    given: anInsightsComponent({ PrivateLinkScopedResources: [{ ScopeId: "1", ResourceId: scoped[0]?.resourceId }] }),
    want: "nobody..private",
  },
];

describe("Application Insights components", () => {
  test.each(components)("$when", async (row) => {
    await expectJudged(insightsId, row);
  });
});

describe("AKS clusters", () => {
  test.each(clusters)("$when", async (row) => {
    await expectJudged(aksId, row);
  });
});

describe("an AKS cluster that its own addresses are let in to", () => {
  const cluster = anAksCluster({}, sendingFrom([publicAddressId]));
  const from = (address: string, ...given: readonly Given[]) => {
    const snapshot = snapshotOf([cluster, noPerimeter, ...given]);
    const [service] = snapshot.ofKind("service");
    if (service === undefined) throw new Error("no service");
    const [way] = reachFromAddress(service, readSet(address), snapshot).ways;
    const last = way?.witness?.steps.at(-1);
    const at = last?.evidence.map(({ pointer }) => pointer);
    return { outcome: way?.witness?.outcome, because: way?.because, at, says: last?.says };
  };

  test("it is reached from one of them, by what names them", () => {
    const at = ["/properties/networkProfile/loadBalancerProfile/effectiveOutboundIPs", "/properties/ipAddress"];
    const says = "the firewall admits the address without a rule, as one that the service sends from";
    expect(from("198.51.100.200", aPublicAddress())).toEqual({ outcome: "reaches", because: [], at, says });
    expect(from("203.0.113.7", aPublicAddress()).says).toBe("the firewall admits the address");
    expect(from("198.51.100.201", aPublicAddress()).outcome).toBe("blocked");
  });

  test("it may be reached from any address where they are not known, and the reason is said", () => {
    const { outcome, because } = from("198.51.100.200", refused(publicAddressId));
    expect(outcome).toBe("unknown");
    expect(because?.join()).toContain("/publicIPAddresses/pip");
    expect(from("203.0.113.7", refused(publicAddressId)).outcome).toBe("reaches");
  });
});

describe("an AKS cluster whose API server is in a network", () => {
  const world: Given = [
    anAksCluster({ authorizedIPRanges: undefined, enablePrivateCluster: true, ...integrated }),
    complete(aksId, connections),
    aNetwork(),
    aSecurityGroup(),
  ];

  test("it is not said of a subnet that it does not reach it", () => {
    const snapshot = snapshotOf(world);
    const [service] = snapshot.ofKind("service");
    const [from] = snapshot.ofKind("subnet");
    if (service === undefined || from === undefined) throw new Error("no service, or no subnet");
    const because = [`who gets to the entrance that \`${aksId}\` has in a network is not worked out`];
    expect(reachFromSubnet(service, from, snapshot).because).toEqual(because);
    expect(serviceReach(service, Policy.default, snapshot).because).toEqual(because);
  });

  test("its subnet needs its delegation", async () => {
    const { evaluations } = await auditOf([world, noPerimeter]);
    const found = evaluations.flatMap(({ findings }) => findings).filter(({ status }) => status === "fail");
    expect(found.map(({ rule }) => rule)).toContain("NI401");
  });
});
