import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const publicAccess = "https://learn.microsoft.com/azure/data-explorer/security-network-restrict-public-access";
const template = "https://learn.microsoft.com/azure/templates/microsoft.kusto/clusters#clusterproperties";

/**
 * Data Explorer clusters. The first entry in their list turns the firewall on; without any, everybody gets in. Of a cluster in a
 * subnet, an older kind, no more than its place is known.
 */
export const dataExplorerCluster: Service = {
  type: "Microsoft.Kusto/clusters",
  noun: "Data Explorer cluster",
  apiVersion: "2025-02-14",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: { value: "Enabled", link: template },
  },
  defaultAction: { always: "deny", link: publicAccess },
  ipRules: [
    {
      in: "body",
      pointer: "/properties/allowedIpRangeList",
      value: "",
      family: "ipv4",
      // https://learn.microsoft.com/azure/data-explorer/security-network-restrict-public-access#specify-selected-ip-addresses
      tags: "addresses",
    },
  ],
  whenEmpty: { admits: "everybody", link: publicAccess },
  publishesIpv6: {
    pointer: "/properties/publicIPType",
    values: { ipv4: false, dualstack: true },
    whenAbsent: { value: "IPv4", link: template },
  },
  privateEndpointConnections: "/properties/privateEndpointConnections",
  // names for queries and ingestion, and of the storage accounts that ingestion goes by:
  // https://learn.microsoft.com/azure/data-explorer/security-network-private-endpoint#connect-to-a-private-endpoint
  privateLink: [
    {
      groupId: "cluster",
      zones: {
        public: [
          "privatelink.{regionName}.kusto.windows.net",
          "privatelink.blob.core.windows.net",
          "privatelink.queue.core.windows.net",
          "privatelink.table.core.windows.net",
        ],
        china: "privatelink.{regionName}.kusto.windows.cn",
      },
    },
  ],
  serviceEndpoints: [],
  // SQL emulation besides: https://learn.microsoft.com/azure/data-explorer/connect-odbc; the same over a private endpoint:
  // https://learn.microsoft.com/azure/data-explorer/security-network-private-endpoint#overview
  ports: PortSet.ofEach(443, 1433),
  environments: ["/properties/virtualNetworkConfiguration/subnetId"],
  children: [],
};
