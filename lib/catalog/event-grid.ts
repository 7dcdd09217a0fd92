import { PortSet } from "../net/port-set.ts";
import type { FirewalledService, IpRuleSource, PrivateLinkGroup, Service } from "./service.ts";

const ipFirewall = "https://learn.microsoft.com/azure/event-grid/configure-firewall";
const ipFirewallOfNamespaces = "https://learn.microsoft.com/azure/event-grid/configure-firewall-namespaces";
const publicAccessOfAny =
  "https://learn.microsoft.com/dotnet/api/azure.resourcemanager.eventgrid.models.eventgridpublicnetworkaccess";

const zones = {
  public: "privatelink.eventgrid.azure.net",
  usgov: "privatelink.eventgrid.azure.us",
  china: "privatelink.eventgrid.azure.cn",
};

interface Own extends Pick<Service, "type" | "noun"> {
  readonly firewall: string;
  readonly publicAccess: string;
  readonly family?: IpRuleSource["family"];
  readonly privateLink: readonly PrivateLinkGroup[];
}

/**
 * What Event Grid has in common. The first IP rule turns the firewall on; without any, everybody gets in.
 * Topics and domains can be in a perimeter, in preview: https://learn.microsoft.com/azure/event-grid/configure-network-security-perimeter
 */
function eventGrid({ firewall, publicAccess, family = "ipv4", ...own }: Own): FirewalledService {
  return {
    ...own,
    apiVersion: "2025-02-15",
    publicNetworkAccess: {
      pointer: "/properties/publicNetworkAccess",
      values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
      whenAbsent: { value: "Enabled", link: publicAccess },
    },
    defaultAction: { always: "deny", link: firewall },
    ipRules: [{ in: "body", pointer: "/properties/inboundIpRules", value: "/ipMask", action: "/action", family }],
    whenEmpty: { admits: "everybody", link: firewall },
    publishesIpv6: false,
    privateEndpointConnections: "/properties/privateEndpointConnections",
    serviceEndpoints: [],
    ports: PortSet.ofEach(443),
    children: [],
  };
}

/** Topics and domains, to which others publish. */
function publishedTo(own: Pick<Service, "type" | "noun">, groupId: string): Service {
  const publicAccess = `${ipFirewall}#enable-or-disable-public-network-access`;
  return eventGrid({ ...own, firewall: ipFirewall, publicAccess, privateLink: [{ groupId, zones }] });
}

export const eventGridTopic = publishedTo({ type: "Microsoft.EventGrid/topics", noun: "Event Grid topic" }, "topic");

export const eventGridDomain = publishedTo(
  { type: "Microsoft.EventGrid/domains", noun: "Event Grid domain" },
  "domain",
);

/** What partners publish to. */
export const eventGridPartnerNamespace = eventGrid({
  type: "Microsoft.EventGrid/partnerNamespaces",
  noun: "Event Grid partner namespace",
  firewall: publicAccessOfAny,
  publicAccess: publicAccessOfAny,
  privateLink: [{ groupId: "partnernamespace", zones: { public: zones.public, usgov: zones.usgov } }],
});

/** Namespaces, whose topics are pulled from and whose topic spaces speak MQTT: each of the two has a name and a zone of its own. */
export const eventGridNamespace: Service = {
  ...eventGrid({
    type: "Microsoft.EventGrid/namespaces",
    noun: "Event Grid namespace",
    firewall: ipFirewallOfNamespaces,
    publicAccess: ipFirewallOfNamespaces,
    family: "both",
    privateLink: [
      { groupId: "topic", zones: { public: "privatelink.eventgrid.azure.net" } },
      { groupId: "topicspace", zones: { public: "privatelink.ts.eventgrid.azure.net" } },
    ],
  }),
  publishesIpv6: { hidden: ipFirewallOfNamespaces },
  portsBySetting: [
    {
      pointer: "/properties/topicSpacesConfiguration/state",
      value: "enabled",
      ports: PortSet.ofEach(8883),
      link: "https://learn.microsoft.com/azure/event-grid/mqtt-support",
    },
  ],
};
