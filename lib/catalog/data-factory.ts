import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

/** Takes one without a value for one that is on. */
const policy =
  "https://github.com/Azure/azure-policy/blob/master/built-in-policies/policyDefinitions/Data%20Factory/PublicNetworkAccess_Audit.json";
const privateLink = "https://learn.microsoft.com/azure/data-factory/data-factory-private-link";

/**
 * Data factories: what self-hosted integration runtimes talk to. Their switch is for that alone, and they have no firewall. The
 * portal in which they are made answers everybody who signs in, whatever is set: it is Azure's and no factory's.
 */
export const dataFactory: Service = {
  type: "Microsoft.DataFactory/factories",
  noun: "data factory",
  apiVersion: "2018-06-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: policy },
  },
  defaultAction: { always: "allow", link: privateLink },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  // https://learn.microsoft.com/rest/api/datafactory/private-end-point-connections/list-by-factory
  privateEndpointConnections: { in: "child", type: "privateEndpointConnections", link: privateLink },
  privateLink: [
    {
      groupId: "dataFactory",
      zones: {
        public: "privatelink.datafactory.azure.net",
        usgov: "privatelink.datafactory.azure.us",
        china: "privatelink.datafactory.azure.cn",
      },
    },
    {
      groupId: "portal",
      zones: {
        public: "privatelink.adf.azure.com",
        usgov: "privatelink.adf.azure.us",
        china: "privatelink.adf.azure.cn",
      },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [{ type: "privateEndpointConnections", apiVersion: "2018-06-01", isReadWhenAsked: true }],
};
