import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const authorizedRanges = "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges";
const privateClusters = "https://learn.microsoft.com/azure/aks/private-clusters";
const vnetIntegration = "https://learn.microsoft.com/azure/aks/api-server-vnet-integration";

const balancer = "/properties/networkProfile/loadBalancerProfile/effectiveOutboundIPs";
const gateway = "/properties/networkProfile/natGatewayProfile/effectiveOutboundIPs";
const overGateway = {
  list: gateway,
  unlessBecause: "whether the authorized ranges let the addresses of a managed NAT gateway in is not documented",
};

/**
 * AKS clusters, of which the API server is the service. It is public or private; the first authorized range turns the firewall of a
 * public one on, which lets the addresses of the cluster's own load balancer in besides, while its owner has to list those of other
 * ways out. A public name of a private cluster leads to private addresses. Commands that Azure runs in it come through ARM.
 */
export const kubernetesCluster: Service = {
  type: "Microsoft.ContainerService/managedClusters",
  noun: "AKS cluster",
  apiVersion: "2026-05-01",
  publicNetworkAccess: {
    pointer: "/properties/apiServerAccessProfile/enablePrivateCluster",
    values: { true: "off", false: "on" },
    whenAbsent: { value: "false", link: authorizedRanges },
    // in no document; by answers of Microsoft it blocks the API server, or nothing: https://github.com/Azure/AKS/issues/3690
    overruledBy: { pointer: "/properties/publicNetworkAccess", values: { enabled: "asItIs" }, when: "on" },
  },
  defaultAction: { always: "deny", link: authorizedRanges },
  ipRules: [
    {
      in: "body",
      pointer: "/properties/apiServerAccessProfile/authorizedIPRanges",
      value: "",
      family: "ipv4",
      // only the outbound addresses of the cluster: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
      special: { entry: "0.0.0.0/32", standsFor: "nobody" },
      // in previews: https://learn.microsoft.com/azure/aks/api-server-service-tags
      tags: "addresses",
    },
  ],
  ownAddresses: {
    pointer: "/properties/networkProfile/outboundType",
    values: {
      loadbalancer: { list: balancer },
      managednatgateway: overGateway,
      managednatgatewayv2: overGateway,
      userassignednatgateway: "none",
      userdefinedrouting: "none",
      none: "none",
    },
    whenAbsent: { value: "loadBalancer", link: "https://learn.microsoft.com/azure/aks/egress-outboundtype" },
  },
  whenEmpty: { admits: "everybody", link: authorizedRanges },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: {
    in: "child",
    type: "privateEndpointConnections",
    onlyIf: "/properties/apiServerAccessProfile/enablePrivateCluster",
    link: privateClusters,
  },
  privateLink: [],
  namedZone: {
    groupId: "management",
    name: "/properties/privateFQDN",
    kept: {
      pointer: "/properties/apiServerAccessProfile/privateDNSZone",
      none: "none",
      inGroup: "system",
      group: "/properties/nodeResourceGroup",
    },
    isPublicToo: {
      pointer: "/properties/apiServerAccessProfile/enablePrivateClusterPublicFQDN",
      values: { true: true, false: false },
      whenAbsent: { value: "true", link: privateClusters },
    },
    link: `${privateClusters}#configuration-options-for-private-dns`,
  },
  entranceInNetwork: {
    pointer: "/properties/apiServerAccessProfile/enableVnetIntegration",
    values: { true: true, false: false },
    whenAbsent: { value: "false", link: vnetIntegration },
  },
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [{ type: "privateEndpointConnections", apiVersion: "2026-05-01", isReadWhenAsked: true }],
};
