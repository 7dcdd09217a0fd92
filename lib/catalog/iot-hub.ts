import { PortSet } from "../net/port-set.ts";
import type { FirewallPartSource, Service } from "./service.ts";

const ipFilter = "https://learn.microsoft.com/azure/iot-hub/iot-hub-ip-filtering";
const publicAccess = "https://learn.microsoft.com/azure/iot-hub/iot-hub-public-network-access";

/** A hub that says nothing of the rule set has none, and lets in everybody; one whose rule set has no default action says too little. */
const filter: Pick<FirewallPartSource, "defaultAction" | "ipRules"> = {
  defaultAction: {
    pointer: "/properties/networkRuleSets/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: { value: "Allow", link: "https://learn.microsoft.com/azure/iot-hub/virtual-network-support" },
    within: "/properties/networkRuleSets",
  },
  ipRules: [
    {
      in: "body",
      pointer: "/properties/networkRuleSets/ipRules",
      value: "/ipMask",
      action: "/action",
      family: "ipv4",
    },
  ],
};

/**
 * IoT hubs. Devices and services come to the hub, readers of messages also to its built-in endpoint, which is one of Event Hubs: the
 * rules are for that only if it is said so.
 */
export const iotHub: Service = {
  type: "Microsoft.Devices/IotHubs",
  noun: "IoT hub",
  apiVersion: "2023-06-30",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: "https://learn.microsoft.com/azure/iot-hub/virtual-network-support" },
  },
  before: "hub itself",
  ...filter,
  parts: [
    {
      before: "built-in Event Hubs endpoint",
      ...filter,
      onlyIf: {
        pointer: "/properties/networkRuleSets/applyToBuiltInEventHubEndpoint",
        tiersWithout: ["free"],
        link: `${ipFilter}#apply-ip-filter-rules-to-the-built-in-event-hub-compatible-endpoint`,
      },
      // the page calls it a bug that the endpoint stays open, and announces its end without a day
      mayOutliveSwitch: { link: `${publicAccess}#bug-fix-with-built-in-event-hubs-compatible-endpoint` },
    },
  ],
  // https://learn.microsoft.com/azure/iot-hub/iot-hub-understand-ip-address#support-for-ipv6
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  // that of the built-in endpoint besides: https://learn.microsoft.com/azure/iot-hub/virtual-network-support
  privateLink: [
    {
      groupId: "iotHub",
      zones: { public: ["privatelink.azure-devices.net", "privatelink.servicebus.windows.net"] },
    },
  ],
  serviceEndpoints: [],
  // AMQP and MQTT, and both as well as HTTPS on 443: https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-protocols#port-numbers
  ports: PortSet.ofEach(443, 5671, 8883),
  children: [],
};
