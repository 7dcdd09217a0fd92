import { PortSet } from "../net/port-set.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/automation/how-to/private-link-security";
/** Takes one without a value for one that is on. */
const policy =
  "https://github.com/Azure/azure-policy/blob/master/built-in-policies/policyDefinitions/Automation/Account_PublicNetworkAccess_Audit.json";
const publicAccess = `${privateLink}#set-public-network-access-flags`;

/** Automation accounts: their webhooks, and what hybrid workers and nodes talk to. They have no firewall, and a switch that is a boolean. */
export const automationAccount: Service = {
  type: "Microsoft.Automation/automationAccounts",
  noun: "Automation account",
  apiVersion: "2024-10-23",
  lackedInLists: {
    pointer: "/properties/sku",
    link: "https://learn.microsoft.com/rest/api/automation/automation-account/list-by-resource-group",
  },
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { true: "on", false: "off" },
    whenAbsent: { value: "true", link: policy },
  },
  defaultAction: { always: "allow", link: publicAccess },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [groupOf("Webhook"), groupOf("DSCAndHybridWorker")],
  serviceEndpoints: [],
  // https://learn.microsoft.com/azure/automation/automation-network-configuration
  ports: PortSet.ofEach(443),
  children: [],
};

function groupOf(groupId: string): PrivateLinkGroup {
  return {
    groupId,
    zones: {
      public: "privatelink.azure-automation.net",
      usgov: "privatelink.azure-automation.us",
      china: "privatelink.azure-automation.cn",
    },
  };
}
