import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const endpoints = "https://learn.microsoft.com/azure/storage/file-sync/file-sync-networking-endpoints";
const publicEndpoint = `${endpoints}#disable-access-to-the-storage-sync-service-public-endpoint`;

/** Storage Sync Services, of Azure File Sync. Their public endpoint is on or off, and a private endpoint alone keeps nobody out. */
export const storageSyncService: Service = {
  type: "Microsoft.StorageSync/storageSyncServices",
  noun: "Storage Sync Service",
  apiVersion: "2025-12-01",
  publicNetworkAccess: {
    pointer: "/properties/incomingTrafficPolicy",
    values: { allowalltraffic: "on", allowvirtualnetworksonly: "off" },
    spelled: { on: "AllowAllTraffic", off: "AllowVirtualNetworksOnly" },
    whenAbsent: { value: "AllowAllTraffic", link: endpoints },
  },
  defaultAction: { always: "allow", link: publicEndpoint },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "afs",
      zones: {
        public: "privatelink.afs.azure.net",
        usgov: "privatelink.afs.azure.us",
        china: "privatelink.afs.azure.cn",
      },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
