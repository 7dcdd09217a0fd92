import { Glob } from "../../lib/model/glob.ts";
import { subnetUndelegated } from "../../lib/rules/subnet-undelegated.ts";
import { aNetwork, aPlacedService, aSubnet, refused, subnetId } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const app = aPlacedService("Microsoft.Web/sites", { virtualNetworkSubnetId: subnetId }, "app-erp");
const volume = "Microsoft.NetApp/netAppAccounts/capacityPools/volumes";
const thinSubnet = { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" };

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
    when: "a MySQL flexible server has public access, and an empty text for its subnet",
    looks: "wrong",
    given: [
      aNetwork(),
      aPlacedService("Microsoft.DBforMySQL/flexibleServers", { network: { delegatedSubnetResourceId: "" } }),
    ],
    want: "pass",
  },
  {
    when: "API Management is in the subnet, which needs no delegation in its classic tiers",
    looks: "wrong",
    given: [
      aNetwork(),
      aPlacedService("Microsoft.ApiManagement/service", {
        virtualNetworkConfiguration: { subnetResourceId: subnetId },
      }),
    ],
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
    when: "the delegations are no list",
    given: [aSubnet({ properties: { delegations: "Microsoft.Web/serverFarms" } }), app],
    want: "undetermined",
  },
]);
