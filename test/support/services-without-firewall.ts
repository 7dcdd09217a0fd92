import { type Body, group } from "./builders.ts";
import { aService, type Properties } from "./services.ts";

export const storeId = `${group}/providers/Microsoft.AppConfiguration/configurationStores/appcs-erp`;
export const managedRedisId = `${group}/providers/Microsoft.Cache/redisEnterprise/amr-erp`;
export const twinsId = `${group}/providers/Microsoft.DigitalTwins/digitalTwinsInstances/adt-erp`;
export const grafanaId = `${group}/providers/Microsoft.Dashboard/grafana/amg-erp`;
export const automationId = `${group}/providers/Microsoft.Automation/automationAccounts/aa-erp`;
export const purviewId = `${group}/providers/Microsoft.Purview/accounts/pview-erp`;
export const recoveryId = `${group}/providers/Microsoft.RecoveryServices/vaults/rsv-erp`;

/** Public access is on, unless `properties` say something else. */
export function aServiceWithoutFirewall(id: string, properties: Properties = {}): Body {
  const open =
    id === automationId ? { publicNetworkAccess: true, sku: { name: "Basic" } } : { publicNetworkAccess: "Enabled" };
  return aService(id, { ...open, ...properties }, { sku: { name: "Standard" } });
}

/** How one says that public access is off. */
export function offOf(id: string): Properties {
  return { publicNetworkAccess: id === automationId ? false : "Disabled" };
}
