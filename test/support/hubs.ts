import { type Body, group } from "./builders.ts";

export const signalRId = `${group}/providers/Microsoft.SignalRService/signalR/sigr-erp`;
export const webPubSubId = `${group}/providers/Microsoft.SignalRService/webPubSub/wps-erp`;

/** Every type of requests. */
export const requests = ["ServerConnection", "ClientConnection", "RESTAPI", "Trace"];

/** A SignalR Service or Web PubSub that lets nobody in from the public network, unless `rules` say something else. */
export function aHub(id: string, rules: object = {}, properties: object = {}): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: id.split("/").slice(-3, -1).join("/"),
    location: "West Europe",
    sku: { name: "Premium_P1", tier: "Premium" },
    tags: {},
    properties: {
      publicNetworkAccess: "Enabled",
      networkACLs: {
        defaultAction: "Deny",
        publicNetwork: { allow: [], deny: [] },
        privateEndpoints: [],
        ipRules: [],
        ...rules,
      },
      privateEndpointConnections: [],
      ...properties,
    },
  };
}
