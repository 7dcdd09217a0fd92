import { PortSet } from "../net/port-set.ts";
import { firewallRules } from "./firewall-rules.ts";
import type { Service } from "./service.ts";

const firewall = "https://learn.microsoft.com/azure/azure-sql/database/firewall-configure";

/** Logical SQL servers. Their firewall denies by default, and all of its rules are child resources. */
export const sqlServer: Service = {
  type: "Microsoft.Sql/servers",
  noun: "SQL server",
  apiVersion: "2025-01-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings",
    },
  },
  defaultAction: { always: "deny", link: firewall },
  ipRules: [
    firewallRules,
    {
      in: "child",
      type: "ipv6FirewallRules",
      value: { first: "/properties/startIPv6Address", last: "/properties/endIPv6Address" },
      family: "ipv6",
    },
  ],
  virtualNetworkRules: {
    in: "child",
    type: "virtualNetworkRules",
    subnet: "/properties/virtualNetworkSubnetId",
    state: {
      pointer: "/properties/state",
      values: {
        initializing: "changing",
        inprogress: "changing",
        ready: "working",
        deleting: "changing",
        failed: "broken",
      },
    },
  },
  // https://learn.microsoft.com/dotnet/api/azure.provisioning.sql.sqlserver.isipv6enabled
  publishesIpv6: {
    pointer: "/properties/isIPv6Enabled",
    values: { enabled: true, disabled: false },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/powershell/module/az.sql/new-azsqlserveripv6firewallrule",
    },
  },
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "sqlServer",
      zones: {
        public: "privatelink.database.windows.net",
        usgov: "privatelink.database.usgovcloudapi.net",
        china: "privatelink.database.chinacloudapi.cn",
      },
    },
  ],
  serviceEndpoints: ["Microsoft.Sql"],
  ports: PortSet.ofEach(1433),
  children: [
    { type: "firewallRules", apiVersion: "2025-01-01" },
    { type: "virtualNetworkRules", apiVersion: "2025-01-01" },
    {
      type: "ipv6FirewallRules",
      apiVersion: "2025-01-01",
      whenNotRead: "the server has no IPv6 firewall rules (their list was not read)",
    },
  ],
};
