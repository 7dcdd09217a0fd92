import { type Body, group } from "./builders.ts";

export const batchId = `${group}/providers/Microsoft.Batch/batchAccounts/baerp`;

type Properties = Readonly<Record<string, unknown>>;

/** A firewall of an endpoint, which lets in these addresses only. */
export function only(...addresses: readonly string[]) {
  return { defaultAction: "Deny", ipRules: addresses.map((value) => ({ action: "Allow", value })) };
}

export const open = { defaultAction: "Allow", ipRules: [] };

/** A Batch account both of whose endpoints let nobody in. */
export function aBatchAccount(networkProfile: object = {}, properties: Properties = {}): Body {
  return {
    id: batchId,
    name: "baerp",
    type: "Microsoft.Batch/batchAccounts",
    location: "westeurope",
    tags: {},
    properties: {
      publicNetworkAccess: "Enabled",
      networkProfile: { accountAccess: only(), nodeManagementAccess: only(), ...networkProfile },
      privateEndpointConnections: [],
      ...properties,
    },
  };
}
