import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link";

/**
 * Azure Machine Learning workspaces, hubs of Foundry among them; their online endpoints have switches of their own. Only previews
 * show which addresses are let in.
 */
export const machineLearning: Service = {
  type: "Microsoft.MachineLearningServices/workspaces",
  noun: "Machine Learning workspace",
  apiVersion: "2026-05-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: privateLink },
    // older clients set `allowPublicAccessWhenBehindVnet`, and either overrides the other
    withPrivateEndpoint: { undocumented: `${privateLink}#enable-public-access` },
  },
  defaultAction: {
    pointer: "/properties/networkAcls/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: {
      value: "Allow",
      link: "https://learn.microsoft.com/python/api/azure-ai-ml/azure.ai.ml.entities.networkacls",
    },
  },
  ipRules: [{ in: "body", pointer: "/properties/networkAcls/ipRules", value: "/value", family: "ipv4" }],
  shownBy: {
    apiVersion: "2025-01-01-preview",
    pointer: "/properties/networkAcls",
    olderList: "/properties/ipAllowlist",
  },
  whenEmpty: {
    admits: "undocumented",
    link: `${privateLink}#enable-public-access-only-from-internet-ip-ranges`,
  },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "amlworkspace",
      zones: {
        public: ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
        usgov: ["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"],
        china: ["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"],
      },
    },
  ],
  // what is set on a hub counts for its projects, to which its private endpoints lead:
  // https://learn.microsoft.com/azure/ai-studio/concepts/ai-resources, https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns
  environments: ["/properties/hubResourceId"],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
