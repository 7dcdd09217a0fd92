import { PortSet } from "../net/port-set.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

const ofSignalR = "https://learn.microsoft.com/azure/azure-signalr/howto-network-access-control";
const ofWebPubSub = "https://learn.microsoft.com/azure/azure-web-pubsub/howto-secure-network-access-control";

/**
 * SignalR Service and Web PubSub. Their rules are for types of requests, and for addresses in an order; whoever can make a request of
 * any type gets in. Their private endpoints have rules for types of requests, too.
 */
function hub(own: Pick<Service, "type" | "noun">, privateLink: readonly PrivateLinkGroup[], link: string): Service {
  return {
    ...own,
    apiVersion: "2024-03-01",
    publicNetworkAccess: {
      pointer: "/properties/publicNetworkAccess",
      values: { enabled: "on", disabled: "off" },
      whenAbsent: { value: "Enabled", link: `${link}#public-network-access` },
    },
    accessLists: [
      {
        before: "public endpoint",
        pointer: "/properties/networkACLs/ipRules",
        unmatched: {
          pointer: "/properties/networkACLs/defaultAction",
          values: { allow: "allow", deny: "deny" },
          link: `${link}#default-action`,
        },
        rule: { value: "/value", action: { pointer: "/action", values: { allow: "allow", deny: "deny" } } },
        requests: {
          types: ["clientconnection", "serverconnection", "restapi", "trace"],
          allow: "/allow",
          deny: "/deny",
          publicNetwork: "/properties/networkACLs/publicNetwork",
          privateEndpoints: { pointer: "/properties/networkACLs/privateEndpoints", name: "/name" },
          link: `${link}#request-type-rules`,
        },
      },
    ],
    publishesIpv6: { hidden: `${link}#ip-rules` },
    isOutsidePerimeters: true,
    privateEndpointConnections: "/properties/privateEndpointConnections",
    privateLink,
    serviceEndpoints: [],
    ports: PortSet.ofEach(443),
    children: [],
  };
}

export const signalR = hub(
  { type: "Microsoft.SignalRService/signalR", noun: "SignalR Service" },
  [
    {
      groupId: "signalr",
      zones: { public: "privatelink.service.signalr.net", china: "privatelink.signalr.azure.cn" },
    },
  ],
  ofSignalR,
);

export const webPubSub = hub(
  { type: "Microsoft.SignalRService/webPubSub", noun: "Web PubSub service" },
  [{ groupId: "webpubsub", zones: { public: "privatelink.webpubsub.azure.com" } }],
  ofWebPubSub,
);
