import { PortSet } from "../net/port-set.ts";
import type { RetiredService, Service } from "./service.ts";

const privateLink = "https://learn.microsoft.com/azure/healthcare-apis/healthcare-apis-configure-private-link";

/**
 * Workspaces of Azure Health Data Services. Their private endpoints and their switch are for all FHIR and DICOM services in them.
 * They have no firewall; the first private endpoint switches public access off.
 */
export const healthDataWorkspace: Service = {
  type: "Microsoft.HealthcareApis/workspaces",
  noun: "Health Data Services workspace",
  apiVersion: "2024-03-31",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: { value: "Enabled", link: `${privateLink}#create-private-endpoint` },
    withPrivateEndpoint: { value: "Disabled" },
  },
  defaultAction: { always: "allow", link: privateLink },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  privateLink: [
    {
      groupId: "healthcareworkspace",
      zones: {
        public: [
          "privatelink.workspace.azurehealthcareapis.com",
          "privatelink.fhir.azurehealthcareapis.com",
          "privatelink.dicom.azurehealthcareapis.com",
        ],
        usgov: [
          "privatelink.workspace.azurehealthcareapis.us",
          "privatelink.fhir.azurehealthcareapis.us",
          "privatelink.dicom.azurehealthcareapis.us",
        ],
      },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};

/** Azure API for FHIR, before Azure Health Data Services: nobody gets to its data any more. */
export const apiForFhir: RetiredService = {
  type: "Microsoft.HealthcareApis/services",
  noun: "Azure API for FHIR",
  apiVersion: "2024-03-31",
  since: "2026-09-30",
  link: "https://learn.microsoft.com/azure/healthcare-apis/fhir/migration-faq",
};
