import type { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";
import type { Evidence } from "./evidence.ts";
import type { FactBase, PortTerm } from "./fact.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Setting } from "./setting.ts";

/** An Azure Firewall in a network or in a virtual hub. */
export interface AzureFirewallFact extends FactBase {
  readonly kind: "azureFirewall";
  readonly location: string | undefined;
  /** Known to be undefined where the firewall has classic rules. */
  readonly firewallPolicy: Setting<ResourceId | undefined>;
  /** The classic rules: those of each kind in the order in which they are processed. */
  readonly rules: Setting<readonly FirewallRule[]>;
  readonly publicIPAddresses: Setting<readonly ResourceId[]>;
  /** Those that a firewall in a virtual hub has of its own. */
  readonly hubAddresses: Setting<IpSet>;
  /** Where it stands in a virtual network. */
  readonly subnets: readonly ResourceId[];
  /** Those that routes name as their next hop. */
  readonly privateAddresses: Setting<IpSet>;
  /** With a policy the one that counts is the policy's. */
  readonly threatIntelligence: Setting<StopMode>;
  /** Destinations that threat intelligence leaves alone. */
  readonly spared: Setting<IpSet>;
  readonly untranslated: Setting<IpSet>;
  readonly dnsServers: Setting<readonly unknown[]>;
  readonly dnsProxy: Setting<boolean>;
  readonly state: Setting<AppliedState>;
}

/** Whether what a firewall is set to is what all of its instances do. */
export type AppliedState = "applied" | "failed" | "changing";

/** Whether what a list or a signature matches is stopped, or told of at most. */
export type StopMode = "deny" | "tell";

/** What a firewall policy says of itself; its rules are in groups, which are resources of their own. */
export interface FirewallPolicyFact extends FactBase {
  readonly kind: "firewallPolicy";
  /** Known to be undefined where it inherits nothing. */
  readonly basePolicy: Setting<ResourceId | undefined>;
  readonly firewalls: Setting<readonly ResourceId[]>;
  readonly childPolicies: Setting<readonly ResourceId[]>;
  readonly ruleCollectionGroups: Setting<readonly ResourceId[]>;
  readonly threatIntelligence: Setting<StopMode>;
  /** Destinations that threat intelligence leaves alone. */
  readonly spared: Setting<IpSet>;
  readonly intrusionDetection: Setting<StopMode>;
  /** Those that its firewalls ask in the place of Azure's own. */
  readonly dnsServers: Setting<readonly unknown[]>;
  /** Its firewalls answer clients that look names up. */
  readonly dnsProxy: Setting<boolean>;
  /** Where packets that network rules let pass keep the address that they came with. */
  readonly untranslated: Setting<IpSet>;
  /** It learns more such ranges from a route server. */
  readonly learnsUntranslated: Setting<boolean>;
}

export interface RuleCollectionGroupFact extends FactBase {
  readonly kind: "ruleCollectionGroup";
  /** The group with the lowest number is processed first. */
  readonly priority: Setting<number>;
  /** Those of each kind in the order in which they are processed. */
  readonly rules: Setting<readonly FirewallRule[]>;
}

/** Addresses that firewall rules can name together. */
export interface IpGroupFact extends FactBase {
  readonly kind: "ipGroup";
  readonly addresses: Setting<IpSet>;
}

export type FirewallRule = NatRule | NetworkRule | ApplicationRule;

interface FirewallRuleBase {
  readonly at: Evidence;
  readonly name: string;
  readonly sources: FirewallAddressTerm;
}

/** Leads packets for an address of the firewall on to another address, and lets them in. */
export interface NatRule extends FirewallRuleBase {
  readonly kind: "nat";
  readonly protocols: readonly FirewallProtocol[];
  readonly destinations: FirewallAddressTerm;
  readonly destinationPorts: PortTerm;
  /** As the rule names it: an address, or the name of a host. */
  readonly translatedTo: string | undefined;
  /** Undefined where it is not known. */
  readonly translatedAddresses: IpSet | undefined;
  /** The port that they are led to; undefined where it is not known. */
  readonly translatedPorts: PortSet | undefined;
}

export interface NetworkRule extends FirewallRuleBase {
  readonly kind: "network";
  readonly access: "allow" | "deny";
  readonly protocols: readonly FirewallProtocol[];
  readonly destinations: FirewallAddressTerm;
  readonly destinationPorts: PortTerm;
  /** Folded names of hosts, whose addresses are destinations as well. */
  readonly hosts: readonly string[];
}

/** About HTTP, HTTPS and MSSQL by the names of hosts. */
export interface ApplicationRule extends FirewallRuleBase {
  readonly kind: "application";
  readonly access: "allow" | "deny";
  readonly destinationPorts: PortTerm;
  /** Those of them on which it is certain what is spoken: HTTP, HTTPS or MSSQL. */
  readonly portsOf: Readonly<Record<ApplicationProtocol, PortSet>>;
  /** It is for every host, by the name `*`. */
  readonly isForEveryHost: boolean;
  /** Folded names of hosts, of which the first part may stand for anything: `*.vault.azure.net`. */
  readonly hosts: readonly string[];
  /** What it is for besides, and which hosts that means is in no list: FQDN tags, web categories, paths of URLs. */
  readonly hasOtherHosts: boolean;
}

export type ApplicationProtocol = "http" | "https" | "mssql";

export type FirewallProtocol = "any" | "tcp" | "udp" | "icmp" | "unknown";

/** One side of a firewall rule, before anybody looked up what its tags and groups hold. */
export interface FirewallAddressTerm {
  /** The addresses, prefixes and ranges that it names; host names stand for a few addresses, and are left out. */
  readonly must: IpSet;
  readonly may: IpSet;
  /** Service tags, as the rule spells them. */
  readonly tags: readonly string[];
  readonly ipGroups: readonly ResourceId[];
  /** Set where `must` and `may` differ. */
  readonly because: string | undefined;
}
