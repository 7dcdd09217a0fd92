import { PortSet } from "../net/port-set.ts";
import type { PrivateLinkGroup, Service } from "./service.ts";

const networkSecurity = "https://learn.microsoft.com/azure/storage/common/storage-network-security";

/** Storage accounts, those with a hierarchical namespace (Data Lake Storage Gen2) included. */
export const storage: Service = {
  type: "Microsoft.Storage/storageAccounts",
  noun: "storage account",
  apiVersion: "2026-04-01",
  publicNetworkAccess: {
    pointer: "/properties/publicNetworkAccess",
    values: { enabled: "on", disabled: "off", securedbyperimeter: "perimeter" },
    whenAbsent: { value: "Enabled", link: networkSecurity },
  },
  defaultAction: {
    pointer: "/properties/networkAcls/defaultAction",
    values: { allow: "allow", deny: "deny" },
    whenAbsent: { value: "Allow", link: networkSecurity },
  },
  ipRules: [
    { in: "body", pointer: "/properties/networkAcls/ipRules", value: "/value", action: "/action", family: "ipv4" },
    { in: "body", pointer: "/properties/networkAcls/ipv6Rules", value: "/value", action: "/action", family: "ipv6" },
  ],
  ipRulesMissOwnRegion: {
    link: "https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations",
  },
  virtualNetworkRules: {
    in: "body",
    pointer: "/properties/networkAcls/virtualNetworkRules",
    subnet: "/id",
    action: "/action",
    state: {
      pointer: "/state",
      values: {
        provisioning: "changing",
        deprovisioning: "changing",
        succeeded: "working",
        failed: "broken",
        networksourcedeleted: "broken",
      },
    },
  },
  exceptions: {
    bypass: {
      pointer: "/properties/networkAcls/bypass",
      flags: ["AzureServices", "Logging", "Metrics"],
      whenAbsent: { value: "AzureServices", link: networkSecurity },
    },
    resourceAccessRules: { pointer: "/properties/networkAcls/resourceAccessRules", id: "/resourceId" },
  },
  publishesIpv6: {
    pointer: "/properties/dualStackEndpointPreference/publishIpv6Endpoint",
    values: { true: true, false: false },
    whenAbsent: {
      value: "false",
      link: "https://learn.microsoft.com/javascript/api/@azure/arm-storage/dualstackendpointpreference",
    },
  },
  replicas: { pointer: "/properties/secondaryLocation", onlyIf: "/properties/secondaryEndpoints" },
  privateEndpointConnections: "/properties/privateEndpointConnections",
  // the documents name no private DNS zone for `<account>.z01.blob.storage.azure.net`
  endpointNames: {
    pointer: "/properties/dnsEndpointType",
    values: { standard: "usual", azurednszone: "other" },
    whenAbsent: {
      value: "Standard",
      link: "https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints",
    },
  },
  // Without a value an account once permitted it, says one page; it does not, say newer ones of the same property.
  // https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent#set-the-storage-accounts-allowblobpublicaccess-property-to-false
  // https://learn.microsoft.com/dotnet/api/azure.resourcemanager.storage.models.storageaccountpatch.allowblobpublicaccess
  anonymousAccess: {
    pointer: "/properties/allowBlobPublicAccess",
    whenAbsent: { undocumented: "Azure's pages disagree on whether an account without a value permits it" },
    reads: "the containers that are set to be public",
    // premium file shares are all that is in one
    except: {
      pointer: "/kind",
      value: "filestorage",
      link: "https://learn.microsoft.com/azure/storage/common/storage-account-overview#types-of-storage-accounts",
    },
    link: "https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure",
  },
  privateLink: ["blob", "table", "queue", "web", "dfs"]
    .flatMap((endpoint) => [groupOf(endpoint), groupOf(endpoint, "_secondary")])
    .concat(groupOf("file")),
  serviceEndpoints: ["Microsoft.Storage", "Microsoft.Storage.Global"],
  endpointPolicies: {
    link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview",
  },
  // the REST interfaces, and SMB
  ports: PortSet.ofEach(443, 445),
  portsBySetting: [
    {
      pointer: "/properties/supportsHttpsTrafficOnly",
      value: false,
      ports: PortSet.ofEach(80),
      link: "https://learn.microsoft.com/azure/storage/common/storage-require-secure-transfer",
    },
    {
      pointer: "/properties/isSftpEnabled",
      value: true,
      ports: PortSet.ofEach(22),
      link: "https://learn.microsoft.com/azure/storage/blobs/secure-file-transfer-protocol-known-issues#networking",
    },
    {
      // a client asks port 111 first, and gets to its files by the other alone
      pointer: "/properties/isNfsV3Enabled",
      value: true,
      ports: PortSet.ofEach(2048),
      link: "https://learn.microsoft.com/azure/storage/blobs/network-file-system-protocol-support#network-security",
    },
    {
      pointer: "/kind",
      value: "filestorage",
      ports: PortSet.ofEach(2049),
      link: "https://learn.microsoft.com/azure/storage/files/storage-files-how-to-mount-nfs-shares",
      leavesOpen: "whether it has NFS shares",
    },
  ],
  children: [],
};

/** The secondary endpoint, with the names of the replica, has the same zone. */
function groupOf(endpoint: string, suffix = ""): PrivateLinkGroup {
  return {
    groupId: `${endpoint}${suffix}`,
    zones: {
      public: `privatelink.${endpoint}.core.windows.net`,
      usgov: `privatelink.${endpoint}.core.usgovcloudapi.net`,
      china: `privatelink.${endpoint}.core.chinacloudapi.cn`,
    },
  };
}
