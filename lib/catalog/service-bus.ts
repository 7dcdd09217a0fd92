import { brokerNamespace } from "./messaging-namespace.ts";

/**
 * Service Bus namespaces. IP rules count in every tier; network rules, private endpoints and the exception for trusted
 * services need Premium: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering#important-points
 */
export const serviceBus = brokerNamespace(
  {
    type: "Microsoft.ServiceBus/namespaces",
    noun: "Service Bus namespace",
    serviceEndpoints: ["Microsoft.ServiceBus"],
  },
  "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering",
  "ipv4",
);
