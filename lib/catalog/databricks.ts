import { PortSet } from "../net/port-set.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

/** Takes one without a value for one that is on. */
const policy =
  "https://github.com/Azure/azure-policy/blob/master/built-in-policies/policyDefinitions/Azure%20Databricks/Databricks_AuditPublicNetworkAccess.json";

const zones: PrivateLinkGroup["zones"] = {
  public: "privatelink.azuredatabricks.net",
  usgov: "privatelink.databricks.azure.us",
};

/**
 * Databricks workspaces. Their IP access lists are kept inside of them and ingress policies in the account of Databricks, none of
 * them in an answer of ARM: https://learn.microsoft.com/azure/databricks/security/network/front-end/context-based-ingress
 */
export const databricks: Service = {
  type: "Microsoft.Databricks/workspaces",
  noun: "Databricks workspace",
  apiVersion: "2026-01-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: policy },
  },
  defaultAction: {
    always: "deny",
    link: "https://learn.microsoft.com/azure/databricks/security/network/front-end/ip-access-list-workspace",
  },
  ipRules: [],
  whenEmpty: {
    admits: "everybody",
    link: "https://learn.microsoft.com/azure/databricks/security/network/front-end/ip-access-list-workspace#add-an-ip-access-list",
    unless: "IP access lists and ingress policies",
  },
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    { groupId: "databricks_ui_api", zones },
    { groupId: "browser_authentication", zones },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
