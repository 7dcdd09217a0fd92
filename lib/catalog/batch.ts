import { PortSet } from "../net/port-set.ts";
import type { FirewallPartSource, PrivateLinkGroup, Service } from "./service.ts";

const endpoints = "https://learn.microsoft.com/azure/batch/public-network-access#batch-account-public-endpoints";

const zones: PrivateLinkGroup["zones"] = {
  public: "privatelink.batch.azure.com",
  usgov: "privatelink.batch.usgovcloudapi.net",
  china: "privatelink.batch.chinacloudapi.cn",
};

const account = endpoint("account endpoint", "accountAccess");

/** Batch accounts. The endpoint for jobs and pools and the one for the nodes of pools have each a firewall of its own. */
export const batchAccount: Service = {
  type: "Microsoft.Batch/batchAccounts",
  noun: "Batch account",
  apiVersion: "2025-06-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/javascript/api/@azure/arm-batch/batchaccountupdateparameters",
    },
  },
  ...account,
  parts: [endpoint("node management endpoint", "nodeManagementAccess")],
  publishesIpv6: false,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "batchAccount",
      zones,
      formerZone: {
        name: "privatelink.{regionName}.batch.azure.com",
        link: "https://learn.microsoft.com/azure/batch/private-connectivity#migration-with-existing-batch-account-private-endpoints",
      },
    },
    { groupId: "nodeManagement", zones },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};

function endpoint(before: string, profile: string): FirewallPartSource {
  const at = `/properties/networkProfile/${profile}`;
  return {
    before,
    defaultAction: {
      pointer: `${at}/defaultAction`,
      values: { allow: "allow", deny: "deny" },
      whenAbsent: { value: "Allow", link: endpoints },
    },
    ipRules: [{ in: "body", pointer: `${at}/ipRules`, value: "/value", action: "/action", family: "ipv4" }],
  };
}
