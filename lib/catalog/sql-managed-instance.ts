import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const publicEndpoint = "https://learn.microsoft.com/azure/azure-sql/managed-instance/public-endpoint-overview";

/**
 * SQL managed instances, which are in a subnet of their own. The public endpoint, where it is on, has a port of its own, and the
 * security group of the subnet is its only firewall. The zone of private endpoints has a part of the instance's name; in the network
 * of the instance itself it would cut off its management.
 */
export const sqlManagedInstance: Service = {
  type: "Microsoft.Sql/managedInstances",
  noun: "SQL managed instance",
  apiVersion: "2025-01-01",
  publicNetworkAccess: {
    pointer: "/properties/publicDataEndpointEnabled",
    values: { true: "on", false: "off" },
    whenAbsent: {
      value: "false",
      link: "https://learn.microsoft.com/azure/azure-sql/managed-instance/public-endpoint-configure",
    },
  },
  defaultAction: { always: "deny", link: publicEndpoint },
  ipRules: [],
  filteredInSubnets: [true],
  entranceInNetwork: true,
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [],
  namedZone: {
    groupId: "managedInstance",
    name: "/properties/fullyQualifiedDomainName",
    before: "privatelink.",
    notInItsNetwork: true,
    link: "https://learn.microsoft.com/azure/azure-sql/managed-instance/private-endpoint-overview#set-up-domain-name-resolution-for-private-endpoint",
  },
  serviceEndpoints: [],
  // https://learn.microsoft.com/azure/azure-sql/managed-instance/connectivity-architecture-overview
  ports: PortSet.ofEach(1433),
  publicPorts: PortSet.ofEach(3342),
  children: [],
};
