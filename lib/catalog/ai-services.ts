import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const virtualNetworks = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks";

/** Azure AI services, Azure OpenAI and Foundry among them. Those with agents are in a subnet besides. */
export const aiServices: Service = {
  type: "Microsoft.CognitiveServices/accounts",
  noun: "Azure AI services account",
  apiVersion: "2026-07-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: virtualNetworks },
  },
  defaultAction: {
    pointer: "/properties/networkAcls/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: { value: "Allow", link: `${virtualNetworks}#change-the-default-network-access-rule` },
  },
  ipRules: [{ in: "body", pointer: "/properties/networkAcls/ipRules", value: "/value", family: "ipv4" }],
  // nothing says which values the plain string `state` of a rule has
  virtualNetworkRules: { in: "body", pointer: "/properties/networkAcls/virtualNetworkRules", subnet: "/id" },
  exceptions: {
    bypass: {
      pointer: "/properties/networkAcls/bypass",
      flags: ["AzureServices"],
      whenAbsent: {
        value: "None",
        link: `${virtualNetworks}#grant-access-to-trusted-azure-services-for-azure-openai`,
      },
    },
  },
  publishesIpv6: false,
  replicas: { pointer: "/properties/locations/regions/*/name" },
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "account",
      zones: {
        public: [
          "privatelink.cognitiveservices.azure.com",
          "privatelink.openai.azure.com",
          "privatelink.services.ai.azure.com",
        ],
        usgov: ["privatelink.cognitiveservices.azure.us"],
      },
    },
  ],
  serviceEndpoints: ["Microsoft.CognitiveServices"],
  ports: PortSet.ofEach(443),
  children: [],
};
