import { PortSet } from "../net/port-set.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

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
  privateLink: [
    backup("AzureBackup"),
    backup("AzureBackup_secondary"),
    {
      groupId: "AzureSiteRecovery",
      zones: { public: "privatelink.siterecovery.windowsazure.com", usgov: "privatelink.siterecovery.windowsazure.us" },
    },
  ],
  serviceEndpoints: [],
  ports: PortSet.ofEach(443),
  children: [],
};

/** Besides names of its own it has those of the storage accounts that backups are in. */
function backup(groupId: string): PrivateLinkGroup {
  return {
    groupId,
    zones: {
      public: [
        "privatelink.{regionCode}.backup.windowsazure.com",
        "privatelink.blob.core.windows.net",
        "privatelink.queue.core.windows.net",
      ],
      usgov: ["privatelink.{regionCode}.backup.windowsazure.us"],
    },
  };
}
