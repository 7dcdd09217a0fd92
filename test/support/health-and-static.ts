import { aConnection, type Body, group } from "./builders.ts";
import { aService, type Properties } from "./services.ts";

export const healthId = `${group}/providers/Microsoft.HealthcareApis/workspaces/ahdserp`;
export const staticId = `${group}/providers/Microsoft.Web/staticSites/stapp-erp`;

/** A workspace of Health Data Services that is open. */
export function aHealthWorkspace(properties: Properties = {}): Body {
  return aService(healthId, { publicNetworkAccess: "Enabled", ...properties });
}

/** A static web app in the plan that has private endpoints, about whose public access nothing is said. */
export function aStaticApp(properties: Properties = {}, plan = "Standard"): Body {
  const own = { defaultHostname: "blue-sea-0a1.3.azurestaticapps.net", publicNetworkAccess: "" };
  return aService(staticId, { ...own, ...properties }, { sku: { name: plan, tier: plan } });
}

/** The connection of a private endpoint as an app tells of it, in an envelope. */
export function inEnvelope(status: string, name = "pe-erp"): Body {
  const connection = aConnection(status, name);
  return { id: connection.id, name, properties: connection };
}
