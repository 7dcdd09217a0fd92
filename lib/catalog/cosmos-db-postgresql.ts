import { PortSet } from "../net/port-set.ts";
import { firewallRules } from "./firewall-rules.ts";
import type { Service } from "./service.ts";

const publicAccess = "https://learn.microsoft.com/azure/cosmos-db/postgresql/concepts-firewall-rules";

/** Cosmos DB for PostgreSQL, once Citus. The firewall of the coordinator denies by default, and all of its rules are child resources. */
export const cosmosDbPostgresql: Service = {
  type: "Microsoft.DBforPostgreSQL/serverGroupsv2",
  noun: "Cosmos DB for PostgreSQL cluster",
  apiVersion: "2022-11-08",
  publicNetworkAccess: {
    pointer: "/properties/coordinatorEnablePublicIpAccess",
    values: { true: "on", false: "off" },
    whenAbsent: undefined,
    // the page has rules for the coordinator, and says nothing of workers that are public by themselves
    overruledBy: { pointer: "/properties/nodeEnablePublicIpAccess", values: { false: "asItIs" }, when: "off" },
  },
  defaultAction: { always: "deny", link: publicAccess },
  // Azure, too: https://learn.microsoft.com/azure/cosmos-db/postgresql/howto-manage-firewall-using-portal#connecting-from-azure
  ipRules: [firewallRules],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [{ groupId: "coordinator", zones: { public: "privatelink.postgres.cosmos.azure.com" } }],
  serviceEndpoints: [],
  // PostgreSQL and PgBouncer: https://learn.microsoft.com/azure/cosmos-db/postgresql/concepts-connection-pool
  ports: PortSet.ofEach(5432, 6432),
  children: [{ type: "firewallRules", apiVersion: "2022-11-08" }],
};
