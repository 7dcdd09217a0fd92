import { PortSet } from "../net/port-set.ts";
import type { EnumerationAt, Service } from "./service.ts";

const networks = "https://learn.microsoft.com/azure/api-management/virtual-network-concepts";
const service = "https://learn.microsoft.com/dotnet/api/azure.resourcemanager.apimanagement.apimanagementservicedata";

/** https://learn.microsoft.com/dotnet/api/azure.resourcemanager.apimanagement.models.virtualnetworktype */
function network(of: Readonly<Record<"none" | "external" | "internal", boolean>>): EnumerationAt<boolean> {
  return {
    pointer: "/properties/virtualNetworkType",
    values: of,
    whenAbsent: { value: "None", link: `${service}.virtualnetworktype` },
  };
}

/**
 * API Management services: gateway, portals and the rest of their endpoints. Injected into a network, one of a classic tier has
 * them in a subnet, where a public address answers or none does; the newer tiers send through theirs, unless it is internal. What
 * policies of single APIs refuse is not looked at.
 */
export const apiManagement: Service = {
  type: "Microsoft.ApiManagement/service",
  noun: "API Management service",
  apiVersion: "2024-05-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: `${service}.publicnetworkaccess` },
    overruledBy: {
      pointer: "/properties/virtualNetworkType",
      values: { none: "asItIs", external: "asItIs", internal: "off" },
      when: "on",
    },
  },
  defaultAction: { always: "deny", link: networks },
  ipRules: [],
  whenEmpty: { admits: "everybody", link: networks },
  filteredInSubnets: [
    network({ none: false, external: true, internal: false }),
    {
      // https://learn.microsoft.com/azure/api-management/virtual-network-reference, https://learn.microsoft.com/azure/api-management/integrate-vnet-outbound
      pointer: "/sku/name",
      values: {
        developer: true,
        premium: true,
        basic: false,
        standard: false,
        consumption: false,
        isolated: true,
        basicv2: false,
        standardv2: false,
        premiumv2: false,
      },
      whenAbsent: undefined,
    },
  ],
  entranceInNetwork: network({ none: false, external: false, internal: true }),
  publishesIpv6: false,
  replicas: { pointer: "/properties/additionalLocations/*/location" },
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [{ groupId: "Gateway", zones: { public: "privatelink.azure-api.net" } }],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  portsBySetting: [
    {
      pointer: "/properties/virtualNetworkType",
      value: "external",
      ports: PortSet.ofEach(80),
      link: "https://learn.microsoft.com/azure/api-management/virtual-network-reference#required-ports",
      leavesOpen: "whether one of its APIs answers without TLS",
    },
  ],
  children: [],
};
