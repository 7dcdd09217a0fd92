import { type Body, group } from "./builders.ts";
import { aService, type Properties } from "./services.ts";

export const provisioningId = `${group}/providers/Microsoft.Devices/provisioningServices/dps-erp`;

/** "Accept 203.0.113.7", or "Reject 0.0.0.0/0 deviceApi": what, whom, and for which part. */
export function filters(...rules: readonly string[]): Properties {
  const ipFilterRules = rules.map((rule, index) => {
    const [action, ipMask, target] = rule.split(" ");
    return { filterName: `rule-${index}`, action, ipMask, ...(target === undefined ? {} : { target }) };
  });
  return { ipFilterRules };
}

/** A device provisioning service that is open, unless `properties` say something else. */
export function aProvisioningService(properties: Properties = {}): Body {
  const own = { publicNetworkAccess: "Enabled", ipFilterRules: [], allocationPolicy: "Hashed" };
  return aService(provisioningId, { ...own, ...properties }, { sku: { name: "S1", tier: "Standard", capacity: 1 } });
}
