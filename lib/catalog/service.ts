import type { PortSet } from "../net/port-set.ts";
import type { AccessListSource, FilterListSource, RequestListSource } from "./access-list-sources.ts";
import type { NamedZoneSource, OwnAddressesAt } from "./own-network.ts";

/**
 * Where one type of service keeps the settings that make up its boundary. Every pointer is a JSON pointer into the
 * body that ARM returns; a pointer inside a rule starts at that rule.
 */
export type Service = FirewalledService | ListedService;

/** All of its rules admit, and its default is for the others. */
export type FirewalledService = AnyService & FirewallSource;

/** Parts of it have access lists, which allow and deny in an order. */
export type ListedService = AnyService & AccessListsSource;

interface AnyService {
  /** The canonical spelling: `Microsoft.Storage/storageAccounts`. */
  readonly type: string;
  /** What people call one of them: "storage account". */
  readonly noun: string;
  /** Newest stable api-version that holds all of this. */
  readonly apiVersion: string;
  /** What each of them has, and in lists of them lacks along with others: a body without it says nothing of what it does not hold. */
  readonly lackedInLists?: { readonly pointer: string; readonly link: string };
  readonly publicNetworkAccess: PublicNetworkAccessAt | NoPublicAccess;
  /** The child that holds the firewall, where the body does not: default action, rules and exceptions point into it. */
  readonly firewallChild?: {
    readonly type: string;
    readonly name: string;
    /** What the same switch in the child says: Disabled counts there, too, or it can do no more than contradict. */
    readonly publicNetworkAccess: "counts" | "repeats";
  };
  /** The folded tiers in which one has no firewall, or no switch where its type has none: Azure refuses what would change it. */
  readonly tiersWithoutFirewall?: readonly string[];
  /** IP rules never match callers that run in Azure in the service's own region. */
  readonly ipRulesMissOwnRegion?: { readonly link: string };
  /** A service with a private endpoint refuses whoever comes over a service endpoint. */
  readonly privateEndpointEndsServiceEndpoints?: { readonly link: string };
  /** Network rules of one are not supported where an entry of a list has a (folded) value, and Azure does not say what they do then. */
  readonly networkRulesUnsupported?: {
    readonly list: string;
    readonly pointer: string;
    readonly value: string;
    readonly link: string;
  };
  /** Azure does not support network rules and private endpoints at once, and does not say which of them counts then. */
  readonly networkRulesExcludePrivateEndpoints?: { readonly link: string };
  /** A firewall that denies and has no rule at all admits everybody; or only while no private endpoint is approved; or the documents do not say. */
  readonly whenEmpty?: {
    readonly admits: "everybody" | "everybodyWithoutPrivateEndpoint" | "undocumented";
    readonly link: string;
    /** Lists of which ARM does not tell, that may narrow whom it lets in all the same: "IP access lists". */
    readonly unless?: string;
  };
  readonly exceptions?: ExceptionSource;
  /** Whether the public endpoint has IPv6 addresses too; hidden where it may, by that page, and nothing in the body is known to say so. */
  readonly publishesIpv6: Whether | { readonly hidden: string };
  /** Regions besides its own in which clients reach it: a text, or one in each element where the pointer goes through `*`. */
  readonly replicas?: { readonly pointer: string; readonly onlyIf?: string };
  /** It may have replicas of which its body says nothing, where it has a firewall. */
  readonly hiddenReplicas?: { readonly link: string };
  /** Nothing of the type can be in a network security perimeter. */
  readonly isOutsidePerimeters?: true;
  /** Service tags in the rules of a perimeter count for it; of the others the documents say so little that they may. */
  readonly perimeterTags?: { readonly link: string };
  /** Where they stand in its body; or in children, of those that can have any; absent where it has none of its own. */
  readonly privateEndpointConnections?: string | ConnectionChildren;
  /** Where one may say that its names are other ones than those of its type, of which the zones of `privateLink` are. */
  readonly endpointNames?: EnumerationAt<"usual" | "other">;
  /** What lets clients in who do not say who they are. */
  readonly anonymousAccess?: AnonymousAccessAt;
  /** The groups that a private endpoint can be made for, those with a known private DNS zone. */
  readonly privateLink: readonly PrivateLinkGroup[];
  /** The service endpoints that make network rules work; one of them on the subnet is enough. None where there are no such rules. */
  readonly serviceEndpoints: readonly string[];
  /** Public addresses that it sends from, which its firewall lets in by itself as soon as it is on. */
  readonly ownAddresses?: EnumerationAt<OwnAddressesAt | "none">;
  /** Where one says its own name, in the place of a zone in `privateLink`. */
  readonly namedZone?: NamedZoneSource;
  /** Service endpoint policies of subnets say which of them packets get to over the endpoint. */
  readonly endpointPolicies?: { readonly link: string };
  /** The TCP ports on which clients reach every one of the type, of which one is enough. */
  readonly ports: PortSet;
  /** Those of the public entrance, where they are others. */
  readonly publicPorts?: PortSet;
  /** Others, on which they reach those of which a setting says so. */
  readonly portsBySetting?: readonly PortsBySetting[];
  /** The one that most of them use, where that is not 443 and not the lowest. */
  readonly usualPort?: number;
  /** Its public entrance is in its subnets, whose security groups are the only firewall: where each of these is so. */
  readonly filteredInSubnets?: readonly Whether[];
  /** It has an entrance in a network, besides the public one or in its place: who comes to that is not worked out. */
  readonly entranceInNetwork?: Whether;
  /** Where one names what holds private endpoints that lead to it, too. */
  readonly endpointHolders?: EndpointHoldersAt;
  /** Where one says that it stands in an environment, a hub or a subnet, whose entrance is not its own: then no more than its place is known. */
  readonly environments?: readonly string[];
  /** The child resources that hold rules, each type read with one request. */
  readonly children: readonly ChildSource[];
}

export interface ConnectionChildren {
  readonly in: "child";
  readonly type: string;
  /** A boolean of the body, false when absent, without which it has none; absent where any of them may have some. */
  readonly onlyIf?: string;
  readonly link: string;
}

export interface PortsBySetting {
  /** Where the body says so, and the value that does: a boolean, or a folded text. */
  readonly pointer: string;
  readonly value: boolean | string;
  readonly ports: PortSet;
  readonly link: string;
  /** What it does not say, so that they only may: "whether it has NFS shares". */
  readonly leavesOpen?: string;
}

/** A boolean that lets clients read without signing in. */
export interface AnonymousAccessAt {
  readonly pointer: string;
  readonly whenAbsent: DocumentedValue | { readonly undocumented: string };
  /** What they then read: "every image". */
  readonly reads: string;
  /** Those that have nothing of the kind, whatever the boolean says: where it stands, and the folded text. */
  readonly except?: { readonly pointer: string; readonly value: string; readonly link: string };
  readonly link: string;
}

interface FirewallSource {
  /** The part that this stands before, where others have firewalls of their own: "account endpoint". */
  readonly before?: string;
  /** The others: public access and exceptions are those of the service. */
  readonly parts?: readonly FirewallPartSource[];
  /** Always "allow" where there is no firewall: public access alone decides. */
  readonly defaultAction:
    | EnumerationAt<"allow" | "deny">
    | { readonly always: "allow" | "deny"; readonly link: string };
  readonly ipRules: readonly IpRuleSource[];
  /** Default action and rules, where the newest stable api-version does not show them. */
  readonly shownBy?: ShownBy;
  /** Absent for services without network rules: subnets come to them over private endpoints alone. */
  readonly virtualNetworkRules?: VirtualNetworkRuleSource;
  readonly accessLists?: undefined;
}

export interface FirewallPartSource {
  readonly before: string;
  /** A boolean, false when absent, without which everybody gets in, and those of a (folded) tier that cannot have it. */
  readonly onlyIf?: { readonly pointer: string; readonly tiersWithout: readonly string[]; readonly link: string };
  /** Azure leaves open whether the switch of the service shuts it, too. */
  readonly mayOutliveSwitch?: { readonly link: string };
  readonly defaultAction: EnumerationAt<"allow" | "deny">;
  readonly ipRules: readonly (IpRuleSource & { readonly in: "body" })[];
}

interface AccessListsSource {
  readonly before?: undefined;
  readonly parts?: undefined;
  readonly accessLists: readonly (AccessListSource | RequestListSource | FilterListSource)[];
  readonly defaultAction?: undefined;
  readonly shownBy?: undefined;
  readonly ipRules?: undefined;
  readonly virtualNetworkRules?: undefined;
}

export interface ShownBy {
  readonly apiVersion: string;
  /** The object that holds them, and an older list: where neither is in a body, it says nothing, nor where the older list has entries alone. */
  readonly pointer: string;
  readonly olderList: string;
}

/** A type of service that Azure has ended: what is left of one is not judged, and answers nobody, unless it says that it may. */
export interface RetiredService extends Pick<Service, "type" | "noun" | "apiVersion"> {
  /** The day, "2024-02-29". */
  readonly since: string;
  readonly link: string;
  /** Azure moves what is left elsewhere, and does not say when: until then it may answer. */
  readonly mayAnswer?: { readonly link: string };
}

/** What holds private endpoints for others has no public entrance of its own. */
export interface NoPublicAccess {
  readonly always: "off";
  readonly link: string;
}

/** Ids of holders, or of something in them, in the elements of a list: a holder may be in any subscription. */
export interface EndpointHoldersAt {
  readonly pointer: string;
  readonly id: string;
  /** Canonical. */
  readonly type: string;
  readonly link: string;
}

export interface PublicNetworkAccessAt extends EnumerationAt<"on" | "off" | "perimeter"> {
  /** How ARM has the two, where that is not "Enabled" and "Disabled", nor a boolean. */
  readonly spelled?: { readonly on: string; readonly off: string };
  /** What an absent property, or an empty text, means as soon as a private endpoint is approved; or the page that leaves it open. */
  readonly withPrivateEndpoint?: { readonly value: string } | { readonly undocumented: string };
  /** The switches of its other parts, with the same values: one that is on is enough. */
  readonly others?: readonly string[];
  readonly overruledBy?: OverrulingSetting;
}

/** Another setting that turns public access off, leaves it as it is, or does what no document tells. */
export interface OverrulingSetting {
  readonly pointer: string;
  /** Folded values, `true` and `false` among them; absent it leaves public access as it is. */
  readonly values: Readonly<Record<string, "off" | "asItIs">>;
  /** What other values do to public access that is so is not documented. */
  readonly when: "on" | "off";
}

export interface EnumerationAt<T> {
  readonly pointer: string;
  /** Folded spelling in ARM, `true` and `false` among them → meaning. A value that is not here is unknown. */
  readonly values: Readonly<Record<string, T>>;
  /** What the documentation says an absent property means; undefined where it leaves that open. */
  readonly whenAbsent: DocumentedValue | undefined;
  /** An object that holds it, if what is said is of an absent object only. */
  readonly within?: string;
}

/** A value, spelled as in ARM, and the page that says so. */
export interface DocumentedValue {
  readonly value: string;
  readonly link: string;
}

/** For the type, or where one says so. */
export type Whether = boolean | EnumerationAt<boolean>;

/** Firewall entries: an array in the body, or child resources of a type in `children`. */
export type IpRuleSource = {
  readonly family: "ipv4" | "ipv6" | "both";
  /** One text (address, prefix or range), or the first and the last address. */
  readonly value: string | { readonly first: string; readonly last: string };
  /** Where an entry says what it does; only "Allow" is known. */
  readonly action?: string;
  /** Set where the entries are one text, with this between them. */
  readonly separator?: string;
  /** The last api-version that has it, where the newest one does not. */
  readonly until?: string;
  /**
   * The entry for an address that nobody has, "0.0.0.0-0.0.0.0": it stands for every tenant's workloads in Azure; for them or for
   * nobody, which the documents leave open; or for nobody, and turns the firewall on.
   */
  readonly special?: { readonly entry: string; readonly standsFor: "azure" | "maybeAzure" | "nobody" };
  /** An entry may be the name of a service tag, whose addresses it lets in; or each is one, and the documents do not say whom that lets in. */
  readonly tags?: "addresses" | "undocumented";
} & RuleLocation;

export type VirtualNetworkRuleSource = {
  /** Where an entry names its subnet: in one place, or in the first of these that it has. */
  readonly subnet: string | readonly string[];
  /** Where an entry says what it does; only "Allow" is known. */
  readonly action?: string;
  /** A boolean, false when absent, without which the rules count for nothing. */
  readonly onlyIf?: string;
  /** The api-version that shows them, where the newest stable one does not: then a body without the list says nothing. */
  readonly shownBy?: string;
  readonly state?: {
    readonly pointer: string;
    readonly values: Readonly<Record<string, VirtualNetworkRuleState>>;
  };
} & RuleLocation;

/** A rule that works proves that its subnet exists; one that is changing proves nothing yet. */
export type VirtualNetworkRuleState = "working" | "changing" | "broken";

type RuleLocation = { readonly in: "body"; readonly pointer: string } | ChildRules;

interface ChildRules {
  readonly in: "child";
  readonly type: string;
  /** What stands between the words of a name, where a hyphen may not. */
  readonly joint?: "_";
}

export interface ExceptionSource {
  /** A text of flags that are separated by commas, or a switch that stands for the one flag there is. */
  readonly bypass: {
    readonly pointer: string;
    readonly isSwitch?: true;
    readonly flags: readonly string[];
    readonly whenAbsent: DocumentedValue;
  };
  /** Resources that are let through; `id` leads to their id from an entry. */
  readonly resourceAccessRules?: { readonly pointer: string; readonly id: string };
  /** A boolean, false when absent, that lets one more service through, and what to call that. */
  readonly ownSwitch?: { readonly pointer: string; readonly name: string; readonly link: string };
  /** Azure does not say whether they get in while public access is off, too. */
  readonly undocumentedWhileOff?: { readonly link: string };
  /** Nobody is excepted while there is a network rule. */
  readonly endedByNetworkRules?: { readonly link: string };
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export interface PrivateLinkGroup {
  /** What a private endpoint asks for: `blob`. */
  readonly groupId: string;
  /** The name of the service follows: `sites-staging`. */
  readonly isPrefix?: true;
  /**
   * The private DNS zone that holds its names, by cloud; several where each holds some of them, if there are any. `{regionName}`
   * stands for the region of the service, `{regionCode}` for a code of it that its names have, too, `{partitionId}` for a number in
   * them.
   */
  readonly zones: { readonly public: ZoneNames; readonly usgov?: ZoneNames; readonly china?: ZoneNames };
  /** Where the public cloud held its names before: asked first, so that it goes on holding those of a network that is linked to it. */
  readonly formerZone?: { readonly name: string; readonly link: string };
}

type ZoneNames = string | readonly string[];

export interface ChildSource {
  /** Last segment of the type: `firewallRules`. */
  readonly type: string;
  /** The only one that matters, which is read by its id: the list would leave out what counts. */
  readonly name?: string;
  readonly apiVersion: string;
  /** Nobody needs the list but of some, so that it is read when somebody asks for it. */
  readonly isReadWhenAsked?: true;
  /** Where a recording without this list is common: what is taken for granted then. */
  readonly whenNotRead?: string;
}
