import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Reading } from "../../lib/readers/reader.ts";

/** What a test puts into a snapshot: bodies as ARM returns them, and what a reader says about lists and ids. */
export type Given = Body | Reading | readonly Given[];

export type Body = Readonly<Record<string, unknown>> & { readonly id: string };

export const subscription = "/subscriptions/00000000-0000-4000-8000-000000000001";
export const group = `${subscription}/resourceGroups/rg`;

export function idOf(text: string): ResourceId {
  const id = ResourceId.parse(text);
  if (id === undefined) throw new Error(`\`${text}\` is no ARM id`);
  return id;
}

export const storageId = `${group}/providers/Microsoft.Storage/storageAccounts/stdrawings`;
export const sqlId = `${group}/providers/Microsoft.Sql/servers/sql-erp`;
export const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/kv-erp`;
export const networkId = `${group}/providers/Microsoft.Network/virtualNetworks/vnet`;
export const subnetId = `${networkId}/subnets/snet-app`;
export const nsgId = `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg`;
export const endpointPolicyId = `${group}/providers/Microsoft.Network/serviceEndpointPolicies/sep`;
export const perimeterId = `${group}/providers/Microsoft.Network/networkSecurityPerimeters/nsp`;

/** Denies by default and admits nobody, nor whoever does not sign in. `networkAcls` is merged, every other property replaces. */
export function aStorageAccount(properties: Readonly<Record<string, unknown>> = {}, envelope = {}): Body {
  const { networkAcls, ...others } = properties;
  return {
    id: storageId,
    name: "stdrawings",
    type: "Microsoft.Storage/storageAccounts",
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS", tier: "Standard" },
    tags: {},
    ...envelope,
    properties: {
      publicNetworkAccess: "Enabled",
      networkAcls: merged(networkAcls, {
        bypass: "None",
        defaultAction: "Deny",
        ipRules: [],
        virtualNetworkRules: [],
        resourceAccessRules: [],
      }),
      allowBlobPublicAccess: false,
      privateEndpointConnections: [],
      ...others,
    },
  };
}

/** Denies by default and admits nobody; enumerations in lower case, as vaults have them. */
export function aKeyVault(properties: Readonly<Record<string, unknown>> = {}, envelope = {}): Body {
  const { networkAcls, ...others } = properties;
  return {
    id: vaultId,
    name: "kv-erp",
    type: "Microsoft.KeyVault/vaults",
    location: "westeurope",
    tags: {},
    ...envelope,
    properties: {
      publicNetworkAccess: "enabled",
      networkAcls: merged(networkAcls, { bypass: "none", defaultAction: "deny", ipRules: [], virtualNetworkRules: [] }),
      ...others,
    },
  };
}

function merged(given: unknown, defaults: object): unknown {
  return given === null ? undefined : { ...defaults, ...Object(given) };
}

export interface SqlServerParts {
  readonly properties?: Readonly<Record<string, unknown>>;
  /** [first, last] */
  readonly firewallRules?: readonly (readonly [string, string])[];
  readonly ipv6FirewallRules?: readonly (readonly [string, string])[];
  readonly virtualNetworkRules?: readonly { readonly subnet: string; readonly state?: string | null }[];
  /** Child lists that nobody read. */
  readonly notRead?: readonly string[];
}

/** A server without a rule, and the lists of its children, complete unless named in `notRead`. */
export function aSqlServer(parts: SqlServerParts = {}): Given {
  const { properties, firewallRules = [], ipv6FirewallRules = [], virtualNetworkRules = [], notRead = [] } = parts;
  const child = (type: string, index: number, values: object): Body => ({
    id: `${sqlId}/${type}/rule-${index}`,
    name: `rule-${index}`,
    type: `Microsoft.Sql/servers/${type}`,
    properties: values,
  });
  const server: Body = {
    id: sqlId,
    name: "sql-erp",
    type: "Microsoft.Sql/servers",
    location: "westeurope",
    tags: {},
    properties: { publicNetworkAccess: "Enabled", privateEndpointConnections: [], ...properties },
  };
  const types = ["firewallRules", "ipv6FirewallRules", "virtualNetworkRules"].filter((type) => !notRead.includes(type));
  return [
    server,
    ...firewallRules.map(([startIpAddress, endIpAddress], index) =>
      child("firewallRules", index, { startIpAddress, endIpAddress }),
    ),
    ...ipv6FirewallRules.map(([startIPv6Address, endIPv6Address], index) =>
      child("ipv6FirewallRules", index, { startIPv6Address, endIPv6Address }),
    ),
    ...virtualNetworkRules.map(({ subnet, state = "Ready" }, index) =>
      child("virtualNetworkRules", index, { virtualNetworkSubnetId: subnet, state }),
    ),
    ...types.map((type) => complete(sqlId, `Microsoft.Sql/servers/${type}`)),
  ];
}

/** A network rule as storage accounts hold it. */
export function aNetworkRule(subnet = subnetId, state: unknown = "Succeeded") {
  return { id: subnet, action: "Allow", state };
}

/** IP rules as storage accounts hold them; a vault's have no action. */
export function ipRules(...values: readonly unknown[]) {
  return values.map((value) => ({ value, action: "Allow" }));
}

export interface SubnetParts {
  readonly name?: string;
  /** The id of the group, or undefined for none. */
  readonly nsg?: string | undefined;
  /** Names of services, whose endpoints are then ready, or whole entries. */
  readonly serviceEndpoints?: readonly unknown[];
  readonly delegations?: readonly string[];
  /** Replaces what is there. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * A network with the given subnets; one `snet-app` unless said otherwise. Each has a network security group, which applies
 * to private endpoints as well, and, with service endpoints, a policy for them.
 */
export function aNetwork(subnets: readonly SubnetParts[] = [{}]): Body {
  return {
    id: networkId,
    name: "vnet",
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: subnets.map(aSubnet) },
  };
}

/** The policy of the subnets with service endpoints: it lists every account of the subscription unless said otherwise. */
export function anEndpointPolicy(serviceResources: readonly unknown[] = [subscription], id = endpointPolicyId): Body {
  const properties = { service: "Microsoft.Storage", serviceResources };
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: "Microsoft.Network/serviceEndpointPolicies",
    location: "westeurope",
    properties: { serviceEndpointPolicyDefinitions: [{ id: `${id}/serviceEndpointPolicyDefinitions/d`, properties }] },
  };
}

/** The group of the subnets, without rules of its own unless they are given. */
export function aSecurityGroup(securityRules: readonly object[] = [], id = nsgId): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: "Microsoft.Network/networkSecurityGroups",
    location: "westeurope",
    properties: { provisioningState: "Succeeded", securityRules },
  };
}

/** Lets everybody on the internet in over TCP, on a port of no importance, unless said otherwise. */
export function aSecurityRule({ name = "rule", ...properties }: Readonly<Record<string, unknown>> = {}): object {
  return {
    name,
    properties: {
      priority: 100,
      direction: "Inbound",
      access: "Allow",
      protocol: "Tcp",
      sourceAddressPrefix: "Internet",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "8443",
      ...properties,
    },
  };
}

export const publicAddressId = `${group}/providers/Microsoft.Network/publicIPAddresses/pip`;

export function aPublicAddress(sku = "Standard", id = publicAddressId): Body {
  return {
    id,
    name: "pip",
    type: "Microsoft.Network/publicIPAddresses",
    location: "westeurope",
    sku: { name: sku },
    properties: { ipAddress: "198.51.100.200" },
  };
}

/** An interface of a machine in `snet-app`, without a public address; `configuration` replaces what is there. */
export function aNetworkInterface(
  { publicIPAddress, ...configuration }: Readonly<Record<string, unknown>> = {},
  nsg?: string,
  name = "nic",
): Body {
  const address = publicIPAddress === undefined ? {} : { publicIPAddress: { id: publicIPAddress } };
  return {
    id: `${group}/providers/Microsoft.Network/networkInterfaces/${name}`,
    name,
    type: "Microsoft.Network/networkInterfaces",
    location: "westeurope",
    properties: {
      ...(nsg === undefined ? {} : { networkSecurityGroup: { id: nsg } }),
      virtualMachine: { id: `${group}/providers/Microsoft.Compute/virtualMachines/vm-${name}` },
      ipConfigurations: [
        {
          name: "ipconfig1",
          properties: { privateIPAddress: "10.0.0.4", subnet: { id: subnetId }, ...address, ...configuration },
        },
      ],
    },
  };
}

export function aSubnet(parts: SubnetParts = {}): Body {
  const { name = "snet-app", serviceEndpoints = [], delegations = [], properties = {} } = parts;
  const nsg = "nsg" in parts ? parts.nsg : nsgId;
  return {
    id: `${networkId}/subnets/${name}`,
    name,
    type: "Microsoft.Network/virtualNetworks/subnets",
    properties: {
      addressPrefix: "10.0.0.0/24",
      ...(nsg === undefined ? {} : { networkSecurityGroup: { id: nsg } }),
      serviceEndpoints: serviceEndpoints.map((service) =>
        typeof service === "string" ? { service, locations: ["*"], provisioningState: "Succeeded" } : service,
      ),
      serviceEndpointPolicies: serviceEndpoints.length === 0 ? [] : [{ id: endpointPolicyId }],
      delegations: delegations.map((serviceName) => ({ name: serviceName, properties: { serviceName } })),
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: "Enabled",
      ...properties,
    },
  };
}

/** A service that goes into subnets, named by its type unless said otherwise; in `snet-app` by the given properties. */
export function aPlacedService(type: string, properties: Readonly<Record<string, unknown>>, name = "placed"): Body {
  const [namespace, ...types] = type.split("/");
  const path = types.map((one, index) => `${one}/${index === types.length - 1 ? name : `parent-${index}`}`);
  const id = `${group}/providers/${namespace}/${path.join("/")}`;
  return { id, name, type, location: "westeurope", tags: {}, properties };
}

/** An app in `snet-app`, which says that its plan is an ordinary one. */
export function anApp(properties: Readonly<Record<string, unknown>> = {}, name = "app-erp"): Body {
  return aPlacedService(
    "Microsoft.Web/sites",
    { virtualNetworkSubnetId: subnetId, sku: "PremiumV3", ...properties },
    name,
  );
}

/** A Container Apps environment in `snet-app`, with the profile that every environment with workload profiles has. */
export function anEnvironment(properties: Readonly<Record<string, unknown>> = {}, name = "cae-erp"): Body {
  const ofType = { workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }], ...properties };
  const vnetConfiguration = { infrastructureSubnetId: subnetId, internal: true };
  return aPlacedService("Microsoft.App/managedEnvironments", { vnetConfiguration, ...ofType }, name);
}

/** One without workload profiles, which newer answers say in so many words. */
export function aConsumptionOnlyEnvironment(): Body {
  return anEnvironment({ workloadProfiles: null, environmentMode: "ConsumptionOnly" });
}

/** An API Management service in `snet-app`, of a classic tier unless said otherwise. */
export function anApiManagement(name = "Developer"): Body {
  const properties = { virtualNetworkConfiguration: { subnetResourceId: subnetId } };
  return { ...aPlacedService("Microsoft.ApiManagement/service", properties, "apim-erp"), sku: { name, capacity: 1 } };
}

/** A Databricks workspace in these subnets of `vnet`. */
export function aWorkspace(publicSubnet: unknown, privateSubnet: unknown, network: unknown = networkId): Body {
  const parameters = {
    customVirtualNetworkId: { value: network },
    customPublicSubnetName: { value: publicSubnet },
    customPrivateSubnetName: { value: privateSubnet },
  };
  const managedResourceGroupId = `${subscription}/resourceGroups/rg-dbw-erp`;
  return aPlacedService("Microsoft.Databricks/workspaces", { parameters, managedResourceGroupId }, "dbw-erp");
}

/** An account with agents of Foundry in `snet-app`. */
export function anAgentAccount(name = "ai-erp"): Body {
  const networkInjections = [{ scenario: "agent", subnetArmId: subnetId, useMicrosoftManagedNetwork: false }];
  return aPlacedService("Microsoft.CognitiveServices/accounts", { networkInjections }, name);
}

/** What a service of a type leaves in `snet-app`. */
export function aServiceLink(linkedResourceType?: string) {
  return { id: `${subnetId}/serviceAssociationLinks/link`, properties: { linkedResourceType } };
}

export const routeTableId = `${group}/providers/Microsoft.Network/routeTables/rt`;

export function aRouteTable(routes: readonly Readonly<Record<string, unknown>>[] = []): Body {
  const named = routes.map((properties, index) => ({ name: `route-${index}`, properties }));
  return {
    id: routeTableId,
    name: "rt",
    type: "Microsoft.Network/routeTables",
    location: "westeurope",
    properties: { routes: named },
  };
}

/** A connection as a service's body holds it. */
export function aConnection(status: string | undefined, name = "pe-erp"): Body {
  return {
    id: `${storageId}/privateEndpointConnections/${name}`,
    properties: {
      privateEndpoint: { id: `${group}/providers/Microsoft.Network/privateEndpoints/${name}` },
      privateLinkServiceConnectionState: { ...(status === undefined ? {} : { status }), description: "" },
      provisioningState: "Succeeded",
    },
  };
}

export interface PerimeterParts {
  /** The id of the service that it holds. */
  readonly service?: string;
  readonly accessMode?: string;
  /** What Azure says of how it set the association up. */
  readonly hasProvisioningIssues?: string;
  /** What the service says of it: how grave each issue is. */
  readonly severities?: readonly string[];
  /** The properties of each access rule, inbound unless they say otherwise. */
  readonly accessRules?: readonly Readonly<Record<string, unknown>>[];
}

const perimeters = "Microsoft.Network/networkSecurityPerimeters";

/** A perimeter that enforces its rules on one service and admits nobody; every list of it was read. */
export function aPerimeter(parts: PerimeterParts = {}): readonly [association: Body, rules: readonly Body[], Given] {
  const { service = storageId, accessMode = "Enforced", hasProvisioningIssues = "no", accessRules = [] } = parts;
  const profile = `${perimeterId}/profiles/default`;
  const association = {
    id: `${perimeterId}/resourceAssociations/association`,
    type: `${perimeters}/resourceAssociations`,
    properties: { privateLinkResource: { id: service }, profile: { id: profile }, accessMode, hasProvisioningIssues },
  };
  const rules = accessRules.map((properties, index) => ({
    id: `${profile}/accessRules/rule-${index}`,
    type: `${perimeters}/profiles/accessRules`,
    properties: { direction: "Inbound", addressPrefixes: [], ...properties },
  }));
  const perimeter = { id: perimeterId, type: perimeters, properties: {} };
  const lists = [
    noPerimeter,
    complete(perimeterId, `${perimeters}/resourceAssociations`),
    complete(profile, `${perimeters}/profiles/accessRules`),
  ];
  return [association, rules, [perimeter, ...lists]];
}

/** Every perimeter of the subscription was read, so what is not in the test does not exist. */
export const noPerimeter: Reading = complete(subscription, perimeters);

/** The same perimeter as the service tells it: its one association, the access rules included. */
export function aPerimeterConfiguration(parts: PerimeterParts = {}): readonly [configuration: Body, list: Reading] {
  const { service = storageId, accessMode = "Enforced", accessRules = [], severities = [] } = parts;
  const configuration = {
    id: `${service}/networkSecurityPerimeterConfigurations/association`,
    properties: {
      provisioningState: "Succeeded",
      provisioningIssues: severities.map((severity) => ({ name: "issue", properties: { severity } })),
      networkSecurityPerimeter: { id: perimeterId },
      resourceAssociation: { name: "association", accessMode },
      profile: {
        name: "default",
        accessRules: accessRules.map((properties, index) => ({
          name: `rule-${index}`,
          properties: { direction: "Inbound", addressPrefixes: [], ...properties },
        })),
      },
    },
  };
  return [configuration, notAssociated(service)];
}

/** The service was asked for its association, and whatever the test does not give does not exist. */
export function notAssociated(service = storageId): Reading {
  return complete(service, `${idOf(service).type}/networkSecurityPerimeterConfigurations`);
}

export interface CircuitParts {
  readonly name?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly peerings?: readonly PeeringParts[];
}

export interface PeeringParts {
  readonly peeringType?: string;
  readonly advertisedPublicPrefixes?: readonly unknown[];
  /** Replaces what is there; `microsoftPeeringConfig` is merged. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** A live circuit with a Microsoft peering that advertises 198.51.100.8/29, unless said otherwise. */
export function aCircuit({ name = "erc", properties = {}, peerings = [{}] }: CircuitParts = {}): Body {
  const id = `${group}/providers/Microsoft.Network/expressRouteCircuits/${name}`;
  return {
    id,
    name,
    type: "Microsoft.Network/expressRouteCircuits",
    location: "westeurope",
    properties: {
      circuitProvisioningState: "Enabled",
      serviceProviderProvisioningState: "Provisioned",
      peerings: peerings.map((parts) => aPeering(parts, id)),
      ...properties,
    },
  };
}

export const circuitId = `${group}/providers/Microsoft.Network/expressRouteCircuits/erc`;

/** A peering of a circuit, in the shape that it has in the circuit's body and on its own. */
export function aPeering(parts: PeeringParts = {}, circuit = circuitId): Body {
  const { peeringType = "MicrosoftPeering", advertisedPublicPrefixes = ["198.51.100.8/29"], properties = {} } = parts;
  const { microsoftPeeringConfig, ...others } = properties;
  const config = merged(microsoftPeeringConfig, {
    advertisedPublicPrefixes,
    advertisedPublicPrefixesState: "Configured",
  });
  return {
    id: `${circuit}/peerings/${peeringType}`,
    name: peeringType,
    type: "Microsoft.Network/expressRouteCircuits/peerings",
    properties: {
      peeringType,
      state: "Enabled",
      ...(peeringType === "MicrosoftPeering" ? { microsoftPeeringConfig: config } : {}),
      ...others,
    },
  };
}

/** Every circuit of the subscription was read, so what is not in the test does not exist. */
export const noOtherCircuit: Reading = complete(subscription, "Microsoft.Network/expressRouteCircuits");

/** A list that was read to its last page. */
export function complete(scope: string, type: string): Reading {
  return { kind: "list", scope: idOf(scope), type: type.toLowerCase(), completeness: { kind: "complete" } };
}

export function refusedList(scope: string, type: string): Reading {
  const because = `403 AuthorizationFailed reading the list of ${type}`;
  return {
    kind: "list",
    scope: idOf(scope),
    type: type.toLowerCase(),
    completeness: { kind: "unreadable", why: "refused", because },
  };
}

export function refused(id: string): Reading {
  return {
    kind: "unreadable",
    id: idOf(id),
    unreadable: { kind: "unreadable", why: "refused", because: `403 reading ${id}` },
  };
}

export function absent(id: string): Reading {
  return { kind: "absent", id: idOf(id) };
}
