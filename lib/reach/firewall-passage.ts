import type { ApplicationProtocol, ApplicationRule, NetworkRule } from "../model/azure-firewall-fact.ts";
import type { AddressTerm, SecurityRule, ServiceFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { type Addressed, addressedByAny, exactly } from "./addressed.ts";
import type { Boundary } from "./boundary.ts";
import type { InForce } from "./firewall-in-force.ts";
import { type HostName, hostNamesOf, isAkin } from "./host-names.ts";
import type { NetworkView, Reading } from "./network-view.ts";
import type { EndpointPlace } from "./private-path.ts";
import { PublishedTags } from "./published-tags.ts";
import {
  applicationRulesFor,
  mayBeFor,
  mayHold,
  type NetworkRules,
  networkRulesFor,
  type RuleForHost,
} from "./rules-for-callers.ts";
import { anyOfThem, type Decision, decide } from "./security-rules.ts";
import { everyone, everyPort, termOf } from "./security-terms.ts";
import { publicSpace } from "./spaces.ts";
import { whereaboutsOf } from "./whereabouts.ts";

/** What a firewall lets pass to a service. */
export interface Passage {
  /** Of some IPv4 addresses, over one port. */
  on(sources: IpSet, port: PortSet): Decision;
}

/** Where packets go, and what becomes of those that rules let pass. */
interface Target {
  readonly destinations: IpSet;
  /** Folded names of service tags that all of the destinations are in, where these tags are in no list. */
  readonly tags: readonly string[] | undefined;
  /** The names that clients ask for, of which one is enough. */
  readonly hosts: readonly HostName[];
  /** Why the rules may be for some of the destinations only. */
  readonly because: readonly string[];
  /** Of network rules that are for it, and of application rules. */
  readonly byAddress: Fate;
  readonly byName: Fate;
  /** Of network rules that name a host of the service; undefined where its addresses are the public ones. */
  readonly isNamed: Truth | undefined;
}

/** What becomes of packets that a rule lets pass: they arrive, they do not, or why that is not known. */
type Fate = "arrives" | "isLost" | { readonly because: string };

/**
 * The first network rule that matches decides, then the first application rule; what none matches is denied. The rules that
 * firewalls have of their own are for what Azure's platform needs: https://learn.microsoft.com/azure/firewall/rule-processing,
 * https://learn.microsoft.com/azure/firewall/infrastructure-fqdns
 */
function passage(target: Target, inForce: InForce, snapshot: Snapshot): Passage {
  const view = viewOf(target, snapshot);
  const { destinations, tags, hosts } = target;
  const mayStop = inForce.mayStop.flatMap((one) => (destinations.isSubsetOf(one.spared) ? [] : [one.because]));
  return {
    on(sources, port) {
      if (inForce.because.length > 0) return notKnown(sources, inForce.because);
      const question = {
        direction: "outbound",
        protocol: "tcp",
        sources,
        destinations,
        destinationPorts: port,
        sourcePorts: undefined,
        of: "sources",
        other: "each",
        ...(tags === undefined ? {} : { destinationTags: new Set(tags) }),
      } as const;
      const byAddress = networkRulesFor(inForce, sources, port).flatMap((some) => networkRules(some, target));
      const byName = hosts.map((host) =>
        applicationRulesFor(inForce, host)
          .filter((one) => mayBeFor(one.inForce, sources, port))
          .flatMap((one) => applicationRules(one, port, target)),
      );
      const told = byName.every((some) => some.length === 0) ? byName.slice(0, 1) : byName; // only they tell names apart
      const decision = anyOfThem(told.map((some) => decide([[...byAddress, ...some]], view, question)));
      if (mayStop.length === 0 || decision.may.isEmpty) return decision;
      return { ...decision, must: IpSet.empty, because: [...new Set([...mayStop, ...decision.because])] };
    },
  };
}

/**
 * To the public endpoint. "The firewall parses out the FQDN from the host or SNI header, resolves it, and then connects to that IP
 * address", whatever address the client meant: https://learn.microsoft.com/azure/firewall/dns-details. `isDirect` says that it goes to the
 * next hop Internet from the firewall, if it goes anywhere.
 */
export function passageTo(
  service: ServiceFact,
  boundary: Boundary,
  inForce: InForce,
  isDirect: boolean,
  snapshot: Snapshot,
): Passage {
  const { addresses, tags, listed } = whereaboutsOf(service, snapshot);
  const destinations = addresses.intersect(IpSet.ipv4);
  const hasEndpoint = boundary.privateEndpoints.isAnyApproved.may;
  const target: Target = {
    destinations,
    tags: listed === undefined ? tags : undefined,
    hosts: hostNamesOf(service),
    because: [listed === undefined ? unlistedAddresses(tags) : someAddresses],
    byAddress: untranslatedTo(destinations, inForce, isDirect),
    byName: hasEndpoint ? { because: mayFindEndpoint(service.id.name) } : "arrives",
    isNamed: undefined,
  };
  return passage(target, inForce, snapshot);
}

const someAddresses = "the rules are for some of the addresses that the service may have, and not for others";

function unlistedAddresses([tag]: readonly string[]): string {
  const where = tag === undefined ? "" : `, which is somewhere in \`${tag}\``;
  return `${someAddresses}${where}; no list of service tags has them`;
}

function mayFindEndpoint(name: string): string {
  return `the firewall looks up the name itself, and may find a private endpoint of \`${name}\``;
}

/** "With this configuration, Azure Firewall can't route traffic directly to the Internet": https://learn.microsoft.com/azure/firewall/snat-private-range */
function untranslatedTo(destinations: IpSet, { untranslated }: InForce, isDirect: boolean): Fate {
  if (!untranslated.may.overlaps(destinations)) return "arrives";
  if (isDirect && IpSet.ipv4.isSubsetOf(untranslated.must)) return "isLost";
  return { because: untranslated.because[0] ?? undocumentedSource };
}

const undocumentedSource =
  "what becomes of packets to public addresses that the firewall does not translate is not documented";

/**
 * To one address of a private endpoint, where `isFound` says whether its names lead the firewall there. "If network rules are used,
 * SNAT must be configured for traffic destined to private endpoints in order to maintain flow symmetry":
 * https://learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall
 */
export function passageToEndpoint(
  destination: IpSet,
  { addresses, hosts }: Pick<EndpointPlace, "addresses" | "hosts">,
  isFound: () => Truth,
  inForce: InForce,
  snapshot: Snapshot,
): Passage {
  const { may, because } = inForce.untranslated;
  const { asksAzure, hasDnsProxy } = inForce;
  const mayBeByName = inForce.rules.some(({ rule }) => rule.kind === "application" || rule.hosts.length > 0);
  const isThere = mayBeByName ? foundBy(asksAzure, isFound()) : certainly(true);
  const target: Target = {
    destinations: destination,
    tags: undefined,
    hosts,
    because: [],
    byAddress: may.overlaps(destination) ? { because: because[0] ?? asymmetric } : "arrives",
    byName: lookedUp(isThere),
    isNamed: hasDnsProxy.must ? namedAt(isThere, addresses) : perhaps(hasDnsProxy.because),
  };
  return passage(target, inForce, snapshot);
}

/** Each of its names leads to one of the addresses of an endpoint. */
function namedAt(isThere: Truth, addresses: IpSet): Truth {
  if (!isThere.must || addresses.at(1) === undefined) return isThere;
  return perhaps(["which of the addresses of the private endpoint the firewall finds by which name is not known"]);
}

/** What Azure's own DNS does not find, other servers may. */
function foundBy(asksAzure: Truth, isFound: Truth): Truth {
  if (asksAzure.must) return isFound;
  return perhaps([...new Set([...asksAzure.because, ...isFound.because])]);
}

/** Whoever does not find it there is led to the public endpoint: https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration */
function lookedUp({ must, may, because: [because = ""] }: Truth): Fate {
  if (must) return "arrives";
  if (!may) return "isLost";
  return { because: `the firewall looks up the name itself, and may not find the private endpoint: ${because}` };
}

const asymmetric =
  "replies of a private endpoint may take another way than over the firewall, which does not translate what network rules let pass to it";

function notKnown(sources: IpSet, because: readonly string[]): Decision {
  return { must: IpSet.empty, may: sources, because, parts: [] };
}

/** Service tags hold public addresses. */
function viewOf({ because }: Target, snapshot: Snapshot): NetworkView {
  const published = PublishedTags.of(snapshot.serviceTags, "unknown");
  const tagged = (tag: string): Addressed => {
    if (fold(tag) === "internet") return exactly(publicSpace);
    const { must, may, because: reasons } = published.meaningOf(tag);
    return { must, may: may.intersect(publicSpace), because: reasons };
  };
  const reading: Reading = {
    meaningOf({ must, may, tags, because: reason }) {
      const stated = { must, may, because: reason === undefined ? [] : [reason] };
      return tags.length === 0 ? stated : addressedByAny([stated, ...tags.map(tagged)]);
    },
  };
  return { readings: [reading], because };
}

/** As one security rule that is named after one of them, where some of them are for the destinations. */
function networkRules(
  { each, protocol, sources, destinations }: NetworkRules,
  target: Target,
): readonly SecurityRule[] {
  const { destinations: there, byAddress } = target;
  const [[first] = []] = each;
  if (first === undefined || (first.hosts.length === 0 && !mayHold(destinations, there))) return [];
  const [rule] = each.find(([, its]) => mayHold(its, there)) ?? [first];
  const shared = { ...sharedOf(rule), protocol, sources, destinations: withHosts(rule, destinations, target) };
  return withFate(shared, rule.access, byAddress);
}

/**
 * Names stand for the addresses that the firewall finds for them, and services of a kind have addresses in common:
 * https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules
 */
function withHosts(rule: NetworkRule, stated: AddressTerm, { destinations, hosts, isNamed }: Target): AddressTerm {
  const named = rule.hosts.filter((host) => isAkin(host, hosts));
  const others = named.filter((host) => !hosts.some((one) => one.kind === "name" && one.name === host));
  const own = others.length < named.length ? isNamed : undefined;
  if (own?.must) {
    const withThese = (set: IpSet) => IpSet.union([set, destinations]);
    return { ...stated, must: withThese(stated.must), may: withThese(stated.may) };
  }
  const [akin] = own?.may === false ? others : named;
  if (akin === undefined) return stated;
  const generic = `whether \`${akin}\` of the rule \`${rule.name}\` has an address of the service is not known`;
  return { ...stated, may: IpSet.all, because: own?.because[0] ?? generic };
}

/** As security rules. */
function applicationRules(one: RuleForHost, port: PortSet, target: Target): readonly SecurityRule[] {
  const { rule, inForce } = one;
  const stated = { ...sharedOf(rule), protocol: "tcp", sources: inForce.sources } as const;
  return withFate({ ...stated, destinations: destinationsFor(one, port) }, rule.access, target.byName);
}

function destinationsFor({ rule, isFor }: RuleForHost, port: PortSet): AddressTerm {
  if (isFor === "perhaps") {
    return somewhere(`whether the rule \`${rule.name}\` is for a name of the service is not known`);
  }
  if (isSpokenOn(port, rule)) return everyone;
  return somewhere(
    `what the rule \`${rule.name}\`, which is for names of hosts, makes of TCP ${port} is not documented`,
  );
}

function sharedOf({ at, name, destinationPorts }: NetworkRule | ApplicationRule) {
  return { at, name, priority: 0, direction: "outbound", sourcePorts: everyPort, destinationPorts } as const;
}

/** What is let pass, and then may not arrive, is denied or allowed. */
function withFate(shared: Omit<SecurityRule, "access">, said: "allow" | "deny", fate: Fate): readonly SecurityRule[] {
  const access = said === "deny" || fate === "isLost" ? "deny" : "allow";
  const stated: SecurityRule = { ...shared, access };
  if (access === "deny" || typeof fate === "string") return [stated];
  return [
    { ...stated, access: "deny", sources: { ...shared.sources, must: IpSet.empty, because: fate.because } },
    stated,
  ];
}

function somewhere(because: string): AddressTerm {
  return { ...termOf(IpSet.empty), may: IpSet.all, because };
}

const spoken: readonly (readonly [ApplicationProtocol, PortSet])[] = [
  ["http", PortSet.ofEach(80)],
  ["https", PortSet.ofEach(443)],
  ["mssql", PortSet.ofEach(1433)],
];

/** Services speak these on their usual ports. */
function isSpokenOn(port: PortSet, { portsOf }: ApplicationRule): boolean {
  return spoken.some(([name, usual]) => port.isSubsetOf(usual) && port.isSubsetOf(portsOf[name]));
}
