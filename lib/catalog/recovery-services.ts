import { PortSet } from "../net/port-set.ts";
import type { Service } from "./service.ts";

const privateEndpoints = "https://learn.microsoft.com/azure/backup/private-endpoints-overview";

/** Recovery Services vaults, of Azure Backup and Site Recovery. They have no firewall. */
export const recoveryServicesVault: Service = {
  type: "Microsoft.RecoveryServices/vaults",
  noun: "Recovery Services vault",
  apiVersion: "2026-07-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off" },
    whenAbsent: {
      value: "Enabled",
      link: "https://learn.microsoft.com/azure/templates/microsoft.recoveryservices/vaults#vaultproperties",
    },
    // before vaults had the property, the first private endpoint shut the public door
    withPrivateEndpoint: { undocumented: `${privateEndpoints}#before-you-start` },
  },
  defaultAction: { always: "allow", link: privateEndpoints },
  ipRules: [],
  publishesIpv6: false,
  isOutsidePerimeters: true,
  privateEndpointConnections: "/properties/privateEndpointConnections",
  // the zone of `AzureBackup` is named by a code of the region, which is in no body
  privateLink: [
    {
      groupId: "AzureSiteRecovery",
      zones: { public: "privatelink.siterecovery.windowsazure.com", usgov: "privatelink.siterecovery.windowsazure.us" },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};
