import { type Body, group } from "./builders.ts";

export const iotHubId = `${group}/providers/Microsoft.Devices/IotHubs/iot-erp`;

type Properties = Readonly<Record<string, unknown>>;

/** Rules of a hub, which its built-in endpoint has, too. */
export function ruleSet(addresses: readonly string[], own: Properties = {}): Properties {
  const ipRules = addresses.map((ipMask, index) => ({ filterName: `rule-${index}`, action: "Allow", ipMask }));
  return { networkRuleSets: { defaultAction: "Deny", applyToBuiltInEventHubEndpoint: true, ipRules, ...own } };
}

/** An IoT hub that lets nobody in. */
export function anIotHub(properties: Properties = {}, tier = "Standard"): Body {
  return {
    id: iotHubId,
    name: "iot-erp",
    type: "Microsoft.Devices/IotHubs",
    location: "westeurope",
    tags: {},
    sku: { name: tier === "Free" ? "F1" : "S1", tier, capacity: 1 },
    properties: { publicNetworkAccess: "Enabled", ...ruleSet([]), privateEndpointConnections: [], ...properties },
  };
}
