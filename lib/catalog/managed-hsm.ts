import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const networkSecurity = "https://learn.microsoft.com/azure/key-vault/managed-hsm/network-security";

/**
 * Managed HSMs of Key Vault. Their type has network rules, which Azure does not take:
 * https://learn.microsoft.com/powershell/module/az.keyvault/add-azkeyvaultmanagedhsmnetworkrule
 */
export const managedHsm: Service = {
  type: "Microsoft.KeyVault/managedHSMs",
  noun: "managed HSM",
  apiVersion: "2026-02-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: networkSecurity },
  },
  defaultAction: {
    pointer: "/properties/networkAcls/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: { value: "Allow", link: networkSecurity },
  },
  ipRules: [
    { in: "body", pointer: "/properties/networkAcls/ipRules", value: "/value", family: "ipv4" },
    { in: "body", pointer: "/properties/networkAcls/serviceTags", value: "/tag", family: "ipv4", tags: "undocumented" },
  ],
  exceptions: {
    bypass: {
      pointer: "/properties/networkAcls/bypass",
      flags: ["AzureServices"],
      whenAbsent: {
        value: "AzureServices",
        link: "https://learn.microsoft.com/javascript/api/@azure/arm-keyvault/mhsmnetworkruleset",
      },
    },
  },
  publishesIpv6: false,
  replicas: { pointer: "/properties/regions/*/name" },
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [{ groupId: "managedhsm", zones: { public: "privatelink.managedhsm.azure.net" } }],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
