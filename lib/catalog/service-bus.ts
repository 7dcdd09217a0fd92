import { messagingNamespace } from "./messaging-namespace.ts";

/** Service Bus namespaces: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering#important-points */
export const serviceBus = messagingNamespace(
  {
    type: "Microsoft.ServiceBus/namespaces",
    noun: "Service Bus namespace",
    serviceEndpoints: ["Microsoft.ServiceBus"],
    tiersWithoutFirewall: ["basic", "standard"],
  },
  "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering",
);
