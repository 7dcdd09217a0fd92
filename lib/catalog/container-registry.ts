import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const selectedNetworks =
  "https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks";
const trustedServices = "https://learn.microsoft.com/azure/container-registry/allow-access-trusted-services";
const serviceEndpoints = "https://learn.microsoft.com/azure/container-registry/container-registry-vnet";
const anonymousPull = "https://learn.microsoft.com/azure/container-registry/anonymous-pull-access";

/** Container registries. Only those of the tier Premium have a firewall, and private endpoints. */
export const containerRegistry: Service = {
  type: "Microsoft.ContainerRegistry/registries",
  noun: "container registry",
  apiVersion: "2025-11-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: selectedNetworks },
  },
  tiersWithoutFirewall: ["classic", "basic", "standard"],
  defaultAction: {
    pointer: "/properties/networkRuleSet/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: { value: "Allow", link: selectedNetworks },
  },
  ipRules: [
    { in: "body", pointer: "/properties/networkRuleSet/ipRules", value: "/value", action: "/action", family: "ipv4" },
  ],
  // in previews up to 2021-12-01-preview, and again since 2026-03-01-preview, where the subnet has another name
  // https://learn.microsoft.com/azure/templates/microsoft.containerregistry/change-log/registries#2022-02-01-preview
  // https://learn.microsoft.com/dotnet/api/azure.resourcemanager.containerregistry.models.armcontainerregistrymodelfactory.containerregistryvirtualnetworkrule?view=azure-dotnet-preview
  virtualNetworkRules: {
    in: "body",
    pointer: "/properties/networkRuleSet/virtualNetworkRules",
    subnet: ["/virtualNetworkSubnetResourceId", "/id"],
    action: "/action",
    shownBy: "2026-03-01-preview",
  },
  networkRulesExcludePrivateEndpoints: { link: serviceEndpoints },
  exceptions: {
    bypass: {
      pointer: "/properties/networkRuleBypassOptions",
      flags: ["AzureServices"],
      whenAbsent: { value: "AzureServices", link: trustedServices },
    },
    ownSwitch: {
      pointer: "/properties/networkRuleBypassAllowedForTasks",
      name: "ContainerRegistryTasks",
      link: "https://learn.microsoft.com/azure/container-registry/manage-network-bypass-policy-for-tasks",
    },
    endedByNetworkRules: { link: `${trustedServices}#limitations` },
  },
  // in previews, which do not say whom rules for IPv6 addresses let in
  publishesIpv6: {
    pointer: "/properties/endpointProtocol",
    values: { ipv4: false, ipv4andipv6: true },
    whenAbsent: {
      value: "IPv4",
      link: "https://learn.microsoft.com/azure/container-registry/container-registry-ipv6-dual-stack#endpoint-protocol-values",
    },
  },
  hiddenReplicas: { link: "https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication" },
  anonymousAccess: {
    pointer: "/properties/anonymousPullEnabled",
    whenAbsent: { value: "false", link: anonymousPull },
    reads: "every image in it",
    link: anonymousPull,
  },
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  // the records of data endpoints, `erp.westeurope.data`, go into the same zone
  privateLink: [{ groupId: "registry", zones: { public: "privatelink.azurecr.io", usgov: "privatelink.azurecr.us" } }],
  serviceEndpoints: ["Microsoft.ContainerRegistry"],
  ports: PortSet.ofEach(443),
  children: [],
};
