import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const publicAccess = "https://learn.microsoft.com/azure/azure-app-configuration/howto-disable-public-access";

/**
 * App Configuration stores. They have no firewall; without a word on public access it is "automatic": on until there is a private endpoint.
 * In a perimeter they can be: https://learn.microsoft.com/azure/azure-app-configuration/concept-network-security
 */
export const appConfiguration: Service = {
  type: "Microsoft.AppConfiguration/configurationStores",
  noun: "App Configuration store",
  apiVersion: "2024-06-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: { value: "Enabled", link: publicAccess },
    withPrivateEndpoint: { value: "Disabled" },
  },
  defaultAction: { always: "allow", link: publicAccess },
  ipRules: [],
  publishesIpv6: false,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "configurationStores",
      zones: { public: "privatelink.azconfig.io", usgov: "privatelink.azconfig.azure.us" },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
