import { type Body, group } from "./builders.ts";

export const storeId = `${group}/providers/Microsoft.AppConfiguration/configurationStores/appcs-erp`;
export const managedRedisId = `${group}/providers/Microsoft.Cache/redisEnterprise/amr-erp`;
export const twinsId = `${group}/providers/Microsoft.DigitalTwins/digitalTwinsInstances/adt-erp`;
export const grafanaId = `${group}/providers/Microsoft.Dashboard/grafana/amg-erp`;

/** A service that has no firewall: public access is on, unless `properties` say something else. */
export function aSwitchedService(id: string, properties: Readonly<Record<string, unknown>> = {}): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: id.split("/").slice(-3, -1).join("/"),
    location: "West Europe",
    sku: { name: "Standard" },
    tags: {},
    properties: { publicNetworkAccess: "Enabled", privateEndpointConnections: [], ...properties },
  };
}
