import { type Body, group } from "./builders.ts";

export const automationId = `${group}/providers/Microsoft.Automation/automationAccounts/aa-erp`;
export const purviewId = `${group}/providers/Microsoft.Purview/accounts/pview-erp`;
export const recoveryId = `${group}/providers/Microsoft.RecoveryServices/vaults/rsv-erp`;

type Properties = Readonly<Record<string, unknown>>;

/** An Automation account that is open. */
export function anAutomationAccount(properties: Properties = {}): Body {
  return resource(automationId, "Microsoft.Automation/automationAccounts", {
    sku: { name: "Basic", family: null, capacity: null },
    publicNetworkAccess: true,
    disableLocalAuth: false,
    ...properties,
  });
}

/** A Purview account that is open, but for what ingestion goes by. */
export function aPurviewAccount(properties: Properties = {}): Body {
  return resource(purviewId, "Microsoft.Purview/accounts", {
    publicNetworkAccess: "Enabled",
    managedResourcesPublicNetworkAccess: "Disabled",
    ...properties,
  });
}

/** A Recovery Services vault that is open. */
export function aRecoveryVault(properties: Properties = {}): Body {
  return resource(recoveryId, "Microsoft.RecoveryServices/vaults", { publicNetworkAccess: "Enabled", ...properties });
}

function resource(id: string, type: string, properties: Properties): Body {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return {
    id,
    name,
    type,
    location: "West Europe",
    tags: {},
    properties: { privateEndpointConnections: [], ...properties },
  };
}
