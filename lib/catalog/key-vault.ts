import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const networkSecurity = "https://learn.microsoft.com/azure/key-vault/general/network-security";

/** Key vaults. ARM returns their enumerations in lower case, and no `networkAcls` while the firewall is off. */
export const keyVault: Service = {
  type: "Microsoft.KeyVault/vaults",
  noun: "key vault",
  apiVersion: "2026-02-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: { value: "Enabled", link: networkSecurity },
  },
  defaultAction: {
    pointer: "/properties/networkAcls/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: { value: "Allow", link: networkSecurity },
  },
  ipRules: [{ in: "body", pointer: "/properties/networkAcls/ipRules", value: "/value", family: "ipv4" }],
  virtualNetworkRules: { in: "body", pointer: "/properties/networkAcls/virtualNetworkRules", subnet: "/id" },
  exceptions: {
    bypass: {
      pointer: "/properties/networkAcls/bypass",
      flags: ["AzureServices"],
      whenAbsent: { value: "AzureServices", link: networkSecurity },
    },
  },
  publishesIpv6: false,
  perimeterTags: {
    link: "https://learn.microsoft.com/azure/private-link/configure-network-security-perimeter-service-tag#limitations",
  },
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "vault",
      zones: {
        public: "privatelink.vaultcore.azure.net",
        usgov: "privatelink.vaultcore.usgovcloudapi.net",
        china: "privatelink.vaultcore.azure.cn",
      },
    },
  ],
  serviceEndpoints: ["Microsoft.KeyVault"],
  ports: PortSet.ofEach(443),
  children: [],
};
