import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const firewall = "https://learn.microsoft.com/azure/search/service-configure-firewall";

/** Azure AI Search. The first IP rule turns the firewall on, which the free tier does not have. */
export const aiSearch: Service = {
  type: "Microsoft.Search/searchServices",
  noun: "Azure AI Search service",
  apiVersion: "2025-05-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: { value: "Enabled", link: firewall },
  },
  tiersWithoutFirewall: ["free"],
  defaultAction: { always: "deny", link: firewall },
  ipRules: [{ in: "body", pointer: "/properties/networkRuleSet/ipRules", value: "/value", family: "ipv4" }],
  whenEmpty: { admits: "everybody", link: `${firewall}#when-to-configure-network-access` },
  exceptions: {
    bypass: {
      pointer: "/properties/networkRuleSet/bypass",
      // the portal in previews only: https://learn.microsoft.com/javascript/api/@azure/arm-search/knownsearchbypass?view=azure-node-preview
      flags: ["AzureServices", "AzurePortal"],
      whenAbsent: {
        value: "None",
        link: "https://learn.microsoft.com/javascript/api/@azure/arm-search/knownsearchbypass",
      },
    },
  },
  publishesIpv6: false,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "searchService",
      zones: { public: "privatelink.search.windows.net", usgov: "privatelink.search.azure.us" },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
