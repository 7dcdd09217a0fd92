import { PortSet } from "../net/port-set.ts";
import { flexibleServer } from "./flexible-server.ts";

export const postgresqlFlexibleServer = flexibleServer(
  {
    type: "Microsoft.DBforPostgreSQL/flexibleServers",
    noun: "PostgreSQL flexible server",
    apiVersion: "2025-08-01",
    privateLink: [
      {
        groupId: "postgresqlServer",
        zones: {
          public: "privatelink.postgres.database.azure.com",
          usgov: "privatelink.postgres.database.usgovcloudapi.net",
          china: "privatelink.postgres.database.chinacloudapi.cn",
        },
      },
    ],
    // PostgreSQL, PgBouncer where a parameter of the server turns it on, and both again for all nodes of an elastic cluster:
    // https://learn.microsoft.com/azure/postgresql/connectivity/concepts-pgbouncer
    // https://learn.microsoft.com/azure/postgresql/elastic-clusters/concepts-elastic-clusters#architecture
    ports: PortSet.ofEach(5432, 6432, 7432, 8432),
  },
  "https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public",
);
