import { type Body, group } from "./builders.ts";
import { aService, type Properties } from "./services.ts";

export const registryId = `${group}/providers/Microsoft.ContainerRegistry/registries/crerp`;
export const aiId = `${group}/providers/Microsoft.CognitiveServices/accounts/ai-erp`;
export const searchId = `${group}/providers/Microsoft.Search/searchServices/srch-erp`;
export const hsmId = `${group}/providers/Microsoft.KeyVault/managedHSMs/hsm-erp`;

/** A registry of the tier Premium that denies by default, as the api-version shows it that shows network rules. */
export function aRegistry(properties: Properties = {}, tier = "Premium"): Body {
  return aService(
    registryId,
    {
      publicNetworkAccess: "Enabled",
      networkRuleSet: registryRules(),
      networkRuleBypassOptions: "None",
      networkRuleBypassAllowedForTasks: false,
      dataEndpointEnabled: false,
      dataEndpointHostNames: [],
      ...properties,
    },
    { sku: { name: tier, tier } },
  );
}

export function registryRules(rules: Properties = {}) {
  return { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [], ...rules };
}

/** An account that denies by default. */
export function anAiAccount(properties: Properties = {}, kind = "AIServices"): Body {
  return aService(
    aiId,
    {
      customSubDomainName: "ai-erp",
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
      ...properties,
    },
    { kind, sku: { name: "S0" } },
  );
}

/** A service with one rule, so that its firewall is on. */
export function aSearchService(properties: Properties = {}, sku = "standard"): Body {
  return aService(
    searchId,
    {
      publicNetworkAccess: "Enabled",
      networkRuleSet: { bypass: "None", ipRules: [{ value: "203.0.113.7" }] },
      sharedPrivateLinkResources: [],
      ...properties,
    },
    { sku: { name: sku } },
  );
}

/** A managed HSM that denies by default. */
export function aManagedHsm(properties: Properties = {}): Body {
  return aService(
    hsmId,
    {
      publicNetworkAccess: "Enabled",
      networkAcls: { bypass: "None", defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
      regions: [],
      ...properties,
    },
    { sku: { family: "B", name: "Standard_B1" } },
  );
}
