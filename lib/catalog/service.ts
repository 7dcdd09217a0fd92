import type { PortSet } from "../net/port-set.ts";

/**
 * Where one type of service keeps the settings that make up its boundary. Every pointer is a JSON pointer into the
 * body that ARM returns; a pointer inside a rule starts at that rule.
 */
export interface Service {
  /** The canonical spelling: `Microsoft.Storage/storageAccounts`. */
  readonly type: string;
  /** What people call one of them: "storage account". */
  readonly noun: string;
  /** Newest stable api-version that holds all of this. */
  readonly apiVersion: string;
  readonly publicNetworkAccess: EnumerationAt<"on" | "off" | "perimeter">;
  /** The child that holds the firewall, where the body does not: default action, rules and exceptions point into it. */
  readonly firewallChild?: { readonly type: string; readonly name: string };
  readonly defaultAction: EnumerationAt<"allow" | "deny"> | { readonly always: "deny"; readonly link: string };
  readonly ipRules: readonly IpRuleSource[];
  /** IP rules never match callers that run in Azure in the service's own region. */
  readonly ipRulesMissOwnRegion?: { readonly link: string };
  readonly virtualNetworkRules: VirtualNetworkRuleSource;
  /** A firewall that denies and has no rule at all admits everybody; or only while no private endpoint is approved. */
  readonly whenEmpty?: { readonly admits: "everybody" | "everybodyWithoutPrivateEndpoint"; readonly link: string };
  readonly exceptions?: ExceptionSource;
  /** Whether the public endpoint has IPv6 addresses too: for the type, or by a boolean that is false when absent. */
  readonly publishesIpv6: boolean | { readonly pointer: string };
  /** Regions besides its own in which clients reach it: a text, or one in each element where the pointer goes through `*`. */
  readonly replicas?: { readonly pointer: string; readonly onlyIf?: string };
  readonly privateEndpointConnections: string;
  /** The groups that a private endpoint can be made for, those with a known private DNS zone. */
  readonly privateLink: readonly PrivateLinkGroup[];
  /** The service endpoints that make network rules work; one of them on the subnet is enough. */
  readonly serviceEndpoints: readonly string[];
  /** The TCP ports on which clients reach it, of which one is enough. */
  readonly ports: PortSet;
  /** The child resources that hold rules, each read with one list request. */
  readonly children: readonly ChildSource[];
}

/** A type of service that Azure has ended: what is left of one answers nobody and is not judged. */
export interface RetiredService extends Pick<Service, "type" | "noun" | "apiVersion"> {
  /** The day, "2024-02-29". */
  readonly since: string;
  readonly link: string;
}

export interface EnumerationAt<T extends string> {
  readonly pointer: string;
  /** Folded spelling in ARM → meaning. A value that is not here is unknown. */
  readonly values: Readonly<Record<string, T>>;
  /** What the documentation says an absent property means. */
  readonly whenAbsent: { readonly value: string; readonly link: string };
}

/** Firewall entries: an array in the body, or child resources of a type in `children`. */
export type IpRuleSource = {
  readonly family: "ipv4" | "ipv6";
  /** One text (address, prefix or range), or the first and the last address. */
  readonly value: string | { readonly first: string; readonly last: string };
  /** Where an entry says what it does; only "Allow" is known. */
  readonly action?: string;
  /** Set where the entries are one text, with this between them. */
  readonly separator?: string;
  /** The last api-version that has it, where the newest one does not. */
  readonly until?: string;
  /** The entry that stands for every tenant's workloads in Azure: "0.0.0.0-0.0.0.0". */
  readonly azure?: string;
} & RuleLocation;

export type VirtualNetworkRuleSource = {
  readonly subnet: string;
  /** Where an entry says what it does; only "Allow" is known. */
  readonly action?: string;
  /** A boolean, false when absent, without which the rules count for nothing. */
  readonly onlyIf?: string;
  readonly state?: {
    readonly pointer: string;
    readonly values: Readonly<Record<string, VirtualNetworkRuleState>>;
  };
} & RuleLocation;

/** A rule that works proves that its subnet exists; one that is changing proves nothing yet. */
export type VirtualNetworkRuleState = "working" | "changing" | "broken";

type RuleLocation = { readonly in: "body"; readonly pointer: string } | { readonly in: "child"; readonly type: string };

export interface ExceptionSource {
  /** A text of flags that are separated by commas, or a switch that stands for the one flag there is. */
  readonly bypass: {
    readonly pointer: string;
    readonly isSwitch?: true;
    readonly flags: readonly string[];
    readonly whenAbsent: { readonly value: string; readonly link: string };
  };
  /** Resources that are let through; `id` leads to their id from an entry. */
  readonly resourceAccessRules?: { readonly pointer: string; readonly id: string };
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export interface PrivateLinkGroup {
  /** What a private endpoint asks for: `blob`. */
  readonly groupId: string;
  /** The private DNS zone that holds its names, by cloud. */
  readonly zones: { readonly public: string; readonly usgov?: string; readonly china?: string };
}

export interface ChildSource {
  /** Last segment of the type: `firewallRules`. */
  readonly type: string;
  readonly apiVersion: string;
  /** Where a recording without this list is common: what is taken for granted then. */
  readonly whenNotRead?: string;
}
