import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/purview/catalog-private-link-account-portal";

/**
 * Classic accounts of Microsoft Purview. They have no firewall. What ingestion goes by is in resources that Purview manages, and has
 * a switch of its own, which says nothing of the account's endpoints.
 */
export const purviewAccount: Service = {
  type: "Microsoft.Purview/accounts",
  noun: "Purview account",
  apiVersion: "2021-12-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/azure/templates/microsoft.purview/accounts#accountproperties",
    },
  },
  defaultAction: { always: "allow", link: privateLink },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    { groupId: "account", zones: { public: "privatelink.purview.azure.com", usgov: "privatelink.purview.azure.us" } },
    { groupId: "platform", zones: { public: "privatelink.purview-service.microsoft.com" } },
    {
      groupId: "portal",
      zones: { public: "privatelink.purviewstudio.azure.com", usgov: "privatelink.purviewstudio.azure.us" },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
