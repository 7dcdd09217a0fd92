import { messagingNamespace } from "./messaging-namespace.ts";

/** Event Hubs namespaces. */
export const eventHubs = messagingNamespace(
  { type: "Microsoft.EventHub/namespaces", noun: "Event Hubs namespace", serviceEndpoints: ["Microsoft.EventHub"] },
  "https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering",
);
