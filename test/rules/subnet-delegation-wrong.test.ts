import { Glob } from "../../lib/model/glob.ts";
import { subnetDelegationWrong } from "../../lib/rules/subnet-delegation-wrong.ts";
import {
  absent,
  aConsumptionOnlyEnvironment,
  aNetwork,
  anApiManagement,
  anApp,
  anEnvironment,
  aPlacedService,
  aServiceLink,
  aSubnet,
  aWorkspace,
  refused,
  refusedList,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const app = anApp();
const server = aPlacedService(
  "Microsoft.DBforPostgreSQL/flexibleServers",
  { network: { delegatedSubnetResourceId: subnetId } },
  "psql-erp",
);
const plan = aPlacedService("Microsoft.Web/serverfarms", {}, "plan-erp");
const flexApp = anApp({ sku: "FlexConsumption" });
const onPlan = anApp({ sku: undefined, serverFarmId: plan.id });
const forPlans = aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]);
const forContainerApps = aNetwork([{ delegations: ["Microsoft.App/environments"] }]);
const forMySql = aNetwork([{ delegations: ["Microsoft.DBforMySQL/flexibleServers"] }]);

function reserving(serviceName: string) {
  return policyWith({ reservedSubnets: [{ subnet: new Glob("*/snet-app"), serviceName }] });
}

ruleTable(subnetDelegationWrong, [
  { when: "a delegated subnet is empty", given: forMySql, want: "pass" },
  {
    when: "a PostgreSQL server is in a subnet for MySQL",
    given: [forMySql, server],
    want: "fail",
    says: ["psql-erp", "/properties/delegations/0/properties/serviceName", "delegatedSubnetResourceId"],
  },
  {
    when: "the server is in a subnet of its own kind",
    given: [aNetwork([{ delegations: ["Microsoft.DBforPostgreSQL/flexibleServers"] }]), server],
    want: "pass",
  },
  {
    when: "the delegation is spelled in lower case",
    looks: "wrong",
    given: [aNetwork([{ delegations: ["microsoft.dbforpostgresql/flexibleservers"] }]), server],
    want: "pass",
  },
  {
    when: "NetApp's delegation is spelled in the other way that Azure has",
    looks: "wrong",
    given: [
      aNetwork([{ delegations: ["Microsoft.Netapp/volumes"] }]),
      aPlacedService("Microsoft.NetApp/netAppAccounts/capacityPools/volumes", { subnetId }),
    ],
    want: "pass",
  },
  {
    when: "an app of the Flex Consumption plan is in a subnet for Container Apps",
    looks: "wrong",
    given: [forContainerApps, flexApp],
    want: "pass",
  },
  {
    when: "an app of the Flex Consumption plan is in a subnet for other plans",
    looks: "fine",
    given: [forPlans, flexApp],
    want: "fail",
    says: ["needs Microsoft.App/environments for app-erp", "/properties/sku", "FlexConsumption"],
  },
  {
    when: "an app of an ordinary plan is in a subnet for Container Apps",
    looks: "fine",
    given: [forContainerApps, app],
    want: "fail",
    says: ["needs Microsoft.Web/serverFarms for app-erp", "/properties/sku", "PremiumV3"],
  },
  {
    when: "the app has what only apps of the Flex Consumption plan have",
    looks: "fine",
    given: [forPlans, anApp({ sku: undefined, functionAppConfig: { runtime: { name: "node", version: "22" } } })],
    want: "fail",
    says: ["Microsoft.App/environments for app-erp", "/properties/functionAppConfig/runtime/name"],
  },
  {
    when: "the app's plan is a Flex Consumption plan",
    looks: "fine",
    given: [forPlans, onPlan, { ...plan, sku: { name: "FC1", tier: "FlexConsumption" } }],
    want: "fail",
    says: ["Microsoft.App/environments for app-erp", "plan-erp", "/sku/tier"],
  },
  {
    when: "the plan has a name of its size and no tier",
    looks: "fine",
    given: [forPlans, onPlan, { ...plan, sku: { name: "FC1" } }],
    want: "fail",
    says: ["plan-erp", "/sku/name"],
  },
  {
    when: "the app's plan is an Elastic Premium plan",
    looks: "fine",
    given: [forContainerApps, onPlan, { ...plan, sku: { name: "EP1", tier: "ElasticPremium" } }],
    want: "fail",
    says: ["Microsoft.Web/serverFarms for app-erp", "/sku/tier"],
  },
  ...["F1", "D1", "B1", "S1", "P1v3", "I1v2", "Y1", "EP1", "WS1"].map((name) => ({
    when: `the plan has the name of its size ${name} and no tier`,
    given: [forContainerApps, onPlan, { ...plan, sku: { name } }],
    want: "fail" as const,
    says: ["Microsoft.Web/serverFarms for app-erp", "/sku/name"],
  })),
  ...["Free", "Dynamic", "IsolatedV2", "WorkflowStandard"].map((sku) => ({
    when: `an app of the tier ${sku} is in a subnet for Container Apps`,
    given: [forContainerApps, anApp({ sku })],
    want: "fail" as const,
    says: ["Microsoft.Web/serverFarms for app-erp", "/properties/sku"],
  })),
  {
    when: "the app names a plan that is gone",
    given: [forPlans, onPlan, absent(plan.id)],
    want: "undetermined",
    says: ["there is no plan", "plan-erp"],
  },
  {
    when: "the app's plan is that of the subnet",
    looks: "wrong",
    given: [forPlans, onPlan, { ...plan, sku: { name: "EP1", tier: "ElasticPremium" } }],
    want: "pass",
  },
  {
    when: "the app is not a function app, which the Flex Consumption plan takes only",
    looks: "fine",
    given: [forContainerApps, { ...onPlan, kind: "app,linux" }, refused(plan.id)],
    want: "fail",
    says: ["Microsoft.Web/serverFarms for app-erp", "/kind"],
  },
  {
    when: "a function app does not tell its plan, and that was refused",
    looks: "fine",
    given: [forPlans, { ...onPlan, kind: "functionapp,linux" }, refused(plan.id)],
    want: "undetermined",
    says: ["403", "plan-erp", "app-erp"],
  },
  {
    when: "a function app does not tell its plan, and neither does that",
    given: [forContainerApps, { ...onPlan, kind: "functionapp" }, plan],
    want: "undetermined",
    says: ["plan-erp", "/sku/tier"],
  },
  {
    when: "a function app does not tell its plan, which was read without its properties",
    given: [forContainerApps, { ...onPlan, kind: "functionapp" }, { ...plan, properties: undefined }],
    want: "undetermined",
    says: ["plan-erp", "without its properties"],
  },
  {
    when: "a function app tells a plan that nobody knows",
    given: [forPlans, anApp({ sku: "Hyperspace" })],
    want: "undetermined",
    says: ["Hyperspace"],
  },
  {
    when: "whatever the app's plan is, the subnet is another service's",
    given: [forMySql, { ...onPlan, kind: "functionapp" }, refused(plan.id)],
    want: "fail",
    says: ["needs Microsoft.Web/serverFarms or Microsoft.App/environments for app-erp"],
  },
  {
    when: "a plan of which instances are in the subnet is an ordinary one",
    looks: "fine",
    given: [
      forContainerApps,
      {
        ...plan,
        properties: { network: { virtualNetworkSubnetId: subnetId } },
        sku: { name: "P1v4", tier: "PremiumV4" },
      },
    ],
    want: "fail",
    says: ["Microsoft.Web/serverFarms for plan-erp"],
  },
  {
    when: "a Container Apps environment with workload profiles is in a subnet for App Service",
    given: [forPlans, anEnvironment()],
    want: "fail",
    says: ["needs Microsoft.App/environments for cae-erp"],
  },
  {
    when: "such an environment says so in words",
    given: [forPlans, anEnvironment({ workloadProfiles: undefined, environmentMode: "WorkloadProfiles" })],
    want: "fail",
    says: ["needs Microsoft.App/environments for cae-erp", "/properties/environmentMode"],
  },
  {
    when: "such an environment is in a subnet of its own kind",
    given: [forContainerApps, anEnvironment()],
    want: "pass",
  },
  {
    when: "a consumption-only environment is in a subnet that is delegated to Container Apps",
    looks: "fine",
    given: [forContainerApps, aConsumptionOnlyEnvironment()],
    want: "fail",
    says: ["needs no delegation for cae-erp", "/properties/environmentMode", "ConsumptionOnly"],
  },
  {
    when: "a consumption-only environment is in a subnet without a delegation",
    given: [aNetwork(), aConsumptionOnlyEnvironment()],
    want: "pass",
  },
  {
    when: "an environment does not say what it is, in a subnet that one type needs and the other must not have",
    looks: "fine",
    given: [forContainerApps, anEnvironment({ workloadProfiles: [] })],
    want: "undetermined",
    says: ["cae-erp", "`/properties/environmentMode`"],
  },
  {
    when: "an environment does not say what it is, and the subnet is another service's",
    given: [forMySql, anEnvironment({ workloadProfiles: [] })],
    want: "fail",
    says: ["needs Microsoft.App/environments or no delegation for cae-erp"],
  },
  {
    when: "API Management of a classic tier is in a delegated subnet",
    looks: "fine",
    given: [forPlans, anApiManagement("Developer")],
    want: "fail",
    says: ["needs no delegation for apim-erp", "/sku/name"],
  },
  {
    when: "API Management of the Standard v2 tier is in the subnet that it needs",
    given: [forPlans, anApiManagement("StandardV2")],
    want: "pass",
  },
  {
    when: "API Management of the Premium v2 tier is in a subnet that it may need",
    looks: "wrong",
    given: [forPlans, anApiManagement("PremiumV2")],
    want: "pass",
  },
  {
    when: "a Databricks workspace is in a subnet for MySQL",
    given: [forMySql, aWorkspace("snet-app", "snet-private")],
    want: "fail",
    says: ["needs Microsoft.Databricks/workspaces for dbw-erp"],
  },
  {
    when: "one of two services in the subnet has the wrong delegation",
    looks: "fine",
    given: [aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]), app, server],
    want: "fail",
    says: ["psql-erp"],
  },
  { when: "there is no delegation at all, which is another rule's matter", given: [aNetwork(), app], want: "pass" },
  {
    when: "the policy reserves the subnet for another service",
    looks: "fine",
    given: forMySql,
    policy: reserving("Microsoft.Sql/managedInstances"),
    want: "fail",
    says: ["Microsoft.Sql/managedInstances for the policy"],
  },
  {
    when: "the policy reserves the subnet for that service",
    given: forMySql,
    policy: reserving("Microsoft.DBForMySQL/flexibleServers"),
    want: "pass",
  },
  {
    when: "the delegation does not say to what",
    given: [aSubnet({ properties: { delegations: [{ name: "delegation" }] } }), app],
    want: "undetermined",
    says: ["cannot be understood"],
  },
  {
    when: "a link of another service is in it, and the list of those services was refused",
    looks: "fine",
    given: [
      aNetwork([
        {
          delegations: ["Microsoft.DBforMySQL/flexibleServers"],
          properties: { serviceAssociationLinks: [aServiceLink("Microsoft.Web/serverfarms")] },
        },
      ]),
      refusedList(subscription, "Microsoft.Web/sites"),
    ],
    want: "undetermined",
    says: ["403", "Microsoft.Web/sites"],
  },
  {
    when: "a link of the service that it is delegated to is in it, and the list of those services was refused",
    looks: "wrong",
    given: [
      aNetwork([
        {
          delegations: ["Microsoft.Web/serverFarms"],
          properties: { resourceNavigationLinks: [aServiceLink("Microsoft.Web/serverfarms")] },
        },
      ]),
      refusedList(subscription, "Microsoft.Web/sites"),
    ],
    want: "pass",
  },
  {
    when: "the subnet was read without its properties",
    given: [{ id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" }, app],
    want: "undetermined",
  },
]);
