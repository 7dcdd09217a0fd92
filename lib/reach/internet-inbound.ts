import type { Evidence } from "../model/evidence.ts";
import type { AddressTerm, SecurityRule, SubnetFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { shareOfInternet } from "./internet.ts";
import { internetView } from "./network-view.ts";
import { peersOf, spaceOf } from "./peers.ts";
import { addressesIn, type Place } from "./places.ts";
import type { Unlisted } from "./published-tags.ts";
import { managerOf } from "./security-admin-rules.ts";
import { rulesOfGroup, throughFilters } from "./security-groups.ts";
import type { Decision, Question } from "./security-rules.ts";
import { publicSpace } from "./spaces.ts";
import { publicCallers, shareOfAllTags, unlistedTags } from "./unlisted-tags.ts";
import { whyUnread } from "./unread.ts";

/** Ports of something in a subnet on which the security groups before it let callers from the internet in. */
export interface Opening {
  readonly protocol: Protocol;
  readonly ports: PortSet;
  /** Which callers. */
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** A service tag whose callers certainly get in, though their addresses are not known. */
  readonly tag?: string;
  /** The rules that let them in. */
  readonly evidence: readonly Evidence[];
}

type Protocol = "tcp" | "udp";

/**
 * What a network manager's rules and the groups, all of which must allow, let in from at least this share of the internet,
 * to any of the place's addresses, or to some of them. Without either nothing is asked.
 */
export function openingsOf(place: Place, share: number, snapshot: Snapshot, some?: IpSet): readonly Opening[] {
  const openings = openingsToAny(place, some, share, snapshot);
  const own = openings.length === 0 ? IpSet.empty : publicRangesAround(place.subnet, snapshot);
  if (own.isEmpty) return openings;
  return openings.flatMap((opening) => {
    const [must, may] = [opening.must.minus(own), opening.may.minus(own)];
    return shareOfInternet(may) < share ? [] : [{ ...opening, must, may }];
  });
}

/**
 * What the network and its peers use of the public addresses: whoever has these is inside, and replies to others go there.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#can-i-have-public-ip-addresses-in-my-virtual-networks
 */
function publicRangesAround({ id }: SubnetFact, snapshot: Snapshot): IpSet {
  const network = factAt(id.parent, "network", snapshot);
  if (network === undefined) return IpSet.empty;
  const { peers } = peersOf(network, snapshot);
  const connected = peers.filter(({ isConnected, isAccessible }) => isConnected.must && isAccessible.must);
  const spaces = [spaceOf(network.id, snapshot), ...connected.map(({ ranges }) => ranges)];
  return IpSet.union(spaces.map(({ must }) => must)).intersect(publicSpace);
}

function openingsToAny(place: Place, some: IpSet | undefined, share: number, snapshot: Snapshot): readonly Opening[] {
  const { groups, subnet } = place;
  const manager = adminRulesOf(subnet, snapshot);
  // INVARIANT: what is remembered below is for every network alike, since a network manager has no say there.
  if (manager === undefined) {
    if (groups.length === 0 || groups.some((group) => mostAdmitted(group, snapshot) < share)) return [];
  }
  const addresses = some ?? addressesIn(subnet, place.interfaces);
  const rules = groups.flatMap((group) => customRules(group, snapshot) ?? []);
  const isKnown = manager === undefined && groups.every((group) => customRules(group, snapshot) !== undefined);
  const asked: Asked = { ...place, addresses, share, isKnown, rules: [...rules, ...(manager ?? [])] };
  const isUniform = asked.rules.every(({ destinations }) => destinations.must === IpSet.all);
  if (manager !== undefined || addresses.overlaps(publicSpace)) return work(asked, snapshot);
  const to = isUniform ? `${addresses.countIpv4 > 0} ${addresses.countIpv6 > 0n}` : addresses.toPrefixes().join();
  return snapshot.once(`openings ${groups.map(({ key }) => key).join()} ${share} ${to}`, () => work(asked, snapshot));
}

/** Undefined where a network manager has no say. */
export function adminRulesOf(subnet: SubnetFact, snapshot: Snapshot): readonly SecurityRule[] | undefined {
  const manager = managerOf(subnet, "inbound", snapshot);
  return manager?.filters.flatMap((filter) => ("because" in filter ? [] : filter));
}

interface Asked extends Place {
  readonly addresses: IpSet;
  readonly share: number;
  /** Every rule that may decide. */
  readonly rules: readonly SecurityRule[];
  /** They are all known, and no manager's. */
  readonly isKnown: boolean;
}

/** The share of the internet that the rules of a group could let in at all, whatever else they say: quick to tell. */
function mostAdmitted(group: ResourceId, snapshot: Snapshot): number {
  return snapshot.once(`most admitted ${group.key}`, () => {
    const fact = factAt(group, "securityGroup", snapshot);
    return fact === undefined ? 1 : shareOfInternet(mostOf(fact.allowedSources, snapshot));
  });
}

function mostOf(sources: readonly AddressTerm[], snapshot: Snapshot): IpSet {
  const [reading] = internetView(IpSet.empty, snapshot).readings;
  const all = sources.map((term) => reading?.meaningOf(term).may ?? IpSet.all);
  return IpSet.union(new Set(all)).intersect(publicSpace);
}

/** Inbound, of TCP or UDP; undefined where they are not known. */
function customRules(group: ResourceId, snapshot: Snapshot): readonly SecurityRule[] | undefined {
  const inbound = factAt(group, "securityGroup", snapshot)?.inbound;
  if (inbound?.kind !== "known") return undefined;
  return inbound.value.filter(({ protocol }) => protocols.includes(protocol));
}

const protocols: readonly SecurityRule["protocol"][] = ["any", "tcp", "udp", "unknown"];

function work(asked: Asked, snapshot: Snapshot): readonly Opening[] {
  const { rules, addresses, share, isKnown } = asked;
  const families = [IpSet.ipv4, IpSet.ipv6].filter((family) => addresses.overlaps(family));
  return (["tcp", "udp"] as const).flatMap((protocol) => {
    const ofProtocol = rules.filter((rule) => rule.protocol !== (protocol === "tcp" ? "udp" : "tcp"));
    const ports = cellsOf(PortSet.all, ofProtocol.flatMap(portsOf));
    return ports.flatMap((cell) => {
      const allowing = ofProtocol.filter((rule) => rule.access === "allow" && rule.destinationPorts.may.overlaps(cell));
      const sources = allowing.map((rule) => rule.sources);
      if (isKnown && shareOfInternet(mostOf(sources, snapshot)) < share) return [];
      return families.flatMap((family) => {
        const opening = openingOf(asked, { protocol, cell, family }, snapshot);
        return shareOfInternet(opening.may) < share ? [] : [opening];
      });
    });
  });
}

function portsOf({ destinationPorts: { must, may } }: SecurityRule): readonly PortSet[] {
  return must === may ? [must] : [must, may];
}

interface Cell {
  readonly protocol: Protocol;
  /** Ports that no rule tells apart. */
  readonly cell: PortSet;
  readonly family: IpSet;
}

function openingOf(asked: Asked, { protocol, cell, family }: Cell, snapshot: Snapshot): Opening {
  const { subnet, groups, addresses } = asked;
  const destinations = addresses.intersect(family);
  const question: Question = {
    direction: "inbound",
    protocol,
    sources: publicSpace.intersect(family).minus(destinations),
    destinations,
    destinationPorts: cell,
    sourcePorts: PortSet.all,
    of: "sources",
    other: "any",
  };
  const filters = groups.map((group) => rulesOfGroup(group, "inbound", snapshot));
  const ask = (unlisted: Unlisted) =>
    throughFilters(filters, subnet, internetView(destinations, snapshot, unlisted), question, snapshot);
  const { must, may, because, parts } = ask("unknown");
  const opening = { protocol, ports: cell, must, may, because, evidence: admitting(parts) };
  const isDecided = shareOfInternet(must) >= asked.share || shareOfInternet(may) < asked.share;
  return isDecided || destinations.overlaps(publicSpace)
    ? opening
    : { ...opening, ...decidedByTags(asked, question, ask, snapshot) };
}

/** What can be said although tags are in no list, since all of them together are few, and some are certainly somebody. */
function decidedByTags(
  { rules, share }: Asked,
  { sources }: Question,
  ask: (unlisted: Unlisted) => Decision,
  snapshot: Snapshot,
): Partial<Opening> {
  const [tag, ...others] = unlistedTags(rules, snapshot);
  if (tag === undefined) return {};
  const nobody = ask("nobody");
  if (shareOfInternet(nobody.may) + shareOfAllTags < share) return { may: nobody.may };
  if (shareOfInternet(nobody.must) - shareOfAllTags >= share) {
    return { must: nobody.must, evidence: admitting(nobody.parts) };
  }
  if (others.length > 0) return {};
  // INVARIANT: with one tag, who has it meets the rules as if everybody had it, and the others as if nobody had.
  const everybody = ask("everybody");
  const may = nobody.may.union(everybody.may);
  const name = publicCallers.get(tag);
  const isSomebody = name !== undefined && share <= shareOfOne && sources.isSubsetOf(everybody.must);
  if (!isSomebody || sources.overlaps(IpSet.ipv6)) return { may };
  return { may, tag: name, evidence: admitting(everybody.parts) };
}

/** No single address has less of its family's public ones. */
const shareOfOne = 2 ** -128;

function admitting(parts: Decision["parts"]): readonly Evidence[] {
  return parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at);
}

/** Public addresses at interfaces that no group stands before: a Basic one is open to everybody, a Standard one to nobody. */
export function unguardedAddresses({ subnet, interfaces }: Place, snapshot: Snapshot): readonly UnguardedAddress[] {
  return interfaces.flatMap(({ ipConfigurations: list, id: nic }) => {
    if (list.kind === "unknown") return [{ isOpen: undefined, because: [list.because], evidence: [] }];
    return list.value.flatMap((one, index) => {
      if (one.publicIPAddress === undefined || one.subnet?.key !== subnet.id.key) return [];
      const pointer = `${list.pointer}/${index}/properties/publicIPAddress/id`;
      const at = { resource: nic, pointer, value: one.publicIPAddress.text };
      return [{ ...openness(one.publicIPAddress, at, snapshot) }];
    });
  });
}

export interface UnguardedAddress {
  /** Undefined where it is not known. */
  readonly isOpen: boolean | undefined;
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku */
function openness(id: ResourceId, at: Evidence, snapshot: Snapshot): UnguardedAddress {
  const found = snapshot.get(id);
  if (found.kind === "absent") return { isOpen: false, because: [], evidence: [at] };
  if (found.kind !== "fact") {
    return { isOpen: undefined, because: [whyUnread(found, `\`${id.text}\``)], evidence: [at] };
  }
  if (found.fact.kind !== "publicIpAddress") {
    return { isOpen: undefined, because: [`\`${id.text}\` is no public address`], evidence: [at] };
  }
  const { sku } = found.fact;
  const evidence = [at, ...evidenceOf(id, sku)];
  if (sku.kind === "unknown") return { isOpen: undefined, because: [sku.because], evidence };
  return { isOpen: sku.value === "basic", because: [], evidence };
}
