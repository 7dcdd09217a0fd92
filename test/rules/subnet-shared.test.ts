import { subnetShared } from "../../lib/rules/subnet-shared.ts";
import {
  absent,
  aConsumptionOnlyEnvironment,
  aNetwork,
  anAgentAccount,
  anApiManagement,
  anApp,
  anEnvironment,
  aPlacedService,
  aServiceLink,
  aWorkspace,
  type Body,
  group,
  networkId,
  refused,
  refusedList,
  type SubnetParts,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const mySql = "Microsoft.DBforMySQL/flexibleServers";
const server = aPlacedService(mySql, { network: { delegatedSubnetResourceId: subnetId } }, "mysql-erp");
const app = anApp();
const cache = aPlacedService("Microsoft.Cache/redis", { subnetId }, "redis-erp");
const planParts = ["Microsoft.Web/serverfarms", { network: { virtualNetworkSubnetId: subnetId } }, "plan-erp"] as const;
const plan = { ...aPlacedService(...planParts), sku: { name: "P1v3", tier: "PremiumV3" } };
const untold = aPlacedService(...planParts);
const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/nic-erp`;
const privateEndpoint: Body = {
  id: `${group}/providers/Microsoft.Network/privateEndpoints/pe-erp`,
  properties: { subnet: { id: subnetId } },
};

function delegated(properties = {}, parts: SubnetParts = {}): Body {
  return aNetwork([{ delegations: [mySql], properties, ...parts }]);
}

function aNic(properties: Readonly<Record<string, unknown>>): Body {
  const ipConfigurations = [{ name: "ipconfig", properties: { subnet: { id: subnetId } } }];
  return { id: nicId, properties: { ipConfigurations, ...properties } };
}

const machine = { virtualMachine: { id: `${group}/providers/Microsoft.Compute/virtualMachines/vm-erp` } };
const listsNic = { ipConfigurations: [{ id: `${nicId}/ipConfigurations/ipconfig` }] };

function ofGateways(...names: readonly string[]): Body {
  const gateways = `${group}/providers/Microsoft.Network/applicationGateways`;
  const applicationGatewayIPConfigurations = names.map((name) => ({
    id: `${gateways}/${name}/gatewayIPConfigurations/c`,
  }));
  return aNetwork([{ properties: { applicationGatewayIPConfigurations } }]);
}

const forContainerApps = aNetwork([{ delegations: ["Microsoft.App/environments"] }]);

const workspaceNic = {
  ...aNic(machine),
  id: `${subscription}/resourceGroups/RG-dbw-erp/providers/Microsoft.Network/networkInterfaces/worker-publicNIC`,
};
const ofWorkspaces = aNetwork([
  {
    delegations: ["Microsoft.Databricks/workspaces"],
    properties: { ipConfigurations: [{ id: `${workspaceNic.id}/ipConfigurations/ipconfig` }] },
  },
]);

ruleTable(subnetShared, [
  { when: "the service has its subnet for itself", given: [delegated(), server], want: "pass" },
  {
    when: "several servers of the kind share it",
    looks: "wrong",
    given: [
      delegated(),
      server,
      aPlacedService(mySql, { network: { delegatedSubnetResourceId: subnetId } }, "mysql-two"),
    ],
    want: "pass",
  },
  {
    when: "a link of another service is in it, and the list of those services was refused",
    looks: "fine",
    given: [
      delegated({ serviceAssociationLinks: [aServiceLink("Microsoft.Web/serverfarms")] }),
      server,
      refusedList(subscription, "Microsoft.Web/sites"),
    ],
    want: "undetermined",
    says: ["403", "Microsoft.Web/sites"],
  },
  {
    when: "a machine is in a subnet that has no delegation, with a link of a service whose list was refused",
    looks: "fine",
    given: [
      aNetwork([{ properties: { ...listsNic, serviceAssociationLinks: [aServiceLink(mySql)] } }]),
      aNic(machine),
      refusedList(subscription, mySql),
    ],
    want: "undetermined",
    says: ["403", mySql],
  },
  {
    when: "its own link is in it, and the list of its own services was refused",
    looks: "wrong",
    given: [delegated({ serviceAssociationLinks: [aServiceLink(mySql)] }), refusedList(subscription, mySql)],
    want: "pass",
  },
  { when: "an app and its plan name the subnet", looks: "wrong", given: [aNetwork(), app, plan], want: "pass" },
  {
    when: "an app of the Flex Consumption plan and one of another plan share a subnet",
    looks: "fine",
    given: [
      aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]),
      app,
      anApp({ sku: "FlexConsumption" }, "func-erp"),
    ],
    want: "fail",
    says: ["Microsoft.Web/serverFarms", "func-erp", "/properties/sku"],
  },
  {
    when: "an app of the Flex Consumption plan is in the subnet of a Container Apps environment, and both need the same",
    looks: "fine",
    given: [forContainerApps, anEnvironment(), anApp({ sku: "FlexConsumption" }, "func-erp")],
    want: "fail",
    says: [
      "cae-erp shares its subnet with nothing else, and here with func-erp",
      "infrastructureSubnetId",
      "/properties/sku",
    ],
  },
  {
    when: "whether the app is one of the Flex Consumption plan is not known",
    looks: "fine",
    given: [forContainerApps, anEnvironment(), anApp({ sku: undefined }, "func-erp")],
    want: "fail",
    says: ["func-erp"],
  },
  {
    when: "two Container Apps environments are in one subnet",
    looks: "fine",
    given: [forContainerApps, anEnvironment(), anEnvironment({}, "cae-two")],
    want: "fail",
    says: ["cae-erp", "cae-two"],
  },
  {
    when: "a Container Apps environment has its subnet for itself",
    given: [forContainerApps, anEnvironment()],
    want: "pass",
  },
  {
    when: "two apps of the Flex Consumption plan share a subnet",
    looks: "wrong",
    given: [forContainerApps, anApp({ sku: "FlexConsumption" }), anApp({ sku: "FlexConsumption" }, "func-erp")],
    want: "pass",
  },
  {
    when: "a machine is in the subnet of an environment, which is delegated",
    given: [
      aNetwork([{ delegations: ["Microsoft.App/environments"], properties: listsNic }]),
      anEnvironment(),
      aNic(machine),
    ],
    want: "fail",
    says: ["Microsoft.App/environments shares its subnet with nothing else, and here with nic-erp"],
  },
  {
    when: "a private endpoint is in the subnet of a consumption-only environment, which has no delegation",
    looks: "fine",
    given: [aNetwork(), aConsumptionOnlyEnvironment(), privateEndpoint],
    want: "fail",
    says: ["cae-erp shares its subnet with nothing else, and here with pe-erp"],
  },
  {
    when: "a consumption-only environment has its subnet for itself",
    given: [aNetwork(), aConsumptionOnlyEnvironment()],
    want: "pass",
  },
  {
    when: "an interface in the subnet of a consumption-only environment was not read",
    given: [aNetwork([{ properties: listsNic }]), aConsumptionOnlyEnvironment(), refused(nicId)],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "neither app nor plan tells which plan it is, and both need the same",
    looks: "wrong",
    given: [aNetwork(), anApp({ sku: undefined, serverFarmId: untold.id }), untold],
    want: "pass",
  },
  {
    when: "two apps are on one plan that was refused, and need the same",
    looks: "wrong",
    given: [
      aNetwork(),
      anApp({ sku: undefined, serverFarmId: untold.id }),
      anApp({ sku: undefined, serverFarmId: untold.id }, "func-erp"),
      refused(untold.id),
    ],
    want: "pass",
  },
  {
    when: "two apps are on plans of their own that were refused",
    looks: "fine",
    given: [
      aNetwork(),
      anApp({ sku: undefined, serverFarmId: untold.id }),
      anApp({ sku: undefined, serverFarmId: `${untold.id}-2` }, "func-erp"),
      refused(untold.id),
      refused(`${untold.id}-2`),
    ],
    want: "undetermined",
    says: ["403", "plan-erp", "plan-erp-2"],
  },
  {
    when: "of two apps one does not tell its plan",
    looks: "fine",
    given: [aNetwork(), app, anApp({ sku: undefined }, "func-erp")],
    want: "undetermined",
    says: ["func-erp", "/properties/sku"],
  },
  {
    when: "of two apps the first does not tell its plan",
    looks: "fine",
    given: [aNetwork(), anApp({ sku: undefined }), anApp({}, "func-erp")],
    want: "undetermined",
    says: ["app-erp", "/properties/sku"],
  },
  {
    when: "an app that does not tell its plan is with one of the Flex Consumption plan, and may be another",
    given: [aNetwork(), anApp({ sku: undefined }), anApp({ sku: "FlexConsumption" }, "func-erp")],
    want: "undetermined",
    says: ["app-erp", "/properties/sku"],
  },
  {
    when: "a private endpoint names the subnet",
    given: [delegated(), privateEndpoint],
    want: "fail",
    says: [mySql, "pe-erp", "/properties/subnet/id"],
  },
  {
    when: "the subnet's body lists a private endpoint that was not read",
    looks: "fine",
    given: delegated({ privateEndpoints: [{ id: privateEndpoint.id }] }),
    want: "fail",
    says: ["/properties/privateEndpoints/0/id"],
  },
  { when: "a private endpoint is in a subnet without a service", given: [aNetwork(), privateEndpoint], want: "pass" },
  {
    when: "a private endpoint is with an app in a subnet that is not delegated",
    looks: "fine",
    given: [aNetwork(), app, privateEndpoint],
    want: "fail",
    says: ["Microsoft.Web/serverFarms", "pe-erp"],
  },
  {
    when: "services of two kinds are in the subnet",
    given: [delegated(), server, app],
    want: "fail",
    says: ["app-erp"],
  },
  {
    when: "a server and a Redis cache are in the subnet, which either of them needs for itself",
    given: [delegated(), server, cache],
    want: "fail",
    says: [
      "Microsoft.DBforMySQL/flexibleServers shares its subnet with nothing else, and here with redis-erp; redis-erp shares its subnet with nothing else, and here with",
    ],
  },
  { when: "a Redis cache has its subnet for itself", given: [aNetwork(), cache], want: "pass" },
  {
    when: "two Redis caches share a subnet",
    looks: "wrong",
    given: [aNetwork(), cache, aPlacedService("Microsoft.Cache/redis", { subnetId }, "redis-two")],
    want: "pass",
  },
  {
    when: "a machine is in the subnet of a Redis cache, which needs no delegation",
    looks: "fine",
    given: [aNetwork([{ properties: listsNic }]), cache, aNic(machine)],
    want: "fail",
    says: ["redis-erp shares its subnet with nothing else, and here with nic-erp", "/properties/subnetId"],
  },
  {
    when: "a private endpoint is in the subnet of a Redis cache",
    looks: "fine",
    given: [aNetwork(), cache, privateEndpoint],
    want: "fail",
    says: ["redis-erp", "pe-erp"],
  },
  {
    when: "a Redis cache is in a subnet that is delegated to a service",
    given: [delegated(), server, cache],
    want: "fail",
    says: [mySql, "redis-erp"],
  },
  {
    when: "an interface in the subnet of a Redis cache was not read",
    given: [aNetwork([{ properties: listsNic }]), cache, refused(nicId)],
    want: "undetermined",
    says: ["403"],
  },
  {
    when: "API Management of a classic tier is in the subnet, and takes what is in it for neighbours",
    looks: "fine",
    given: [delegated(), anApiManagement()],
    want: "fail",
    says: ["apim-erp"],
  },
  {
    when: "an app and API Management of the Standard v2 tier share a subnet, and both need the same delegation",
    looks: "fine",
    given: [aNetwork([{ delegations: ["Microsoft.Web/serverFarms"] }]), app, anApiManagement("StandardV2")],
    want: "fail",
    says: ["apim-erp shares its subnet with nothing else, and here with app-erp", "/sku/name"],
  },
  {
    when: "API Management of a classic tier is among machines",
    looks: "wrong",
    given: [aNetwork([{ properties: listsNic }]), anApiManagement(), aNic(machine)],
    want: "pass",
  },
  {
    when: "a machine is beside API Management of a tier that nobody knows, and only some tiers share",
    given: [aNetwork([{ properties: listsNic }]), anApiManagement("Titanium"), aNic(machine)],
    want: "undetermined",
    says: ["Titanium"],
  },
  {
    when: "a machine is beside an environment that does not say what it is, and none of that type shares",
    looks: "fine",
    given: [aNetwork([{ properties: listsNic }]), anEnvironment({ workloadProfiles: [] }), aNic(machine)],
    want: "fail",
    says: ["cae-erp shares its subnet with nothing else, and here with nic-erp"],
  },
  {
    when: "two accounts have their agents in one subnet",
    looks: "fine",
    given: [forContainerApps, anAgentAccount(), anAgentAccount("ai-two")],
    want: "fail",
    says: ["ai-erp", "ai-two"],
  },
  {
    when: "a Databricks workspace has one subnet twice",
    given: [aNetwork([{ delegations: ["Microsoft.Databricks/workspaces"] }]), aWorkspace("snet-app", "snet-app")],
    want: "pass",
  },
  {
    when: "two Databricks workspaces share a subnet",
    looks: "fine",
    given: [
      aNetwork([{ delegations: ["Microsoft.Databricks/workspaces"] }]),
      aWorkspace("snet-app", "snet-private"),
      { ...aWorkspace("snet-public", "snet-app"), id: `${group}/providers/Microsoft.Databricks/workspaces/dbw-two` },
    ],
    want: "fail",
    says: ["dbw-erp", "dbw-two", "customPublicSubnetName", "customPrivateSubnetName"],
  },
  {
    when: "machines of a Databricks workspace are in its subnets, with interfaces in the resource group that it manages",
    looks: "wrong",
    given: [ofWorkspaces, aWorkspace("snet-app", "snet-private"), workspaceNic],
    want: "pass",
  },
  {
    when: "an interface of a Databricks workspace's machine is listed and was not read",
    looks: "wrong",
    given: [ofWorkspaces, aWorkspace("snet-app", "snet-private"), refused(String(workspaceNic.id))],
    want: "pass",
  },
  {
    when: "another machine is in the subnet of a Databricks workspace",
    looks: "fine",
    given: [ofWorkspaces, aWorkspace("snet-app", "snet-private"), workspaceNic, aNic(machine)],
    want: "fail",
    says: ["Microsoft.Databricks/workspaces shares its subnet with nothing else, and here with nic-erp"],
  },
  {
    when: "a machine is in a subnet for Databricks, and whose it is would say the list of workspaces, which was refused",
    given: [ofWorkspaces, workspaceNic, refusedList(subscription, "Microsoft.Databricks/workspaces")],
    want: "undetermined",
    says: ["403", "Microsoft.Databricks/workspaces"],
  },
  {
    when: "two App Service environments share a subnet",
    given: [
      aNetwork([{ delegations: ["Microsoft.Web/hostingEnvironments"] }]),
      ...["ase-erp", "ase-two"].map((name) =>
        aPlacedService("Microsoft.Web/hostingEnvironments", { virtualNetwork: { id: subnetId } }, name),
      ),
    ],
    want: "fail",
    says: ["ase-erp", "ase-two"],
  },
  ...["GatewaySubnet", "AzureBastionSubnet"].map((name) => ({
    when: `a machine is in the subnet ${name}`,
    looks: "fine" as const,
    given: [
      aNetwork([{ name, properties: listsNic }]),
      {
        ...aNic(machine),
        properties: {
          ...machine,
          ipConfigurations: [{ properties: { subnet: { id: `${networkId}/subnets/${name}` } } }],
        },
      },
    ],
    want: "fail" as const,
    says: [`what ${name} is for shares its subnet with nothing else, and here with nic-erp`, "/name"],
  })),
  {
    when: "a gateway is in its subnet",
    looks: "wrong",
    given: aNetwork([
      {
        name: "GatewaySubnet",
        properties: {
          ipConfigurations: [
            { id: `${group}/providers/Microsoft.Network/virtualNetworkGateways/gw/ipConfigurations/c` },
          ],
        },
      },
    ]),
    want: "pass",
  },
  { when: "a virtual machine is in the subnet", given: [delegated(), aNic(machine)], want: "fail", says: ["nic-erp"] },
  {
    when: "an interface in the subnet is the service's own",
    looks: "wrong",
    given: [delegated(listsNic), aNic({})],
    want: "pass",
  },
  {
    when: "an interface was not read",
    given: [delegated(listsNic), refused(nicId)],
    want: "undetermined",
    says: ["403", "/properties/ipConfigurations/0/id"],
  },
  { when: "the interface is gone", given: [delegated(listsNic), absent(nicId)], want: "pass" },
  {
    when: "an interface that was not read is the service's own, in a subscription of Azure's",
    looks: "wrong",
    given: delegated({
      ipConfigurations: [{ id: `${nicId.replace("000000000001", "000000000009")}/ipConfigurations/ipconfig` }],
    }),
    want: "pass",
  },
  {
    when: "a scale set is in the subnet",
    looks: "fine",
    given: delegated({
      ipConfigurations: [
        {
          id: `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss/virtualMachines/0/networkInterfaces/nic/ipConfigurations/c`,
        },
      ],
    }),
    want: "fail",
  },
  {
    when: "an application gateway is in the subnet",
    given: delegated({
      applicationGatewayIPConfigurations: [
        { id: `${group}/providers/Microsoft.Network/applicationGateways/agw/gatewayIPConfigurations/c` },
      ],
    }),
    want: "fail",
    says: ["agw"],
  },
  {
    when: "a private endpoint is in the subnet of an application gateway, which has no delegation",
    looks: "fine",
    given: [ofGateways("agw"), privateEndpoint],
    want: "fail",
    says: ["agw shares its subnet with nothing else, and here with pe-erp", "applicationGatewayIPConfigurations/0/id"],
  },
  {
    when: "two application gateways share their subnet",
    looks: "wrong",
    given: ofGateways("agw", "agw-two"),
    want: "pass",
  },
  {
    when: "that is the subnet of application gateways",
    given: aNetwork([
      {
        delegations: ["Microsoft.Network/applicationGateways"],
        properties: {
          applicationGatewayIPConfigurations: [
            { id: `${group}/providers/Microsoft.Network/applicationGateways/agw/gatewayIPConfigurations/c` },
          ],
        },
      },
    ]),
    want: "pass",
  },
  {
    when: "the service shares its subnet",
    looks: "wrong",
    given: [aNetwork([{ delegations: ["Microsoft.Batch/batchAccounts"] }]), aNic(machine)],
    want: "pass",
  },
  {
    when: "whether the service shares its subnet is not documented",
    given: [aNetwork([{ delegations: ["Microsoft.Synapse/workspaces"] }]), aNic(machine)],
    want: "undetermined",
    says: ["not documented"],
  },
  {
    when: "the delegation is one that nobody knows",
    given: [aNetwork([{ delegations: ["Contoso.Things/machines"] }]), aNic(machine)],
    want: "pass",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
  },
]);
