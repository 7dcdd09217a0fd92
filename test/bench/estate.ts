/** How many of each kind there are among 1,000 resources of a generated estate. */
export const mix = {
  "storage accounts": 240,
  "key vaults": 80,
  "SQL servers": 20,
  "SQL firewall rules (children)": 80,
  "SQL network rules (children)": 40,
  "networks with 20 subnets": 20,
  "NSGs with 30 rules": 60,
  "private endpoints": 120,
  "network interfaces": 240,
  "public addresses": 60,
  "route tables": 40,
} as const;

type Kind = keyof typeof mix;

/** A realistic estate, one ARM body at a time; the same `count` gives the same bytes. Half the services have rules. */
export function* estate(count: number): Generator<object> {
  const kinds = Object.entries(mix).flatMap(([kind, share]) => Array.from({ length: share }, () => kind as Kind));
  for (let index = 0; index < count; index++) {
    const kind = kinds[(index * 7919) % kinds.length] ?? "storage accounts";
    yield bodies[kind](index);
  }
}

const subscriptionOf = (index: number) => `/subscriptions/${guid(Math.floor(index / 2500) % 40)}`;
const groupOf = (index: number) => `${subscriptionOf(index)}/resourceGroups/rg-estate-${Math.floor(index / 50)}`;

function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

function address(index: number, salt = 0): string {
  const mixed = Math.imul(index + 1, 2654435761 + salt * 40503) >>> 0;
  return `198.${18 + (mixed % 2)}.${(mixed >>> 8) % 256}.${(mixed >>> 16) % 256}`;
}

/** A subnet of one of the estate's own networks, of the same subscription where it can be. */
function subnetId(index: number, salt: number): string {
  const block = Math.floor(index / 1000) * 1000;
  const position = block + (indexOfNetwork[(index + salt) % indexOfNetwork.length] ?? 0);
  return `${networkId(position)}/subnets/snet-${(index + salt) % 20}`;
}

const networkId = (index: number) => `${groupOf(index)}/providers/Microsoft.Network/virtualNetworks/vnet-${index}`;
const nsgId = (index: number) => `${groupOf(index)}/providers/Microsoft.Network/networkSecurityGroups/nsg-${index}`;

const firstThousand = Array.from({ length: 1000 }, (_, index) => index);
const order = Object.entries(mix).flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
const positionsOf = (kind: Kind) => firstThousand.filter((index) => order[(index * 7919) % 1000] === kind);
const indexOfNetwork = positionsOf("networks with 20 subnets");
const indexOfServer = positionsOf("SQL servers");

const systemData = {
  createdBy: "00000000-aaaa-4000-8000-000000000000",
  createdByType: "Application",
  createdAt: "2024-03-01T08:12:44.1234567Z",
  lastModifiedBy: "00000000-aaaa-4000-8000-000000000000",
  lastModifiedByType: "Application",
  lastModifiedAt: "2026-06-11T17:40:02.7654321Z",
};

const tags = (index: number) => ({
  environment: ["prod", "test", "dev"][index % 3],
  costCenter: `CC-${1000 + (index % 400)}`,
  owner: `team-${index % 60}`,
});

function acls(index: number) {
  const hasRules = index % 2 === 0;
  return {
    bypass: index % 3 === 0 ? "AzureServices" : "None",
    defaultAction: index % 50 === 1 ? "Allow" : "Deny",
    ipRules: hasRules ? Array.from({ length: 8 }, (_, rule) => ({ value: address(index, rule), action: "Allow" })) : [],
    virtualNetworkRules: hasRules
      ? Array.from({ length: 4 }, (_, rule) => ({ id: subnetId(index, rule), action: "Allow", state: "Succeeded" }))
      : [],
  };
}

function connections(id: string, index: number) {
  if (index % 4 !== 0) return [];
  return [
    {
      id: `${id}/privateEndpointConnections/pe-${index}`,
      name: `pe-${index}`,
      type: "Microsoft.Storage/storageAccounts/privateEndpointConnections",
      properties: {
        provisioningState: "Succeeded",
        privateEndpoint: { id: `${groupOf(index)}/providers/Microsoft.Network/privateEndpoints/pe-${index}` },
        privateLinkServiceConnectionState: { status: "Approved", description: "Auto-Approved", actionRequired: "None" },
      },
    },
  ];
}

const bodies: Readonly<Record<Kind, (index: number) => object>> = {
  "storage accounts"(index) {
    const id = `${groupOf(index)}/providers/Microsoft.Storage/storageAccounts/st${index}`;
    const endpoints = Object.fromEntries(
      ["dfs", "web", "blob", "queue", "table", "file"].map((name) => [
        name,
        `https://st${index}.${name}.core.windows.net/`,
      ]),
    );
    return {
      id,
      name: `st${index}`,
      type: "Microsoft.Storage/storageAccounts",
      location: "westeurope",
      tags: tags(index),
      kind: "StorageV2",
      sku: { name: "Standard_ZRS", tier: "Standard" },
      properties: {
        publicNetworkAccess: index % 10 === 3 ? "Disabled" : "Enabled",
        networkAcls: { ...acls(index), resourceAccessRules: [] },
        privateEndpointConnections: connections(id, index),
        keyCreationTime: { key1: systemData.createdAt, key2: systemData.createdAt },
        allowCrossTenantReplication: false,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
        isHnsEnabled: index % 5 === 0,
        encryption: {
          services: {
            file: { keyType: "Account", enabled: true, lastEnabledTime: systemData.createdAt },
            blob: { keyType: "Account", enabled: true, lastEnabledTime: systemData.createdAt },
          },
          keySource: "Microsoft.Storage",
        },
        accessTier: "Hot",
        provisioningState: "Succeeded",
        creationTime: systemData.createdAt,
        primaryEndpoints: endpoints,
        primaryLocation: "westeurope",
        statusOfPrimary: "available",
      },
      systemData,
    };
  },

  "key vaults"(index) {
    const id = `${groupOf(index)}/providers/Microsoft.KeyVault/vaults/kv-${index}`;
    return {
      id,
      name: `kv-${index}`,
      type: "Microsoft.KeyVault/vaults",
      location: "westeurope",
      tags: tags(index),
      properties: {
        sku: { family: "A", name: "standard" },
        tenantId: guid(999),
        accessPolicies: [],
        networkAcls: acls(index),
        privateEndpointConnections: connections(id, index),
        enabledForDeployment: false,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        vaultUri: `https://kv-${index}.vault.azure.net/`,
        provisioningState: "Succeeded",
        publicNetworkAccess: "Enabled",
      },
      systemData,
    };
  },

  "SQL servers"(index) {
    const id = serverId(index);
    return {
      id,
      name: `sql-${index}`,
      type: "Microsoft.Sql/servers",
      location: "westeurope",
      tags: tags(index),
      kind: "v12.0",
      properties: {
        administratorLogin: "sqladmin",
        version: "12.0",
        state: "Ready",
        fullyQualifiedDomainName: `sql-${index}.database.windows.net`,
        privateEndpointConnections: connections(id, index),
        minimalTlsVersion: "1.2",
        publicNetworkAccess: "Enabled",
        restrictOutboundNetworkAccess: "Disabled",
        externalGovernanceStatus: "Disabled",
      },
    };
  },

  "SQL firewall rules (children)"(index) {
    return {
      id: `${serverId(serverNear(index))}/firewallRules/rule-${index}`,
      name: `rule-${index}`,
      type: "Microsoft.Sql/servers/firewallRules",
      properties: { startIpAddress: address(index), endIpAddress: address(index) },
    };
  },

  "SQL network rules (children)"(index) {
    return {
      id: `${serverId(serverNear(index))}/virtualNetworkRules/rule-${index}`,
      name: `rule-${index}`,
      type: "Microsoft.Sql/servers/virtualNetworkRules",
      properties: {
        virtualNetworkSubnetId: subnetId(index, 3),
        ignoreMissingVnetServiceEndpoint: false,
        state: "Ready",
      },
    };
  },

  "networks with 20 subnets"(index) {
    const id = networkId(index);
    return {
      id,
      name: `vnet-${index}`,
      type: "Microsoft.Network/virtualNetworks",
      location: "westeurope",
      tags: tags(index),
      etag: `W/"${guid(index)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(index),
        addressSpace: { addressPrefixes: [`10.${index % 250}.0.0/16`] },
        subnets: Array.from({ length: 20 }, (_, subnet) => ({
          id: `${id}/subnets/snet-${subnet}`,
          name: `snet-${subnet}`,
          type: "Microsoft.Network/virtualNetworks/subnets",
          etag: `W/"${guid(index)}"`,
          properties: {
            provisioningState: "Succeeded",
            addressPrefix: `10.${index % 250}.${subnet}.0/24`,
            ...(subnet % 10 === 9 ? {} : { networkSecurityGroup: { id: nsgId(index) } }),
            serviceEndpoints: ["Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Sql"]
              .slice(subnet % 4 === 3 ? 2 : 0)
              .map((service) => ({ provisioningState: "Succeeded", service, locations: ["*"] })),
            ipConfigurations: Array.from({ length: 3 }, (_, nic) => ({
              id: `${groupOf(index)}/providers/Microsoft.Network/networkInterfaces/nic-${index}-${nic}/ipConfigurations/ipconfig1`,
            })),
            delegations: [],
            privateEndpointNetworkPolicies: "Disabled",
            privateLinkServiceNetworkPolicies: "Enabled",
          },
        })),
        virtualNetworkPeerings: [],
        enableDdosProtection: false,
      },
    };
  },

  "NSGs with 30 rules"(index) {
    const id = nsgId(index);
    return {
      id,
      name: `nsg-${index}`,
      type: "Microsoft.Network/networkSecurityGroups",
      location: "westeurope",
      tags: tags(index),
      etag: `W/"${guid(index)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(index),
        securityRules: Array.from({ length: 30 }, (_, rule) => ({
          id: `${id}/securityRules/rule-${rule}`,
          name: `rule-${rule}`,
          type: "Microsoft.Network/networkSecurityGroups/securityRules",
          etag: `W/"${guid(index)}"`,
          properties: {
            provisioningState: "Succeeded",
            description: "made by the landing zone",
            protocol: "Tcp",
            sourcePortRange: "*",
            destinationPortRange: String(1000 + rule),
            sourceAddressPrefix: rule % 3 === 0 ? "VirtualNetwork" : `${address(index, rule)}`,
            destinationAddressPrefix: "*",
            access: rule % 5 === 4 ? "Deny" : "Allow",
            priority: 100 + rule * 10,
            direction: rule % 4 === 3 ? "Outbound" : "Inbound",
            sourcePortRanges: [],
            destinationPortRanges: [],
            sourceAddressPrefixes: [],
            destinationAddressPrefixes: [],
          },
        })),
        defaultSecurityRules: [],
        subnets: [{ id: `${networkId(index)}/subnets/snet-0` }],
      },
    };
  },

  "private endpoints"(index) {
    const id = `${groupOf(index)}/providers/Microsoft.Network/privateEndpoints/pe-${index}`;
    return {
      id,
      name: `pe-${index}`,
      type: "Microsoft.Network/privateEndpoints",
      location: "westeurope",
      etag: `W/"${guid(index)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(index),
        privateLinkServiceConnections: [
          {
            id: `${id}/privateLinkServiceConnections/pe-${index}`,
            name: `pe-${index}`,
            properties: {
              provisioningState: "Succeeded",
              privateLinkServiceId: `${groupOf(index)}/providers/Microsoft.Storage/storageAccounts/st${index}`,
              groupIds: ["blob"],
              privateLinkServiceConnectionState: { status: "Approved", description: "", actionsRequired: "None" },
            },
          },
        ],
        manualPrivateLinkServiceConnections: [],
        customNetworkInterfaceName: "",
        subnet: { id: subnetId(index, 1) },
        ipConfigurations: [],
        networkInterfaces: [{ id: `${groupOf(index)}/providers/Microsoft.Network/networkInterfaces/pe-${index}.nic` }],
        customDnsConfigs: [{ fqdn: `st${index}.blob.core.windows.net`, ipAddresses: [`10.0.${index % 250}.5`] }],
      },
    };
  },

  "network interfaces"(index) {
    const id = `${groupOf(index)}/providers/Microsoft.Network/networkInterfaces/nic-${index}`;
    return {
      id,
      name: `nic-${index}`,
      type: "Microsoft.Network/networkInterfaces",
      location: "westeurope",
      tags: tags(index),
      etag: `W/"${guid(index)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(index),
        ipConfigurations: [
          {
            id: `${id}/ipConfigurations/ipconfig1`,
            name: "ipconfig1",
            properties: {
              provisioningState: "Succeeded",
              privateIPAddress: `10.1.${index % 250}.4`,
              privateIPAllocationMethod: "Dynamic",
              subnet: { id: subnetId(index, 2) },
              primary: true,
              privateIPAddressVersion: "IPv4",
            },
          },
        ],
        dnsSettings: { dnsServers: [], appliedDnsServers: [] },
        macAddress: "00-0D-3A-00-00-00",
        enableAcceleratedNetworking: true,
        enableIPForwarding: false,
        primary: true,
        virtualMachine: { id: `${groupOf(index)}/providers/Microsoft.Compute/virtualMachines/vm-${index}` },
        nicType: "Standard",
      },
    };
  },

  "public addresses"(index) {
    return {
      id: `${groupOf(index)}/providers/Microsoft.Network/publicIPAddresses/pip-${index}`,
      name: `pip-${index}`,
      type: "Microsoft.Network/publicIPAddresses",
      location: "westeurope",
      sku: { name: "Standard", tier: "Regional" },
      properties: {
        provisioningState: "Succeeded",
        ipAddress: address(index, 9),
        publicIPAddressVersion: "IPv4",
        publicIPAllocationMethod: "Static",
        idleTimeoutInMinutes: 4,
      },
    };
  },

  "route tables"(index) {
    const id = `${groupOf(index)}/providers/Microsoft.Network/routeTables/rt-${index}`;
    return {
      id,
      name: `rt-${index}`,
      type: "Microsoft.Network/routeTables",
      location: "westeurope",
      properties: {
        provisioningState: "Succeeded",
        disableBgpRoutePropagation: false,
        routes: [
          {
            id: `${id}/routes/default`,
            name: "default",
            properties: {
              provisioningState: "Succeeded",
              addressPrefix: "0.0.0.0/0",
              nextHopType: "VirtualAppliance",
              nextHopIpAddress: "10.0.0.4",
            },
          },
        ],
        subnets: [{ id: subnetId(index, 0) }],
      },
    };
  },
};

function serverNear(index: number): number {
  return Math.floor(index / 1000) * 1000 + (indexOfServer[index % indexOfServer.length] ?? 0);
}

function serverId(index: number): string {
  return `${groupOf(index)}/providers/Microsoft.Sql/servers/sql-${index}`;
}
