import { type Body, group } from "./builders.ts";

export const registryId = `${group}/providers/Microsoft.ContainerRegistry/registries/crerp`;
export const aiId = `${group}/providers/Microsoft.CognitiveServices/accounts/ai-erp`;
export const searchId = `${group}/providers/Microsoft.Search/searchServices/srch-erp`;
export const hsmId = `${group}/providers/Microsoft.KeyVault/managedHSMs/hsm-erp`;

type Properties = Readonly<Record<string, unknown>>;

/** A registry of the tier Premium that denies by default, as the api-version shows it that shows network rules. */
export function aRegistry(properties: Properties = {}, tier = "Premium"): Body {
  return {
    ...resource(registryId, "Microsoft.ContainerRegistry/registries"),
    sku: { name: tier, tier },
    properties: {
      publicNetworkAccess: "Enabled",
      networkRuleSet: registryRules(),
      networkRuleBypassOptions: "None",
      networkRuleBypassAllowedForTasks: false,
      dataEndpointEnabled: false,
      dataEndpointHostNames: [],
      privateEndpointConnections: [],
      ...properties,
    },
  };
}

export function registryRules(rules: Properties = {}) {
  return { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [], ...rules };
}

/** An account that denies by default. */
export function anAiAccount(properties: Properties = {}, kind = "AIServices"): Body {
  return {
    ...resource(aiId, "Microsoft.CognitiveServices/accounts"),
    kind,
    sku: { name: "S0" },
    properties: {
      customSubDomainName: "ai-erp",
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
      privateEndpointConnections: [],
      ...properties,
    },
  };
}

/** A service with one rule, so that its firewall is on. */
export function aSearchService(properties: Properties = {}, sku = "standard"): Body {
  return {
    ...resource(searchId, "Microsoft.Search/searchServices"),
    sku: { name: sku },
    properties: {
      publicNetworkAccess: "Enabled",
      networkRuleSet: { bypass: "None", ipRules: [{ value: "203.0.113.7" }] },
      privateEndpointConnections: [],
      sharedPrivateLinkResources: [],
      ...properties,
    },
  };
}

/** A managed HSM that denies by default. */
export function aManagedHsm(properties: Properties = {}): Body {
  return {
    ...resource(hsmId, "Microsoft.KeyVault/managedHSMs"),
    sku: { family: "B", name: "Standard_B1" },
    properties: {
      publicNetworkAccess: "Enabled",
      networkAcls: { bypass: "None", defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
      regions: [],
      privateEndpointConnections: [],
      ...properties,
    },
  };
}

function resource(id: string, type: string) {
  return { id, name: id.slice(id.lastIndexOf("/") + 1), type, location: "West Europe", tags: {} };
}
