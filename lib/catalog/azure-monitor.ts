import { PortSet } from "../net/port-set.ts";
import type { PublicNetworkAccessAt, Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security";

/** What they share: a switch for what comes in and one for queries, no addresses, and private endpoints of private link scopes alone. */
function monitored(
  own: Pick<Service, "type" | "noun" | "apiVersion" | "privateLinkScopes">,
  values: PublicNetworkAccessAt["values"],
  link: string,
): Service {
  return {
    ...own,
    publicNetworkAccess: {
      pointer: "/properties/publicNetworkAccessForIngestion",
      others: ["/properties/publicNetworkAccessForQuery"],
      values,
      whenAbsent: { value: "Enabled", link },
    },
    defaultAction: { always: "allow", link: privateLink },
    ipRules: [],
    publishesIpv6: false,
    privateLink: [],
    serviceEndpoints: [],
    ports: PortSet.ofEach(443),
    children: [],
  };
}

export const logAnalytics = monitored(
  {
    type: "Microsoft.OperationalInsights/workspaces",
    noun: "Log Analytics workspace",
    apiVersion: "2026-03-01",
    privateLinkScopes: "/properties/privateLinkScopedResources",
  },
  { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
  "https://learn.microsoft.com/rest/api/loganalytics/workspaces/get",
);

export const applicationInsights = monitored(
  {
    type: "Microsoft.Insights/components",
    noun: "Application Insights component",
    apiVersion: "2020-02-02",
    privateLinkScopes: "/properties/PrivateLinkScopedResources",
  },
  { enabled: "on", disabled: "off" },
  "https://learn.microsoft.com/rest/api/application-insights/components/get",
);
