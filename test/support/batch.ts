import { type Body, group } from "./builders.ts";
import { aService, type Properties } from "./services.ts";

export const batchId = `${group}/providers/Microsoft.Batch/batchAccounts/baerp`;

/** A firewall of an endpoint, which lets in these addresses only. */
export function only(...addresses: readonly string[]) {
  return { defaultAction: "Deny", ipRules: addresses.map((value) => ({ action: "Allow", value })) };
}

export const open = { defaultAction: "Allow", ipRules: [] };

/** A Batch account both of whose endpoints let nobody in. */
export function aBatchAccount(networkProfile: object = {}, properties: Properties = {}): Body {
  const profile = { accountAccess: only(), nodeManagementAccess: only(), ...networkProfile };
  return aService(batchId, { publicNetworkAccess: "Enabled", networkProfile: profile, ...properties });
}
