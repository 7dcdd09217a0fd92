import { PortSet } from "../net/port-set.ts";
import { firewallRules } from "./firewall-rules.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

const security = "https://learn.microsoft.com/azure/synapse-analytics/security";
const ipFirewall = `${security}/synapse-workspace-ip-firewall`;
const connectivity = `${security}/connectivity-settings#public-network-access`;
/** Takes one without a value for one that is on. */
const policy =
  "https://github.com/Azure/azure-policy/blob/master/built-in-policies/policyDefinitions/Synapse/WorkspacePublicNetworkAccess_Deny.json";
const properties = "https://learn.microsoft.com/azure/synapse-analytics/known-issues";

/**
 * Synapse workspaces. Their firewall denies by default, all of its rules are child resources, and it stands before all of their
 * endpoints: dedicated and serverless SQL pools, and development. A managed network is one that the workspace goes out by.
 */
export const synapseWorkspace: Service = {
  type: "Microsoft.Synapse/workspaces",
  noun: "Synapse workspace",
  apiVersion: "2021-06-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: policy },
  },
  defaultAction: { always: "deny", link: ipFirewall },
  ipRules: [firewallRules],
  exceptions: {
    bypass: {
      pointer: "/properties/trustedServiceBypassEnabled",
      isSwitch: true,
      flags: ["AzureServices"],
      whenAbsent: { value: "None", link: properties },
    },
    undocumentedWhileOff: { link: connectivity },
  },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [groupOf("Sql", "sql"), groupOf("SqlOnDemand", "sql"), groupOf("Dev", "dev")],
  serviceEndpoints: [],
  // Synapse Studio, and what speaks SQL: https://learn.microsoft.com/azure/synapse-analytics/security/synapse-workspace-ip-firewall#connect-to-azure-synapse-from-your-own-network
  ports: PortSet.ofEach(443, 1433, 1443),
  children: [{ type: "firewallRules", apiVersion: "2021-06-01" }],
};

function groupOf(groupId: string, endpoint: string): PrivateLinkGroup {
  return {
    groupId,
    zones: {
      public: `privatelink.${endpoint}.azuresynapse.net`,
      usgov: `privatelink.${endpoint}.azuresynapse.usgovcloudapi.net`,
    },
  };
}
