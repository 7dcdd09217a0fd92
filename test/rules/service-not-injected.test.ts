import { serviceNotInjected } from "../../lib/rules/service-not-injected.ts";
import { anApp, appId, slotId } from "../support/apps.ts";
import { absent, aPlacedService, aStorageAccount, type Body, group, refused, subnetId } from "../support/builders.ts";
import { aCache, cacheId } from "../support/more-services.ts";
import { anAksCluster } from "../support/platform-services.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const policy = policyWith({
  injectedTypes: [
    "microsoft.web/SITES",
    "Microsoft.ApiManagement/service",
    "Microsoft.Databricks/workspaces",
    "Microsoft.Cache/redis",
    "Microsoft.App/managedEnvironments",
    "Microsoft.ContainerService/managedClusters",
  ],
});

const planId = `${group}/providers/Microsoft.Web/serverfarms/plan`;
const environmentId = `${group}/providers/Microsoft.Web/hostingEnvironments/ase`;
const containerAppsId = `${group}/providers/Microsoft.App/managedEnvironments/cae`;

function aPlan(properties: Readonly<Record<string, unknown>> = {}): Body {
  return aPlacedService("Microsoft.Web/serverfarms", properties, "plan");
}

function anApiManagement(properties: Readonly<Record<string, unknown>> = {}): Body {
  return { ...aPlacedService("Microsoft.ApiManagement/service", properties, "apim"), sku: { name: "Premium" } };
}

ruleTable(serviceNotInjected, [
  { when: "the policy asks for nothing", given: anApp(), want: "pass" },
  {
    when: "an app names no subnet, and runs on no plan",
    given: anApp(),
    policy,
    want: "fail",
    says: ["it is in no virtual network", "/properties/virtualNetworkSubnetId"],
  },
  {
    when: "the nodes of an AKS cluster are in a subnet, and its API server is in none",
    looks: "fine",
    given: anAksCluster({}, { agentPoolProfiles: [{ name: "system", vnetSubnetID: subnetId }] }),
    policy,
    want: "fail",
    says: ["its API server is in no virtual network", "/properties/apiServerAccessProfile/subnetId"],
  },
  {
    when: "the API server of an AKS cluster is in a subnet",
    given: anAksCluster({ enableVnetIntegration: true, subnetId }),
    policy,
    want: "pass",
  },
  { when: "an app is integrated", given: anApp({}, { virtualNetworkSubnetId: subnetId }), policy, want: "pass" },
  {
    when: "an app has an empty text for a subnet",
    looks: "fine",
    given: anApp({}, { virtualNetworkSubnetId: "" }),
    policy,
    want: "fail",
  },
  {
    when: "an app names something that is no subnet",
    given: anApp({}, { virtualNetworkSubnetId: "snet-app" }),
    policy,
    want: "undetermined",
    says: ["names no subnet that can be understood"],
  },
  {
    when: "a private endpoint of an app is approved, which lets callers in and the app nowhere",
    looks: "fine",
    given: anApp({}, { publicNetworkAccess: "Disabled" }),
    policy,
    want: "fail",
  },
  {
    when: "an app is on a plan that is in no network",
    given: [anApp({}, { serverFarmId: planId }), aPlan()],
    policy,
    want: "fail",
  },
  {
    when: "an app is on a plan that names a subnet, of which it is not documented whether it is the app's",
    looks: "fine",
    given: [anApp({}, { serverFarmId: planId }), aPlan({ network: { virtualNetworkSubnetId: subnetId } })],
    policy,
    want: "undetermined",
    says: ["is not documented"],
  },
  {
    when: "the plan of an app could not be read",
    looks: "fine",
    given: [anApp({}, { serverFarmId: planId }), refused(planId)],
    policy,
    want: "undetermined",
    says: ["403 reading"],
  },
  {
    when: "the plan of an app is gone",
    given: [anApp({}, { serverFarmId: planId }), absent(planId)],
    policy,
    want: "fail",
  },
  {
    when: "an app is in an App Service environment, which is always in a network",
    looks: "wrong",
    given: [anApp({}, { hostingEnvironmentProfile: { id: environmentId } }), refused(environmentId)],
    policy,
    want: "pass",
  },
  {
    when: "an app is in a Container Apps environment that is in a network",
    looks: "wrong",
    given: [
      anApp({}, { managedEnvironmentId: containerAppsId }),
      aPlacedService(
        "Microsoft.App/managedEnvironments",
        { vnetConfiguration: { infrastructureSubnetId: subnetId } },
        "cae",
      ),
    ],
    policy,
    want: "pass",
  },
  {
    when: "an app is in a Container Apps environment whose network Azure made",
    looks: "fine",
    given: [
      anApp({}, { managedEnvironmentId: containerAppsId }),
      aPlacedService("Microsoft.App/managedEnvironments", { vnetConfiguration: null }, "cae"),
    ],
    policy: policyWith({ injectedTypes: ["Microsoft.Web/sites"] }),
    want: "fail",
  },
  {
    when: "the Container Apps environment of an app could not be read",
    given: [anApp({}, { managedEnvironmentId: containerAppsId }), refused(containerAppsId)],
    policy,
    want: "undetermined",
  },
  { when: "a slot is not asked where apps are", looks: "wrong", given: anApp({}, {}, slotId), policy, want: "pass" },
  {
    when: "a slot is asked where slots are",
    given: anApp({}, {}, slotId),
    policy: policyWith({ injectedTypes: ["Microsoft.Web/sites/slots"] }),
    want: "fail",
  },
  {
    when: "the body of an app is a thin one",
    given: { id: appId, type: "Microsoft.Web/sites" },
    policy,
    want: "undetermined",
  },
  {
    when: "an API Management service is in a subnet",
    given: anApiManagement({ virtualNetworkConfiguration: { subnetResourceId: subnetId } }),
    policy,
    want: "pass",
  },
  { when: "an API Management service is in none", given: anApiManagement(), policy, want: "fail" },
  {
    when: "a Databricks workspace is in a network that Databricks made",
    looks: "fine",
    given: aPlacedService("Microsoft.Databricks/workspaces", { parameters: {} }),
    policy,
    want: "fail",
  },
  {
    when: "a container group is outside, whose subnets would be a list",
    given: aPlacedService("Microsoft.ContainerInstance/containerGroups", { ipAddress: { type: "Public" } }),
    policy: policyWith({ injectedTypes: ["Microsoft.ContainerInstance/containerGroups"] }),
    want: "fail",
    says: ['"pointer":"/properties/subnetIds"'],
  },
  {
    when: "the nodes of an HDInsight cluster are in a subnet",
    given: aPlacedService("Microsoft.HDInsight/clusters", {
      computeProfile: { roles: [{ name: "headnode", virtualNetworkProfile: { subnet: subnetId } }] },
    }),
    policy: policyWith({ injectedTypes: ["Microsoft.HDInsight/clusters"] }),
    want: "pass",
  },
  {
    when: "the nodes of an HDInsight cluster are in a network of Azure's",
    given: aPlacedService("Microsoft.HDInsight/clusters", { computeProfile: { roles: [{ name: "headnode" }] } }),
    policy: policyWith({ injectedTypes: ["Microsoft.HDInsight/clusters"] }),
    want: "fail",
  },
  {
    when: "a managed Cassandra cluster names no subnet, and has no entrance outside of one",
    looks: "wrong",
    given: aPlacedService("Microsoft.DocumentDB/cassandraClusters", {}),
    policy: policyWith({ injectedTypes: ["Microsoft.DocumentDB/cassandraClusters"] }),
    want: "pass",
  },
  { when: "a cache is outside", given: aCache(), policy, want: "fail" },
  {
    when: "a cache is in a subnet",
    given: { id: cacheId, type: "Microsoft.Cache/redis", location: "westeurope", properties: { subnetId } },
    policy,
    want: "pass",
  },
  { when: "a service of another type is outside", looks: "wrong", given: aStorageAccount(), policy, want: "pass" },
]);
