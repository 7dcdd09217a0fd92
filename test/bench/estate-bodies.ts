import type { Kind } from "./estate.ts";

export interface Body {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** A landing zone of 1,000 resources. */
export interface Place {
  readonly block: number;
  readonly subscription: string;
}

export function placeOf(block: number): Place {
  return { block, subscription: `/subscriptions/${guid(block)}` };
}

function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** About one in eight falls outside of what the bench's policy approves. */
function address(seed: number, salt = 0): string {
  const mixed = Math.imul(seed + 1, 2654435761 + salt * 40503) >>> 0;
  return `198.${mixed % 8 === 0 ? 19 : 18}.${(mixed >>> 8) % 256}.${(mixed >>> 16) % 256}`;
}

function seedOf({ block }: Place, item: number): number {
  return block * 1000 + item;
}

function group({ subscription }: Place, item: number): string {
  return `${subscription}/resourceGroups/rg-workload-${item % 20}`;
}

const networkGroup = ({ subscription }: Place) => `${subscription}/resourceGroups/rg-network`;

const networkId = (place: Place, item: number) =>
  `${networkGroup(place)}/providers/Microsoft.Network/virtualNetworks/vnet-${place.block}-${item % 20}`;

const nsgId = (place: Place, item: number) =>
  `${networkGroup(place)}/providers/Microsoft.Network/networkSecurityGroups/nsg-${place.block}-${item % 60}`;

const endpointPolicyId = (place: Place) =>
  `${networkGroup(place)}/providers/Microsoft.Network/serviceEndpointPolicies/sep`;

const routeTableId = (place: Place, item: number) =>
  `${networkGroup(place)}/providers/Microsoft.Network/routeTables/rt-${item % 15}`;

const storageId = (place: Place, item: number) =>
  `${group(place, item)}/providers/Microsoft.Storage/storageAccounts/st${place.block}x${item}`;

const vaultId = (place: Place, item: number) =>
  `${group(place, item)}/providers/Microsoft.KeyVault/vaults/kv-${place.block}-${item}`;

const serverId = (place: Place, item: number) =>
  `${group(place, item % 20)}/providers/Microsoft.Sql/servers/sql-${place.block}-${item % 20}`;

const namespaceId = (place: Place, item: number) =>
  `${group(place, item)}/providers/Microsoft.ServiceBus/namespaces/sb-${place.block}-${item}`;

const appId = (place: Place, item: number) =>
  `${group(place, item)}/providers/Microsoft.Web/sites/app-${place.block}-${item}`;

const endpointId = (place: Place, item: number) =>
  `${networkGroup(place)}/providers/Microsoft.Network/privateEndpoints/pe-${place.block}-${item}`;

const interfaceId = (place: Place, item: number) =>
  `${networkGroup(place)}/providers/Microsoft.Network/networkInterfaces/nic-${place.block}-${item}`;

const zoneId = (place: Place, item: number) =>
  `${networkGroup(place)}/providers/Microsoft.Network/privateDnsZones/${zoneNames[item % 3]}`;

const zoneNames = [
  "privatelink.blob.core.windows.net",
  "privatelink.vaultcore.azure.net",
  "privatelink.database.windows.net",
] as const;

/** Subnets 0 to 3 of a network are for workloads that come over service endpoints, the last two are delegated. */
function callerSubnet(place: Place, item: number): string {
  return `${networkId(place, item)}/subnets/snet-${Math.floor(item / 20) % 4}`;
}

/** The private endpoints are in the first two networks. */
function endpointSubnet(place: Place, item: number): string {
  return `${networkId(place, item % 2)}/subnets/snet-5`;
}

/** What the private endpoint leads to: storage accounts, then vaults, then SQL servers. */
function targetOf(place: Place, item: number) {
  if (item < 60) return { id: storageId(place, item), groupId: "blob", zone: 0, name: `st${place.block}x${item}` };
  if (item < 90)
    return { id: vaultId(place, item - 60), groupId: "vault", zone: 1, name: `kv-${place.block}-${item - 60}` };
  return { id: serverId(place, item - 90), groupId: "sqlServer", zone: 2, name: `sql-${place.block}-${item - 90}` };
}

const endpointAddress = (item: number) => `10.${item % 2}.5.${4 + Math.floor(item / 2)}`;

const time = "2024-03-01T08:12:44.1234567Z";

const systemData = {
  createdBy: guid(77),
  createdByType: "Application",
  createdAt: time,
  lastModifiedBy: guid(77),
  lastModifiedByType: "Application",
  lastModifiedAt: "2026-06-11T17:40:02.7654321Z",
};

function tags(item: number) {
  return {
    environment: ["prod", "test", "dev"][item % 3],
    costCenter: `CC-${1000 + (item % 400)}`,
    owner: `team-${item % 60}`,
  };
}

interface Firewall {
  readonly ipRules: readonly object[];
  readonly virtualNetworkRules: readonly object[];
}

/** Half the services have eight addresses and four subnets, the others deny everybody. */
function firewall(place: Place, item: number, ofAddress: (value: string) => object): Firewall {
  if (item % 2 === 1) return { ipRules: [], virtualNetworkRules: [] };
  return {
    ipRules: Array.from({ length: 8 }, (_, rule) => ofAddress(address(seedOf(place, item), rule))),
    virtualNetworkRules: Array.from({ length: 4 }, (_, rule) => ({ id: callerSubnet(place, item + rule) })),
  };
}

function acls(place: Place, item: number) {
  const { ipRules, virtualNetworkRules } = firewall(place, item, (value) => ({ value, action: "Allow" }));
  return {
    bypass: "None",
    defaultAction: item % 50 === 1 ? "Allow" : "Deny",
    ipRules,
    virtualNetworkRules: virtualNetworkRules.map((rule) => ({ ...rule, action: "Allow", state: "Succeeded" })),
  };
}

/** The connection of a service that has private endpoint `item`; none for a service without one. */
function connections(service: string, type: string, place: Place, item: number | undefined) {
  if (item === undefined) return [];
  return [
    {
      id: `${service}/privateEndpointConnections/pe-${item}`,
      name: `pe-${item}`,
      type: `${type}/privateEndpointConnections`,
      properties: {
        provisioningState: "Succeeded",
        privateEndpoint: { id: endpointId(place, item) },
        privateLinkServiceConnectionState: { status: "Approved", description: "Auto-Approved", actionRequired: "None" },
      },
    },
  ];
}

export const bodies: Readonly<Record<Kind, (place: Place, item: number) => Body>> = {
  "storage accounts"(place, item) {
    const id = storageId(place, item);
    const name = `st${place.block}x${item}`;
    const endpoints = ["dfs", "web", "blob", "queue", "table", "file"].map((one) => [
      one,
      `https://${name}.${one}.core.windows.net/`,
    ]);
    return {
      id,
      name,
      type: "Microsoft.Storage/storageAccounts",
      location: "westeurope",
      tags: tags(item),
      kind: "StorageV2",
      sku: { name: "Standard_ZRS", tier: "Standard" },
      properties: {
        publicNetworkAccess: item % 10 === 3 ? "Disabled" : "Enabled",
        networkAcls: { ...acls(place, item), resourceAccessRules: [] },
        privateEndpointConnections: connections(
          id,
          "Microsoft.Storage/storageAccounts",
          place,
          item < 60 ? item : undefined,
        ),
        keyCreationTime: { key1: time, key2: time },
        allowCrossTenantReplication: false,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
        isHnsEnabled: item % 5 === 0,
        encryption: {
          services: {
            file: { keyType: "Account", enabled: true, lastEnabledTime: time },
            blob: { keyType: "Account", enabled: true, lastEnabledTime: time },
          },
          keySource: "Microsoft.Storage",
        },
        accessTier: "Hot",
        provisioningState: "Succeeded",
        creationTime: time,
        primaryEndpoints: Object.fromEntries(endpoints),
        primaryLocation: "westeurope",
        statusOfPrimary: "available",
      },
      systemData,
    };
  },

  "key vaults"(place, item) {
    const id = vaultId(place, item);
    return {
      id,
      name: `kv-${place.block}-${item}`,
      type: "Microsoft.KeyVault/vaults",
      location: "westeurope",
      tags: tags(item),
      properties: {
        sku: { family: "A", name: "standard" },
        tenantId: guid(999),
        accessPolicies: [],
        networkAcls: acls(place, item),
        privateEndpointConnections: connections(
          id,
          "Microsoft.KeyVault/vaults",
          place,
          item < 30 ? item + 60 : undefined,
        ),
        enabledForDeployment: false,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        vaultUri: `https://kv-${place.block}-${item}.vault.azure.net/`,
        provisioningState: "Succeeded",
        publicNetworkAccess: "Enabled",
      },
      systemData,
    };
  },

  "SQL servers"(place, item) {
    const id = serverId(place, item);
    return {
      id,
      name: `sql-${place.block}-${item}`,
      type: "Microsoft.Sql/servers",
      location: "westeurope",
      tags: tags(item),
      kind: "v12.0",
      properties: {
        administratorLogin: "sqladmin",
        version: "12.0",
        state: "Ready",
        fullyQualifiedDomainName: `sql-${place.block}-${item}.database.windows.net`,
        privateEndpointConnections: connections(id, "Microsoft.Sql/servers", place, item < 10 ? item + 90 : undefined),
        minimalTlsVersion: "1.2",
        publicNetworkAccess: "Enabled",
        restrictOutboundNetworkAccess: "Disabled",
        externalGovernanceStatus: "Disabled",
      },
    };
  },

  "SQL firewall rules"(place, item) {
    const value = address(seedOf(place, item));
    return {
      id: `${serverId(place, item)}/firewallRules/rule-${item}`,
      name: `rule-${item}`,
      type: "Microsoft.Sql/servers/firewallRules",
      properties: { startIpAddress: value, endIpAddress: value },
    };
  },

  "SQL network rules"(place, item) {
    return {
      id: `${serverId(place, item)}/virtualNetworkRules/rule-${item}`,
      name: `rule-${item}`,
      type: "Microsoft.Sql/servers/virtualNetworkRules",
      properties: {
        virtualNetworkSubnetId: callerSubnet(place, item),
        ignoreMissingVnetServiceEndpoint: false,
        state: "Ready",
      },
    };
  },

  "Cosmos DB accounts"(place, item) {
    const name = `cosmos-${place.block}-${item}`;
    const { ipRules, virtualNetworkRules } = firewall(place, item, (ipAddressOrRange) => ({ ipAddressOrRange }));
    return {
      id: `${group(place, item)}/providers/Microsoft.DocumentDB/databaseAccounts/${name}`,
      name,
      type: "Microsoft.DocumentDB/databaseAccounts",
      location: "West Europe",
      kind: "GlobalDocumentDB",
      tags: tags(item),
      properties: {
        provisioningState: "Succeeded",
        documentEndpoint: `https://${name}.documents.azure.com:443/`,
        publicNetworkAccess: item % 2 === 0 ? "Enabled" : "Disabled",
        databaseAccountOfferType: "Standard",
        ipRules,
        isVirtualNetworkFilterEnabled: item % 2 === 0,
        virtualNetworkRules: virtualNetworkRules.map((rule) => ({ ...rule, ignoreMissingVNetServiceEndpoint: false })),
        networkAclBypass: "None",
        networkAclBypassResourceIds: [],
        privateEndpointConnections: [],
        consistencyPolicy: { defaultConsistencyLevel: "Session", maxIntervalInSeconds: 5, maxStalenessPrefix: 100 },
        writeLocations: [{ id: `${name}-westeurope`, locationName: "West Europe", failoverPriority: 0 }],
        readLocations: [{ id: `${name}-westeurope`, locationName: "West Europe", failoverPriority: 0 }],
      },
      systemData,
    };
  },

  "Service Bus namespaces"(place, item) {
    return {
      id: namespaceId(place, item),
      name: `sb-${place.block}-${item}`,
      type: "Microsoft.ServiceBus/Namespaces",
      location: "West Europe",
      sku: { name: "Premium", tier: "Premium", capacity: 1 },
      tags: tags(item),
      properties: {
        provisioningState: "Succeeded",
        publicNetworkAccess: "Enabled",
        minimumTlsVersion: "1.2",
        disableLocalAuth: true,
        zoneRedundant: true,
        privateEndpointConnections: [],
        serviceBusEndpoint: `https://sb-${place.block}-${item}.servicebus.windows.net:443/`,
        status: "Active",
      },
    };
  },

  "network rule sets"(place, item) {
    const { ipRules, virtualNetworkRules } = firewall(place, 0, (ipMask) => ({ ipMask, action: "Allow" }));
    return {
      id: `${namespaceId(place, item)}/networkRuleSets/default`,
      name: "default",
      type: "Microsoft.ServiceBus/Namespaces/NetworkRuleSets",
      location: "West Europe",
      properties: {
        publicNetworkAccess: "Enabled",
        defaultAction: "Deny",
        ipRules,
        virtualNetworkRules: virtualNetworkRules.map((subnet) => ({ subnet, ignoreMissingVnetServiceEndpoint: false })),
        trustedServiceAccessEnabled: false,
      },
    };
  },

  "App Service apps"(place, item) {
    return {
      id: appId(place, item),
      name: `app-${place.block}-${item}`,
      type: "Microsoft.Web/sites",
      kind: "functionapp,linux",
      location: "West Europe",
      tags: tags(item),
      properties: {
        state: "Running",
        hostNames: [`app-${place.block}-${item}.azurewebsites.net`],
        enabled: true,
        serverFarmId: `${group(place, item)}/providers/Microsoft.Web/serverfarms/plan-${place.block}-${item % 5}`,
        virtualNetworkSubnetId: `${networkId(place, item)}/subnets/snet-18`,
        vnetRouteAllEnabled: true,
        httpsOnly: true,
        publicNetworkAccess: item % 2 === 0 ? "Enabled" : "Disabled",
        privateEndpointConnections: [],
        siteConfig: { numberOfWorkers: 1, linuxFxVersion: "NODE|24", alwaysOn: true, http20Enabled: false },
      },
    };
  },

  "configurations of apps"(place, item) {
    const { ipRules } = firewall(place, item, (value) => ({ ipAddress: `${value}/32` }));
    const rules = ipRules.map((rule, at) => {
      return { ...rule, action: "Allow", tag: "Default", priority: 100 + at, name: `office-${at}` };
    });
    const last = { ipAddress: "Any", action: "Deny", priority: 2147483647, name: "Deny all" };
    return {
      id: `${appId(place, item)}/config/web`,
      name: "web",
      type: "Microsoft.Web/sites/config",
      location: "West Europe",
      properties: {
        numberOfWorkers: 1,
        defaultDocuments: ["Default.htm", "Default.html", "index.htm", "hostingstart.html"],
        linuxFxVersion: "NODE|24",
        publishingUsername: `$app-${place.block}-${item}`,
        alwaysOn: true,
        virtualApplications: [{ virtualPath: "/", physicalPath: "site\\wwwroot", preloadEnabled: true }],
        experiments: { rampUpRules: [] },
        vnetRouteAllEnabled: true,
        ipSecurityRestrictions: [...rules, last],
        ipSecurityRestrictionsDefaultAction: "Deny",
        scmIpSecurityRestrictions: [{ ...last, action: "Allow", name: "Allow all" }],
        scmIpSecurityRestrictionsUseMain: true,
        http20Enabled: true,
        minTlsVersion: "1.2",
        ftpsState: "Disabled",
      },
    };
  },

  "App Service plans"(place, item) {
    return {
      id: `${group(place, item)}/providers/Microsoft.Web/serverfarms/plan-${place.block}-${item}`,
      name: `plan-${place.block}-${item}`,
      type: "Microsoft.Web/serverfarms",
      kind: "linux",
      location: "West Europe",
      sku: { name: "P1v3", tier: "PremiumV3", size: "P1v3", family: "Pv3", capacity: 2 },
      properties: { status: "Ready", numberOfWorkers: 2, reserved: true, zoneRedundant: true },
    };
  },

  "PostgreSQL flexible servers"(place, item) {
    return {
      id: `${group(place, item)}/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-${place.block}-${item}`,
      name: `psql-${place.block}-${item}`,
      type: "Microsoft.DBforPostgreSQL/flexibleServers",
      location: "West Europe",
      sku: { name: "Standard_D4ds_v5", tier: "GeneralPurpose" },
      properties: {
        state: "Ready",
        version: "16",
        fullyQualifiedDomainName: `psql-${place.block}-${item}.postgres.database.azure.com`,
        network: {
          publicNetworkAccess: "Disabled",
          delegatedSubnetResourceId: `${networkId(place, item)}/subnets/snet-19`,
        },
      },
      systemData,
    };
  },

  "networks with 20 subnets"(place, item) {
    const id = networkId(place, item);
    return {
      id,
      name: `vnet-${place.block}-${item}`,
      type: "Microsoft.Network/virtualNetworks",
      location: "westeurope",
      tags: tags(item),
      etag: `W/"${guid(item)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(item),
        addressSpace: { addressPrefixes: [`10.${item}.0.0/16`] },
        subnets: Array.from({ length: 20 }, (_, subnet) => subnetBody(place, item, subnet)),
        virtualNetworkPeerings: [],
        enableDdosProtection: false,
      },
    };
  },

  "NSGs with 30 rules"(place, item) {
    const id = nsgId(place, item);
    return {
      id,
      name: `nsg-${place.block}-${item}`,
      type: "Microsoft.Network/networkSecurityGroups",
      location: "westeurope",
      tags: tags(item),
      etag: `W/"${guid(item)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(item),
        securityRules: Array.from({ length: 30 }, (_, rule) => securityRule(id, seedOf(place, item), rule)),
        defaultSecurityRules: [],
        subnets: [{ id: `${networkId(place, item)}/subnets/snet-${Math.floor(item / 20)}` }],
      },
    };
  },

  "route tables"(place, item) {
    const id = routeTableId(place, item);
    return {
      id,
      name: `rt-${item}`,
      type: "Microsoft.Network/routeTables",
      location: "westeurope",
      properties: {
        provisioningState: "Succeeded",
        disableBgpRoutePropagation: false,
        routes: [
          {
            id: `${id}/routes/default`,
            name: "default",
            etag: `W/"${guid(item)}"`,
            properties: {
              provisioningState: "Succeeded",
              addressPrefix: "0.0.0.0/0",
              nextHopType: "VirtualAppliance",
              nextHopIpAddress: "10.0.0.4",
            },
            type: "Microsoft.Network/routeTables/routes",
          },
        ],
      },
    };
  },

  "service endpoint policies"(place) {
    const id = endpointPolicyId(place);
    return {
      id,
      name: "sep",
      type: "Microsoft.Network/serviceEndpointPolicies",
      location: "westeurope",
      properties: {
        provisioningState: "Succeeded",
        serviceEndpointPolicyDefinitions: [
          {
            id: `${id}/serviceEndpointPolicyDefinitions/own`,
            name: "own",
            type: "Microsoft.Network/serviceEndpointPolicies/serviceEndpointPolicyDefinitions",
            properties: {
              provisioningState: "Succeeded",
              service: "Microsoft.Storage",
              serviceResources: [place.subscription],
            },
          },
        ],
      },
    };
  },

  "public addresses"(place, item) {
    return {
      id: `${group(place, item)}/providers/Microsoft.Network/publicIPAddresses/pip-${place.block}-${item}`,
      name: `pip-${place.block}-${item}`,
      type: "Microsoft.Network/publicIPAddresses",
      location: "westeurope",
      sku: { name: "Standard", tier: "Regional" },
      properties: {
        provisioningState: "Succeeded",
        ipAddress: address(seedOf(place, item), 9),
        publicIPAddressVersion: "IPv4",
        publicIPAllocationMethod: "Static",
        idleTimeoutInMinutes: 4,
      },
    };
  },

  "private endpoints"(place, item) {
    const id = endpointId(place, item);
    const target = targetOf(place, item);
    return {
      id,
      name: `pe-${place.block}-${item}`,
      type: "Microsoft.Network/privateEndpoints",
      location: "westeurope",
      etag: `W/"${guid(item)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(item),
        privateLinkServiceConnections: [
          {
            id: `${id}/privateLinkServiceConnections/pe-${item}`,
            name: `pe-${item}`,
            properties: {
              provisioningState: "Succeeded",
              privateLinkServiceId: target.id,
              groupIds: [target.groupId],
              privateLinkServiceConnectionState: { status: "Approved", description: "", actionsRequired: "None" },
            },
          },
        ],
        manualPrivateLinkServiceConnections: [],
        customNetworkInterfaceName: "",
        subnet: { id: endpointSubnet(place, item) },
        ipConfigurations: [],
        networkInterfaces: [{ id: interfaceId(place, item) }],
        customDnsConfigs: [],
      },
    };
  },

  "zone groups"(place, item) {
    const { zone, name } = targetOf(place, item);
    const records = [
      {
        recordType: "A",
        recordSetName: name,
        fqdn: `${name}.${zoneNames[zone]}`,
        provisioningState: "Succeeded",
        ttl: 10,
        ipAddresses: [endpointAddress(item)],
      },
    ];
    const id = `${endpointId(place, item)}/privateDnsZoneGroups/default`;
    return {
      id,
      name: "default",
      type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
      properties: {
        provisioningState: "Succeeded",
        privateDnsZoneConfigs: [
          {
            id: `${id}/privateDnsZoneConfigs/default`,
            name: "default",
            properties: { privateDnsZoneId: zoneId(place, zone), recordSets: records },
          },
        ],
      },
    };
  },

  "network interfaces"(place, item) {
    const id = interfaceId(place, item);
    const isOfEndpoint = item < mixOfEndpoints;
    const { groupId, name } = targetOf(place, item % mixOfEndpoints);
    return {
      id,
      name: `nic-${place.block}-${item}`,
      type: "Microsoft.Network/networkInterfaces",
      location: "westeurope",
      tags: tags(item),
      etag: `W/"${guid(item)}"`,
      properties: {
        provisioningState: "Succeeded",
        resourceGuid: guid(item),
        ipConfigurations: [
          {
            id: `${id}/ipConfigurations/ipconfig1`,
            name: "ipconfig1",
            etag: `W/"${guid(item)}"`,
            type: "Microsoft.Network/networkInterfaces/ipConfigurations",
            properties: {
              provisioningState: "Succeeded",
              privateIPAddress: isOfEndpoint ? endpointAddress(item) : `10.${item % 20}.${item % 4}.${item % 250}`,
              privateIPAllocationMethod: "Dynamic",
              subnet: { id: isOfEndpoint ? endpointSubnet(place, item) : callerSubnet(place, item) },
              primary: true,
              privateIPAddressVersion: "IPv4",
              ...(isOfEndpoint
                ? {
                    privateLinkConnectionProperties: {
                      groupId,
                      requiredMemberName: groupId,
                      fqdns: [`${name}.${publicDomains[groupId]}`],
                    },
                  }
                : {}),
            },
          },
        ],
        dnsSettings: { dnsServers: [], appliedDnsServers: [] },
        macAddress: "00-0D-3A-00-00-00",
        enableAcceleratedNetworking: true,
        enableIPForwarding: false,
        primary: true,
        ...(isOfEndpoint
          ? { privateEndpoint: { id: endpointId(place, item) } }
          : { virtualMachine: { id: `${group(place, item)}/providers/Microsoft.Compute/virtualMachines/vm-${item}` } }),
        nicType: "Standard",
      },
    };
  },

  "private DNS zones"(place, item) {
    return {
      id: zoneId(place, item),
      name: zoneNames[item % 3],
      type: "Microsoft.Network/privateDnsZones",
      location: "global",
      etag: guid(item),
      properties: {
        provisioningState: "Succeeded",
        numberOfRecordSets: 40,
        maxNumberOfRecordSets: 25000,
        numberOfVirtualNetworkLinks: 2,
      },
    };
  },

  "zone links"(place, item) {
    return {
      id: `${zoneId(place, item)}/virtualNetworkLinks/link-${item}`,
      name: `link-${item}`,
      type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
      location: "global",
      properties: {
        provisioningState: "Succeeded",
        registrationEnabled: false,
        virtualNetwork: { id: networkId(place, Math.floor(item / 3)) },
        virtualNetworkLinkState: "Completed",
      },
    };
  },

  /** Every fiftieth has the address of an earlier endpoint. */
  "DNS record sets"(place, item) {
    const { zone, name } = targetOf(place, item);
    return {
      id: `${zoneId(place, zone)}/A/${name}`,
      name,
      type: "Microsoft.Network/privateDnsZones/A",
      etag: guid(item),
      properties: {
        fqdn: `${name}.${zoneNames[zone]}.`,
        ttl: 10,
        aRecords: [{ ipv4Address: item % 50 === 49 ? "10.200.0.4" : endpointAddress(item) }],
        isAutoRegistered: false,
      },
    };
  },

  "ExpressRoute circuits"(place) {
    const id = `${networkGroup(place)}/providers/Microsoft.Network/expressRouteCircuits/erc-${place.block}`;
    return {
      id,
      name: `erc-${place.block}`,
      type: "Microsoft.Network/expressRouteCircuits",
      location: "westeurope",
      sku: { name: "Premium_MeteredData", tier: "Premium", family: "MeteredData" },
      properties: {
        provisioningState: "Succeeded",
        circuitProvisioningState: "Enabled",
        serviceProviderProvisioningState: "Provisioned",
        peerings: [
          {
            id: `${id}/peerings/MicrosoftPeering`,
            name: "MicrosoftPeering",
            type: "Microsoft.Network/expressRouteCircuits/peerings",
            properties: {
              peeringType: "MicrosoftPeering",
              state: "Enabled",
              microsoftPeeringConfig: {
                advertisedPublicPrefixes: ["198.18.0.0/24"],
                advertisedPublicPrefixesState: "Configured",
              },
            },
          },
        ],
        authorizations: [],
      },
    };
  },
};

const mixOfEndpoints = 100;

const publicDomains: Readonly<Record<string, string>> = {
  blob: "blob.core.windows.net",
  vault: "vault.azure.net",
  sqlServer: "database.windows.net",
};

/** Of each service endpoint the networks and subnets that have it; a few of those for SQL are used by nobody. */
const serviceEndpoints = [
  ["Microsoft.Storage", 20, 4],
  ["Microsoft.KeyVault", 20, 3],
  ["Microsoft.Sql", 20, 1],
  ["Microsoft.AzureCosmosDB", 12, 1],
  ["Microsoft.ServiceBus", 10, 1],
] as const;

function subnetBody(place: Place, network: number, subnet: number) {
  const delegation = { 18: "Microsoft.Web/serverFarms", 19: "Microsoft.DBforPostgreSQL/flexibleServers" }[subnet];
  const isUsed = network < (subnet === 18 ? 15 : 5);
  const endpoints = serviceEndpoints.filter(([, networks, subnets]) => network < networks && subnet < subnets);
  return {
    id: `${networkId(place, network)}/subnets/snet-${subnet}`,
    name: `snet-${subnet}`,
    type: "Microsoft.Network/virtualNetworks/subnets",
    etag: `W/"${guid(network)}"`,
    properties: {
      provisioningState: "Succeeded",
      addressPrefix: `10.${network}.${subnet}.0/24`,
      ...(subnet === 17 ? {} : { networkSecurityGroup: { id: nsgId(place, network + 20 * (subnet % 3)) } }),
      ...(subnet % 2 === 0 ? { routeTable: { id: routeTableId(place, network) } } : {}),
      ...(subnet % 2 === 1 && subnet !== 17 ? { defaultOutboundAccess: false } : {}),
      serviceEndpoints: endpoints.map(([service]) => ({ provisioningState: "Succeeded", service, locations: ["*"] })),
      ...(network < 5 || endpoints.length === 0
        ? {}
        : {
            serviceEndpointPolicies: [{ id: endpointPolicyId(place) }],
          }),
      ipConfigurations: Array.from({ length: 3 }, (_, nic) => ({
        id: `${interfaceId(place, 80 + ((network * 7 + subnet + nic) % 100))}/ipConfigurations/ipconfig1`,
      })),
      delegations:
        delegation === undefined || !isUsed
          ? []
          : [
              {
                id: `${networkId(place, network)}/subnets/snet-${subnet}/delegations/0`,
                name: "0",
                type: "Microsoft.Network/virtualNetworks/subnets/delegations",
                properties: { provisioningState: "Succeeded", serviceName: delegation, actions: [] },
              },
            ],
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    },
  };
}

function securityRule(id: string, seed: number, rule: number) {
  return {
    id: `${id}/securityRules/rule-${rule}`,
    name: `rule-${rule}`,
    type: "Microsoft.Network/networkSecurityGroups/securityRules",
    etag: `W/"${guid(seed)}"`,
    properties: {
      provisioningState: "Succeeded",
      description: "made by the landing zone",
      protocol: "Tcp",
      sourcePortRange: "*",
      destinationPortRange: String(1000 + rule),
      sourceAddressPrefix: rule % 3 === 0 ? "VirtualNetwork" : address(seed, rule),
      destinationAddressPrefix: "*",
      access: rule % 5 === 4 ? "Deny" : "Allow",
      priority: 100 + rule * 10,
      direction: rule % 4 === 3 ? "Outbound" : "Inbound",
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  };
}
