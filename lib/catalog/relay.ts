import { PortSet } from "../net/port-set.ts";
import { messagingNamespace } from "./messaging-namespace.ts";

const ipFirewall = "https://learn.microsoft.com/azure/azure-relay/ip-firewall-virtual-networks";

/** Relay namespaces. They have no service endpoints: https://learn.microsoft.com/azure/azure-relay/network-security */
export const relay = messagingNamespace(
  {
    type: "Microsoft.Relay/namespaces",
    noun: "Relay namespace",
    serviceEndpoints: [],
    publishesIpv6: false,
    whenEmpty: { admits: "undocumented", link: ipFirewall },
    // hybrid connections, and WCF relays: https://learn.microsoft.com/azure/azure-relay/relay-port-settings; listeners on a private
    // endpoint take 9400 to 9599 besides, never instead: https://learn.microsoft.com/azure/azure-relay/private-link-service
    ports: PortSet.ofEach(80, 443, 5671, 9350, 9351, 9352, 9353),
  },
  ipFirewall,
);
