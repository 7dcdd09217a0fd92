import { PortSet } from "../net/port-set.ts";
import type { AccessListSource, AccessRuleSource } from "./access-list-sources.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

const accessRestrictions = "https://learn.microsoft.com/azure/app-service/overview-access-restrictions";
const privateEndpoints = "https://learn.microsoft.com/azure/app-service/overview-private-endpoint";

/** https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions */
const rule: AccessRuleSource = {
  value: "/ipAddress",
  mask: "/subnetMask",
  tag: { pointer: "/tag", values: { default: "addresses", servicetag: "serviceTags" } },
  subnet: "/vnetSubnetResourceId",
  action: { pointer: "/action", values: { allow: "allow", deny: "deny" } },
  priority: "/priority",
  headers: "/headers",
  last: { value: "any", priority: 2_147_483_647 },
  everySubnet: "anyvnets",
};

function list(before: string, pointer: string, usesFirst?: string): AccessListSource {
  return {
    before,
    pointer,
    unmatched: {
      pointer: `${pointer}DefaultAction`,
      values: { allow: "allow", deny: "deny" },
      link: `${accessRestrictions}#unmatched-rule`,
    },
    ...(usesFirst === undefined ? {} : { usesFirst }),
    rule,
  };
}

/**
 * Apps, function apps among them, and their slots: each has a main site and an SCM site (Kudu), which deploys to it, with
 * lists of their own. The list of all apps leaves these out, so that they are read from the child `config/web`.
 */
function app(own: Pick<Service, "type" | "noun">, group: Pick<PrivateLinkGroup, "groupId" | "isPrefix">): Service {
  return {
    ...own,
    apiVersion: "2025-03-01",
    publicNetworkAccess: {
      pointer: "/properties/publicNetworkAccess",
      values: { enabled: "on", disabled: "off" },
      whenAbsent: { value: "Enabled", link: `${accessRestrictions}#app-access` },
      withPrivateEndpoint: { value: "Disabled" },
    },
    firewallChild: { type: "config", name: "web", publicNetworkAccess: "repeats" },
    accessLists: [
      list("main site", "/properties/ipSecurityRestrictions"),
      list("SCM site", "/properties/scmIpSecurityRestrictions", "/properties/scmIpSecurityRestrictionsUseMain"),
    ],
    // names with an address that is the app's own
    networkRulesUnsupported: {
      list: "/properties/hostNameSslStates",
      pointer: "/sslState",
      value: "ipbasedenabled",
      link: `${accessRestrictions}#access-restriction-rules-based-on-service-endpoints`,
    },
    privateEndpointEndsServiceEndpoints: { link: `${privateEndpoints}#limitations` },
    // https://techcommunity.microsoft.com/blog/appsonazureblog/announcing-general-availability-of-app-service-inbound-ipv6-support/4423358
    publishesIpv6: true,
    isOutsidePerimeters: true,
    // not in the published type, and in every answer all the same
    privateEndpointConnections: "/properties/privateEndpointConnections",
    privateLink: [
      {
        ...group,
        zones: {
          public: "privatelink.azurewebsites.net",
          usgov: "privatelink.azurewebsites.us",
          china: "privatelink.chinacloudsites.cn",
        },
      },
    ],
    serviceEndpoints: ["Microsoft.Web"],
    ports: PortSet.ofEach(80, 443),
    // App Service Environments and Container Apps environments
    environments: ["/properties/hostingEnvironmentProfile/id", "/properties/managedEnvironmentId"],
    children: [{ type: "config", name: "web", apiVersion: "2025-03-01" }],
  };
}

export const appService = app({ type: "Microsoft.Web/sites", noun: "App Service app" }, { groupId: "sites" });

/** A private endpoint of a slot names the app, and the slot in its group: `sites-staging`. */
export const appServiceSlot = app(
  { type: "Microsoft.Web/sites/slots", noun: "App Service slot" },
  { groupId: "sites-", isPrefix: true },
);
