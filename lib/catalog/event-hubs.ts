import { brokerNamespace } from "./messaging-namespace.ts";

/** Event Hubs namespaces. Rules are for IPv4 and IPv6 addresses. The Basic tier has no firewall: https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering#important-points */
export const eventHubs = brokerNamespace(
  {
    type: "Microsoft.EventHub/namespaces",
    noun: "Event Hubs namespace",
    serviceEndpoints: ["Microsoft.EventHub"],
    tiersWithoutFirewall: ["basic"],
  },
  "https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering",
  "both",
);
