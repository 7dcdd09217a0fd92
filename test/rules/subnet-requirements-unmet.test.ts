import { expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { subnetRequirementsUnmet } from "../../lib/rules/subnet-requirements-unmet.ts";
import {
  aConsumptionOnlyEnvironment,
  aNetwork,
  anApiManagement,
  anApp,
  anEnvironment,
  aPlacedService,
  aRouteTable,
  aServiceLink,
  aSubnet,
  aWorkspace,
  type Body,
  complete,
  type Given,
  group,
  networkId,
  refused,
  refusedList,
  routeTableId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { gatewayId } from "../support/gateways.ts";
import { ruleTable } from "../support/rule-table.ts";
import { auditOf } from "../support/world.ts";

type Properties = Readonly<Record<string, unknown>>;

const withTable = { routeTable: { id: routeTableId } };
const bare = { nsg: undefined };

function named(name: string, properties: Properties = {}, nsg?: string): Body {
  return aNetwork([{ name, nsg, properties }]);
}

function aTable(routes: readonly Properties[], properties: Properties = {}): Body {
  const table = aRouteTable(routes);
  return { ...table, properties: { ...Object(table.properties), ...properties } };
}

const toFirewall = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.1.4" };
const toInternet = { addressPrefix: "0.0.0.0/0", nextHopType: "Internet" };
const aSpoke = { addressPrefix: "10.1.0.0/16", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.1.4" };

const instances = "Microsoft.Sql/managedInstances";
const volumes = "Microsoft.NetApp/netAppAccounts/capacityPools/volumes";
const everyVolume = complete(subscription, volumes);

function anInstance(): Body {
  return aPlacedService(instances, { subnetId }, "sqlmi");
}

function aVolume(properties: Properties, name = "vol"): Body {
  return aPlacedService(volumes, { subnetId, ...properties }, name);
}

function delegatedTo(serviceName: string, parts: Properties = {}): Body {
  return aNetwork([{ delegations: [serviceName], ...parts }]);
}

function inNetwork(subnet: Properties, ...others: readonly Given[]): Given {
  return [aNetwork([subnet]), ...others];
}

ruleTable(subnetRequirementsUnmet, [
  { when: "nothing is asked of the subnet", given: aNetwork([bare]), want: "pass" },
  {
    when: "a gateway's subnet has a group",
    looks: "fine",
    given: aNetwork([{ name: "GatewaySubnet" }]),
    want: "fail",
    says: ["GatewaySubnet supports no network security group", "/properties/networkSecurityGroup"],
  },
  { when: "a gateway's subnet in lower case has a group", given: aNetwork([{ name: "gatewaysubnet" }]), want: "fail" },
  { when: "a gateway's subnet has none", looks: "wrong", given: named("GatewaySubnet"), want: "pass" },
  {
    when: "the group of a gateway's subnet cannot be understood",
    given: aNetwork([{ name: "GatewaySubnet", nsg: "nsg" }]),
    want: "undetermined",
  },
  {
    when: "a subnet is only named like a gateway's",
    looks: "wrong",
    given: aNetwork([{ name: "GatewaySubnet2" }]),
    want: "pass",
  },
  {
    when: "a gateway's subnet has a table with routes to spokes",
    looks: "wrong",
    given: [named("GatewaySubnet", withTable), aTable([aSpoke])],
    want: "pass",
  },
  {
    when: "the table of a gateway's subnet has a default route",
    looks: "fine",
    given: [named("GatewaySubnet", withTable), aTable([aSpoke, toFirewall])],
    want: "fail",
    says: ["has a route for 0.0.0.0/0", "/properties/routes/1"],
  },
  {
    when: "the table of a gateway's subnet has a default route to the internet",
    looks: "fine",
    given: [named("GatewaySubnet", withTable), aTable([toInternet])],
    want: "fail",
  },
  {
    when: "the table of a gateway's subnet keeps the routes of gateways away",
    looks: "fine",
    given: [named("GatewaySubnet", withTable), aTable([], { disableBgpRoutePropagation: true })],
    want: "fail",
    says: ["keeps the routes of gateways away"],
  },
  {
    when: "whether the table of a gateway's subnet does is unheard of",
    given: [named("GatewaySubnet", withTable), aTable([], { disableBgpRoutePropagation: "no" })],
    want: "undetermined",
  },
  {
    when: "the table of a gateway's subnet could not be read",
    given: [named("GatewaySubnet", withTable), refused(routeTableId)],
    want: "undetermined",
    says: ["403 reading"],
  },
  {
    when: "the table of another subnet has a default route",
    looks: "wrong",
    given: [named("snet-app", withTable), aTable([toFirewall], { disableBgpRoutePropagation: true })],
    want: "pass",
  },
  { when: "a firewall's subnet has a group", given: aNetwork([{ name: "AzureFirewallSubnet" }]), want: "fail" },
  {
    when: "a firewall's subnet has a table",
    looks: "wrong",
    given: [named("AzureFirewallSubnet", withTable), aTable([toInternet])],
    want: "pass",
  },
  {
    when: "a firewall's management subnet has a group, of which no page tells",
    looks: "wrong",
    given: aNetwork([{ name: "AzureFirewallManagementSubnet" }]),
    want: "pass",
  },
  {
    when: "the table of a firewall's management subnet is as it has to be",
    looks: "wrong",
    given: [
      named("AzureFirewallManagementSubnet", withTable),
      aTable([toInternet], { disableBgpRoutePropagation: true }),
    ],
    want: "pass",
  },
  {
    when: "the table of a firewall's management subnet lets the routes of gateways in",
    looks: "fine",
    given: [named("AzureFirewallManagementSubnet", withTable), aTable([toInternet])],
    want: "fail",
    says: ["lets the routes of gateways in"],
  },
  {
    when: "the table of a firewall's management subnet leads elsewhere",
    given: [
      named("AzureFirewallManagementSubnet", withTable),
      aTable([toFirewall], { disableBgpRoutePropagation: true }),
    ],
    want: "fail",
    says: ["another route than one of 0.0.0.0/0 to Internet"],
  },
  {
    when: "Bastion's subnet has a group",
    looks: "wrong",
    given: aNetwork([{ name: "AzureBastionSubnet" }]),
    want: "pass",
  },
  { when: "Bastion's subnet has none", looks: "wrong", given: named("AzureBastionSubnet"), want: "pass" },
  {
    when: "Bastion's subnet has a table",
    looks: "fine",
    given: [named("AzureBastionSubnet", withTable), aTable([])],
    want: "fail",
    says: ["AzureBastionSubnet supports no route table", "/properties/routeTable"],
  },
  { when: "a route server's subnet has a group", given: aNetwork([{ name: "RouteServerSubnet" }]), want: "fail" },
  {
    when: "a route server's subnet has a table and a group",
    given: [aNetwork([{ name: "RouteServerSubnet", properties: withTable }]), aTable([])],
    want: "fail",
    says: ["supports no network security group; RouteServerSubnet supports no route table"],
  },
  {
    when: "the body of Bastion's subnet is a thin one",
    given: { id: `${networkId}/subnets/AzureBastionSubnet` },
    want: "undetermined",
  },
  {
    when: "a managed instance has a group and a table",
    given: inNetwork({ delegations: [instances], properties: withTable }, aTable([]), anInstance()),
    want: "pass",
  },
  {
    when: "a managed instance has a group and no table",
    looks: "fine",
    given: [delegatedTo(instances), anInstance()],
    want: "fail",
    says: ["sqlmi needs a route table, and there is none"],
  },
  {
    when: "a managed instance has a table and no group",
    given: inNetwork({ ...bare, delegations: [instances], properties: withTable }, aTable([]), anInstance()),
    want: "fail",
    says: ["sqlmi needs a network security group, and there is none"],
  },
  {
    when: "the subnet is delegated to managed instances, and none is there",
    looks: "wrong",
    given: delegatedTo(instances),
    want: "pass",
  },
  {
    when: "a managed instance left a link, and nobody read all of them",
    looks: "fine",
    given: [
      delegatedTo(instances, { properties: { serviceAssociationLinks: [aServiceLink(instances)] } }),
      refusedList(subscription, instances),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "a managed instance left a link, and all were read",
    looks: "wrong",
    given: [
      delegatedTo(instances, { properties: { serviceAssociationLinks: [aServiceLink(instances)] } }),
      complete(subscription, instances),
    ],
    want: "pass",
  },
  { when: "an API Management service has a group", given: [aNetwork(), anApiManagement()], want: "pass" },
  {
    when: "an API Management service of a classic tier has none",
    given: [aNetwork([bare]), anApiManagement()],
    want: "fail",
    says: ["apim-erp needs a network security group"],
  },
  {
    when: "an API Management service of a newer tier has none",
    given: [delegatedTo("Microsoft.Web/serverFarms", bare), anApiManagement("StandardV2")],
    want: "fail",
  },
  {
    when: "an API Management service is in another subnet",
    looks: "wrong",
    given: [aNetwork([{}, { name: "snet-other", ...bare }]), anApiManagement()],
    want: "pass",
  },
  {
    when: "a Databricks workspace has none",
    given: [
      aNetwork([
        { ...bare, delegations: ["Microsoft.Databricks/workspaces"] },
        { name: "snet-private", delegations: ["Microsoft.Databricks/workspaces"] },
      ]),
      aWorkspace("snet-app", "snet-private"),
    ],
    want: "fail",
    says: ["dbw-erp needs a network security group"],
  },
  {
    when: "an app has neither, and needs neither",
    looks: "wrong",
    given: [delegatedTo("Microsoft.Web/serverFarms", bare), anApp()],
    want: "pass",
  },
  {
    when: "a consumption-only environment has a table",
    looks: "fine",
    given: inNetwork({ properties: withTable }, aTable([]), aConsumptionOnlyEnvironment()),
    want: "fail",
    says: ["cae-erp supports no route table"],
  },
  { when: "a consumption-only environment has none", given: [aNetwork(), aConsumptionOnlyEnvironment()], want: "pass" },
  {
    when: "an environment with workload profiles has a table",
    looks: "wrong",
    given: inNetwork(
      { delegations: ["Microsoft.App/environments"], properties: withTable },
      aTable([]),
      anEnvironment(),
    ),
    want: "pass",
  },
  {
    when: "which of the two an environment is does not show, nor does the subnet tell",
    given: inNetwork({ properties: withTable }, aTable([]), anEnvironment({ workloadProfiles: null })),
    want: "undetermined",
  },
  {
    when: "which of the two it is does not show, and the subnet is delegated",
    looks: "wrong",
    given: inNetwork(
      { delegations: ["Microsoft.App/environments"], properties: withTable },
      aTable([]),
      anEnvironment({ workloadProfiles: null }),
    ),
    want: "pass",
  },
  {
    when: "a volume with Basic network features has a group",
    looks: "fine",
    given: [delegatedTo("Microsoft.Netapp/volumes"), aVolume({ networkFeatures: "Basic" }), everyVolume],
    want: "fail",
    says: ["vol supports no network security group", "/properties/networkFeatures"],
  },
  {
    when: "a volume with Standard network features has a group",
    looks: "wrong",
    given: [delegatedTo("Microsoft.Netapp/volumes"), aVolume({ networkFeatures: "Standard" }), everyVolume],
    want: "pass",
  },
  {
    when: "a volume was made with Basic network features, and has Standard ones now",
    looks: "wrong",
    given: [
      delegatedTo("Microsoft.Netapp/volumes"),
      aVolume({ networkFeatures: "Basic", effectiveNetworkFeatures: "Standard" }),
      everyVolume,
    ],
    want: "pass",
  },
  {
    when: "beside a volume with Basic network features is one with Standard ones, for which the group is",
    looks: "wrong",
    given: [
      delegatedTo("Microsoft.Netapp/volumes"),
      aVolume({ networkFeatures: "Basic" }),
      aVolume({ networkFeatures: "Standard" }, "vol-2"),
      everyVolume,
    ],
    want: "pass",
  },
  {
    when: "there may be another volume beside one with Basic network features",
    given: [
      delegatedTo("Microsoft.Netapp/volumes"),
      aVolume({ networkFeatures: "Basic" }),
      refusedList(subscription, volumes),
    ],
    want: "undetermined",
  },
  {
    when: "the network features of a volume are being changed",
    given: [delegatedTo("Microsoft.Netapp/volumes"), aVolume({ networkFeatures: "Basic_Standard" }), everyVolume],
    want: "undetermined",
  },
  {
    when: "a gateway stands in a subnet of another name",
    given: named("snet-gateway", { ipConfigurations: [{ id: `${gatewayId()}/ipConfigurations/default` }] }),
    want: "fail",
    says: ["vgw needs a subnet that is called GatewaySubnet", "/properties/ipConfigurations/0/id"],
  },
  {
    when: "a gateway stands in its own subnet",
    given: named("gatewaysubnet", { ipConfigurations: [{ id: `${gatewayId()}/ipConfigurations/default` }] }),
    want: "pass",
  },
  {
    when: "a firewall stands in its management subnet",
    looks: "wrong",
    given: named("AzureFirewallManagementSubnet", {
      ipConfigurations: [
        { id: `${group}/providers/Microsoft.Network/azureFirewalls/afw/azureFirewallIpConfigurations/management` },
      ],
    }),
    want: "pass",
  },
  {
    when: "a firewall stands in a subnet of another name",
    given: named("snet-app", {
      ipConfigurations: [
        { id: `${group}/providers/Microsoft.Network/azureFirewalls/afw/azureFirewallIpConfigurations/a` },
      ],
    }),
    want: "fail",
    says: ["AzureFirewallSubnet or AzureFirewallManagementSubnet"],
  },
  { when: "the subnet was read on its own", given: aSubnet({ name: "RouteServerSubnet" }), want: "fail" },
]);

test("a group that is missing and needed is one fault of two rules", async () => {
  const { evaluations } = await auditOf([aNetwork([bare]), anApiManagement()], Policy.default);
  const findings = evaluations.flatMap((one) => one.findings).filter(({ rule }) => ["NI407", "NI601"].includes(rule));
  const cause = { resource: { text: subnetId }, pointer: "/properties/networkSecurityGroup" };
  expect(findings).toMatchObject([
    { rule: "NI407", cause },
    { rule: "NI601", cause },
  ]);
});
