import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const firewall = "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure#firewall";

/**
 * Azure Cache for Redis: Basic, Standard and Premium. The first firewall rule turns the firewall on; without any, everybody gets in.
 * A cache in a subnet has no public endpoint, and no more than its place is known:
 * https://learn.microsoft.com/azure/azure-cache-for-redis/cache-network-isolation
 */
export const redisCache: Service = {
  type: "Microsoft.Cache/redis",
  noun: "Redis cache",
  apiVersion: "2024-11-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/dotnet/api/azure.resourcemanager.redis.redisdata.publicnetworkaccess",
    },
    // by the reference it is Enabled all the same, and "Disabled by default" in the other document
    withPrivateEndpoint: {
      undocumented: "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-private-link",
    },
  },
  defaultAction: { always: "deny", link: firewall },
  ipRules: [
    {
      in: "child",
      type: "firewallRules",
      // https://github.com/hashicorp/terraform-provider-azurerm/pull/2906
      joint: "_",
      value: { first: "/properties/startIP", last: "/properties/endIP" },
      family: "ipv4",
      // what it is with databases; of caches the documents do not say
      special: { entry: "0.0.0.0-0.0.0.0", standsFor: "maybeAzure" },
    },
  ],
  whenEmpty: { admits: "everybody", link: firewall },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "redisCache",
      zones: {
        public: "privatelink.redis.cache.windows.net",
        usgov: "privatelink.redis.cache.usgovcloudapi.net",
        china: "privatelink.redis.cache.chinacloudapi.cn",
      },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(6380),
  portsBySetting: [
    {
      pointer: "/properties/enableNonSslPort",
      value: true,
      ports: PortSet.ofEach(6379),
      link: "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure#access-ports",
    },
  ],
  usualPort: 6380,
  environments: ["/properties/subnetId"],
  children: [{ type: "firewallRules", apiVersion: "2024-11-01" }],
};
