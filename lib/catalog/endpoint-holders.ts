import { PortSet } from "../net/port-set.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

/** What does nothing but hold private endpoints, over which clients come to something else. */
export function endpointHolder(
  own: Pick<Service, "type" | "noun" | "apiVersion">,
  link: string,
  group: PrivateLinkGroup,
): Service {
  return {
    ...own,
    publicNetworkAccess: { always: "off", link },
    defaultAction: { always: "deny", link },
    ipRules: [],
    publishesIpv6: false,
    isOutsidePerimeters: true,
    privateEndpointConnections: "/properties/privateEndpointConnections",
    privateLink: [group],
    serviceEndpoints: [],
    ports: PortSet.ofEach(443),
    children: [],
  };
}

/** Disk accesses, over which managed disks and snapshots are exported and imported that allow it privately. */
export const diskAccess = endpointHolder(
  { type: "Microsoft.Compute/diskAccesses", noun: "disk access", apiVersion: "2026-03-02" },
  "https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview#private-links",
  { groupId: "disks", zones: { public: "privatelink.blob.core.windows.net" } },
);

/** Private link hubs, over which Synapse Studio is loaded; what it works with has private endpoints of its own. */
export const privateLinkHub = endpointHolder(
  { type: "Microsoft.Synapse/privateLinkHubs", noun: "Synapse private link hub", apiVersion: "2021-06-01" },
  "https://learn.microsoft.com/azure/synapse-analytics/security/synapse-private-link-hubs",
  {
    groupId: "Web",
    zones: { public: "privatelink.azuresynapse.net", usgov: "privatelink.azuresynapse.usgovcloudapi.net" },
  },
);
