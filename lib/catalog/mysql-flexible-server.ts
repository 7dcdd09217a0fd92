import { PortSet } from "../net/port-set.ts";
import { flexibleServer } from "./flexible-server.ts";

export const mysqlFlexibleServer = flexibleServer(
  {
    type: "Microsoft.DBforMySQL/flexibleServers",
    noun: "MySQL flexible server",
    apiVersion: "2024-12-30",
    privateLink: [
      {
        groupId: "mysqlServer",
        zones: {
          public: "privatelink.mysql.database.azure.com",
          usgov: "privatelink.mysql.database.usgovcloudapi.net",
          china: "privatelink.mysql.database.chinacloudapi.cn",
        },
      },
    ],
    ports: PortSet.ofEach(3306),
  },
  "https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-public",
);
