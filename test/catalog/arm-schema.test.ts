import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { AccessListSource, FilterListSource, RequestListSource } from "../../lib/catalog/access-list-sources.ts";
import { apiVersionOf } from "../../lib/catalog/api-versions.ts";
import { catalog } from "../../lib/catalog/index.ts";
import { type Placement, placements } from "../../lib/catalog/placements.ts";
import { switchOf } from "../../lib/catalog/public-access.ts";
import type { Service } from "../../lib/catalog/service.ts";
import { fold } from "../../lib/model/resource-id.ts";
import {
  aCircuit,
  aConnection,
  aNetwork,
  aPeering,
  aPerimeter,
  aRouteTable,
  aStorageAccount,
  aSubnet,
  group,
  networkId,
  nsgId,
} from "../support/builders.ts";
import { aPrivateEndpoint, aZone } from "../support/private-endpoints.ts";
import { snapshotOf } from "../support/world.ts";
import { publishedType, publishedTypes, schemasAt, wordsOf } from "./published-types.ts";

/** One path that Cordon reads in the bodies of a type. */
interface Path {
  readonly type: string;
  readonly pointer: string;
  /** Folded words whose meaning is known, where the path leads to an enumeration. */
  readonly known?: readonly string[];
}

/** Paths without an enumeration in Azure's type, and words that are left unknown on purpose. */
const exceptions = new Map([
  [
    "Microsoft.Network/azureFirewalls /properties/natRuleCollections/*/properties/action/type Snat",
    "what such a collection does is documented nowhere",
  ],
  [
    "Microsoft.Network/expressRouteCircuits /properties/circuitProvisioningState",
    "a plain string in the type; the documents give its values",
  ],
  [
    "Microsoft.KeyVault/vaults /properties/publicNetworkAccess",
    "a plain string in the type; the documents give its values",
  ],
  ...["Microsoft.Web/sites", "Microsoft.Web/sites/slots"].flatMap((type) => [
    [`${type} /properties/publicNetworkAccess`, "a plain string in the type; the documents give its values"] as const,
    ...["ipSecurityRestrictions", "scmIpSecurityRestrictions"].map(
      (list) => [`${type}/config /properties/${list}/*/tag XffProxy`, "what it does is documented nowhere"] as const,
    ),
  ]),
  ...[
    "/properties/publicNetworkAccess",
    "/properties/privateEndpointConnections/*/properties/properties/privateLinkServiceConnectionState/status",
  ].map(
    (pointer) =>
      [`Microsoft.Web/staticSites ${pointer}`, "a plain string in the type; the documents give its values"] as const,
  ),
  ["Microsoft.Purview/accounts /properties/publicNetworkAccess NotSpecified", "what it means is documented nowhere"],
  [
    "Microsoft.Purview/accounts /properties/privateEndpointConnections/*/properties/privateLinkServiceConnectionState/status Unknown",
    "Azure itself does not know the state",
  ],
  [
    "Microsoft.MachineLearningServices/workspaces /properties/privateEndpointConnections/*/properties/privateLinkServiceConnectionState/status Timeout",
    "what such a connection carries is documented nowhere",
  ],
  [
    "Microsoft.Sql/managedInstances /properties/privateEndpointConnections/*/properties/privateLinkServiceConnectionState/status",
    "a plain string in the type; the documents give its values",
  ],
  [
    "Microsoft.DataFactory/factories/privateEndpointConnections /properties/privateLinkServiceConnectionState/status",
    "a plain string in the type; the documents give its values",
  ],
  ["Microsoft.Sql/servers /properties/isIPv6Enabled SecuredByPerimeter", "the documents name the other two only"],
  [
    "Microsoft.Network/virtualNetworkGateways /properties/gatewayType LocalGateway",
    "what such a gateway learns is documented nowhere",
  ],
  ["Microsoft.Network/connections /properties/connectionType VPNClient", "no document says what such a connection is"],
  ...["networkFeatures", "effectiveNetworkFeatures"].flatMap((name) =>
    ["Basic_Standard", "Standard_Basic"].map(
      (word) =>
        [
          `Microsoft.NetApp/netAppAccounts/capacityPools/volumes /properties/${name} ${word}`,
          "on the way from the one to the other, of which no page says which of the two counts",
        ] as const,
    ),
  ),
  ["Microsoft.Sql/servers/virtualNetworkRules /properties/state Unknown", "Azure itself does not know the state"],
  ...[
    "Microsoft.Automation/automationAccounts",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.Kusto/clusters",
    "Microsoft.Synapse/privateLinkHubs",
    "Microsoft.Synapse/workspaces",
  ].map(
    (type) =>
      [
        `${type} /properties/privateEndpointConnections/*/properties/privateLinkServiceConnectionState/status`,
        "a plain string in the type; the documents give its values",
      ] as const,
  ),
  ...["signalR", "webPubSub"].map((name): readonly [string, string] => [
    `Microsoft.SignalRService/${name} /properties/publicNetworkAccess`,
    "a plain string in the type; the documents give its values",
  ]),
]);

/**
 * What the types lack, and answers have: `GET …/sites/{name}` says which private endpoints an app has, and an answer of an
 * api-version that is newer than the published type, which Resource Graph may hold, which mode an environment is in.
 */
const unpublished = [
  ...["Microsoft.Web/sites", "Microsoft.Web/sites/slots"].map((type) => ({
    type,
    pointer: "/properties/privateEndpointConnections",
  })),
  { type: "Microsoft.App/managedEnvironments", pointer: "/properties/environmentMode" },
  // in the preview that shows network rules
  { type: "Microsoft.ContainerRegistry/registries", pointer: "/properties/endpointProtocol" },
];

/** Where a connection begins within an element of the list, of types that have more around it. */
const envelopes = new Map([["Microsoft.Web/staticSites", "/properties"]]);

function pathsOf(service: Service): readonly Path[] {
  const {
    type,
    defaultAction,
    entranceInNetwork,
    filteredInSubnets = [],
    ipRules = [],
    parts = [],
    virtualNetworkRules,
    accessLists = [],
    exceptions: excepted,
    publishesIpv6,
    endpointNames,
    ownAddresses,
    namedZone,
    firewallChild,
    networkRulesUnsupported,
    portsBySetting = [],
    anonymousAccess,
    replicas,
    shownBy,
    endpointHolders: holders,
  } = service;
  const access = switchOf(service);
  const holder = firewallChild === undefined ? type : `${type}/${firewallChild.type}`;
  const { privateEndpointConnections: at } = service;
  const inBody = typeof at === "string";
  const connections =
    typeof at === "object"
      ? { type: `${type}/${at.type}`, at: "" }
      : { type, at: `${at}/*${envelopes.get(type) ?? ""}` };
  const paths: (Path | undefined)[] = [
    { type, pointer: "/location" },
    { type, pointer: "/tags" },
    access && { type, pointer: access.pointer, known: Object.keys(access.values) },
    shownBy === undefined && defaultAction !== undefined && "pointer" in defaultAction
      ? { type: holder, pointer: defaultAction.pointer, known: Object.keys(defaultAction.values) }
      : undefined,
    ...parts.map(({ defaultAction: { pointer, values } }) => ({ type: holder, pointer, known: Object.keys(values) })),
    ...parts.flatMap(({ onlyIf }) => (onlyIf === undefined ? [] : [{ type: holder, pointer: onlyIf.pointer }])),
    ...[...ipRules, ...parts.flatMap((part) => part.ipRules)]
      .filter((source) => source.until === undefined && shownBy === undefined)
      .flatMap((source) => {
        const { rule, at } = place(source.in === "child" ? type : holder, source);
        const { value, action } = source;
        const texts = typeof value === "string" ? [value] : [value.first, value.last];
        return [
          ...texts.map((pointer) => ({ type: rule, pointer: `${at}${pointer}` })),
          action === undefined ? undefined : { type: rule, pointer: `${at}${action}`, known: ["allow"] },
        ];
      }),
    ...accessLists.flatMap((list) =>
      "requests" in list
        ? requestListPaths(holder, list)
        : "target" in list
          ? filterListPaths(holder, list)
          : accessListPaths(holder, list),
    ),
    ...(virtualNetworkRules === undefined || virtualNetworkRules.shownBy !== undefined
      ? []
      : [virtualNetworkRules]
    ).flatMap((source) => {
      const { rule, at } = place(source.in === "child" ? type : holder, source);
      const { state, onlyIf, action } = source;
      return [
        action === undefined ? undefined : { type: rule, pointer: `${at}${action}`, known: ["allow"] },
        onlyIf === undefined ? undefined : { type: holder, pointer: onlyIf },
        ...[source.subnet].flat().map((subnet) => ({ type: rule, pointer: `${at}${subnet}` })),
        state && { type: rule, pointer: `${at}${state.pointer}`, known: Object.keys(state.values) },
      ];
    }),
    excepted && {
      type: holder,
      pointer: excepted.bypass.pointer,
      ...(excepted.bypass.isSwitch ? {} : { known: ["none", ...excepted.bypass.flags.map(fold)] }),
    },
    excepted?.resourceAccessRules === undefined
      ? undefined
      : {
          type: holder,
          pointer: `${excepted.resourceAccessRules.pointer}/*${excepted.resourceAccessRules.id}`,
        },
    excepted?.ownSwitch && { type: holder, pointer: excepted.ownSwitch.pointer },
    ...portsBySetting.map(({ pointer }) => ({ type, pointer })),
    ...[anonymousAccess?.pointer, anonymousAccess?.except?.pointer].map((pointer) =>
      pointer === undefined ? undefined : { type, pointer },
    ),
    networkRulesUnsupported && {
      type,
      pointer: `${networkRulesUnsupported.list}/*${networkRulesUnsupported.pointer}`,
      known: ["disabled", "snienabled", networkRulesUnsupported.value],
    },
    ...[
      publishesIpv6,
      entranceInNetwork,
      ...filteredInSubnets,
      endpointNames,
      ownAddresses,
      namedZone?.isPublicToo,
    ].map((source) =>
      typeof source === "object" && "pointer" in source
        ? { type, pointer: source.pointer, known: Object.keys(source.values) }
        : undefined,
    ),
    ...Object.values(ownAddresses?.values ?? {}).map((way) =>
      way === "none" ? undefined : { type, pointer: `${way.list}/*/id` },
    ),
    ...[
      holders && `${holders.pointer}/*${holders.id}`,
      replicas?.pointer,
      replicas?.onlyIf,
      namedZone?.name,
      namedZone?.kept?.pointer,
      namedZone?.kept?.group,
    ].map((pointer) => (pointer === undefined ? undefined : { type, pointer })),
    typeof at === "object" && at.onlyIf !== undefined
      ? { type, pointer: at.onlyIf, known: ["true", "false"] }
      : undefined,
    ...(access?.others ?? []).map((pointer) => {
      return { type, pointer, known: Object.keys(access?.values ?? {}) };
    }),
    access?.overruledBy && { type, pointer: access.overruledBy.pointer },
    ...(at === undefined || (inBody && isUnpublished({ type, pointer: at }))
      ? []
      : [
          { type: connections.type, pointer: `${connections.at}/id` },
          { type: connections.type, pointer: `${connections.at}/properties/privateEndpoint/id` },
          {
            type: connections.type,
            pointer: `${connections.at}/properties/privateLinkServiceConnectionState/status`,
            known: ["approved", "pending", "rejected", "disconnected"],
          },
        ]),
  ];
  return paths.filter((path) => path !== undefined).filter((path) => !isUnpublished(path));
}

function isUnpublished({ type, pointer }: Path): boolean {
  return unpublished.some((one) => one.type === type && one.pointer === pointer);
}

function accessListPaths(type: string, { pointer, unmatched, usesFirst, rule }: AccessListSource): readonly Path[] {
  const inRule = [rule.value, rule.mask, rule.subnet, rule.priority, rule.headers, rule.action.pointer];
  return [
    { type, pointer: unmatched.pointer, known: Object.keys(unmatched.values) },
    ...(usesFirst === undefined ? [] : [{ type, pointer: usesFirst }]),
    ...inRule.map((one) => ({ type, pointer: `${pointer}/*${one}` })),
    { type, pointer: `${pointer}/*${rule.tag.pointer}`, known: Object.keys(rule.tag.values) },
  ];
}

function filterListPaths(type: string, { pointer, rule, target }: FilterListSource): readonly Path[] {
  return [
    { type, pointer: `${pointer}/*${rule.value}` },
    { type, pointer: `${pointer}/*${rule.action.pointer}`, known: Object.keys(rule.action.values) },
    { type, pointer: `${pointer}/*${target.pointer}`, known: Object.keys(target.values) },
  ];
}

function requestListPaths(type: string, { pointer, unmatched, rule, requests }: RequestListSource): readonly Path[] {
  const { types, allow, deny, publicNetwork, privateEndpoints } = requests;
  return [
    { type, pointer: unmatched.pointer, known: Object.keys(unmatched.values) },
    { type, pointer: `${pointer}/*${rule.value}` },
    { type, pointer: `${pointer}/*${rule.action.pointer}`, known: Object.keys(rule.action.values) },
    { type, pointer: `${privateEndpoints.pointer}/*${privateEndpoints.name}` },
    ...[publicNetwork, `${privateEndpoints.pointer}/*`].flatMap((rules) =>
      [allow, deny].map((list) => ({ type, pointer: `${rules}${list}/*`, known: types })),
    ),
  ];
}

/** The type whose bodies hold the rules, and where in them a rule starts. */
function place(type: string, source: { in: "body"; pointer: string } | { in: "child"; type: string }) {
  if (source.in === "child") return { rule: `${type}/${source.type}`, at: "" };
  return { rule: type, at: `${source.pointer}/*` };
}

function gatewayPaths(): readonly Path[] {
  const gateway = "Microsoft.Network/virtualNetworkGateways";
  const connection = "Microsoft.Network/connections";
  const pool = "vpnClientAddressPool/addressPrefixes/*";
  return [
    ...[
      "ipConfigurations/*/properties/subnet/id",
      "gatewayDefaultSite/id",
      `vpnClientConfiguration/${pool}`,
      `vpnClientConfiguration/vngClientConnectionConfigurations/*/properties/${pool}`,
      "natRules/*/id",
      "natRules/*/properties/internalMappings/*/addressSpace",
      "natRules/*/properties/externalMappings/*/addressSpace",
    ].map((property) => ({ type: gateway, pointer: `/properties/${property}` })),
    { type: gateway, pointer: "/properties/gatewayType", known: ["vpn", "expressroute"] },
    ...[
      "virtualNetworkGateway1/id",
      "virtualNetworkGateway2/id",
      "localNetworkGateway2/id",
      "enableBgp",
      "ingressNatRules/*/id",
    ].map((property) => ({ type: connection, pointer: `/properties/${property}` })),
    { type: connection, pointer: "/properties/connectionType", known: ["ipsec", "vnet2vnet", "expressroute"] },
    {
      type: "Microsoft.Network/localNetworkGateways",
      pointer: "/properties/localNetworkAddressSpace/addressPrefixes/*",
    },
  ];
}

const network = "Microsoft.Network/virtualNetworks";
const perimeter = "Microsoft.Network/networkSecurityPerimeters";
const zone = "Microsoft.Network/privateDnsZones";

const peerings = "/properties/virtualNetworkPeerings/*";

const circuitStates = ["Enabled", "Enabling", "Disabled", "Disabling"];
const providerStates = ["NotProvisioned", "Provisioning", "Provisioned", "Deprovisioning", "DeProvisioned"];
const peeringTypes = ["AzurePublicPeering", "AzurePrivatePeering", "MicrosoftPeering"];
const prefixStates = [
  "NotConfigured",
  "Configuring",
  "Configured",
  "ValidationNeeded",
  "ValidationFailed",
  "ManualValidationNeeded",
  "AsnValidationFailed",
  "CertificateMissingInRoutingRegistry",
  "InvalidSignatureEncoding",
  "SignatureVerificationFailed",
];

const nextHopTypes = [
  "VirtualAppliance",
  "VirtualApplianceEcmp",
  "VirtualNetworkGateway",
  "VnetLocal",
  "Internet",
  "None",
];

const networkPolicies = ["Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"];
const peeringStates = ["Connected", "Initiated", "Disconnected"];
const addressSkus = ["Basic", "Standard", "StandardV2"];
const directions = ["Inbound", "Outbound"];
const accesses = ["Allow", "Deny"];
const firewallProtocols = ["any", "tcp", "udp", "icmp"];
const protocols = ["*", "Tcp", "Udp", "Icmp", "Esp", "Ah"];

/** What the files of lib/facts read beside the catalog's pointers. */
const factPaths: readonly Path[] = [
  { type: network, pointer: "/location" },
  ...[
    "/properties/networkSecurityGroup/id",
    "/properties/serviceEndpoints/*/service",
    "/properties/serviceEndpoints/*/provisioningState",
    "/properties/serviceEndpoints/*/locations/*",
    "/properties/delegations/*/properties/serviceName",
    "/properties/addressPrefix",
    "/properties/addressPrefixes/*",
    "/properties/natGateway/id",
    "/properties/routeTable/id",
    "/properties/defaultOutboundAccess",
    ...[
      "ipConfigurations",
      "ipConfigurationProfiles",
      "privateEndpoints",
      "applicationGatewayIPConfigurations",
      "serviceAssociationLinks",
      "resourceNavigationLinks",
      "serviceEndpointPolicies",
    ].map((list) => `/properties/${list}/*/id`),
    "/properties/serviceAssociationLinks/*/properties/linkedResourceType",
    "/properties/resourceNavigationLinks/*/properties/linkedResourceType",
  ].flatMap((pointer) => ofSubnet({ pointer })),
  ...ofSubnet({
    pointer: "/properties/privateEndpointNetworkPolicies",
    known: networkPolicies.map(fold),
  }),
  ...["service", "serviceResources/*"].map((name) => ({
    type: "Microsoft.Network/serviceEndpointPolicies",
    pointer: `/properties/serviceEndpointPolicyDefinitions/*/properties/${name}`,
  })),
  { type: network, pointer: "/properties/subnets/*/id" },
  { type: network, pointer: "/properties/dhcpOptions/dnsServers/*" },
  { type: network, pointer: "/properties/addressSpace/addressPrefixes/*" },
  { type: network, pointer: "/properties/defaultPublicNatGateway/id" },
  { type: network, pointer: `${peerings}/name` },
  ...[
    "remoteVirtualNetwork/id",
    "allowVirtualNetworkAccess",
    "allowForwardedTraffic",
    "allowGatewayTransit",
    "useRemoteGateways",
    "remoteAddressSpace/addressPrefixes/*",
  ].map((property) => ({ type: network, pointer: `${peerings}/properties/${property}` })),
  { type: network, pointer: `${peerings}/properties/peeringState`, known: peeringStates.map(fold) },
  ...securityRulePaths(),
  ...[
    "/location",
    "/properties/subnet/id",
    "/properties/applicationSecurityGroups/*/id",
    "/properties/networkInterfaces/*/id",
    "/properties/customDnsConfigs/*/fqdn",
    "/properties/customDnsConfigs/*/ipAddresses/*",
    ...["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"].flatMap((list) => [
      `/properties/${list}/*/properties/privateLinkServiceId`,
      `/properties/${list}/*/properties/groupIds/*`,
      `/properties/${list}/*/properties/privateLinkServiceConnectionState/status`,
    ]),
  ].map((pointer) => ({ type: "Microsoft.Network/privateEndpoints", pointer })),
  ...["privateDnsZoneId", "recordSets/*/recordType", "recordSets/*/recordSetName"].map((property) => ({
    type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    pointer: `/properties/privateDnsZoneConfigs/*/properties/${property}`,
  })),
  { type: `${zone}/virtualNetworkLinks`, pointer: "/properties/virtualNetwork/id" },
  {
    type: `${zone}/virtualNetworkLinks`,
    pointer: "/properties/virtualNetworkLinkState",
    known: ["completed", "inprogress"],
  },
  { type: `${zone}/A`, pointer: "/properties/aRecords/*/ipv4Address" },
  { type: `${zone}/AAAA`, pointer: "/properties/aaaaRecords/*/ipv6Address" },
  ...["virtualMachine/id", "privateEndpoint/id", "networkSecurityGroup/id"].map((property) => ({
    type: "Microsoft.Network/networkInterfaces",
    pointer: `/properties/${property}`,
  })),
  ...[
    "privateIPAddress",
    "subnet/id",
    "publicIPAddress/id",
    "applicationSecurityGroups/*/id",
    "loadBalancerBackendAddressPools/*/id",
    "loadBalancerInboundNatRules/*/id",
    "privateLinkConnectionProperties/groupId",
    "privateLinkConnectionProperties/fqdns/*",
  ].map((property) => ({
    type: "Microsoft.Network/networkInterfaces",
    pointer: `/properties/ipConfigurations/*/properties/${property}`,
  })),
  { type: "Microsoft.Network/publicIPAddresses", pointer: "/sku/name", known: addressSkus.map(fold) },
  { type: "Microsoft.Network/publicIPAddresses", pointer: "/properties/ipAddress" },
  ...gatewayPaths(),
  { type: "Microsoft.Network/publicIPPrefixes", pointer: "/properties/ipPrefix" },
  ...["publicIpAddresses", "publicIpPrefixes", "publicIpAddressesV6", "publicIpPrefixesV6"].map((list) => ({
    type: "Microsoft.Network/natGateways",
    pointer: `/properties/${list}/*/id`,
  })),
  { type: `${perimeter}/resourceAssociations`, pointer: "/properties/privateLinkResource/id" },
  { type: `${perimeter}/resourceAssociations`, pointer: "/properties/profile/id" },
  {
    type: `${perimeter}/resourceAssociations`,
    pointer: "/properties/accessMode",
    known: ["enforced", "learning", "audit"],
  },
  { type: `${perimeter}/profiles/accessRules`, pointer: "/properties/addressPrefixes/*" },
  { type: `${perimeter}/profiles/accessRules`, pointer: "/properties/serviceTags/*" },
  { type: `${perimeter}/profiles/accessRules`, pointer: "/properties/direction", known: ["inbound", "outbound"] },
  ...circuitPaths(),
  ...firewallPaths(),
  { type: "Microsoft.Network/networkSecurityGroups", pointer: "/location" },
  ...["subnets", "networkInterfaces"].map((list) => ({
    type: "Microsoft.Network/networkSecurityGroups",
    pointer: `/properties/${list}/*/id`,
  })),
  { type: "Microsoft.Network/routeTables", pointer: "/properties/disableBgpRoutePropagation" },
  { type: "Microsoft.Network/routeTables", pointer: "/properties/disablePeeringRoute" },
  ...["name", "properties/addressPrefix", "properties/nextHopIpAddress"].map((property) => ({
    type: "Microsoft.Network/routeTables",
    pointer: `/properties/routes/*/${property}`,
  })),
  {
    type: "Microsoft.Network/routeTables",
    pointer: "/properties/routes/*/properties/nextHopType",
    known: nextHopTypes.map(fold),
  },
  ...placements.flatMap(({ type, isApart }) =>
    (isApart?.pointers ?? []).map((pointer) => ({ type, pointer, known: Object.keys(isApart?.values ?? {}) })),
  ),
  ...placements.flatMap((placement) =>
    ["/location", "/tags", ...pointersOf(placement)].map((pointer) => ({ type: placement.type, pointer })),
  ),
];

/** All that is read of a service to know its place, as far as Azure's type has it. */
function pointersOf({ type, subnets, signs = [], host, environments = [] }: Placement): readonly string[] {
  const places = subnets.flatMap((one) => (typeof one === "string" ? [one] : [one.network, one.name]));
  const inElements = signs.map(({ pointer }) => pointer.replace("/0/", "/*/"));
  const all = new Set([...places, ...inElements, ...environments, ...(host === undefined ? [] : [host])]);
  return [...all].filter((pointer) => !unpublished.some((one) => one.type === type && one.pointer === pointer));
}

/** ARM has subnets on their own and inside their network. */
function ofSubnet({ pointer, ...path }: Omit<Path, "type">): readonly Path[] {
  return [
    { ...path, type: `${network}/subnets`, pointer },
    { ...path, type: network, pointer: `/properties/subnets/*${pointer}` },
  ];
}

function securityRulePaths(): readonly Path[] {
  const type = "Microsoft.Network/networkSecurityGroups";
  const rule = "/properties/securityRules/*";
  const sides = ["source", "destination"].flatMap((side) => [
    `${side}PortRange`,
    `${side}PortRanges/*`,
    `${side}AddressPrefix`,
    `${side}AddressPrefixes/*`,
    `${side}ApplicationSecurityGroups/*/id`,
  ]);
  return [
    { type, pointer: `${rule}/name` },
    ...["priority", ...sides].map((property) => ({ type, pointer: `${rule}/properties/${property}` })),
    { type, pointer: `${rule}/properties/direction`, known: directions.map(fold) },
    { type, pointer: `${rule}/properties/access`, known: accesses.map(fold) },
    { type, pointer: `${rule}/properties/protocol`, known: protocols.map(fold) },
  ];
}

function circuitPaths(): readonly Path[] {
  const type = "Microsoft.Network/expressRouteCircuits";
  const states = ["enabled", "disabled"];
  const ofConfig = (config: string): Omit<Path, "type">[] => [
    { pointer: `${config}/advertisedPublicPrefixes/*` },
    { pointer: `${config}/advertisedPublicPrefixesState`, known: prefixStates.map(fold) },
    { pointer: `${config}/advertisedPublicPrefixInfo/*/prefix` },
    { pointer: `${config}/advertisedPublicPrefixInfo/*/validationState`, known: prefixStates.map(fold) },
  ];
  const ofPeering: readonly Omit<Path, "type">[] = [
    { pointer: "/properties/peeringType", known: peeringTypes.map(fold) },
    { pointer: "/properties/state", known: states },
    { pointer: "/properties/ipv6PeeringConfig/state", known: states },
    ...ofConfig("/properties/microsoftPeeringConfig"),
    ...ofConfig("/properties/ipv6PeeringConfig/microsoftPeeringConfig"),
  ];
  return [
    { type, pointer: "/properties/circuitProvisioningState", known: circuitStates.map(fold) },
    { type, pointer: "/properties/serviceProviderProvisioningState", known: providerStates.map(fold) },
    { type, pointer: "/properties/peerings/*/id" },
    ...ofPeering.flatMap((path) => [
      { ...path, type: `${type}/peerings` },
      { ...path, type, pointer: `/properties/peerings/*${path.pointer}` },
    ]),
  ];
}

function firewallPaths(): readonly Path[] {
  const [firewall, policy] = ["Microsoft.Network/azureFirewalls", "Microsoft.Network/firewallPolicies"];
  const group = `${policy}/ruleCollectionGroups`;
  const sources = ["name", "sourceAddresses/*", "sourceIpGroups/*"];
  const destinations = [...sources, "destinationAddresses/*", "destinationPorts/*"];
  const fields = {
    natRuleCollections: [...destinations, "translatedAddress", "translatedFqdn", "translatedPort"],
    networkRuleCollections: [...destinations, "destinationIpGroups/*", "destinationFqdns/*"],
    applicationRuleCollections: [...sources, "targetFqdns/*", "protocols/*/port"],
  };
  const hosts = ["http", "https", "mssql"];
  const collection = "/properties/ruleCollections/*";
  return [
    ...Object.entries(fields).flatMap(([list, names]) => {
      const inside = `/properties/${list}/*/properties`;
      const known = list === "natRuleCollections" ? ["dnat"] : ["allow", "deny"];
      const isApplication = list === "applicationRuleCollections";
      const protocol = isApplication ? "protocols/*/protocolType" : "protocols/*";
      return [
        { type: firewall, pointer: `${inside}/priority` },
        { type: firewall, pointer: `${inside}/action/type`, known },
        { type: firewall, pointer: `${inside}/rules/*/${protocol}`, known: isApplication ? hosts : firewallProtocols },
        ...names.map((name) => ({ type: firewall, pointer: `${inside}/rules/*/${name}` })),
      ];
    }),
    ...["/location", "/properties/firewallPolicy/id", "/properties/hubIPAddresses/publicIPs/addresses/*/address"].map(
      (pointer) => ({ type: firewall, pointer }),
    ),
    { type: firewall, pointer: "/properties/ipConfigurations/*/properties/publicIPAddress/id" },
    { type: firewall, pointer: "/properties/ipConfigurations/*/properties/subnet/id" },
    ...["basePolicy/id", "firewalls/*/id", "childPolicies/*/id", "ruleCollectionGroups/*/id"].map((property) => ({
      type: policy,
      pointer: `/properties/${property}`,
    })),
    { type: group, pointer: "/properties/priority" },
    { type: group, pointer: `${collection}/priority` },
    { type: group, pointer: `${collection}/action/type`, known: ["allow", "deny", "dnat"] },
    { type: group, pointer: `${collection}/rules/*/ruleType`, known: ["natrule", "networkrule", "applicationrule"] },
    { type: group, pointer: `${collection}/rules/*/ipProtocols/*`, known: firewallProtocols },
    { type: group, pointer: `${collection}/rules/*/protocols/*/protocolType`, known: hosts },
    ...[...new Set([...Object.values(fields).flat(), "targetUrls/*", "sourceKubeSelectorGroups/*"])].map((name) => ({
      type: group,
      pointer: `${collection}/rules/*/${name}`,
    })),
    { type: "Microsoft.Network/ipGroups", pointer: "/properties/ipAddresses/*" },
  ];
}

const paths = [...catalog.flatMap(pathsOf), ...factPaths];

describe("what Cordon reads is in Azure's published types", () => {
  test.each(paths)("$type $pointer", ({ type, pointer, known }) => {
    const schemas = schemasAt(publishedType(type), pointer);
    expect(schemas, `${type} has no ${pointer} in ${publishedType(type).apiVersion}`).not.toEqual([]);
    if (known === undefined) return;
    const words = wordsOf(schemas);
    const isExcepted = (what: string) => exceptions.has(what);
    if (words.length === 0) expect(isExcepted(`${type} ${pointer}`), `${type} ${pointer} is no enumeration`).toBe(true);
    const unknown = words.filter((word) => !known.includes(fold(word)) && !isExcepted(`${type} ${pointer} ${word}`));
    expect(unknown, `give these values of ${pointer} a meaning in the catalog, or say here why not`).toEqual([]);
  });

  test.each(unpublished)("$type lacks $pointer", ({ type, pointer }) => {
    expect(schemasAt(publishedType(type), pointer), "it is published now: drop the exception").toEqual([]);
  });

  test("a path of older api-versions is in the newest type no more", () => {
    const older = catalog.flatMap(({ type, ipRules = [] }) => ipRules.map((source) => ({ type, source })));
    for (const { type, source } of older.filter(({ source: { until } }) => until !== undefined)) {
      const pointer = source.in === "body" ? source.pointer : "";
      expect(schemasAt(publishedType(type), pointer), `${type} has ${pointer} again: drop \`until\``).toEqual([]);
    }
  });

  test("a path that another api-version shows is not in the newest stable type", () => {
    for (const { type, shownBy } of catalog) {
      for (const pointer of shownBy === undefined ? [] : [shownBy.pointer, shownBy.olderList]) {
        expect(schemasAt(publishedType(type), pointer), `${type} shows it now: drop \`shownBy\``).toEqual([]);
      }
    }
    for (const { type, virtualNetworkRules: rules } of catalog) {
      if (rules?.in !== "body" || rules.shownBy === undefined) continue;
      expect(schemasAt(publishedType(type), rules.pointer), `${type} shows it now: drop \`shownBy\``).toEqual([]);
    }
  });

  test("every exception is still needed", () => {
    const needed = [...exceptions.keys()].filter((what) => {
      const [type = "", pointer = "", word] = what.split(" ");
      const path = paths.find((one) => one.type === type && one.pointer === pointer);
      const words = wordsOf(schemasAt(publishedType(type), pointer));
      return word === undefined ? words.length === 0 : words.includes(word) && !path?.known?.includes(fold(word));
    });
    expect(needed).toEqual([...exceptions.keys()]);
  });

  test.each([
    "/properties/networkAcl",
    "/properties/networkAcls/ipRules/value",
    "/properties/networkAcls/*",
  ])("a path that does not exist is noticed: %s", (pointer) =>
    expect(schemasAt(publishedType("Microsoft.Storage/storageAccounts"), pointer)).toEqual([]));
});

/** Words that are in code and not in the catalog mean what the test above believes of them. */
describe("words outside the catalog are known to lib/facts", () => {
  test.each(["Approved", "Pending", "Rejected", "Disconnected"])("private endpoint connection %s", (status) => {
    const account = aStorageAccount({ privateEndpointConnections: [aConnection(status)] });
    const [service] = snapshotOf(account).ofKind("service");
    expect(service?.privateEndpointConnections).toMatchObject({ value: [{ status: { kind: "known" } }] });
  });

  test.each(["Approved", "Pending", "Rejected", "Disconnected"])("status at the private endpoint %s", (status) => {
    const [endpoint] = snapshotOf(aPrivateEndpoint({ status })).ofKind("privateEndpoint");
    expect(endpoint?.connections).toMatchObject({ value: [{ status: { kind: "known" } }] });
  });

  test.each(["Completed", "InProgress"])("state of a virtual network link %s", (virtualNetworkLinkState) => {
    const links = [{ virtualNetwork: { id: networkId }, virtualNetworkLinkState }];
    const [link] = snapshotOf(aZone({ links })).ofKind("virtualNetworkLink");
    expect(link?.state.kind).toBe("known");
  });

  test.each(["Enforced", "Learning", "Audit"])("access mode %s", (accessMode) => {
    const [association] = snapshotOf(aPerimeter({ accessMode })).ofKind("perimeterAssociation");
    expect(association?.accessMode.kind).toBe("known");
  });

  test.each([
    ...circuitStates.map((state) => ["circuitProvisioningState", state] as const),
    ...providerStates.map((state) => ["serviceProviderProvisioningState", state] as const),
  ])("circuit: %s %s", (property, state) => {
    const [circuit] = snapshotOf(aCircuit({ properties: { [property]: state } })).ofKind("circuit");
    expect(circuit?.[property].kind).toBe("known");
  });

  test.each(nextHopTypes)("next hop %s", (nextHopType) => {
    const [table] = snapshotOf(aRouteTable([{ addressPrefix: "0.0.0.0/0", nextHopType }])).ofKind("routeTable");
    expect(table?.routes).toMatchObject({ value: [{ nextHopType: { kind: "known" } }] });
  });

  test.each(networkPolicies)("network policies for private endpoints %s", (privateEndpointNetworkPolicies) => {
    const [subnet] = snapshotOf(aSubnet({ properties: { privateEndpointNetworkPolicies } })).ofKind("subnet");
    expect(subnet?.privateEndpointNetworkPolicies.kind).toBe("known");
  });

  test.each(peeringStates)("state of a network's peering %s", (peeringState) => {
    const properties = { virtualNetworkPeerings: [{ name: "to-hub", properties: { peeringState } }] };
    const [one] = snapshotOf({ ...aNetwork(), properties }).ofKind("network");
    expect(one?.peerings).toMatchObject({ value: [{ state: { kind: "known" } }] });
  });

  test.each(addressSkus)("kind of a public address %s", (name) => {
    const id = `${group}/providers/Microsoft.Network/publicIPAddresses/pip`;
    const [address] = snapshotOf({ id, sku: { name }, properties: {} }).ofKind("publicIpAddress");
    expect(address?.sku.kind).toBe("known");
  });

  test.each(
    directions.flatMap((direction) =>
      accesses.flatMap((access) => protocols.map((protocol) => ({ direction, access, protocol }))),
    ),
  )("security rule %o", (words) => {
    const securityRules = [{ name: "rule", properties: { priority: 100, ...words } }];
    const [one] = snapshotOf({ id: nsgId, properties: { securityRules } }).ofKind("securityGroup");
    const ofDirection = words.direction === "Inbound" ? one?.inbound : one?.outbound;
    expect(ofDirection).toMatchObject({ kind: "known", value: [{ protocol: expect.any(String) }] });
  });

  test.each(peeringTypes)("peering type %s", (peeringType) => {
    const [peering] = snapshotOf(aPeering({ peeringType })).ofKind("circuitPeering");
    expect(peering?.peeringType.kind).toBe("known");
  });

  test.each(["Enabled", "Disabled"])("peering state %s", (state) => {
    const properties = { state, ipv6PeeringConfig: { state } };
    const [peering] = snapshotOf(aPeering({ properties })).ofKind("circuitPeering");
    expect(peering?.state.kind).toBe("known");
    expect(peering?.advertisements.map((one) => one.state.kind)).toEqual(["known", "known"]);
  });

  test.each(prefixStates)("advertised prefix %s", (state) => {
    const microsoftPeeringConfig = {
      advertisedPublicPrefixesState: state,
      advertisedPublicPrefixInfo: [{ prefix: "198.51.100.8/29", validationState: state }],
    };
    const [peering] = snapshotOf(aPeering({ properties: { microsoftPeeringConfig } })).ofKind("circuitPeering");
    expect(peering?.advertisements).toMatchObject([
      { advertisedPublicPrefixes: { value: [{ states: [{ kind: "known" }, { kind: "known" }] }] } },
    ]);
  });
});

describe("api-versions are those of the published types", () => {
  test.each(publishedTypes.filter(({ type }) => apiVersionOf(fold(type)) !== undefined))("$type", (published) => {
    expect(apiVersionOf(fold(published.type))).toBe(published.apiVersion);
  });

  test.each(placements)("$type", ({ type, apiVersion }) => {
    expect(apiVersion).toBe(publishedType(type).apiVersion);
  });

  test.each(catalog)("$type and its children", ({ type, apiVersion, children }) => {
    expect(apiVersion).toBe(publishedType(type).apiVersion);
    for (const child of children) expect(child.apiVersion).toBe(publishedType(`${type}/${child.type}`).apiVersion);
  });

  test.each(catalog)("$type reads the lists of all children that hold rules, and no others", (service) => {
    const sources = [...(service.ipRules ?? []), service.virtualNetworkRules];
    const inChildren = sources.flatMap((source) => (source?.in === "child" ? [source.type] : []));
    const { firewallChild, privateEndpointConnections: connections } = service;
    const holders = [
      ...inChildren,
      ...(firewallChild === undefined ? [] : [firewallChild.type]),
      ...(typeof connections === "object" ? [connections.type] : []),
    ];
    expect(service.children.map((child) => child.type).sort()).toEqual([...new Set(holders)].sort());
  });
});

const fixtures = new URL("../fixtures/", import.meta.url);
const notRecorded = ["cordon.policy.json", "expected.json"];

/** The bodies of resources in a recording, each with the file that it is in; effective routes and service tags are none. */
function bodiesIn(recording: string): readonly { readonly what: string; readonly body: unknown }[] {
  const folder = new URL(`${recording}/`, fixtures);
  const files = readdirSync(folder).filter((file) => !notRecorded.includes(file));
  return files.flatMap((file) => {
    const { method, status, body } = Object(JSON.parse(readFileSync(new URL(file, folder), "utf8")));
    if (method !== "GET" || status !== 200 || "changeNumber" in body) return [];
    const bodies: readonly unknown[] = Array.isArray(body.value) ? body.value : [body];
    return bodies.map((one, index) => ({ what: `${file} [${index}] ${Object(one).name}`, body: one }));
  });
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
const validators = new Map<string, ValidateFunction>();

/** What Azure's type says against a body, whose `type` may be in any casing. */
function mistakesIn(body: unknown): readonly string[] {
  const { type, schema } = publishedType(String(Object(body).type));
  const validate = validators.get(type) ?? ajv.compile(schema);
  validators.set(type, validate);
  validate({ ...Object(body), type });
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

describe.each(["contoso-erp", "contoso-erp-closed"])("bodies of the recording %s", (recording) => {
  const bodies = bodiesIn(recording);

  test("there are some", () => expect(bodies.length).toBeGreaterThan(40));

  test.each(bodies)("$what has the published shape", ({ body }) => expect(mistakesIn(body)).toEqual([]));
});

describe("the comparison itself", () => {
  test("refuses a body whose type is not among the fixtures", () => {
    expect(() => mistakesIn({ type: "Microsoft.Contoso/clusters", name: "search" })).toThrow(
      "published type of Microsoft.Contoso/clusters",
    );
    expect(() => mistakesIn({ name: "app" })).toThrow("published type");
  });

  test("finds a property that Azure does not have", () => {
    const [first] = bodiesIn("contoso-erp").filter(({ what }) => what.includes("stcontosodrawings"));
    const body = Object(first?.body);
    expect(mistakesIn(body)).toEqual([]);
    const changed = { ...body, properties: { ...body.properties, networkACLs: {} } };
    expect(mistakesIn(changed)).toEqual([expect.stringContaining("networkACLs")]);
  });
});
