import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateEndpoint = "https://learn.microsoft.com/azure/static-web-apps/private-endpoint";
const networking = "https://learn.microsoft.com/azure/static-web-apps/configuration#networking";

/**
 * Static web apps. A private endpoint keeps everybody else out; so may address ranges, which stand in a file among the contents
 * and in no answer of ARM. The free plan has neither.
 */
export const staticWebApp: Service = {
  type: "Microsoft.Web/staticSites",
  noun: "static web app",
  apiVersion: "2025-03-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: `${privateEndpoint}#how-it-works` },
    withPrivateEndpoint: { value: "Disabled" },
  },
  tiersWithoutFirewall: ["free"],
  defaultAction: { always: "deny", link: networking },
  ipRules: [],
  whenEmpty: { admits: "everybody", link: networking, unless: "address ranges in the configuration file" },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "staticSites",
      zones: { public: ["privatelink.azurestaticapps.net", "privatelink.{partitionId}.azurestaticapps.net"] },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
