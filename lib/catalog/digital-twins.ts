import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/digital-twins/how-to-enable-private-link";

/** Azure Digital Twins. They have no firewall, and a private endpoint alone keeps nobody out. What no value means no document says. */
export const digitalTwins: Service = {
  type: "Microsoft.DigitalTwins/digitalTwinsInstances",
  noun: "Azure Digital Twins instance",
  apiVersion: "2023-01-31",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: undefined,
  },
  defaultAction: { always: "allow", link: privateLink },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [{ groupId: "API", zones: { public: "privatelink.digitaltwins.azure.net" } }],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
