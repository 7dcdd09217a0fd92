import { PortSet } from "../net/port-set.ts";
import type { FirewalledService, Service } from "./service.ts";

type Own = Pick<
  FirewalledService,
  | "type"
  | "noun"
  | "serviceEndpoints"
  | "virtualNetworkRules"
  | "tiersWithoutFirewall"
  | "whenEmpty"
  | "replicas"
  | "ports"
  | "publishesIpv6"
>;

/** What Service Bus, Event Hubs and Relay namespaces share: the firewall is the child `networkRuleSets/default`. */
export function messagingNamespace(own: Own, ipFiltering: string, family: "ipv4" | "both" = "ipv4"): Service {
  return {
    ...own,
    apiVersion: "2026-01-01",
    publicNetworkAccess: {
      pointer: "/properties/publicNetworkAccess",
      values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
      whenAbsent: { value: "Enabled", link: ipFiltering },
    },
    firewallChild: { type: "networkRuleSets", name: "default", publicNetworkAccess: "counts" },
    defaultAction: {
      pointer: "/properties/defaultAction",
      values: { allow: "allow", deny: "deny" },
      whenAbsent: { value: "Allow", link: ipFiltering },
    },
    ipRules: [{ in: "body", pointer: "/properties/ipRules", value: "/ipMask", action: "/action", family }],
    exceptions: {
      bypass: {
        pointer: "/properties/trustedServiceAccessEnabled",
        isSwitch: true,
        flags: ["AzureServices"],
        whenAbsent: { value: "None", link: ipFiltering },
      },
    },
    privateEndpointConnections: "/properties/privateEndpointConnections",
    privateLink: [
      {
        groupId: "namespace",
        zones: {
          public: "privatelink.servicebus.windows.net",
          usgov: "privatelink.servicebus.usgovcloudapi.net",
          china: "privatelink.servicebus.chinacloudapi.cn",
        },
      },
    ],
    children: [{ type: "networkRuleSets", apiVersion: "2026-01-01" }],
  };
}

/** Of a broker: with network rules, and maybe in several regions. */
export function brokerNamespace(
  own: Pick<Own, "type" | "noun" | "serviceEndpoints" | "tiersWithoutFirewall">,
  ipFiltering: string,
  family: "ipv4" | "both",
): Service {
  const all: Own = {
    ...own,
    virtualNetworkRules: { in: "body", pointer: "/properties/virtualNetworkRules", subnet: "/subnet/id" },
    whenEmpty: { admits: "everybody", link: ipFiltering },
    // https://learn.microsoft.com/python/api/azure-mgmt-eventhub/azure.mgmt.eventhub.models.ipaddresstype
    publishesIpv6: {
      pointer: "/properties/ipAddressType",
      values: { ipv4: false, dualstack: true },
      // where rules can be for IPv6, answers of api-versions that do not have the property leave it open
      whenAbsent: family === "both" ? undefined : { value: "IPv4", link: ipFiltering },
    },
    replicas: { pointer: "/properties/geoDataReplication/locations/*/locationName" },
    // HTTPS, AMQP, and the service's own protocol or Kafka's
    ports: PortSet.ofEach(443, 5671, 5672, 9093, 9354),
  };
  return messagingNamespace(all, ipFiltering, family);
}
