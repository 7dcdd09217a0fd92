import { Glob } from "../../lib/model/glob.ts";
import { subnetDelegationUnused } from "../../lib/rules/subnet-delegation-unused.ts";
import {
  absent,
  aNetwork,
  anAgentAccount,
  anEnvironment,
  aPlacedService,
  aWorkspace,
  complete,
  type Given,
  group,
  refusedList,
  type SubnetParts,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const mySql = "Microsoft.DBforMySQL/flexibleServers";
const everyServer = complete(subscription, mySql);
const everyAppButSlots = ["Microsoft.Web/sites", "Microsoft.Web/serverfarms", "Microsoft.ApiManagement/service"].map(
  (type) => complete(subscription, type),
);

const environments = "Microsoft.App/managedEnvironments";
const consumersOfContainerApps = [environments, "Microsoft.CognitiveServices/accounts", "Microsoft.Web/sites"];
const everyConsumerOfContainerApps = consumersOfContainerApps.map((type) => complete(subscription, type));
const forContainerApps = aNetwork([{ delegations: ["Microsoft.App/environments"] }]);
const workspaces = "Microsoft.Databricks/workspaces";
const forWorkspaces = aNetwork([{ delegations: [workspaces] }]);

/** A subnet for MySQL in which nothing is, and the list of all servers. */
function delegated(properties = {}, parts: SubnetParts = {}): Given {
  return [aNetwork([{ delegations: [mySql], properties, ...parts }]), everyServer];
}

function reserving(serviceName: string) {
  return policyWith({ reservedSubnets: [{ subnet: new Glob("*/snet-app"), serviceName }] });
}

const location = `${subscription}/providers/Microsoft.Network/locations/westeurope`;

/** What Azure says it offers in West Europe, read to the last page. */
function offered(serviceName: string): Given {
  const id = `${location}/availableDelegations/${serviceName.replace("/", ".")}`;
  return [{ id, serviceName, properties: {} }, complete(location, "Microsoft.Network/locations/availableDelegations")];
}

const nic = `${group}/providers/Microsoft.Network/networkInterfaces/nic/ipConfigurations/ipconfig`;
const privateEndpoint = {
  id: `${group}/providers/Microsoft.Network/privateEndpoints/pe`,
  properties: { subnet: { id: subnetId } },
};

ruleTable(subnetDelegationUnused, [
  {
    when: "nothing is in the subnet",
    given: delegated(),
    want: "fail",
    says: [mySql, "/properties/ipConfigurations"],
  },
  { when: "the subnet is not delegated", given: [aNetwork(), everyServer], want: "pass" },
  {
    when: "a server names the subnet",
    given: [
      delegated(),
      aPlacedService("Microsoft.DBforMySQL/flexibleServers", { network: { delegatedSubnetResourceId: subnetId } }),
    ],
    want: "pass",
  },
  {
    when: "a server names another subnet",
    looks: "fine",
    given: [
      delegated(),
      aPlacedService("Microsoft.DBforMySQL/flexibleServers", {
        network: { delegatedSubnetResourceId: `${subnetId}-other` },
      }),
    ],
    want: "fail",
  },
  {
    when: "the subnet's own body lists an address in use",
    looks: "wrong",
    given: delegated({ ipConfigurations: [{ id: nic }] }),
    want: "pass",
  },
  {
    when: "its body lists an older network profile",
    looks: "wrong",
    given: delegated({
      ipConfigurationProfiles: [{ id: `${group}/providers/Microsoft.Network/networkProfiles/p/x/y` }],
    }),
    want: "pass",
  },
  {
    when: "its body lists a private endpoint",
    given: delegated({ privateEndpoints: [{ id: privateEndpoint.id }] }),
    want: "pass",
  },
  { when: "a private endpoint names it", given: [delegated(), privateEndpoint], want: "pass" },
  {
    when: "a link is left, and nothing else",
    looks: "fine",
    given: delegated({ serviceAssociationLinks: [{ id: `${subnetId}/serviceAssociationLinks/link` }] }),
    want: "undetermined",
    says: ["in use or left behind"],
  },
  {
    when: "a navigation link is left, and nothing else",
    given: delegated({ resourceNavigationLinks: [{ id: `${subnetId}/resourceNavigationLinks/link` }] }),
    want: "undetermined",
  },
  {
    when: "not all servers were read",
    given: aNetwork([{ delegations: [mySql] }]),
    want: "undetermined",
    says: ["microsoft.dbformysql/flexibleservers"],
  },
  {
    when: "the list of servers was refused",
    given: [aNetwork([{ delegations: [mySql] }]), refusedList(subscription, mySql)],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "a server was read without its properties",
    given: [delegated(), { id: `${group}/providers/${mySql}/thin`, type: mySql }],
    want: "undetermined",
  },
  {
    when: "a server names a subnet that cannot be understood",
    given: [delegated(), aPlacedService(mySql, { network: { delegatedSubnetResourceId: "snet-app" } })],
    want: "undetermined",
  },
  {
    when: "all that goes into subnets of App Service was read",
    given: [
      aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]),
      everyAppButSlots,
      complete(subscription, "Microsoft.Web/sites/slots"),
    ],
    want: "fail",
  },
  {
    when: "all that goes into subnets of Container Apps was read",
    given: [forContainerApps, everyConsumerOfContainerApps],
    want: "fail",
    says: ["Microsoft.App/environments"],
  },
  {
    when: "a Container Apps environment is in the subnet",
    given: [forContainerApps, everyConsumerOfContainerApps, anEnvironment()],
    want: "pass",
  },
  {
    when: "agents of Foundry are in the subnet",
    looks: "wrong",
    given: [forContainerApps, everyConsumerOfContainerApps, anAgentAccount()],
    want: "pass",
  },
  {
    when: "the list of environments was refused",
    looks: "fine",
    given: [
      forContainerApps,
      consumersOfContainerApps.slice(1).map((type) => complete(subscription, type)),
      refusedList(subscription, environments),
    ],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "a Databricks workspace uses two other subnets",
    looks: "fine",
    given: [forWorkspaces, complete(subscription, workspaces), aWorkspace("snet-public", "snet-private")],
    want: "fail",
    says: [workspaces],
  },
  {
    when: "a Databricks workspace uses the subnet",
    given: [forWorkspaces, complete(subscription, workspaces), aWorkspace("snet-app", "snet-private")],
    want: "pass",
  },
  {
    when: "a Databricks workspace does not say in which network its subnets are",
    given: [forWorkspaces, complete(subscription, workspaces), aWorkspace("snet-public", "snet-private", null)],
    want: "undetermined",
  },
  {
    when: "the apps were read, and their slots were not",
    given: [
      aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]),
      aPlacedService("Microsoft.Web/sites", {}),
      everyAppButSlots,
    ],
    want: "undetermined",
    says: ["microsoft.web/sites/slots"],
  },
  {
    when: "the delegation is for a service that is not read",
    given: aNetwork([{ delegations: ["Microsoft.Databricks/workspaces"] }]),
    want: "undetermined",
    says: ["Microsoft.Databricks/workspaces"],
  },
  {
    when: "the delegation is for a service of which no type is published",
    given: aNetwork([{ delegations: ["Microsoft.BareMetal/CrayServers"] }]),
    want: "undetermined",
  },
  {
    when: "the delegation is one that Cordon does not know, and what Azure offers was not read",
    given: aNetwork([{ delegations: ["Contoso.Things/machines"] }]),
    want: "undetermined",
    says: ["Contoso.Things/machines", "not in the recording"],
  },
  {
    when: "the delegation is one that Cordon does not know, and Azure offers it there",
    given: [aNetwork([{ delegations: ["Contoso.Things/machines"] }]), offered("Contoso.Things/machines")],
    want: "undetermined",
    says: ["Azure offers `Contoso.Things/machines` in westeurope"],
  },
  {
    when: "the delegation is one that Azure no longer offers there",
    looks: "fine",
    given: [aNetwork([{ delegations: ["Contoso.Things/machines"] }]), offered("Contoso.Things/others")],
    want: "undetermined",
    says: ["Azure does not offer `Contoso.Things/machines` in westeurope"],
  },
  {
    when: "the delegation is one that Cordon does not know, and something is in the subnet",
    looks: "wrong",
    given: aNetwork([{ delegations: ["Contoso.Things/machines"], properties: { ipConfigurations: [{ id: nic }] } }]),
    want: "pass",
  },
  {
    when: "the policy keeps the subnet ready for the service",
    looks: "wrong",
    given: delegated(),
    policy: reserving(mySql.toLowerCase()),
    want: "pass",
  },
  {
    when: "the policy keeps it ready for another service",
    given: delegated(),
    policy: reserving("Microsoft.Sql/managedInstances"),
    want: "fail",
  },
  {
    when: "the subnet was read without its properties",
    given: [{ id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" }, everyServer],
    want: "undetermined",
    says: ["without its properties"],
  },
  { when: "the subnet is gone", given: [delegated(), absent(subnetId)], want: "pass" },
]);
