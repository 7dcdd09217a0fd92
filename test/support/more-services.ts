import { type Body, type Given, group } from "./builders.ts";

const cosmosId = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-erp`;
export const serviceBusId = `${group}/providers/Microsoft.ServiceBus/namespaces/sb-erp`;
export const eventHubsId = `${group}/providers/Microsoft.EventHub/namespaces/eh-erp`;

/** One address is admitted, so that the firewall is on; `properties` replace. */
export function aCosmosAccount(properties: Readonly<Record<string, unknown>> = {}): Body {
  return {
    id: cosmosId,
    name: "cosmos-erp",
    type: "Microsoft.DocumentDB/databaseAccounts",
    location: "West Europe",
    kind: "GlobalDocumentDB",
    tags: {},
    properties: {
      publicNetworkAccess: "Enabled",
      ipRules: [{ ipAddressOrRange: "203.0.113.7" }],
      isVirtualNetworkFilterEnabled: false,
      virtualNetworkRules: [],
      networkAclBypass: "None",
      networkAclBypassResourceIds: [],
      privateEndpointConnections: [],
      ...properties,
    },
  };
}

/** A namespace that denies by default and admits one address. `undefined` for a rule set that nobody read. */
export function aNamespace(
  id: string,
  ruleSet: Readonly<Record<string, unknown>> | undefined = {},
  properties: Readonly<Record<string, unknown>> = {},
  tier = "Premium",
): Given {
  const type = id === serviceBusId ? "Microsoft.ServiceBus/namespaces" : "Microsoft.EventHub/namespaces";
  const namespace: Body = {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type,
    location: "West Europe",
    sku: { name: tier, tier, capacity: 1 },
    tags: {},
    properties: { publicNetworkAccess: "Enabled", privateEndpointConnections: [], ...properties },
  };
  return [namespace, aRuleSet(id, type, ruleSet)];
}

/** The namespace without its rule set. */
export function aBareNamespace(id: string): Given {
  const [namespace] = [aNamespace(id)].flat(2);
  return namespace ?? [];
}

function aRuleSet(id: string, type: string, properties: Readonly<Record<string, unknown>>): Body {
  return {
    id: `${id}/networkRuleSets/default`,
    name: "default",
    type: `${type}/networkRuleSets`,
    properties: {
      publicNetworkAccess: "Enabled",
      defaultAction: "Deny",
      ipRules: [{ ipMask: "203.0.113.7", action: "Allow" }],
      virtualNetworkRules: [],
      trustedServiceAccessEnabled: false,
      ...properties,
    },
  };
}
