import type { Body } from "./world.ts";

/** Bodies in the shapes that ARM returns, for worlds made by hand and at random. */
export const group = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg";
const region = "westeurope";
const provisioningState = "Succeeded";

export type Properties = Readonly<Record<string, unknown>>;

export function networkId(name = "a"): string {
  return `${group}/providers/Microsoft.Network/virtualNetworks/${name}`;
}

export function subnetId(network = "a", name = "s0"): string {
  return `${networkId(network)}/subnets/${name}`;
}

export type Kind =
  | "networkSecurityGroups"
  | "applicationSecurityGroups"
  | "routeTables"
  | "networkInterfaces"
  | "publicIPAddresses"
  | "publicIPPrefixes"
  | "privateEndpoints"
  | "natGateways"
  | "azureFirewalls"
  | "firewallPolicies"
  | "ipGroups"
  | "serviceEndpointPolicies"
  | "privateDnsZones";

export function idOf(kind: Kind, name: string): string {
  return `${group}/providers/Microsoft.Network/${kind}/${name}`;
}

export const storageId = `${group}/providers/Microsoft.Storage/storageAccounts/st`;
export const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/kv`;
export const appId = `${group}/providers/Microsoft.Web/sites/app`;
export const sqlId = `${group}/providers/Microsoft.Sql/servers/sql`;

function body(id: string, type: string, properties: Properties, envelope: Properties = { location: region }): Body {
  return { id, name: id.slice(id.lastIndexOf("/") + 1), type, ...envelope, properties };
}

export interface NetworkParts {
  readonly name?: string;
  readonly ranges?: readonly string[];
  readonly subnets?: readonly SubnetParts[];
  readonly peerings?: readonly PeeringParts[];
  readonly location?: string;
  /** That of all subnets which have none of their own. */
  readonly natGateway?: string | undefined;
}

export function aNetwork(parts: NetworkParts = {}): Body {
  const { name = "a", ranges = ["10.0.0.0/16"], subnets = [{}], peerings = [], location = region, natGateway } = parts;
  const properties = {
    provisioningState,
    ...(natGateway === undefined ? {} : { defaultPublicNatGateway: { id: idOf("natGateways", natGateway) } }),
    addressSpace: { addressPrefixes: ranges },
    subnets: subnets.map((subnet) => aSubnet(name, subnet)),
    virtualNetworkPeerings: peerings.map((peering) => aPeering(name, peering)),
    enableDdosProtection: false,
  };
  return body(networkId(name), "Microsoft.Network/virtualNetworks", properties, { location });
}

export interface SubnetParts {
  readonly name?: string;
  readonly prefixes?: readonly string[];
  readonly nsg?: string | undefined;
  readonly routeTable?: string | undefined;
  /** Services with an endpoint in the network's region, or whole entries. */
  readonly endpoints?: readonly (string | Properties)[];
  readonly natGateway?: string | undefined;
  readonly properties?: Properties;
}

function aSubnet(network: string, parts: SubnetParts): Body {
  const {
    name = "s0",
    prefixes = ["10.0.0.0/24"],
    nsg,
    routeTable,
    natGateway,
    endpoints = [],
    properties = {},
  } = parts;
  return {
    id: subnetId(network, name),
    name,
    type: "Microsoft.Network/virtualNetworks/subnets",
    properties: {
      provisioningState,
      ...(prefixes.length === 1 ? { addressPrefix: prefixes[0] } : { addressPrefixes: prefixes }),
      ...(nsg === undefined ? {} : { networkSecurityGroup: { id: idOf("networkSecurityGroups", nsg) } }),
      ...(routeTable === undefined ? {} : { routeTable: { id: idOf("routeTables", routeTable) } }),
      ...(natGateway === undefined ? {} : { natGateway: { id: idOf("natGateways", natGateway) } }),
      serviceEndpoints: endpoints.map((service) =>
        typeof service === "string" ? { provisioningState, service, locations: [region] } : service,
      ),
      delegations: [],
      privateLinkServiceNetworkPolicies: "Enabled",
      ...properties,
    },
  };
}

export interface PeeringParts {
  readonly with: string;
  readonly ranges: readonly string[];
  readonly state?: string;
  readonly access?: boolean;
  /** Whether the network lends the other one its gateway, or uses the other's. */
  readonly gateway?: "lends" | "uses";
  readonly properties?: Properties;
}

function aPeering(network: string, parts: PeeringParts): Body {
  const { with: peer, ranges, state = "Connected", access = true, gateway, properties = {} } = parts;
  const name = `to-${peer}`;
  return {
    id: `${networkId(network)}/virtualNetworkPeerings/${name}`,
    name,
    type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
    properties: {
      provisioningState,
      peeringState: state,
      peeringSyncLevel: "FullyInSync",
      remoteVirtualNetwork: { id: networkId(peer) },
      allowVirtualNetworkAccess: access,
      allowForwardedTraffic: false,
      allowGatewayTransit: gateway === "lends",
      useRemoteGateways: gateway === "uses",
      remoteAddressSpace: { addressPrefixes: ranges },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: ranges },
      ...properties,
    },
  };
}

/** What the subnets that name it may reach over their service endpoints for storage. */
export function anEndpointPolicy(name: string, serviceResources: readonly string[]): Body {
  const id = idOf("serviceEndpointPolicies", name);
  const definition = {
    id: `${id}/serviceEndpointPolicyDefinitions/storage`,
    name: "storage",
    properties: { provisioningState, service: "Microsoft.Storage", serviceResources },
  };
  return body(id, "Microsoft.Network/serviceEndpointPolicies", { serviceEndpointPolicyDefinitions: [definition] });
}

/** A group with rules given by their properties, inbound Allow of TCP from and to everywhere unless they say otherwise. */
export function aGroup(rules: readonly Properties[] = [], name = "nsg"): Body {
  const id = idOf("networkSecurityGroups", name);
  const securityRules = rules.map(({ name: given, ...properties }, index) => {
    const ruleName = typeof given === "string" ? given : `rule-${index}`;
    const type = "Microsoft.Network/networkSecurityGroups/securityRules";
    const common = { provisioningState, protocol: "*", access: "Allow", direction: "Inbound", priority: 100 + index };
    return {
      id: `${id}/securityRules/${ruleName}`,
      name: ruleName,
      type,
      properties: { ...common, ...anywhere(properties) },
    };
  });
  const defaultSecurityRules = defaultRules.map(([ruleName, direction, priority, access, from, to]) => ({
    id: `${id}/defaultSecurityRules/${ruleName}`,
    name: ruleName,
    type: "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
    properties: {
      ...{ provisioningState, protocol: "*", access, direction, priority },
      ...anywhere({ sourceAddressPrefix: from, destinationAddressPrefix: to }),
    },
  }));
  return body(id, "Microsoft.Network/networkSecurityGroups", {
    provisioningState,
    securityRules,
    defaultSecurityRules,
  });
}

const defaultRules = [
  ["AllowVnetInBound", "Inbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"],
  ["AllowAzureLoadBalancerInBound", "Inbound", 65001, "Allow", "AzureLoadBalancer", "*"],
  ["DenyAllInBound", "Inbound", 65500, "Deny", "*", "*"],
  ["AllowVnetOutBound", "Outbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"],
  ["AllowInternetOutBound", "Outbound", 65001, "Allow", "*", "Internet"],
  ["DenyAllOutBound", "Outbound", 65500, "Deny", "*", "*"],
] as const;

/** Every field that the rule does not have is `*`; ARM returns the plural fields, empty where the singular is used. */
function anywhere(properties: Properties): Properties {
  const fields = ["AddressPrefix", "PortRange"].flatMap((field) => [`source${field}`, `destination${field}`]);
  const filled = fields.flatMap((field) => {
    const plural = field.endsWith("x") ? `${field}es` : `${field}s`;
    const members = field.replace("AddressPrefix", "ApplicationSecurityGroups");
    const isGiven = [field, plural, members].some((one) => one in properties);
    return isGiven
      ? [[plural, []]]
      : [
          [field, "*"],
          [plural, []],
        ];
  });
  return { ...Object.fromEntries(filled), ...properties };
}

export function aRouteTable(
  routes: readonly (readonly [prefix: string, type: string, address?: string])[],
  name = "rt",
): Body {
  const id = idOf("routeTables", name);
  const properties = {
    provisioningState,
    disableBgpRoutePropagation: false,
    routes: routes.map(([addressPrefix, nextHopType, address = "10.0.0.7"], index) => ({
      id: `${id}/routes/route-${index}`,
      name: `route-${index}`,
      type: "Microsoft.Network/routeTables/routes",
      properties: {
        ...{ provisioningState, addressPrefix, nextHopType, hasBgpOverride: false },
        ...(nextHopType === "VirtualAppliance" ? { nextHopIpAddress: address } : {}),
      },
    })),
  };
  return body(id, "Microsoft.Network/routeTables", properties);
}

export interface InterfaceParts {
  readonly name?: string;
  readonly addresses: readonly string[];
  readonly subnet?: string;
  readonly nsg?: string | undefined;
  /** Names of application security groups. */
  readonly groups?: readonly string[];
  readonly publicAddress?: string | undefined;
  readonly endpoint?: string;
}

export function anInterface(parts: InterfaceParts): Body {
  const { name = "nic", addresses, subnet = subnetId(), nsg, groups = [], publicAddress, endpoint } = parts;
  const id = idOf("networkInterfaces", name);
  const properties = {
    provisioningState,
    ipConfigurations: addresses.map((privateIPAddress, index) => ({
      id: `${id}/ipConfigurations/ip-${index}`,
      name: `ip-${index}`,
      type: "Microsoft.Network/networkInterfaces/ipConfigurations",
      properties: {
        ...{ provisioningState, privateIPAddress, privateIPAllocationMethod: "Dynamic", subnet: { id: subnet } },
        ...{ primary: index === 0, privateIPAddressVersion: privateIPAddress.includes(":") ? "IPv6" : "IPv4" },
        ...(publicAddress === undefined ? {} : { publicIPAddress: { id: idOf("publicIPAddresses", publicAddress) } }),
        ...(groups.length === 0 ? {} : { applicationSecurityGroups: groups.map((one) => ({ id: aMember(one) })) }),
      },
    })),
    dnsSettings: { dnsServers: [], appliedDnsServers: [] },
    enableIPForwarding: false,
    ...(nsg === undefined ? {} : { networkSecurityGroup: { id: idOf("networkSecurityGroups", nsg) } }),
    ...(endpoint === undefined ? {} : { privateEndpoint: { id: idOf("privateEndpoints", endpoint) } }),
  };
  return body(id, "Microsoft.Network/networkInterfaces", properties);
}

function aMember(name: string): string {
  return idOf("applicationSecurityGroups", name);
}

export function anApplicationGroup(name: string): Body {
  return body(aMember(name), "Microsoft.Network/applicationSecurityGroups", { provisioningState });
}

export function aPublicAddress(name: string, sku: string, ipAddress?: string, location = region): Body {
  const publicIPAddressVersion = ipAddress?.includes(":") ? "IPv6" : "IPv4";
  const properties = {
    ...{ provisioningState, publicIPAddressVersion, publicIPAllocationMethod: "Static" },
    ...(ipAddress === undefined ? {} : { ipAddress }),
  };
  const envelope = { location, sku: { name: sku, tier: "Regional" } };
  return body(idOf("publicIPAddresses", name), "Microsoft.Network/publicIPAddresses", properties, envelope);
}

export function aPublicPrefix(name: string, ipPrefix: string, location = region): Body {
  const publicIPAddressVersion = ipPrefix.includes(":") ? "IPv6" : "IPv4";
  const properties = {
    provisioningState,
    publicIPAddressVersion,
    ipPrefix,
    prefixLength: Number(ipPrefix.split("/")[1]),
  };
  const envelope = { location, sku: { name: "StandardV2", tier: "Regional" } };
  return body(idOf("publicIPPrefixes", name), "Microsoft.Network/publicIPPrefixes", properties, envelope);
}

export interface FirewallParts {
  readonly privateAddress?: string;
  readonly publicAddresses?: readonly string[];
  readonly subnet?: string;
  readonly properties?: Properties;
}

/** An Azure Firewall with the rules that its properties give it, and its public addresses. */
export function aFirewall(parts: FirewallParts = {}): readonly Body[] {
  const { privateAddress = "10.0.0.68", publicAddresses = ["20.50.1.4"] } = parts;
  const { subnet = subnetId("a", "AzureFirewallSubnet"), properties = {} } = parts;
  const own = publicAddresses.map((address, at) => aPublicAddress(`afw-${at}`, "Standard", address));
  const ipConfigurations = own.map(({ id }, at) => ({
    name: `ip-${at}`,
    properties: {
      ...{ provisioningState, publicIPAddress: { id } },
      ...(at === 0 ? { privateIPAddress: privateAddress, subnet: { id: subnet } } : {}),
    },
  }));
  const common = { sku: { name: "AZFW_VNet", tier: "Standard" }, threatIntelMode: "Alert", ipConfigurations };
  const id = idOf("azureFirewalls", "afw");
  return [...own, body(id, "Microsoft.Network/azureFirewalls", { provisioningState, ...common, ...properties })];
}

/** The collections of one kind that a classic firewall holds. */
export function classicRules(
  ...collections: readonly (readonly [priority: number, action: string, ...rules: readonly Properties[]])[]
): readonly Properties[] {
  return collections.map(([priority, type, ...rules]) => ({
    name: `collection-${priority}`,
    properties: { priority, action: { type }, rules },
  }));
}

/** Of the kind StandardV2, with what it sends from: addresses, and prefixes with a slash. */
export function aNatGateway(sources: readonly string[], name = "nat", location = region): readonly Body[] {
  const own = sources.map((source, at) => {
    return source.includes("/")
      ? aPublicPrefix(`${name}-${at}`, source, location)
      : aPublicAddress(`${name}-${at}`, "StandardV2", source, location);
  });
  const idsOf = (kind: Kind, isIpv6: boolean) => {
    const isWanted = (_: Body, at: number) => sources[at]?.includes(":") === isIpv6;
    return own.filter(isWanted).flatMap(({ id }) => (id.includes(`/${kind}/`) ? [{ id }] : []));
  };
  const properties = {
    provisioningState,
    idleTimeoutInMinutes: 4,
    publicIpAddresses: idsOf("publicIPAddresses", false),
    publicIpPrefixes: idsOf("publicIPPrefixes", false),
    publicIpAddressesV6: idsOf("publicIPAddresses", true),
    publicIpPrefixesV6: idsOf("publicIPPrefixes", true),
  };
  const envelope = { location, sku: { name: "StandardV2" } };
  return [...own, body(idOf("natGateways", name), "Microsoft.Network/natGateways", properties, envelope)];
}

export interface EndpointParts {
  readonly name?: string;
  readonly service?: string;
  readonly groupId?: string;
  readonly status?: string;
  readonly isManual?: boolean;
  readonly subnet?: string;
  readonly addresses?: readonly string[];
  /** The names that lead to it. */
  readonly fqdns?: readonly string[];
}

/** A private endpoint and its interface. */
export function aPrivateEndpoint(parts: EndpointParts = {}): readonly Body[] {
  const { name = "pe", service = storageId, groupId = "blob", status = "Approved", isManual = false } = parts;
  const { subnet = subnetId("a", "s1"), addresses = ["10.0.1.4"], fqdns = [] } = parts;
  const nic = `${name}.nic`;
  const privateLinkServiceConnectionState = { status, description: "", actionsRequired: "None" };
  const connection = {
    id: `${idOf("privateEndpoints", name)}/privateLinkServiceConnections/${name}`,
    name,
    properties: {
      provisioningState,
      privateLinkServiceId: service,
      groupIds: [groupId],
      privateLinkServiceConnectionState,
    },
  };
  const properties = {
    provisioningState,
    privateLinkServiceConnections: isManual ? [] : [connection],
    manualPrivateLinkServiceConnections: isManual ? [connection] : [],
    subnet: { id: subnet },
    networkInterfaces: [{ id: idOf("networkInterfaces", nic) }],
    customDnsConfigs: fqdns.map((fqdn) => ({ fqdn, ipAddresses: addresses })),
    ipConfigurations: [],
  };
  return [
    body(idOf("privateEndpoints", name), "Microsoft.Network/privateEndpoints", properties),
    anInterface({ name: nic, addresses, subnet, endpoint: name }),
  ];
}

/** A connection as the body of its service holds it. */
export function aConnection(service: string, endpoint: string, status: string): Properties {
  return {
    id: `${service}/privateEndpointConnections/${endpoint}`,
    properties: {
      provisioningState,
      privateEndpoint: { id: idOf("privateEndpoints", endpoint) },
      privateLinkServiceConnectionState: { status, description: "" },
    },
  };
}

/** The endpoint's zone, linked to networks by name, with its record. */
export function aZone(zone: string, record: string, addresses: readonly string[], networks: readonly string[]): Body[] {
  const id = idOf("privateDnsZones", zone);
  const type = "Microsoft.Network/privateDnsZones";
  const global = { location: "global" };
  const aRecords = addresses.map((ipv4Address) => ({ ipv4Address }));
  return [
    body(id, type, { provisioningState, numberOfRecordSets: 2 }, global),
    ...networks.map((name) => {
      const link = { virtualNetwork: { id: networkId(name) }, registrationEnabled: false };
      const state = { provisioningState, virtualNetworkLinkState: "Completed" };
      return body(`${id}/virtualNetworkLinks/${name}`, `${type}/virtualNetworkLinks`, { ...state, ...link }, global);
    }),
    body(
      `${id}/A/${record}`,
      `${type}/A`,
      { fqdn: `${record}.${zone}.`, ttl: 10, aRecords, isAutoRegistered: false },
      {},
    ),
  ];
}

/** Denies by default and admits nobody, unless the rules say otherwise. */
export function aStorageAccount(
  networkAcls: Properties | undefined,
  properties: Properties = {},
  location = region,
): Body {
  const acls = { bypass: "AzureServices", defaultAction: "Deny", ipRules: [], virtualNetworkRules: [], ...networkAcls };
  const envelope = { location, kind: "StorageV2", sku: { name: "Standard_LRS", tier: "Standard" }, tags: {} };
  const common = { provisioningState, ...(networkAcls && { networkAcls: acls }), privateEndpointConnections: [] };
  return body(storageId, "Microsoft.Storage/storageAccounts", { ...common, ...properties }, envelope);
}

export function aVault(networkAcls: Properties | undefined, properties: Properties = {}): Body {
  const acls = { bypass: "AzureServices", defaultAction: "Deny", ipRules: [], virtualNetworkRules: [], ...networkAcls };
  const tenantId = "00000000-0000-4000-8000-000000000002";
  const common = { provisioningState, tenantId, sku: { family: "A", name: "standard" }, accessPolicies: [] };
  const rules = networkAcls && { networkAcls: acls };
  return body(vaultId, "Microsoft.KeyVault/vaults", { ...common, ...rules, ...properties });
}

/** An app, and what `config/web` says of its lists. */
export function anApp(config: Properties, properties: Properties = {}, location = region): readonly Body[] {
  const envelope = { location, kind: "app,linux", tags: {} };
  return [
    body(appId, "Microsoft.Web/sites", { state: "Running", privateEndpointConnections: [], ...properties }, envelope),
    body(`${appId}/config/web`, "Microsoft.Web/sites/config", { numberOfWorkers: 1, ...config }, {}),
  ];
}

export interface SqlParts {
  readonly ranges?: readonly (readonly [first: string, last: string])[];
  readonly subnets?: readonly (readonly [subnetId: string, state: string])[];
  readonly properties?: Properties;
  readonly location?: string;
}

/** A server and its rules, which are children. */
export function aSqlServer({
  ranges = [],
  subnets = [],
  properties = {},
  location = region,
}: SqlParts): readonly Body[] {
  const child = (type: string, index: number, values: Properties) =>
    body(`${sqlId}/${type}/rule-${index}`, `Microsoft.Sql/servers/${type}`, values, {});
  const common = { state: "Ready", version: "12.0", privateEndpointConnections: [] };
  return [
    body(sqlId, "Microsoft.Sql/servers", { ...common, ...properties }, { location, kind: "v12.0", tags: {} }),
    ...ranges.map(([first, last], index) =>
      first.includes(":")
        ? child("ipv6FirewallRules", index, { startIPv6Address: first, endIPv6Address: last })
        : child("firewallRules", index, { startIpAddress: first, endIpAddress: last }),
    ),
    ...subnets.map(([virtualNetworkSubnetId, state], index) => {
      const ignoreMissingVnetServiceEndpoint = true;
      return child("virtualNetworkRules", index, { virtualNetworkSubnetId, ignoreMissingVnetServiceEndpoint, state });
    }),
  ];
}
