import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const ipFirewall = "https://learn.microsoft.com/azure/event-grid/configure-firewall";

/**
 * Topics and domains of Event Grid, to which others publish. The first IP rule turns the firewall on; without any, everybody gets in.
 * In a perimeter they can be, in preview: https://learn.microsoft.com/azure/event-grid/configure-network-security-perimeter
 */
function publishedTo(own: Pick<Service, "type" | "noun">, groupId: string): Service {
  return {
    ...own,
    apiVersion: "2025-02-15",
    publicNetworkAccess: {
      pointer: "/properties/publicNetworkAccess",
      values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
      whenAbsent: { value: "Enabled", link: `${ipFirewall}#enable-or-disable-public-network-access` },
    },
    defaultAction: { always: "deny", link: ipFirewall },
    ipRules: [
      { in: "body", pointer: "/properties/inboundIpRules", value: "/ipMask", action: "/action", family: "ipv4" },
    ],
    whenEmpty: { admits: "everybody", link: ipFirewall },
    publishesIpv6: false,
    privateEndpointConnections: "/properties/privateEndpointConnections",
    privateLink: [
      {
        groupId,
        zones: {
          public: "privatelink.eventgrid.azure.net",
          usgov: "privatelink.eventgrid.azure.us",
          china: "privatelink.eventgrid.azure.cn",
        },
      },
    ],
    serviceEndpoints: [],
    ports: PortSet.ofEach(443),
    children: [],
  };
}

export const eventGridTopic = publishedTo({ type: "Microsoft.EventGrid/topics", noun: "Event Grid topic" }, "topic");

export const eventGridDomain = publishedTo(
  { type: "Microsoft.EventGrid/domains", noun: "Event Grid domain" },
  "domain",
);
