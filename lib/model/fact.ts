import type { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import type {
  AzureFirewallFact,
  FirewallPolicyFact,
  IpGroupFact,
  RuleCollectionGroupFact,
} from "./azure-firewall-fact.ts";
import type { Evidence } from "./evidence.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Setting } from "./setting.ts";

/** What rules can see of one resource. */
export type Fact =
  | ServiceFact
  | FirewallFact
  | IpRuleFact
  | VirtualNetworkRuleFact
  | ConnectionFact
  | NetworkFact
  | SubnetFact
  | SecurityGroupFact
  | SecurityAdminRulesFact
  | PrivateEndpointFact
  | PrivateDnsZoneGroupFact
  | PrivateDnsZoneFact
  | VirtualNetworkLinkFact
  | ForwardingLinkFact
  | ForwardingRuleFact
  | DnsRecordSetFact
  | NetworkInterfaceFact
  | PublicIpAddressFact
  | PublicIpPrefixFact
  | NatGatewayFact
  | EndpointPolicyFact
  | NetworkGatewayFact
  | GatewayConnectionFact
  | LocalNetworkGatewayFact
  | PerimeterAssociationFact
  | PerimeterAccessRuleFact
  | CircuitFact
  | CircuitPeeringFact
  | PlacedFact
  | RetiredFact
  | RouteTableFact
  | EffectiveRoutesFact
  | AzureFirewallFact
  | FirewallPolicyFact
  | RuleCollectionGroupFact
  | IpGroupFact
  | OtherFact;

export type FactKind = Fact["kind"];

export type FactOf<K extends FactKind> = Extract<Fact, { readonly kind: K }>;

export function isOfKind<K extends FactKind>(fact: Fact, kind: K): fact is FactOf<K> {
  return fact.kind === kind;
}

export interface FactBase {
  readonly id: ResourceId;
  /** The resources that this one names; what they are is not known from here. */
  readonly names: readonly ResourceId[];
}

/** The TCP ports on which clients reach a service, of which one is enough. */
export interface ServicePorts {
  readonly must: PortSet;
  readonly may: PortSet;
  /** Why they differ. */
  readonly because: readonly string[];
}

/** An auditable service: the settings of its body that make up its boundary. */
export interface ServiceFact extends FactBase {
  readonly kind: "service";
  readonly location: string | undefined;
  /** Folded, its own region first, then those in which clients reach a replica of it. */
  readonly regions: readonly string[];
  /** Nothing in the body says in which regions there are more replicas, which there may be. */
  readonly mayHaveMoreRegions: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly publicNetworkAccess: Setting<PublicNetworkAccess>;
  /** Undefined where a child resource holds it. */
  readonly firewall: FirewallSettings | undefined;
  /** Those in its body. */
  readonly privateEndpointConnections: Setting<readonly PrivateEndpointConnection[]>;
  /** Its connections are child resources. */
  readonly hasConnectionChildren: Setting<boolean>;
  /** Whether the public endpoint has IPv6 addresses as well. */
  readonly publishesIpv6: Setting<boolean>;
  /** It has an entrance in a network, besides the public one or in its place. */
  readonly entranceInNetwork: Setting<boolean>;
  /** What holds private endpoints that lead to it, besides its own. */
  readonly endpointHolders: Setting<readonly EndpointHolder[]>;
  /** Its public entrance is in its subnets, and their security groups are the only firewall. */
  readonly isFilteredInSubnets: Setting<boolean>;
  readonly ports: ServicePorts;
  /** It has what network rules are not supported with. */
  readonly unsupportsNetworkRules: Setting<boolean>;
  /** Whether its names are those of its type, which the known private DNS zones hold. */
  readonly endpointNames: Setting<"usual" | "other">;
  /** Public addresses that it sends from, and that its firewall lets in by itself. */
  readonly ownAddresses: Setting<OwnAddresses>;
  /** Its name in a private DNS zone that is named after it; undefined where there is no such zone. */
  readonly namedZone: Setting<NamedZone | undefined>;
  /** It may let clients read something who do not say who they are; known to be false for a type that has nothing of that kind. */
  readonly anonymousAccess: Setting<boolean>;
  /** Those that it is placed in, which is where its own traffic comes from. */
  readonly subnets: Setting<readonly SubnetReference[]>;
  readonly delegations: PlacedFact["delegations"];
  readonly host: PlacedFact["host"];
  readonly machines: PlacedFact["machines"];
}

/** A resource that holds private endpoints for others: a private link scope. */
export interface EndpointHolder {
  /** Undefined where what is said is the id of none. */
  readonly id: ResourceId | undefined;
  readonly pointer: string;
  readonly raw: unknown;
}

export interface OwnAddresses {
  /** The public IP addresses and prefixes. */
  readonly ids: readonly ResourceId[];
  /** Why they may not be let in. */
  readonly because: string | undefined;
}

/** The private DNS zone of one service; names are folded. */
export interface NamedZone {
  readonly groupId: string;
  readonly zoneName: string;
  readonly recordName: string;
  /** What clients ask for. */
  readonly fqdn: string;
  /** Where the service writes the record for its own endpoint. */
  readonly kept: { readonly zone: ResourceId; readonly group: ResourceId } | undefined;
  /** Clients in other networks than that of the endpoint find the private address in public DNS. */
  readonly isPublicToo: boolean;
}

/** The settings of a service's firewall, in the body of the service or of the child that holds them. */
export interface FirewallSettings {
  /** The resource in whose body they are. */
  readonly holder: ResourceId;
  readonly defaultAction: Setting<DefaultAction>;
  /** Rules in the body; those in child resources are facts of their own. */
  readonly ipRules: Setting<readonly IpRule[]>;
  readonly virtualNetworkRules: Setting<readonly VirtualNetworkRule[]>;
  /** Whether network rules count at all. */
  readonly areVirtualNetworkRulesOn: Setting<boolean>;
  readonly trustedServices: Setting<readonly string[]>;
  readonly resourceInstances: Setting<readonly ResourceInstance[]>;
  /** Other parts of the service, with firewalls of their own. */
  readonly parts: readonly FirewallPart[];
  /** In the place of default action and rules, of a service whose rules allow and deny in an order. */
  readonly accessLists: readonly AccessList[];
}

/** The firewall of a part of a service: "node management endpoint". */
export interface FirewallPart extends Pick<FirewallSettings, "defaultAction" | "ipRules"> {
  readonly before: string;
}

/** An ordered list of rules before a part of a service. */
export interface AccessList {
  /** The part: "main site". */
  readonly before: string;
  /** Whom the first one that matches allows or denies; without the row that stands for all others. */
  readonly rules: Setting<readonly AccessRule[]>;
  /** What becomes of all others; known to be undefined where nobody has set it. */
  readonly unmatched: Setting<DefaultAction | undefined>;
  /** What Azure shows that becomes of all others; undefined where it does not show it. */
  readonly shown: Setting<DefaultAction> | undefined;
  /** The first list of the service decides here, too. */
  readonly usesFirst: Setting<boolean>;
}

/** One rule of an ordered list: whom it matches, and what it does with them. */
export interface AccessRule {
  /** What says whom it matches. */
  readonly at: Evidence;
  readonly access: DefaultAction | "unknown";
  /** The addresses and prefixes that it names. */
  readonly addresses: IpSet;
  /** Service tags, as the rule spells them. */
  readonly tags: readonly string[];
  readonly isNetworkRule: boolean;
  /** The subnet whose clients a network rule matches over a service endpoint; undefined where that cannot be understood. */
  readonly subnet: ResourceId | undefined;
  /** It matches whoever comes over a service endpoint, from a subnet of whatever tenant. */
  readonly isForEverySubnet: boolean;
  /** What a request has to say besides, by folded name: without that the rule does not match. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Why it may match others than these; or do something else, where `access` is not known. */
  readonly because: string | undefined;
}

export type PublicNetworkAccess = "on" | "off" | "perimeter";

export type DefaultAction = "allow" | "deny";

/** One entry of a service's firewall. */
export interface IpRule {
  /** The entry that says so. */
  readonly at: Evidence;
  readonly must: IpSet;
  readonly may: IpSet;
  /** Set exactly where `must` and `may` differ. */
  readonly because: string | undefined;
  /** Whether the entry stands for every tenant's workloads in Azure, not for addresses. */
  readonly isAzure: boolean | "unknown";
  /** Whom it matches is known, though not whether it lets them in. */
  readonly isInDoubt?: true;
  /** The addresses that are not known are few: those of a service tag that is in no list. */
  readonly isFew?: true;
  /** The service tag that it stands for, of which the fact alone does not know the addresses. */
  readonly tag?: string;
  /** The service tags that were looked up for it. */
  readonly tags?: readonly Evidence[];
}

/** One network rule: a subnet that the service admits over a service endpoint. */
export interface VirtualNetworkRule {
  /** The entry that says so. */
  readonly at: Evidence;
  /** Undefined where the rule names no subnet that can be understood. */
  readonly subnet: ResourceId | undefined;
  /** Undefined where the service reports none. */
  readonly state: Setting<"working" | "changing" | "broken" | undefined>;
}

/** A resource that the firewall lets through whatever its address, or a service that has a switch of its own for that. */
export interface ResourceInstance {
  readonly pointer: string;
  readonly raw: unknown;
  /** May hold wildcards, so it is not always the id of one resource; the name of the service; undefined where the entry names none. */
  readonly resourceId: string | undefined;
}

export interface PrivateEndpointConnection {
  /** The service, or the connection itself where it is a child resource. */
  readonly holder: ResourceId;
  readonly pointer: string;
  readonly name: string;
  readonly status: Setting<"approved" | "pending" | "rejected" | "disconnected">;
  readonly privateEndpoint: ResourceId | undefined;
  /** The service's own rules let no request in over it. */
  readonly isDenied: Setting<boolean>;
}

/** The firewall of a service that keeps it in a child resource. */
export interface FirewallFact extends FactBase {
  readonly kind: "firewall";
  readonly settings: FirewallSettings;
  /** Older api-versions have the switch here. */
  readonly publicNetworkAccess: Setting<PublicNetworkAccess>;
}

/** A firewall rule that is a child resource of its service. */
export interface IpRuleFact extends FactBase {
  readonly kind: "ipRule";
  readonly rule: IpRule;
}

/** A network rule that is a child resource of its service. */
export interface VirtualNetworkRuleFact extends FactBase {
  readonly kind: "virtualNetworkRule";
  readonly rule: VirtualNetworkRule;
}

/** A private endpoint connection that is a child resource of its service. */
export interface ConnectionFact extends FactBase {
  readonly kind: "connection";
  readonly connection: PrivateEndpointConnection;
}

export interface NetworkFact extends FactBase {
  readonly kind: "network";
  readonly location: string | undefined;
  /** The DNS servers that its clients ask instead of Azure's. */
  readonly dnsServers: Setting<readonly unknown[]>;
  /** Its own ranges. */
  readonly addressSpace: Setting<readonly IpSet[]>;
  readonly peerings: Setting<readonly Peering[]>;
  /** The one of its subnets that have none of their own; known to be undefined where there is none. */
  readonly defaultPublicNatGateway: Setting<ResourceId | undefined>;
}

/** This side of a peering; the other network has one of its own. */
export interface Peering {
  readonly at: Evidence;
  readonly name: string;
  /** Undefined where it names no network that can be understood. */
  readonly network: ResourceId | undefined;
  readonly state: Setting<"connected" | "initiated" | "disconnected">;
  readonly allowVirtualNetworkAccess: Setting<boolean>;
  readonly allowForwardedTraffic: Setting<boolean>;
  readonly allowGatewayTransit: Setting<boolean>;
  readonly useRemoteGateways: Setting<boolean>;
  /** The subnets that are peered; undefined where the whole networks are. */
  readonly subnetNames: Setting<PeeredSubnets | undefined>;
  /** The IPv4 ranges are left out. */
  readonly isIpv6Only: Setting<boolean>;
  /** The ranges of the other network as they were when the two were last in step; empty where ARM does not say. */
  readonly remoteAddressSpace: Setting<readonly IpSet[]>;
}

/** As ARM spells their names. */
export interface PeeredSubnets {
  readonly own: readonly string[];
  readonly others: readonly string[];
}

export interface SecurityGroupFact extends FactBase {
  readonly kind: "securityGroup";
  readonly location: string | undefined;
  /** Azure says that it stands before a subnet or an interface. */
  readonly isAttached: boolean;
  /** Names of service tags among what its rules say, each once: quicker to ask than the rules. */
  readonly tagNames: readonly string[];
  /** The lowest priority, which decides, first; without the default rules. */
  readonly inbound: Setting<readonly SecurityRule[]>;
  readonly outbound: Setting<readonly SecurityRule[]>;
  /**
   * Whom rules may let in over TCP or UDP unless others come before them, single addresses left out: quicker to ask than
   * `inbound`, which decides.
   */
  readonly allowedSources: readonly AddressTerm[];
}

export interface SecurityRule {
  readonly at: Evidence;
  readonly name: string;
  /** 100 to 4096, the default rules above that: the lowest decides. */
  readonly priority: number;
  readonly direction: "inbound" | "outbound";
  readonly access: "allow" | "deny";
  readonly protocol: "any" | "tcp" | "udp" | "icmp" | "esp" | "ah" | "unknown";
  readonly sources: AddressTerm;
  readonly sourcePorts: PortTerm;
  readonly destinations: AddressTerm;
  readonly destinationPorts: PortTerm;
}

/** The rules of a network manager that are in force in a network. */
export interface SecurityAdminRulesFact extends FactBase {
  readonly kind: "securityAdminRules";
  /** The lowest priority, which decides, first. */
  readonly inbound: Setting<readonly SecurityAdminRule[]>;
  readonly outbound: Setting<readonly SecurityAdminRule[]>;
}

export interface SecurityAdminRule {
  /** What is allowed goes on to the security groups, what is always allowed does not. */
  readonly access: "allow" | "alwaysAllow" | "deny";
  readonly rule: SecurityRule;
}

/** One side of a security rule, as far as it can be understood without the network that the rule is used in. */
export interface AddressTerm {
  /** The addresses and prefixes that it names. */
  readonly must: IpSet;
  readonly may: IpSet;
  /** Service tags, as the rule spells them. */
  readonly tags: readonly string[];
  readonly applicationSecurityGroups: readonly ResourceId[];
  /** False where not even the tags and groups are certainly meant. */
  readonly isClear: boolean;
  /** Set where it is not clear, or `must` and `may` differ. */
  readonly because: string | undefined;
}

export interface PortTerm {
  readonly must: PortSet;
  readonly may: PortSet;
  /** Set where the two differ. */
  readonly because: string | undefined;
}

export interface SubnetFact extends FactBase {
  readonly kind: "subnet";
  /** Known to be undefined where the subnet has no network security group. */
  readonly networkSecurityGroup: Setting<ResourceId | undefined>;
  readonly serviceEndpoints: Setting<readonly ServiceEndpoint[]>;
  readonly delegations: Setting<readonly Delegation[]>;
  readonly addressPrefixes: Setting<readonly IpSet[]>;
  /** What ARM says is in the subnet: of each entry its id, empty where it has none, at `<pointer>/<index>/id`. */
  readonly ipConfigurations: Setting<readonly string[]>;
  readonly ipConfigurationProfiles: Setting<readonly string[]>;
  readonly privateEndpoints: Setting<readonly string[]>;
  readonly applicationGatewayIPConfigurations: Setting<readonly string[]>;
  /** Both kinds of links can outlive the service that made them. */
  readonly serviceAssociationLinks: Setting<readonly SubnetLink[]>;
  readonly resourceNavigationLinks: Setting<readonly SubnetLink[]>;
  readonly natGateway: Setting<ResourceId | undefined>;
  readonly routeTable: Setting<ResourceId | undefined>;
  /** Known to be undefined where ARM does not say, which means neither. */
  readonly defaultOutboundAccess: Setting<boolean | undefined>;
  /** Whether security groups and routes apply to the private endpoints in it. */
  readonly privateEndpointNetworkPolicies: Setting<"disabled" | "enabled" | "securityGroup" | "routeTable">;
  /** Ids of the service endpoint policies, empty texts for what has none. */
  readonly serviceEndpointPolicies: Setting<readonly string[]>;
}

/** What a service that goes into a subnet makes there. */
export interface SubnetLink {
  /** Empty where it has none, at `<pointer of the list>/<index>/id`. */
  readonly id: string;
  /** Where the type of the service stands. */
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded: `microsoft.web/serverfarms`; undefined where the link does not say. */
  readonly linkedType: string | undefined;
}

export interface ServiceEndpoint {
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded: `microsoft.storage`; undefined where the entry does not say. */
  readonly service: string | undefined;
  /** Folded regions, without spaces: `westeurope`; `*` is everywhere; empty where the entry does not say. */
  readonly locations: readonly string[];
  /** Nothing is under way with it, and it did not fail. */
  readonly isSettled: boolean;
  readonly isReady: boolean;
}

export interface Delegation {
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded: `microsoft.web/serverfarms`; undefined where the entry does not say. */
  readonly serviceName: string | undefined;
}

export interface PrivateEndpointFact extends FactBase {
  readonly kind: "privateEndpoint";
  readonly location: string | undefined;
  readonly subnet: ResourceId | undefined;
  readonly targets: readonly ResourceId[];
  /** Those that are approved by themselves and those that ask for approval. */
  readonly connections: Setting<readonly PrivateLinkConnection[]>;
  readonly networkInterfaces: Setting<readonly ResourceId[]>;
  /** Empty as soon as a zone group takes care of the names. */
  readonly dnsConfigs: Setting<readonly CustomDnsConfig[]>;
}

/** What a private endpoint leads to. */
export interface PrivateLinkConnection {
  readonly pointer: string;
  /** As ARM has it: an id, or the alias of somebody else's private link service. */
  readonly raw: unknown;
  readonly target: ResourceId | undefined;
  readonly groupIds: Setting<readonly string[]>;
  readonly status: Setting<"approved" | "pending" | "rejected" | "disconnected">;
}

export interface CustomDnsConfig {
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded: `stdrawings.blob.core.windows.net`. */
  readonly fqdn: string | undefined;
  /** Undefined where not every one can be understood. */
  readonly addresses: IpSet | undefined;
}

/** Which private DNS zones Azure keeps the names of a private endpoint in. */
export interface PrivateDnsZoneGroupFact extends FactBase {
  readonly kind: "privateDnsZoneGroup";
  readonly configs: Setting<readonly PrivateDnsZoneConfig[]>;
}

export interface PrivateDnsZoneConfig {
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined where it cannot be understood. */
  readonly zone: ResourceId | undefined;
  /** Folded names of the address records that Azure wrote into the zone. */
  readonly recordNames: readonly string[];
}

/** A private DNS zone, whose name is its domain. */
export interface PrivateDnsZoneFact extends FactBase {
  readonly kind: "privateDnsZone";
}

/** A child of a private DNS zone: clients in `network` find what is in it. */
export interface VirtualNetworkLinkFact extends FactBase {
  readonly kind: "virtualNetworkLink";
  readonly network: ResourceId | undefined;
  readonly state: Setting<"completed" | "inProgress">;
}

/** A child of a DNS forwarding ruleset: its rules count for the clients in `network` that ask Azure's own DNS. */
export interface ForwardingLinkFact extends FactBase {
  readonly kind: "forwardingLink";
  readonly network: ResourceId | undefined;
}

/** A child of a DNS forwarding ruleset: names in a domain are looked up at other DNS servers. */
export interface ForwardingRuleFact extends FactBase {
  readonly kind: "forwardingRule";
  /** Folded, and without the dot at its end: empty for every name. */
  readonly domain: Setting<string>;
  readonly state: Setting<"enabled" | "disabled">;
}

/** The A or AAAA records that a private DNS zone has for one name. */
export interface DnsRecordSetFact extends FactBase {
  readonly kind: "dnsRecordSet";
  readonly addresses: Setting<IpSet>;
}

export interface NetworkInterfaceFact extends FactBase {
  readonly kind: "networkInterface";
  readonly networkSecurityGroup: Setting<ResourceId | undefined>;
  readonly ipConfigurations: Setting<readonly IpConfiguration[]>;
  /** What the interface belongs to, as far as the body says. */
  readonly virtualMachine: ResourceId | undefined;
  readonly privateEndpoint: ResourceId | undefined;
}

export interface IpConfiguration {
  /** Where the private address stands. */
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined where there is none, or none that can be understood. */
  readonly address: IpSet | undefined;
  readonly subnet: ResourceId | undefined;
  readonly publicIPAddress: ResourceId | undefined;
  readonly applicationSecurityGroups: readonly ResourceId[];
  /** Pools of load balancers that it is in. */
  readonly backendPools: readonly ResourceId[];
  /** Of load balancers that lead single ports to it. */
  readonly natRules: readonly ResourceId[];
  /** Of the interface of a private endpoint: the group whose names, folded, lead to the address. */
  readonly groupId: string | undefined;
  readonly fqdns: readonly string[];
}

export interface PublicIpAddressFact extends FactBase {
  readonly kind: "publicIpAddress";
  /** A Standard address refuses what no security group allows, a Basic one does not. */
  readonly sku: Setting<"basic" | "standard">;
  readonly location: string | undefined;
  /** Undefined while it has none, or one that cannot be understood. */
  readonly address: IpSet | undefined;
  /** As ARM returned it. */
  readonly ipAddress: unknown;
}

/** Public addresses one after the other, which a NAT gateway takes as a whole. */
export interface PublicIpPrefixFact extends FactBase {
  readonly kind: "publicIpPrefix";
  readonly location: string | undefined;
  /** Undefined while it has none, or one that cannot be understood. */
  readonly addresses: IpSet | undefined;
  /** As ARM returned it. */
  readonly ipPrefix: unknown;
}

/** A gateway over which the machines in its subnets get out to the internet. */
export interface NatGatewayFact extends FactBase {
  readonly kind: "natGateway";
  /** The addresses and prefixes that it sends from. */
  readonly publicIpAddresses: Setting<readonly ResourceId[]>;
  readonly publicIpPrefixes: Setting<readonly ResourceId[]>;
  readonly publicIpAddressesV6: Setting<readonly ResourceId[]>;
  readonly publicIpPrefixesV6: Setting<readonly ResourceId[]>;
  /** The network that it is for as a whole. */
  readonly network: Setting<ResourceId | undefined>;
}

/** What subnets that name it may reach over a service endpoint. */
export interface EndpointPolicyFact extends FactBase {
  readonly kind: "endpointPolicy";
  readonly definitions: Setting<readonly EndpointPolicyDefinition[]>;
}

export interface EndpointPolicyDefinition {
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded, as of a service endpoint: `microsoft.storage`; `global` for aliases of what Azure runs itself. */
  readonly service: string | undefined;
  /** Folded ids of resources, of what holds them, or aliases; undefined for what is no list of texts. */
  readonly resources: readonly string[] | undefined;
}

/** A gateway that connects the network whose subnet it names with others, over VPN or ExpressRoute. */
export interface NetworkGatewayFact extends FactBase {
  readonly kind: "networkGateway";
  /** Those that it stands in. */
  readonly subnets: readonly ResourceId[];
  readonly gatewayType: Setting<"vpn" | "expressRoute">;
  /** What clients of point-to-site connections get their addresses from, wherever that is said. */
  readonly clientAddressPools: readonly Setting<readonly IpSet[]>[];
  /** The local network gateway that gets what no other route is for; undefined where there is none. */
  readonly gatewayDefaultSite: Setting<ResourceId | undefined>;
  readonly natRules: Setting<readonly GatewayNatRule[]>;
}

/** One that connections can name; undefined where one of its mappings cannot be understood. */
export interface GatewayNatRule {
  readonly id: ResourceId | undefined;
  /** Before the translation. */
  readonly internalMappings: readonly IpSet[] | undefined;
  readonly externalMappings: readonly IpSet[] | undefined;
}

/** `Microsoft.Network/connections`: what a gateway is connected with. */
export interface GatewayConnectionFact extends FactBase {
  readonly kind: "gatewayConnection";
  readonly connectionType: Setting<"ipsec" | "vnet2vnet" | "expressRoute">;
  /** The gateway that gets routes from it; undefined where it names none that can be understood. */
  readonly virtualNetworkGateway1: ResourceId | undefined;
  /** The other end, which has a connection of its own. */
  readonly virtualNetworkGateway2: Setting<ResourceId | undefined>;
  readonly localNetworkGateway2: Setting<ResourceId | undefined>;
  readonly enableBgp: Setting<boolean>;
  /** Rules of the gateway that translate the addresses behind the other end. */
  readonly ingressNatRules: Setting<readonly ResourceId[]>;
}

/** A site as its owner described it to Azure. */
export interface LocalNetworkGatewayFact extends FactBase {
  readonly kind: "localNetworkGateway";
  readonly addressPrefixes: Setting<readonly IpSet[]>;
}

/** A service's place in a network security perimeter, seen from the perimeter or from the service. */
export interface PerimeterAssociationFact extends FactBase {
  readonly kind: "perimeterAssociation";
  readonly service: ResourceId | undefined;
  readonly accessMode: Setting<"enforced" | "learning" | "audit">;
  /** Where the access rules are: in child resources of the profile, or, seen from the service, in the same body. */
  readonly accessRules: ResourceId | Setting<readonly PerimeterAccessRule[]> | undefined;
}

export interface PerimeterAccessRuleFact extends FactBase {
  readonly kind: "perimeterAccessRule";
  readonly rule: PerimeterAccessRule;
}

export interface PerimeterAccessRule {
  readonly pointer: string;
  readonly raw: unknown;
  /** Subscriptions and perimeters whose resources get in by their identity, from any address. */
  readonly callers: readonly PerimeterCaller[];
  /** Service tags whose callers get in. */
  readonly tags: readonly PerimeterTag[];
  /** The addresses that the rule lets in; nothing for an outbound rule. */
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because?: string;
}

export interface PerimeterTag {
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined where it is no name of a tag. */
  readonly name: string | undefined;
}

export interface PerimeterCaller {
  /** Of its id, or of the entry that has none. */
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined while it is not known who it is. */
  readonly id: string | undefined;
}

/** An ExpressRoute circuit; its peerings are facts of their own. */
export interface CircuitFact extends FactBase {
  readonly kind: "circuit";
  readonly circuitProvisioningState: Setting<"enabled" | "disabled" | "changing">;
  readonly serviceProviderProvisioningState: Setting<"provisioned" | "notProvisioned" | "changing">;
}

export interface CircuitPeeringFact extends FactBase {
  readonly kind: "circuitPeering";
  readonly peeringType: Setting<"azurePublic" | "azurePrivate" | "microsoft">;
  readonly state: Setting<"enabled" | "disabled">;
  /** Of IPv4, and of IPv6 where the peering has it. */
  readonly advertisements: readonly Advertisement[];
}

export interface Advertisement {
  /** The peering's own, or that of its IPv6 half. */
  readonly state: Setting<"enabled" | "disabled">;
  readonly advertisedPublicPrefixes: Setting<readonly AdvertisedPrefix[]>;
}

/** A public prefix from which on-premises networks call Microsoft's services. */
export interface AdvertisedPrefix {
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined where the entry cannot be understood. */
  readonly addresses: IpSet | undefined;
  /** That of all prefixes together, and its own where Azure reports one. */
  readonly states: readonly Setting<"configured" | "unconfirmed">[];
}

/** A service of which Cordon knows the place, and not the boundary. Where it knows both, the service itself has its place. */
export interface PlacedFact extends FactBase {
  readonly kind: "placed";
  readonly location: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly subnets: Setting<readonly SubnetReference[]>;
  /** What its subnets have to be delegated to, as Azure spells it: one of them; none where nothing. */
  readonly delegations: Setting<readonly string[]>;
  /** The placed resource that it runs on, which tells what is unknown here. */
  readonly host: ResourceId | undefined;
  /** The placed resource that it runs in: where that is, it is. */
  readonly environment: ResourceId | undefined;
  /** The resource group in which it runs machines of its own. */
  readonly machines: ResourceId | undefined;
  /** Nothing that is made for its subnets counts for it. */
  readonly isApart: Setting<boolean>;
}

/** What is left of a service that Azure has ended. */
export interface RetiredFact extends FactBase {
  readonly kind: "retired";
}

export interface SubnetReference {
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined where the reference cannot be understood. */
  readonly subnet: ResourceId | undefined;
}

export interface RouteTableFact extends FactBase {
  readonly kind: "routeTable";
  readonly disableBgpRoutePropagation: Setting<boolean>;
  /** Which of the routes that peerings make are taken away. */
  readonly disablePeeringRoute: Setting<"none" | "all">;
  readonly routes: Setting<readonly Route[]>;
}

export interface Route {
  readonly pointer: string;
  readonly raw: unknown;
  readonly name: string;
  /** As ARM has it: a prefix, or the name of a service tag. */
  readonly addressPrefix: string | undefined;
  /** Undefined for a service tag, and for what cannot be understood. */
  readonly destination: IpSet | undefined;
  readonly nextHopType: Setting<"appliance" | "gateway" | "internet" | "network" | "none">;
  readonly nextHopIpAddress: string | undefined;
}

/** What Azure answered when it was asked for the effective routes of a network interface, of which it is a child here. */
export interface EffectiveRoutesFact extends FactBase {
  readonly kind: "effectiveRoutes";
  readonly routes: Setting<readonly RecordedRoute[]>;
}

export interface RecordedRoute {
  readonly pointer: string;
  /** Undefined where the answer does not say in a known way. */
  readonly isActive: boolean | undefined;
  /** Undefined where not every prefix can be understood. */
  readonly prefixes: IpSet | undefined;
  /** Folded, also values that the published enumeration lacks: `virtualnetworkserviceendpoint`. */
  readonly nextHopType: string | undefined;
  /** The same as Azure spelled it. */
  readonly raw: unknown;
}

/** A resource of which rules see no more than that it exists. */
export interface OtherFact extends FactBase {
  readonly kind: "other";
}
