import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateAccess = "https://learn.microsoft.com/azure/managed-grafana/how-to-set-up-private-access";

/** Azure Managed Grafana. Its workspaces have no firewall, and a private endpoint alone keeps nobody out. */
export const managedGrafana: Service = {
  type: "Microsoft.Dashboard/grafana",
  noun: "Azure Managed Grafana workspace",
  apiVersion: "2025-08-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: `${privateAccess}#disable-public-access-to-a-workspace` },
  },
  defaultAction: { always: "allow", link: privateAccess },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [{ groupId: "grafana", zones: { public: "privatelink.grafana.azure.com" } }],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
