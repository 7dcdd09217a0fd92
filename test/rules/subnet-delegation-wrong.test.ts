import { Glob } from "../../lib/model/glob.ts";
import { subnetDelegationWrong } from "../../lib/rules/subnet-delegation-wrong.ts";
import {
  aNetwork,
  aPlacedService,
  aServiceLink,
  aSubnet,
  refusedList,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const app = aPlacedService("Microsoft.Web/sites", { virtualNetworkSubnetId: subnetId }, "app-erp");
const server = aPlacedService(
  "Microsoft.DBforPostgreSQL/flexibleServers",
  { network: { delegatedSubnetResourceId: subnetId } },
  "psql-erp",
);
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
    given: [aNetwork([{ delegations: ["Microsoft.App/environments"] }]), app],
    want: "pass",
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
