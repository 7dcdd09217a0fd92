import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/redis/private-link";

/** Azure Managed Redis, and the tiers Enterprise and Enterprise Flash that it came from. They have no firewall. */
export const redisEnterprise: Service = {
  type: "Microsoft.Cache/redisEnterprise",
  noun: "Azure Managed Redis cluster",
  apiVersion: "2025-07-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    // null only for clusters that an old api-version made:
    // https://learn.microsoft.com/dotnet/api/azure.resourcemanager.redisenterprise.redisenterpriseclusterdata.publicnetworkaccess
    whenAbsent: {
      value: "Enabled",
      link: `${privateLink}#what-happens-if-i-delete-all-the-private-endpoints-on-my-cache`,
    },
    // that "Disabled" is its default is said of clusters that have it
    withPrivateEndpoint: { undocumented: privateLink },
  },
  // without the switch: https://learn.microsoft.com/azure/azure-cache-for-redis/cache-private-link
  tiersWithoutFirewall: [
    ...["e1", "e5", "e10", "e20", "e50", "e100", "e200", "e400"].map((size) => `enterprise_${size}`),
    ...["f300", "f700", "f1500"].map((size) => `enterpriseflash_${size}`),
  ],
  defaultAction: { always: "allow", link: privateLink },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  // of Enterprise clusters and of Azure Managed Redis: https://learn.microsoft.com/azure/redis/private-link#how-do-i-connect-to-my-cache-with-private-endpoint
  privateLink: [
    {
      groupId: "redisEnterprise",
      zones: { public: ["privatelink.redisenterprise.cache.azure.net", "privatelink.redis.azure.net"] },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(10000),
  children: [],
};
