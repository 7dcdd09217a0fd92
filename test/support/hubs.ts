import { type Body, group } from "./builders.ts";
import { aService } from "./services.ts";

export const signalRId = `${group}/providers/Microsoft.SignalRService/signalR/sigr-erp`;
export const webPubSubId = `${group}/providers/Microsoft.SignalRService/webPubSub/wps-erp`;

/** Every type of requests. */
export const requests = ["ServerConnection", "ClientConnection", "RESTAPI", "Trace"];

/** A SignalR Service or Web PubSub that lets nobody in from the public network, unless `rules` say something else. */
export function aHub(id: string, rules: object = {}, properties: object = {}): Body {
  const closed = {
    defaultAction: "Deny",
    publicNetwork: { allow: [], deny: [] },
    privateEndpoints: [],
    ipRules: [],
  };
  const own = { publicNetworkAccess: "Enabled", networkACLs: { ...closed, ...rules } };
  return aService(id, { ...own, ...properties }, { sku: { name: "Premium_P1", tier: "Premium" } });
}
