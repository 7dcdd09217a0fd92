import { type Body, type Given, group, subnetId } from "./builders.ts";

export const appId = `${group}/providers/Microsoft.Web/sites/app-erp`;
export const slotId = `${appId}/slots/staging`;

type Properties = Readonly<Record<string, unknown>>;

/** An app that is on, whose both lists let one address in; `properties` and `config` replace. */
export function anApp(config: Properties | undefined = {}, properties: Properties = {}, id = appId): Given {
  const type = id === appId ? "Microsoft.Web/sites" : "Microsoft.Web/sites/slots";
  const app: Body = {
    id,
    name: id === appId ? "app-erp" : "app-erp/staging",
    type,
    kind: "app,linux",
    location: "West Europe",
    tags: {},
    properties: {
      publicNetworkAccess: "Enabled",
      privateEndpointConnections: [],
      // what the list of all apps, and the app itself, say of these
      siteConfig: { ipSecurityRestrictions: null, scmIpSecurityRestrictions: null },
      ...properties,
    },
  };
  return [app, aConfig(id, type, config)];
}

/** Nobody asked for its `config/web`. */
export function aBareApp(properties: Properties = {}): Given {
  return [anApp({}, properties)].flat(2).slice(0, 1);
}

function aConfig(id: string, type: string, properties: Properties): Body {
  const office = [anAllow("203.0.113.7/32"), lastRow("Deny")];
  return {
    id: `${id}/config/web`,
    name: "web",
    type: `${type}/config`,
    properties: {
      publicNetworkAccess: null,
      ipSecurityRestrictions: office,
      ipSecurityRestrictionsDefaultAction: "Deny",
      scmIpSecurityRestrictions: office,
      scmIpSecurityRestrictionsDefaultAction: "Deny",
      scmIpSecurityRestrictionsUseMain: false,
      ...properties,
    },
  };
}

/** Both lists as they are given; nobody has set what becomes of the others. */
export function lists(
  main: readonly Properties[],
  scm: readonly Properties[] = [],
  others: Properties = {},
): Properties {
  return {
    ipSecurityRestrictions: main,
    ipSecurityRestrictionsDefaultAction: null,
    scmIpSecurityRestrictions: scm,
    scmIpSecurityRestrictionsDefaultAction: null,
    ...others,
  };
}

/** Everybody is let in, as in an app that nobody has touched. */
export const untouched: Properties = lists([lastRow("Allow")], [lastRow("Allow")]);

export function anAllow(ipAddress: string, others: Properties = {}): Properties {
  return { ipAddress, action: "Allow", tag: "Default", priority: 100, name: "rule", ...others };
}

export function aDeny(ipAddress: string, others: Properties = {}): Properties {
  return anAllow(ipAddress, { action: "Deny", ...others });
}

export function forTag(tag: string, others: Properties = {}): Properties {
  return anAllow(tag, { tag: "ServiceTag", ...others });
}

export function forSubnet(id = subnetId, others: Properties = {}): Properties {
  return { vnetSubnetResourceId: id, action: "Allow", tag: "Default", priority: 100, name: "subnet", ...others };
}

/** The row that Azure puts after all rules. */
export function lastRow(action: "Allow" | "Deny"): Properties {
  return {
    ipAddress: "Any",
    action,
    priority: 2_147_483_647,
    name: `${action} all`,
    description: `${action} all access`,
  };
}
