import type { IpSet } from "../net/ip-set.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Setting } from "./setting.ts";

/** What rules can see of one resource. */
export type Fact =
  | ServiceFact
  | FirewallFact
  | IpRuleFact
  | SubnetRuleFact
  | NetworkFact
  | SubnetFact
  | PrivateEndpointFact
  | PerimeterAssociationFact
  | PerimeterAccessRuleFact
  | CircuitFact
  | OtherFact;

export type FactKind = Fact["kind"];

export type FactOf<K extends FactKind> = Extract<Fact, { readonly kind: K }>;

interface FactBase {
  readonly id: ResourceId;
  /** The resources that this one names; what they are is not known from here. */
  readonly names: readonly ResourceId[];
}

/** An auditable service: the settings of its body that make up its boundary. */
export interface ServiceFact extends FactBase {
  readonly kind: "service";
  readonly location: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly publicNetworkAccess: Setting<PublicNetworkAccess>;
  /** Undefined where a child resource holds it. */
  readonly firewall: FirewallSettings | undefined;
  readonly privateEndpointConnections: Setting<readonly PrivateEndpointConnection[]>;
  /** Whether the public endpoint has IPv6 addresses as well. */
  readonly publishesIpv6: Setting<boolean>;
}

/** The settings of a service's firewall, in the body of the service or of the child that holds them. */
export interface FirewallSettings {
  /** The resource in whose body they are. */
  readonly holder: ResourceId;
  readonly defaultAction: Setting<DefaultAction>;
  /** Rules in the body; those in child resources are facts of their own. */
  readonly ipRules: Setting<readonly IpRule[]>;
  readonly subnetRules: Setting<readonly SubnetRule[]>;
  /** Whether network rules count at all. */
  readonly areSubnetRulesOn: Setting<boolean>;
  readonly trustedServices: Setting<readonly string[]>;
  readonly resourceInstances: Setting<readonly ResourceInstance[]>;
}

export type PublicNetworkAccess = "on" | "off" | "perimeter";

export type DefaultAction = "allow" | "deny";

/** One entry of a service's firewall. */
export interface IpRule {
  readonly pointer: string;
  readonly raw: unknown;
  readonly must: IpSet;
  readonly may: IpSet;
  /** Set exactly where `must` and `may` differ. */
  readonly because?: string;
  /** Whether the entry stands for every tenant's workloads in Azure, not for addresses. */
  readonly isAzure: boolean | "unknown";
}

/** One network rule: a subnet that the service admits over a service endpoint. */
export interface SubnetRule {
  readonly pointer: string;
  readonly raw: unknown;
  /** Undefined where the rule names no subnet that can be understood. */
  readonly subnet: ResourceId | undefined;
  /** Undefined where the service reports none. */
  readonly state: Setting<"working" | "changing" | "broken" | undefined>;
}

/** A resource that the firewall lets through whatever its address. */
export interface ResourceInstance {
  readonly pointer: string;
  readonly raw: unknown;
  /** May hold wildcards, so it is not always the id of one resource. */
  readonly resourceId: string;
}

export interface PrivateEndpointConnection {
  readonly pointer: string;
  readonly name: string;
  readonly status: Setting<"approved" | "pending" | "rejected" | "disconnected">;
  readonly privateEndpoint: ResourceId | undefined;
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
export interface SubnetRuleFact extends FactBase {
  readonly kind: "subnetRule";
  readonly rule: SubnetRule;
}

export interface NetworkFact extends FactBase {
  readonly kind: "network";
  readonly location: string | undefined;
}

export interface SubnetFact extends FactBase {
  readonly kind: "subnet";
  /** Known to be undefined where the subnet has no network security group. */
  readonly networkSecurityGroup: Setting<ResourceId | undefined>;
  readonly serviceEndpoints: Setting<readonly ServiceEndpoint[]>;
  readonly delegations: Setting<readonly Delegation[]>;
}

export interface ServiceEndpoint {
  readonly pointer: string;
  readonly raw: unknown;
  /** Folded: `microsoft.storage`; undefined where the entry does not say. */
  readonly service: string | undefined;
  readonly isReady: boolean;
}

export interface Delegation {
  readonly pointer: string;
  /** Folded: `microsoft.web/serverfarms`. */
  readonly serviceName: string;
}

export interface PrivateEndpointFact extends FactBase {
  readonly kind: "privateEndpoint";
  readonly subnet: ResourceId | undefined;
  readonly targets: readonly ResourceId[];
}

/** A service's place in a network security perimeter, seen from the perimeter or from the service. */
export interface PerimeterAssociationFact extends FactBase {
  readonly kind: "perimeterAssociation";
  readonly service: ResourceId | undefined;
  readonly accessMode: Setting<"enforced" | "learning">;
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
  /** What the rule lets in; nothing for an outbound rule. */
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because?: string;
}

/** An ExpressRoute circuit. */
export interface CircuitFact extends FactBase {
  readonly kind: "circuit";
}

/** A resource of which rules see no more than that it exists. */
export interface OtherFact extends FactBase {
  readonly kind: "other";
}
