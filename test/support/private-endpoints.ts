import {
  aNetwork,
  type Body,
  complete,
  type Given,
  group,
  networkId,
  storageId,
  subnetId,
  subscription,
} from "./builders.ts";

const provider = `${group}/providers/Microsoft.Network`;
const endpoints = "Microsoft.Network/privateEndpoints";
const zones = "Microsoft.Network/privateDnsZones";

export const blobZone = "privatelink.blob.core.windows.net";

export function endpointId(name = "pe-blob"): string {
  return `${provider}/privateEndpoints/${name}`;
}

export function interfaceId(name = "pe-blob"): string {
  return `${provider}/networkInterfaces/${name}.nic`;
}

export function zoneId(name = blobZone, scope = `${subscription}/resourceGroups/rg-dns`): string {
  return `${scope}/providers/${zones}/${name}`;
}

export interface EndpointParts {
  readonly name?: string;
  readonly service?: string;
  readonly groupIds?: unknown;
  readonly status?: string;
  readonly location?: string;
  readonly subnet?: string;
  /** Whether the connection asks for approval. */
  readonly isManual?: boolean;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** An approved private endpoint for the blobs of the storage account, with an interface that is another body. */
export function aPrivateEndpoint(parts: EndpointParts = {}): Body {
  const { name = "pe-blob", service = storageId, groupIds = ["blob"], status = "Approved", isManual = false } = parts;
  const connection = {
    name,
    properties: {
      privateLinkServiceId: service,
      groupIds,
      privateLinkServiceConnectionState: { status, description: "" },
    },
  };
  return {
    id: endpointId(name),
    name,
    type: endpoints,
    location: parts.location ?? "westeurope",
    properties: {
      provisioningState: "Succeeded",
      subnet: { id: parts.subnet ?? subnetId },
      networkInterfaces: [{ id: interfaceId(name) }],
      privateLinkServiceConnections: isManual ? [] : [connection],
      manualPrivateLinkServiceConnections: isManual ? [connection] : [],
      customDnsConfigs: [],
      ...parts.properties,
    },
  };
}

export interface InterfaceParts {
  readonly name?: string;
  readonly groupId?: string;
  /** Address → the names that lead to it. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
}

/** The interface of a private endpoint. */
export function anInterface(parts: InterfaceParts = {}): Body {
  const { name = "pe-blob", groupId = "blob" } = parts;
  const addresses = parts.addresses ?? { "10.0.0.4": ["stdrawings.blob.core.windows.net"] };
  return {
    id: interfaceId(name),
    name: `${name}.nic`,
    type: "Microsoft.Network/networkInterfaces",
    location: "westeurope",
    properties: {
      privateEndpoint: { id: endpointId(name) },
      ipConfigurations: Object.entries(addresses).map(([privateIPAddress, fqdns], index) => ({
        name: `ip-${index}`,
        properties: {
          privateIPAddress,
          privateIPAddressVersion: privateIPAddress.includes(":") ? "IPv6" : "IPv4",
          subnet: { id: subnetId },
          privateLinkConnectionProperties: { groupId, requiredMemberName: groupId, fqdns },
        },
      })),
    },
  };
}

/** A zone group that keeps the names of the endpoint in a zone, and the list that it is in. */
export function aZoneGroup(
  zone = zoneId(),
  endpoint = endpointId(),
  recordSets: readonly object[] | undefined = [
    { recordType: "A", recordSetName: "stdrawings", fqdn: `stdrawings.${blobZone}`, ipAddresses: ["10.0.0.4"] },
  ],
): Given {
  const id = `${endpoint}/privateDnsZoneGroups/default`;
  const config = { name: "default", properties: { privateDnsZoneId: zone, recordSets } };
  const properties = { provisioningState: "Succeeded", privateDnsZoneConfigs: [config] };
  return [{ id, name: "default", type: `${endpoints}/privateDnsZoneGroups`, properties }, noZoneGroup(endpoint)];
}

/** The zone groups of the endpoint were read, and whatever the test does not give does not exist. */
export function noZoneGroup(endpoint = endpointId()): Given {
  return complete(endpoint, `${endpoints}/privateDnsZoneGroups`);
}

export interface ZoneParts {
  readonly id?: string;
  /** Ids of networks, or whole properties of links. */
  readonly links?: readonly (string | object)[];
  /** Name → addresses. */
  readonly records?: Readonly<Record<string, readonly string[]>>;
  /** Lists of children that nobody read: `virtualNetworkLinks`, `A`, `AAAA`. */
  readonly notRead?: readonly string[];
}

/** A zone that is linked to the network and leads to the endpoint's address; every list of it was read. */
export function aZone(parts: ZoneParts = {}): Given {
  const { id = zoneId(), links = [networkId], records = { stdrawings: ["10.0.0.4"] }, notRead = [] } = parts;
  const lists = ["virtualNetworkLinks", "A", "AAAA"].filter((type) => !notRead.includes(type));
  return [
    { id, type: zones, location: "global", properties: { provisioningState: "Succeeded" } },
    links.map((link, index) => ({
      id: `${id}/virtualNetworkLinks/link-${index}`,
      type: `${zones}/virtualNetworkLinks`,
      location: "global",
      properties:
        typeof link === "string"
          ? { virtualNetwork: { id: link }, registrationEnabled: false, virtualNetworkLinkState: "Completed" }
          : link,
    })),
    Object.entries(records).map(([name, addresses]) => aRecordSet(id, name, addresses)),
    lists.map((type) => complete(id, `${zones}/${type}`)),
  ];
}

function aRecordSet(zone: string, name: string, addresses: readonly string[]): Body {
  const isIpv6 = addresses.some((address) => address.includes(":"));
  const properties = isIpv6
    ? { ttl: 10, aaaaRecords: addresses.map((ipv6Address) => ({ ipv6Address })) }
    : { ttl: 10, aRecords: addresses.map((ipv4Address) => ({ ipv4Address })) };
  const type = isIpv6 ? "AAAA" : "A";
  return { id: `${zone}/${type}/${name}`, name, type: `${zones}/${type}`, properties };
}

/** Every zone of the subscription was read, so what is not in the test does not exist. */
export const everyZone: Given = complete(subscription, zones);

/** The network with DNS servers of its own. */
export function withDnsServers(...dnsServers: readonly unknown[]): Body {
  const network = aNetwork();
  return { ...network, properties: { ...Object(network.properties), dhcpOptions: { dnsServers } } };
}

const rulesets = "Microsoft.Network/dnsForwardingRulesets";
const rulesetId = `${subscription}/resourceGroups/rg-dns/providers/${rulesets}/rules-hub`;

/** Every DNS forwarding ruleset of the subscription was read, so what is not in the test does not exist. */
export const everyRuleset: Given = complete(subscription, rulesets);

/**
 * A DNS forwarding ruleset that is linked to the network, with a rule for each domain: `{ "corp.example.": {} }`. Without
 * domains its rules were not read.
 */
export function aRuleset(domains?: Readonly<Record<string, object>>, network = networkId): Given {
  const rules = Object.entries(domains ?? {}).map(([domainName, parts], index) => ({
    id: `${rulesetId}/forwardingRules/rule-${index}`,
    name: `rule-${index}`,
    type: `${rulesets}/forwardingRules`,
    properties: {
      domainName,
      targetDnsServers: [{ ipAddress: "10.1.0.4", port: 53 }],
      forwardingRuleState: "Enabled",
      ...parts,
    },
  }));
  const link = {
    id: `${rulesetId}/virtualNetworkLinks/link`,
    name: "link",
    type: `${rulesets}/virtualNetworkLinks`,
    properties: { virtualNetwork: { id: network } },
  };
  return [
    { id: rulesetId, name: "rules-hub", type: rulesets, location: "westeurope", properties: {} },
    link,
    complete(rulesetId, `${rulesets}/virtualNetworkLinks`),
    everyRuleset,
    rules,
    domains === undefined ? [] : complete(rulesetId, `${rulesets}/forwardingRules`),
  ];
}
