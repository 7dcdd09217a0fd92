import { delegatedService } from "../../lib/catalog/delegations.ts";
import { placements } from "../../lib/catalog/placements.ts";
import { Glob } from "../../lib/model/glob.ts";
import { subnetUndelegated } from "../../lib/rules/subnet-undelegated.ts";
import {
  aConsumptionOnlyEnvironment,
  aNetwork,
  anAgentAccount,
  anApiManagement,
  anApp,
  anEnvironment,
  aPlacedService,
  aServiceLink,
  aSubnet,
  aWorkspace,
  complete,
  group,
  networkId,
  refused,
  refusedList,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const app = anApp();
const volume = "Microsoft.NetApp/netAppAccounts/capacityPools/volumes";
const thinSubnet = { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" };

function linked(type?: string) {
  return aNetwork([{ properties: { serviceAssociationLinks: [aServiceLink(type)] } }]);
}

const consumers = delegatedService("microsoft.web/serverfarms")?.consumers ?? [];
const everyConsumer = consumers.map((type) => complete(subscription, type));
const apiManagement = "Microsoft.ApiManagement/service";

function reserving(subnet: string, serviceName = "Microsoft.Web/serverFarms") {
  return policyWith({ reservedSubnets: [{ subnet: new Glob(subnet), serviceName }] });
}

ruleTable(subnetUndelegated, [
  { when: "nothing is in the subnet", given: aNetwork(), want: "pass" },
  {
    when: "an app is in a subnet without a delegation",
    given: [aNetwork(), app],
    want: "fail",
    says: ["Microsoft.Web/serverFarms for app-erp", "/properties/delegations", "/properties/virtualNetworkSubnetId"],
  },
  {
    when: "an app is in a delegated subnet",
    given: [aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]), app],
    want: "pass",
  },
  {
    when: "the app spells the subnet in other letters",
    looks: "fine",
    given: [aNetwork(), aPlacedService("Microsoft.Web/sites", { virtualNetworkSubnetId: subnetId.toUpperCase() })],
    want: "fail",
  },
  {
    when: "a slot is in the subnet, and its app is not",
    looks: "fine",
    given: [aNetwork(), aPlacedService("Microsoft.Web/sites/slots", { virtualNetworkSubnetId: subnetId })],
    want: "fail",
  },
  {
    when: "a plan is in the subnet",
    given: [aNetwork(), aPlacedService("Microsoft.Web/serverfarms", { network: { virtualNetworkSubnetId: subnetId } })],
    want: "fail",
  },
  {
    when: "a SQL managed instance is in the subnet",
    given: [aNetwork(), aPlacedService("Microsoft.Sql/managedInstances", { subnetId })],
    want: "fail",
  },
  {
    when: "a container group is in the subnet, by the second of its references",
    given: [
      aNetwork(),
      aPlacedService("Microsoft.ContainerInstance/containerGroups", {
        subnetIds: [{ id: `${subnetId}-other` }, { id: subnetId }],
      }),
    ],
    want: "fail",
    says: ["/properties/subnetIds/1/id"],
  },
  {
    when: "a NetApp volume is in the subnet",
    given: [aNetwork(), aPlacedService(volume, { subnetId })],
    want: "fail",
  },
  {
    when: "a PostgreSQL flexible server is in the subnet",
    given: [
      aNetwork(),
      aPlacedService("Microsoft.DBforPostgreSQL/flexibleServers", { network: { delegatedSubnetResourceId: subnetId } }),
    ],
    want: "fail",
  },
  {
    when: "a Container Apps environment with workload profiles is in the subnet",
    given: [aNetwork(), anEnvironment()],
    want: "fail",
    says: ["Microsoft.App/environments for cae-erp", "infrastructureSubnetId", "/properties/workloadProfiles/0/name"],
  },
  {
    when: "such an environment is in its delegated subnet",
    given: [aNetwork([{ delegations: ["Microsoft.App/environments"] }]), anEnvironment()],
    want: "pass",
  },
  {
    when: "a consumption-only environment is in the subnet, which must not be delegated for it",
    looks: "wrong",
    given: [aNetwork(), aConsumptionOnlyEnvironment()],
    want: "pass",
  },
  {
    when: "an environment without workload profiles does not say whether it is a consumption-only or an express one",
    given: [aNetwork(), anEnvironment({ workloadProfiles: null })],
    want: "undetermined",
    says: ["`/properties/environmentMode`", "is not set"],
  },
  {
    when: "the environment is an express one, of which nobody says what its subnet needs",
    given: [aNetwork(), anEnvironment({ workloadProfiles: [], environmentMode: "Express" })],
    want: "undetermined",
    says: ["Express"],
  },
  {
    when: "an app is in the subnet, too, whatever the environment is",
    looks: "fine",
    given: [aNetwork(), anEnvironment({ workloadProfiles: null }), app],
    want: "fail",
    says: ["Microsoft.Web/serverFarms for app-erp"],
  },
  {
    when: "an environment has a network of Azure's own",
    looks: "wrong",
    given: [aNetwork(), anEnvironment({ vnetConfiguration: null })],
    want: "pass",
  },
  {
    when: "a MySQL flexible server has public access, and an empty text for its subnet",
    looks: "wrong",
    given: [
      aNetwork(),
      aPlacedService("Microsoft.DBforMySQL/flexibleServers", { network: { delegatedSubnetResourceId: "" } }),
    ],
    want: "pass",
  },
  {
    when: "API Management of a classic tier is in the subnet, which must not be delegated for it",
    looks: "wrong",
    given: [aNetwork(), anApiManagement("Premium")],
    want: "pass",
  },
  {
    when: "API Management of the Standard v2 tier is in the subnet",
    looks: "fine",
    given: [aNetwork(), anApiManagement("StandardV2")],
    want: "fail",
    says: ["needs to be delegated to Microsoft.Web/serverFarms for apim-erp", "/sku/name"],
  },
  {
    when: "API Management of the Premium v2 tier is in the subnet, which needs one of two delegations",
    given: [aNetwork(), anApiManagement("PremiumV2")],
    want: "fail",
    says: ["Microsoft.Web/serverFarms or Microsoft.Web/hostingEnvironments for apim-erp"],
  },
  {
    when: "API Management of a tier that nobody knows is in the subnet",
    given: [aNetwork(), anApiManagement("Titanium")],
    want: "undetermined",
    says: ["Titanium"],
  },
  {
    when: "an App Service environment is in the subnet",
    given: [aNetwork(), aPlacedService("Microsoft.Web/hostingEnvironments", { virtualNetwork: { id: subnetId } })],
    want: "fail",
    says: ["Microsoft.Web/hostingEnvironments for placed", "/properties/virtualNetwork/id"],
  },
  {
    when: "agents of Foundry are in the subnet",
    given: [aNetwork(), anAgentAccount()],
    want: "fail",
    says: ["Microsoft.App/environments for ai-erp", "/properties/networkInjections/0/subnetArmId"],
  },
  {
    when: "a Databricks workspace has the subnet as its second",
    given: [aNetwork(), aWorkspace("snet-public", "SNET-APP")],
    want: "fail",
    says: ["Microsoft.Databricks/workspaces for dbw-erp", "/properties/parameters/customPrivateSubnetName/value"],
  },
  {
    when: "a Databricks workspace has a subnet of that name in another network",
    looks: "wrong",
    given: [aNetwork(), aWorkspace("snet-public", "snet-app", `${networkId}-other`)],
    want: "pass",
  },
  {
    when: "a Databricks workspace is in a network of Azure's own",
    looks: "wrong",
    given: [aNetwork(), aPlacedService("Microsoft.Databricks/workspaces", { parameters: {} })],
    want: "pass",
  },
  {
    when: "the policy reserves the subnet",
    looks: "fine",
    given: aNetwork(),
    policy: reserving("*/subnets/snet-app"),
    want: "fail",
    says: ["Microsoft.Web/serverFarms for the policy"],
  },
  {
    when: "the policy reserves another subnet",
    given: aNetwork(),
    policy: reserving("*/subnets/snet-web"),
    want: "pass",
  },
  {
    when: "the policy reserves the subnet for a service in other letters",
    given: aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]),
    policy: reserving("*", "microsoft.web/serverfarms"),
    want: "pass",
  },
  {
    when: "the subnet was read without its properties",
    given: [thinSubnet, app],
    want: "undetermined",
    says: ["without its properties"],
  },
  { when: "nothing is known to be in that subnet", given: thinSubnet, want: "pass" },
  {
    when: "the app was refused",
    given: [aNetwork(), refused(app.id)],
    want: "pass",
  },
  {
    when: "a link of App Service is in it, and the list of apps was refused",
    looks: "fine",
    given: [linked("Microsoft.Web/serverfarms"), refusedList(subscription, "Microsoft.Web/sites")],
    want: "undetermined",
    says: ["403", "Microsoft.Web/sites", "/properties/serviceAssociationLinks/0/properties/linkedResourceType"],
  },
  {
    when: "a link of App Service was left behind, as all lists of what could be there show",
    looks: "wrong",
    given: [linked("Microsoft.Web/serverfarms"), everyConsumer],
    want: "pass",
  },
  {
    when: "a link of App Service is in it, and the list of API Management services was refused, which leave such links, too",
    looks: "fine",
    given: [
      linked("Microsoft.Web/serverfarms"),
      consumers.filter((type) => type !== apiManagement).map((type) => complete(subscription, type)),
      refusedList(subscription, apiManagement),
    ],
    want: "undetermined",
    says: [apiManagement],
  },
  {
    when: "a link of App Service is in it, and a list of other services was refused",
    looks: "wrong",
    given: [
      linked("Microsoft.Web/serverfarms"),
      everyConsumer,
      refusedList(subscription, "Microsoft.Sql/managedInstances"),
    ],
    want: "pass",
  },
  {
    when: "a link that does not say of what is in it, and no list of instances is known",
    given: [
      linked(),
      placements.filter(({ noun }) => noun !== "SQL managed instance").map(({ type }) => complete(subscription, type)),
      refusedList(subscription, "Microsoft.Sql/managedInstances"),
    ],
    want: "undetermined",
    says: ["Microsoft.Sql/managedInstances"],
  },
  {
    when: "a link of a service that Cordon knows nothing of is in it",
    given: [linked("Contoso.Things/machines"), refusedList(subscription, "Microsoft.Web/sites")],
    want: "pass",
  },
  {
    when: "a network profile is in it, and the list of container groups was refused",
    given: [
      aNetwork([
        { properties: { ipConfigurationProfiles: [{ id: `${group}/providers/Microsoft.Network/networkProfiles/p` }] } },
      ]),
      refusedList(subscription, "Microsoft.ContainerInstance/containerGroups"),
    ],
    want: "undetermined",
    says: ["containerGroups"],
  },
  {
    when: "there is no trace of anything in it, and the list of apps was refused",
    looks: "wrong",
    given: [aNetwork(), refusedList(subscription, "Microsoft.Web/sites")],
    want: "pass",
  },
  {
    when: "the delegations are no list",
    given: [aSubnet({ properties: { delegations: "Microsoft.Web/serverFarms" } }), app],
    want: "undetermined",
  },
]);
