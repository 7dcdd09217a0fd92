import { type Body, type Given, group } from "./builders.ts";
import { aService, type Properties, type RuledParts, withRules } from "./services.ts";

const cosmosId = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-erp`;
export const serviceBusId = `${group}/providers/Microsoft.ServiceBus/namespaces/sb-erp`;
export const eventHubsId = `${group}/providers/Microsoft.EventHub/namespaces/eh-erp`;

/** One address is admitted, so that the firewall is on; `properties` replace. */
export function aCosmosAccount(properties: Properties = {}): Body {
  const own = {
    publicNetworkAccess: "Enabled",
    ipRules: [{ ipAddressOrRange: "203.0.113.7" }],
    isVirtualNetworkFilterEnabled: false,
    virtualNetworkRules: [],
    networkAclBypass: "None",
    networkAclBypassResourceIds: [],
  };
  return aService(cosmosId, { ...own, ...properties }, { kind: "GlobalDocumentDB" });
}

/** A namespace that denies by default and admits one address. `undefined` for a rule set that nobody read. */
export function aNamespace(
  id: string,
  ruleSet: Properties | undefined = {},
  properties: Properties = {},
  tier = "Premium",
): Given {
  const sku = { name: tier, tier, capacity: 1 };
  return [aService(id, { publicNetworkAccess: "Enabled", ...properties }, { sku }), aRuleSet(id, ruleSet)];
}

/** The namespace without its rule set. */
export function aBareNamespace(id: string): Given {
  const [namespace] = [aNamespace(id)].flat(2);
  return namespace ?? [];
}

function aRuleSet(id: string, properties: Properties): Body {
  return {
    id: `${id}/networkRuleSets/default`,
    name: "default",
    type: `${aService(id).type}/networkRuleSets`,
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

export const relayId = `${group}/providers/Microsoft.Relay/namespaces/relay-erp`;
export const topicId = `${group}/providers/Microsoft.EventGrid/topics/evgt-erp`;
export const domainId = `${group}/providers/Microsoft.EventGrid/domains/evgd-erp`;
export const pullId = `${group}/providers/Microsoft.EventGrid/namespaces/evgns-erp`;
export const partnerId = `${group}/providers/Microsoft.EventGrid/partnerNamespaces/evgpn-erp`;
export const clusterId = `${group}/providers/Microsoft.DocumentDB/mongoClusters/docdb-erp`;
export const postgresqlId = `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-erp`;
export const mysqlId = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/mysql-erp`;
export const cacheId = `${group}/providers/Microsoft.Cache/redis/redis-erp`;

/** A Relay namespace that denies by default and admits one address. */
export function aRelayNamespace(ruleSet: Properties = {}, properties: Properties = {}): Given {
  const rules = aRuleSet(relayId, ruleSet);
  const { virtualNetworkRules: _, ...own } = Object(rules.properties);
  return [aService(relayId, { publicNetworkAccess: "Enabled", ...properties }), { ...rules, properties: own }];
}

/** A topic, a domain or a namespace that admits one address. */
export function anEventGrid(id: string, properties: Properties = {}): Body {
  const inboundIpRules = [{ ipMask: "203.0.113.7", action: "Allow" }];
  return aService(id, { publicNetworkAccess: "Enabled", inboundIpRules, ...properties });
}

export interface FlexibleServerParts extends RuledParts {
  readonly network?: Properties;
}

const enabled = { publicNetworkAccess: "Enabled" };

/** A server with a public endpoint and without a rule, unless `parts` has some. */
export function aFlexibleServer(id: string, parts: FlexibleServerParts = {}): Given {
  const { network = {}, properties = {} } = parts;
  return withRules(aService(id, { network: { ...enabled, ...network }, ...properties }), parts);
}

/** A DocumentDB cluster without a rule, unless `parts` has some. */
export function aCluster(parts: RuledParts = {}): Given {
  return withRules(aService(clusterId, { ...enabled, ...parts.properties }), parts);
}

/** A Redis cache without a rule, unless `parts` has some. */
export function aCache(parts: RuledParts = {}): Given {
  const service = aService(cacheId, { ...enabled, ...parts.properties });
  return withRules(service, parts, (startIP, endIP) => ({ startIP, endIP }), "_");
}
