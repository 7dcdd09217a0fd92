import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { Fact, FactKind, Route, ServiceFact } from "./fact.ts";
import { Glob } from "./glob.ts";
import { GlobIndex } from "./glob-index.ts";
import { fold, type ResourceId } from "./resource-id.ts";

export const severities = ["high", "medium", "low", "info"] as const;

export type Severity = (typeof severities)[number];

/** An on-premises location, and the public addresses that its outgoing traffic has. */
export interface Site {
  readonly name: string;
  readonly natAddresses: IpSet;
  readonly connection: "microsoftPeering" | "internet" | "private";
  readonly needs: readonly Need[];
}

export type Need =
  | { readonly kind: "id"; readonly glob: Glob }
  | { readonly kind: "type"; readonly type: string }
  | { readonly kind: "tag"; readonly tag: string; readonly value: string };

export interface ApprovedException {
  readonly resource: Glob;
  /** "AzureServices", "Logging", "Metrics", "Front Door" and its id, or a resource id, which may hold `*`. */
  readonly exception: string;
}

export interface Waiver {
  readonly rule: string;
  readonly resource: Glob;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds: "2027-03-31", in UTC. */
  readonly expires: string;
}

/** Subnets that are kept for a service, whether or not it is there yet. */
export interface ReservedSubnet {
  readonly subnet: Glob;
  /** The delegation that they need: "Microsoft.Web/serverFarms", in any case. */
  readonly serviceName: string;
}

/** The keys of the policy under which entries are for resources of one kind. */
export const entryKeys = [
  "approvedExceptions",
  "dnsNetworks",
  "firewalls",
  "isolatedSubnets",
  "keptApart",
  "reservedSubnets",
  "sites",
] as const;

export const entryKinds = ["network", "routeTable", "service", "subnet"] as const satisfies readonly FactKind[];

/** An entry of the policy that is worth nothing where there is no fact that it is for. */
export type PolicyEntry = {
  readonly key: (typeof entryKeys)[number];
  readonly kind: (typeof entryKinds)[number];
  readonly text: string;
} & ({ readonly glob: Glob } | { readonly isFor: (fact: Fact) => boolean });

export interface PolicySettings {
  readonly approvedAddresses?: IpSet;
  readonly approvedExceptions: readonly ApprovedException[];
  readonly nearlyInternet: number;
  readonly sites: readonly Site[];
  readonly severities: ReadonlyMap<string, Severity>;
  readonly waivers: readonly Waiver[];
  readonly privateTypes?: Iterable<string>;
  readonly dnsNetworks?: readonly ResourceId[];
  readonly reservedSubnets?: readonly ReservedSubnet[];
  readonly perimeterTypes?: Iterable<string>;
  readonly injectedTypes?: Iterable<string>;
  readonly isolatedSubnets?: readonly Glob[];
  readonly firewalls?: IpSet;
  /** Networks that match one pattern of an entry must not meet those that match another of it. */
  readonly keptApart?: readonly (readonly Glob[])[];
}

/** What the owner of the estate expects. */
export class Policy {
  /** Undefined where the policy names none: then every address is as good as another. */
  readonly approvedAddresses: IpSet | undefined;
  /** From this share of the public addresses of a family on, a firewall counts as open. */
  readonly nearlyInternet: number;
  readonly sites: readonly Site[];
  readonly severities: ReadonlyMap<string, Severity>;
  readonly waivers: readonly Waiver[];
  /** Addresses of firewalls are for the route tables whose routes have them for a next hop. */
  readonly entries: readonly PolicyEntry[];
  /** Folded types of services that must have a private endpoint. */
  readonly privateTypes: ReadonlySet<string>;
  /** Networks whose clients must resolve the names of every private endpoint. */
  readonly dnsNetworks: readonly ResourceId[];
  /** Folded types of services that must be in a network security perimeter. */
  readonly perimeterTypes: ReadonlySet<string>;
  /** Folded types of services that must be in a virtual network. */
  readonly injectedTypes: ReadonlySet<string>;
  /** Next hops that count as a firewall. */
  readonly firewalls: IpSet;
  readonly #keptApart: GlobIndex<KeptApart>;
  readonly #dnsNetworks: ReadonlySet<string>;
  readonly #apart = new WeakMap<ResourceId, readonly KeptApart[]>();
  readonly #isolatedSubnets: GlobIndex<Glob>;
  readonly #reservedSubnets: GlobIndex<ReservedSubnet>;
  readonly #approvedExceptions: GlobIndex<{ readonly resource: Glob; readonly exception: Glob }>;
  readonly #waivers: ReadonlyMap<string, GlobIndex<Waiver>>;

  constructor(settings: PolicySettings) {
    this.approvedAddresses = settings.approvedAddresses;
    this.nearlyInternet = settings.nearlyInternet;
    this.sites = settings.sites;
    this.severities = settings.severities;
    this.waivers = settings.waivers;
    this.privateTypes = new Set([...(settings.privateTypes ?? [])].map(fold));
    this.dnsNetworks = settings.dnsNetworks ?? [];
    this.#dnsNetworks = new Set(this.dnsNetworks.map(({ key }) => key));
    this.perimeterTypes = new Set([...(settings.perimeterTypes ?? [])].map(fold));
    this.injectedTypes = new Set([...(settings.injectedTypes ?? [])].map(fold));
    this.firewalls = settings.firewalls ?? IpSet.empty;
    const keptApart = (settings.keptApart ?? []).flatMap((entry) => entry.map((glob) => ({ glob, entry })));
    this.#keptApart = new GlobIndex(keptApart, ({ glob }) => glob);
    this.#isolatedSubnets = new GlobIndex(settings.isolatedSubnets ?? [], (glob) => glob);
    this.#reservedSubnets = new GlobIndex(settings.reservedSubnets ?? [], ({ subnet }) => subnet);
    const exceptions = settings.approvedExceptions.map(({ resource, exception }) => ({
      resource,
      exception: new Glob(exception),
    }));
    this.#approvedExceptions = new GlobIndex(exceptions, ({ resource }) => resource);
    const byRule = Map.groupBy(settings.waivers, ({ rule }) => rule);
    this.#waivers = new Map(
      [...byRule].map(([rule, waivers]) => [rule, new GlobIndex(waivers, ({ resource }) => resource)]),
    );
    this.entries = entriesOf(settings);
  }

  static readonly default: Policy = new Policy({
    approvedExceptions: [],
    nearlyInternet: 0.25,
    sites: [],
    severities: new Map(),
    waivers: [],
  });

  sitesThatNeed(service: ServiceFact): readonly Site[] {
    return this.sites.filter((site) => site.needs.some((need) => isMet(need, service)));
  }

  /** Those of them that come to its public endpoint. */
  publicSitesThatNeed(service: ServiceFact): readonly Site[] {
    return this.sitesThatNeed(service).filter(({ connection }) => connection !== "private");
  }

  /** The approved addresses, and those of the sites that need this service. */
  approvedFor(service: ServiceFact): IpSet {
    return this.#approvedWith(this.sitesThatNeed(service));
  }

  /** What the firewall of this service should admit: sites over a private connection never meet it. */
  wantedAt(service: ServiceFact): IpSet {
    return this.#approvedWith(this.publicSitesThatNeed(service));
  }

  #approvedWith(sites: readonly Site[]): IpSet {
    const approved = this.approvedAddresses ?? IpSet.empty;
    return sites.length === 0 ? approved : IpSet.union([approved, ...sites.map(({ natAddresses }) => natAddresses)]);
  }

  /** The waivers of a rule for a resource, whether or not they still hold, in the order of the policy. */
  waiversFor(rule: string, resource: ResourceId): readonly Waiver[] {
    return this.#waivers.get(rule)?.matching(resource) ?? [];
  }

  /** The delegations for which a subnet is kept, as the policy spells them. */
  reservationsOf(subnet: ResourceId): readonly string[] {
    return this.#reservedSubnets.matching(subnet).map(({ serviceName }) => serviceName);
  }

  isDnsNetwork({ key }: ResourceId): boolean {
    return this.#dnsNetworks.has(key);
  }

  /** Whether the subnet must be kept from the internet, in both directions. */
  isIsolated(subnet: ResourceId): boolean {
    return this.#isolatedSubnets.hasMatching(subnet);
  }

  /** Whether any network must be kept from this one. */
  hasKeptApart(network: ResourceId): boolean {
    return this.#keptApart.hasMatching(network);
  }

  /** Whether the two must not meet: an entry has one of them in one pattern, and the other in another. */
  areKeptApart(one: ResourceId, other: ResourceId): boolean {
    if (one.key === other.key) return false;
    const others = this.#keptApartBy(other);
    return this.#keptApartBy(one).some(({ entry, glob }) =>
      others.some((second) => second.entry === entry && second.glob !== glob),
    );
  }

  /** A network behind a hub is asked about by all others. */
  #keptApartBy(network: ResourceId): readonly KeptApart[] {
    const known = this.#apart.get(network) ?? this.#keptApart.matching(network);
    this.#apart.set(network, known);
    return known;
  }

  approvesException(resource: ResourceId, exception: string): boolean {
    const approved = this.#approvedExceptions.matching(resource);
    return approved.some((one) => one.exception.matchesText(exception));
  }
}

/** One pattern of an entry about networks that must not meet. */
interface KeptApart {
  readonly glob: Glob;
  readonly entry: readonly Glob[];
}

function entriesOf(settings: PolicySettings): readonly PolicyEntry[] {
  const named = (key: PolicyEntry["key"], kind: PolicyEntry["kind"], globs: readonly Glob[] = []) =>
    globs.map((glob): PolicyEntry => ({ key, kind, text: glob.text, glob }));
  const reserved = settings.reservedSubnets?.map(({ subnet }) => subnet);
  const excepted = settings.approvedExceptions.map(({ resource }) => resource);
  const resolving = settings.dnsNetworks?.map(({ text }) => new Glob(text));
  return [
    ...named("reservedSubnets", "subnet", reserved),
    ...named("isolatedSubnets", "subnet", settings.isolatedSubnets),
    ...named("keptApart", "network", settings.keptApart?.flat()),
    ...named("dnsNetworks", "network", resolving),
    ...named("approvedExceptions", "service", excepted),
    ...settings.sites.flatMap(({ needs }) => needs.map(entryOfNeed)),
    ...(settings.firewalls?.toPrefixes() ?? []).map(entryOfFirewall),
  ];
}

function entryOfNeed(need: Need): PolicyEntry {
  if (need.kind === "id") return { key: "sites", kind: "service", text: need.glob.text, glob: need.glob };
  const text = need.kind === "type" ? need.type : `${need.tag}=${need.value}`;
  return { key: "sites", kind: "service", text, isFor: (fact) => fact.kind === "service" && isMet(need, fact) };
}

function entryOfFirewall(text: string): PolicyEntry {
  const addresses = parseAddresses(text) ?? IpSet.empty;
  const isNextHop = ({ nextHopIpAddress: hop = "" }: Route) => parseAddresses(hop)?.overlaps(addresses) === true;
  const isFor = (fact: Fact) =>
    fact.kind === "routeTable" && fact.routes.kind === "known" && fact.routes.value.some(isNextHop);
  return { key: "firewalls", kind: "routeTable", text, isFor };
}

function isMet(need: Need, service: ServiceFact): boolean {
  switch (need.kind) {
    case "id":
      return need.glob.matches(service.id);
    case "type":
      return service.id.type === fold(need.type);
    case "tag":
      return Object.entries(service.tags).some(([tag, value]) => fold(tag) === fold(need.tag) && value === need.value);
  }
}
