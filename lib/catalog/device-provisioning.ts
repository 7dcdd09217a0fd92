import { PortSet } from "../net/port-set.ts";
import type { FilterListSource } from "./access-list-sources.ts";
import type { Service } from "./service.ts";

const ipFilter = "https://learn.microsoft.com/azure/iot-dps/iot-dps-ip-filtering";

/** https://learn.microsoft.com/dotnet/api/azure.resourcemanager.deviceprovisioningservices.models.deviceprovisioningservicesipfiltertargettype */
function filtersOf(before: string, own: "deviceapi" | "serviceapi"): FilterListSource {
  return {
    before,
    pointer: "/properties/ipFilterRules",
    unmatched: { always: "allow", link: `${ipFilter}#ip-filter-rule-evaluation` },
    rule: { value: "/ipMask", action: { pointer: "/action", values: { accept: "allow", reject: "deny" } } },
    target: {
      pointer: "/target",
      values: { all: true, deviceapi: own === "deviceapi", serviceapi: own === "serviceapi" },
      whenAbsent: { value: "all", link: `${ipFilter}#how-filter-rules-are-applied` },
    },
  };
}

/**
 * Device provisioning services. Devices come to one part and those who manage enrollments to another, by rules that decide in the
 * order in which they stand; some are for one of the two alone.
 */
export const deviceProvisioningService: Service = {
  type: "Microsoft.Devices/provisioningServices",
  noun: "device provisioning service",
  apiVersion: "2022-12-12",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: `${ipFilter}#default-setting` },
  },
  accessLists: [filtersOf("device API", "deviceapi"), filtersOf("service API", "serviceapi")],
  // https://learn.microsoft.com/azure/iot-dps/iot-dps-understand-ip-address#support-for-ipv6
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "iotDps",
      zones: {
        public: "privatelink.azure-devices-provisioning.net",
        usgov: "privatelink.azure-devices-provisioning.us",
        china: "privatelink.azure-devices-provisioning.cn",
      },
    },
  ],
  serviceEndpoints: [],
  // AMQP and MQTT, and both as well as HTTPS on 443: https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-protocols#port-numbers
  ports: PortSet.ofEach(443, 5671, 8883),
  children: [],
};
