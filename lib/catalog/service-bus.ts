import { messagingNamespace } from "./messaging-namespace.ts";

/** Service Bus namespaces; the firewall needs the Premium tier. */
export const serviceBus = messagingNamespace(
  {
    type: "Microsoft.ServiceBus/namespaces",
    noun: "Service Bus namespace",
    serviceEndpoints: ["Microsoft.ServiceBus"],
  },
  "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering",
);
