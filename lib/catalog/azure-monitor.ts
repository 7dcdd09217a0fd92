import { PortSet } from "../net/port-set.ts";
import { endpointHolder } from "./endpoint-holders.ts";
import type { EndpointHoldersAt, PublicNetworkAccessAt, Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security";

const scopes = "Microsoft.Insights/privateLinkScopes";

/**
 * What they share: no addresses, and private endpoints of private link scopes alone. What is in none, and off, answers nobody:
 * https://learn.microsoft.com/azure/azure-monitor/logs/private-link-configure#configure-access-to-your-resources
 */
function monitored(
  own: Pick<Service, "type" | "noun" | "apiVersion" | "publicNetworkAccess">,
  holders: Pick<EndpointHoldersAt, "pointer" | "id">,
): Service {
  return {
    ...own,
    defaultAction: { always: "allow", link: privateLink },
    ipRules: [],
    publishesIpv6: false,
    endpointHolders: { ...holders, type: scopes, link: privateLink },
    privateLink: [],
    serviceEndpoints: [],
    ports: PortSet.ofEach(443),
    children: [],
  };
}

/** A switch for what comes in and one for queries. */
function twoSwitches(values: PublicNetworkAccessAt["values"], link: string): PublicNetworkAccessAt {
  return {
    pointer: "/properties/publicNetworkAccessForIngestion",
    others: ["/properties/publicNetworkAccessForQuery"],
    values,
    whenAbsent: { value: "Enabled", link },
  };
}

export const logAnalytics = monitored(
  {
    type: "Microsoft.OperationalInsights/workspaces",
    noun: "Log Analytics workspace",
    apiVersion: "2026-03-01",
    publicNetworkAccess: twoSwitches(
      { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
      "https://learn.microsoft.com/javascript/api/@azure/arm-operationalinsights/knownpublicnetworkaccesstype",
    ),
  },
  { pointer: "/properties/privateLinkScopedResources", id: "/resourceId" },
);

export const applicationInsights = monitored(
  {
    type: "Microsoft.Insights/components",
    noun: "Application Insights component",
    apiVersion: "2020-02-02",
    publicNetworkAccess: twoSwitches(
      { enabled: "on", disabled: "off" },
      "https://learn.microsoft.com/dotnet/api/azure.resourcemanager.applicationinsights.models.applicationinsightspublicnetworkaccesstype",
    ),
  },
  { pointer: "/properties/PrivateLinkScopedResources", id: "/ResourceId" },
);

/**
 * Absent from its body, no document says what public access is: the command line asks for it.
 * https://learn.microsoft.com/cli/azure/monitor/data-collection/endpoint#az-monitor-data-collection-endpoint-create
 */
export const dataCollectionEndpoint = monitored(
  {
    type: "Microsoft.Insights/dataCollectionEndpoints",
    noun: "data collection endpoint",
    apiVersion: "2024-03-11",
    publicNetworkAccess: {
      pointer: "/properties/networkAcls/publicNetworkAccess",
      values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
      whenAbsent: undefined,
    },
  },
  { pointer: "/properties/privateLinkScopedResources", id: "/resourceId" },
);

/**
 * Private link scopes. Their access modes say where the networks of their endpoints get to besides, and nothing of who gets to
 * what is in a scope: https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design#control-how-private-links-apply-to-your-networks
 */
export const privateLinkScope = endpointHolder(
  { type: scopes, noun: "Azure Monitor private link scope", apiVersion: "2021-09-01" },
  privateLink,
  {
    groupId: "azuremonitor",
    zones: {
      public: [
        "privatelink.monitor.azure.com",
        "privatelink.oms.opinsights.azure.com",
        "privatelink.ods.opinsights.azure.com",
        "privatelink.agentsvc.azure-automation.net",
        "privatelink.blob.core.windows.net",
      ],
      usgov: [
        "privatelink.monitor.azure.us",
        "privatelink.adx.monitor.azure.us",
        "privatelink.oms.opinsights.azure.us",
        "privatelink.ods.opinsights.azure.us",
        "privatelink.agentsvc.azure-automation.us",
        "privatelink.blob.core.usgovcloudapi.net",
      ],
    },
  },
);
