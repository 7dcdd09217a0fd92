import { firewallRules } from "./firewall-rules.ts";
import type { Service } from "./service.ts";

/**
 * Flexible servers are either in a subnet of their own, and then no more than their place is known, or have a public endpoint
 * beside private ones. The firewall of that denies by default, all of its rules are child resources for IPv4, and neither network
 * rules nor exceptions exist.
 */
export function flexibleServer(
  own: Pick<Service, "type" | "noun" | "apiVersion" | "privateLink" | "ports">,
  publicAccess: string,
): Service {
  return {
    ...own,
    publicNetworkAccess: {
      pointer: "/properties/network/publicNetworkAccess",
      values: { enabled: "on", disabled: "off" },
      whenAbsent: { value: "Enabled", link: publicAccess },
    },
    defaultAction: { always: "deny", link: publicAccess },
    ipRules: [firewallRules],
    publishesIpv6: false,
    isOutsidePerimeters: true,
    privateEndpointConnections: "/properties/privateEndpointConnections",
    serviceEndpoints: [],
    environments: ["/properties/network/delegatedSubnetResourceId"],
    children: [{ type: "firewallRules", apiVersion: own.apiVersion }],
  };
}
