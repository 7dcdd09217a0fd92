import { type Body, complete, type Given, group } from "./builders.ts";

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
export function aRelayNamespace(
  ruleSet: Readonly<Record<string, unknown>> = {},
  properties: Readonly<Record<string, unknown>> = {},
): Given {
  const rules = aRuleSet(relayId, "Microsoft.Relay/namespaces", ruleSet);
  const { virtualNetworkRules: _, ...own } = Object(rules.properties);
  return [aService(relayId, { publicNetworkAccess: "Enabled", ...properties }), { ...rules, properties: own }];
}

/** A topic, a domain or a namespace that admits one address. */
export function anEventGrid(id: string, properties: Readonly<Record<string, unknown>> = {}): Body {
  const inboundIpRules = [{ ipMask: "203.0.113.7", action: "Allow" }];
  return aService(id, { publicNetworkAccess: "Enabled", inboundIpRules, ...properties });
}

export interface RuledParts {
  /** [first, last] */
  readonly firewallRules?: readonly (readonly [string, string])[];
  readonly properties?: Readonly<Record<string, unknown>>;
  /** False where nobody read its list of rules. */
  readonly isListRead?: boolean;
}

export interface FlexibleServerParts extends RuledParts {
  readonly network?: Readonly<Record<string, unknown>>;
}

const enabled = { publicNetworkAccess: "Enabled" };
const addressRange = (startIpAddress: string, endIpAddress: string) => ({ startIpAddress, endIpAddress });

/** A server with a public endpoint and without a rule, unless `parts` has some. */
export function aFlexibleServer(id: string, parts: FlexibleServerParts = {}): Given {
  const { network = {}, properties = {} } = parts;
  return ruled(aService(id, { network: { ...enabled, ...network }, ...properties }), parts, addressRange, "-");
}

/** A DocumentDB cluster without a rule, unless `parts` has some. */
export function aCluster(parts: RuledParts = {}): Given {
  return ruled(aService(clusterId, { ...enabled, ...parts.properties }), parts, addressRange, "-");
}

/** A Redis cache without a rule, unless `parts` has some. */
export function aCache(parts: RuledParts = {}): Given {
  const service = aService(cacheId, { ...enabled, ...parts.properties });
  return ruled(service, parts, (startIP, endIP) => ({ startIP, endIP }), "_");
}

function ruled(
  service: Body,
  { firewallRules = [], isListRead = true }: RuledParts,
  propertiesOf: (first: string, last: string) => object,
  joint: string,
): Given {
  const { id } = service;
  const type = `${service.type}/firewallRules`;
  const rules = firewallRules.map(([first, last], index): Body => {
    const name = `rule${joint}${index}`;
    return { id: `${id}/firewallRules/${name}`, name, type, properties: propertiesOf(first, last) };
  });
  return [service, rules, isListRead ? complete(id, type) : []];
}

function aService(id: string, properties: Readonly<Record<string, unknown>>): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: id.split("/").slice(-3, -1).join("/"),
    location: "West Europe",
    tags: {},
    properties: { privateEndpointConnections: [], ...properties },
  };
}
