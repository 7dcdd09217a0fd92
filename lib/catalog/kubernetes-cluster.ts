import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const authorizedRanges = "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges";
const privateClusters = "https://learn.microsoft.com/azure/aks/private-clusters";
const vnetIntegration = "https://learn.microsoft.com/azure/aks/api-server-vnet-integration";

/**
 * AKS clusters, of which the API server is the service. It is public or private; the first authorized range turns the firewall of a
 * public one on, which lets the cluster's own outbound addresses in besides. A public name of a private cluster leads to private
 * addresses. Which private zone holds the names is the cluster's to say, so that none is known here.
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
    },
  ],
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
  entranceInNetwork: {
    pointer: "/properties/apiServerAccessProfile/enableVnetIntegration",
    values: { true: true, false: false },
    whenAbsent: { value: "false", link: vnetIntegration },
  },
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [{ type: "privateEndpointConnections", apiVersion: "2026-05-01", isReadWhenAsked: true }],
};
