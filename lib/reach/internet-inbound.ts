import type { Evidence } from "../model/evidence.ts";
import type { AddressTerm, NetworkInterfaceFact, SecurityRule, SubnetFact } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { shareOfInternet } from "./internet.ts";
import { internetView, privateSpace, publicSpace } from "./network-view.ts";
import { adminRulesId, afterAdminRules } from "./security-admin-rules.ts";
import { throughGroup } from "./security-groups.ts";
import type { Decision, Question } from "./security-rules.ts";
import { unreadBecause, whyUnread } from "./unread.ts";

/** Ports of something in a subnet on which the security groups before it let callers from the internet in. */
export interface Opening {
  readonly protocol: Protocol;
  readonly ports: PortSet;
  /** Which callers. */
  readonly must: IpSet;
  readonly may: IpSet;
  readonly because: readonly string[];
  /** The rules that let them in. */
  readonly evidence: readonly Evidence[];
}

type Protocol = "tcp" | "udp";

/** Network interfaces in a subnet that the same groups stand before, or whatever is in the subnet where none was read. */
export interface Place {
  readonly subnet: SubnetFact;
  readonly groups: readonly ResourceId[];
  readonly interfaces: readonly NetworkInterfaceFact[];
  /** Why it is not known which groups those are. */
  readonly because: readonly string[];
}

/** The interfaces in a subnet by their security groups, those of private endpoints left out: nobody comes to them from the internet. */
export function placesIn(subnet: SubnetFact, snapshot: Snapshot): readonly Place[] {
  const { networkSecurityGroup: group } = subnet;
  const groups = group.kind === "known" && group.value !== undefined ? [group.value] : [];
  const because = group.kind === "unknown" ? [group.because] : [];
  const interfaces = interfacesIn(subnet, snapshot);
  const isPlain = (nic: NetworkInterfaceFact) =>
    nic.networkSecurityGroup.kind === "known" && nic.networkSecurityGroup.value === undefined;
  const plain = interfaces.filter(isPlain);
  const special = interfaces.filter((nic) => !isPlain(nic));
  const shared = { subnet, groups, because };
  if (special.length === 0) return [{ ...shared, interfaces: plain }];
  const own = special.map((nic): Place => {
    const { networkSecurityGroup: its } = nic;
    return {
      subnet,
      groups: its.kind === "known" && its.value !== undefined ? [...groups, its.value] : groups,
      interfaces: [nic],
      because: its.kind === "unknown" ? [...because, its.because] : because,
    };
  });
  if (plain.length > 0) return [{ ...shared, interfaces: plain }, ...own];
  const unseen = unseenIn(subnet, snapshot);
  if (unseen === undefined) return own;
  return [...own, { ...shared, interfaces: [], because: [...because, unseen] }];
}

function interfacesIn({ id }: SubnetFact, snapshot: Snapshot): readonly NetworkInterfaceFact[] {
  const named = snapshot.naming(id);
  if (named.length === 0) return [];
  return named.filter((fact) => fact.kind === "networkInterface").filter((nic) => nic.privateEndpoint === undefined);
}

/** Why there may be interfaces in the subnet besides those that were read. */
export function unseenIn({ ipConfigurations: list }: SubnetFact, snapshot: Snapshot): string | undefined {
  if (list.kind === "unknown") return list.because;
  for (const text of list.value) {
    const nic = ResourceId.parse(text)?.parent;
    if (nic === undefined || !nic.type.endsWith("/networkinterfaces")) continue;
    const found = snapshot.get(nic);
    const because = unreadBecause(found, `\`${nic.text}\``);
    if (because !== undefined) return because;
    if (found.kind !== "fact" || found.fact.kind !== "networkInterface") continue;
    const { ipConfigurations } = found.fact;
    if (ipConfigurations.kind === "unknown") return ipConfigurations.because;
  }
  return undefined;
}

/** Those of the interfaces, or all of the subnet where there is none, or one of them is not known. */
function addressesIn(subnet: SubnetFact, interfaces: readonly NetworkInterfaceFact[]): IpSet {
  if (interfaces.length === 0) return spaceOf(subnet);
  const addresses = interfaces.flatMap(({ ipConfigurations: list }) => {
    if (list.kind === "unknown") return [undefined];
    return list.value.filter((one) => one.subnet?.key === subnet.id.key).map(({ address }) => address);
  });
  const known = addresses.filter((address) => address !== undefined);
  return known.length === addresses.length ? IpSet.union(known) : spaceOf(subnet);
}

function spaceOf({ addressPrefixes }: SubnetFact): IpSet {
  return addressPrefixes.kind === "known" ? IpSet.union(addressPrefixes.value) : privateSpace;
}

/**
 * What a network manager's rules and the groups, all of which must allow, let in from at least this share of the internet.
 * Without either nothing is asked.
 */
export function openingsOf(place: Place, share: number, snapshot: Snapshot): readonly Opening[] {
  const { groups, subnet } = place;
  const manager = adminRulesOf(subnet, snapshot);
  if (manager === undefined) {
    if (groups.length === 0 || groups.some((group) => mostAdmitted(group, snapshot) < share)) return [];
  }
  const addresses = addressesIn(subnet, place.interfaces);
  const rules = groups.flatMap((group) => customRules(group, snapshot) ?? []);
  const isKnown = manager === undefined && groups.every((group) => customRules(group, snapshot) !== undefined);
  const asked: Asked = { ...place, addresses, share, isKnown, rules: [...rules, ...(manager ?? [])] };
  const isUniform = asked.rules.every(({ destinations }) => destinations.must === IpSet.all);
  if (manager !== undefined || addresses.overlaps(publicSpace)) return work(asked, snapshot);
  const to = isUniform ? `${addresses.countIpv4 > 0} ${addresses.countIpv6 > 0n}` : addresses.toPrefixes().join();
  return snapshot.once(`openings ${groups.map(({ key }) => key).join()} ${share} ${to}`, () => work(asked, snapshot));
}

/** Undefined where a network manager has no say. */
export function adminRulesOf({ id }: SubnetFact, snapshot: Snapshot): readonly SecurityRule[] | undefined {
  const { parent: network } = id;
  if (network === undefined) return undefined;
  return snapshot.once(`admin rules ${network.key}`, () => {
    const found = snapshot.get(adminRulesId(network));
    if (found.kind !== "fact" || found.fact.kind !== "securityAdminRules") return undefined;
    const { inbound } = found.fact;
    if (inbound.kind === "unknown") return [];
    return inbound.value.length === 0 ? undefined : inbound.value.map(({ rule }) => rule);
  });
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
    const found = snapshot.get(group);
    if (found.kind !== "fact" || found.fact.kind !== "securityGroup") return 1;
    return shareOfInternet(mostOf(found.fact.allowedSources, snapshot));
  });
}

function mostOf(sources: readonly AddressTerm[], snapshot: Snapshot): IpSet {
  const [reading] = internetView(IpSet.empty, snapshot).readings;
  const all = sources.map((term) => reading?.meaningOf(term).may ?? IpSet.all);
  return IpSet.union(new Set(all)).intersect(publicSpace);
}

/** Inbound, of TCP or UDP; undefined where they are not known. */
function customRules(group: ResourceId, snapshot: Snapshot): readonly SecurityRule[] | undefined {
  const found = snapshot.get(group);
  if (found.kind !== "fact" || found.fact.kind !== "securityGroup" || found.fact.inbound.kind === "unknown") {
    return undefined;
  }
  return found.fact.inbound.value.filter(({ protocol }) => protocols.includes(protocol));
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

function openingOf(
  { subnet, groups, addresses }: Asked,
  { protocol, cell, family }: Cell,
  snapshot: Snapshot,
): Opening {
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
  const view = internetView(destinations, snapshot);
  const byGroups = allow(
    groups.map((group) => throughGroup(group, view, question, snapshot)),
    question.sources,
  );
  const { must, may, because, parts } = afterAdminRules(subnet, byGroups, view, question, snapshot);
  return { protocol, ports: cell, must, may, because, evidence: admitting(parts) };
}

/** All of them must. */
function allow(decisions: readonly Decision[], asked: IpSet): Decision {
  const must = decisions.reduce((all, decision) => all.intersect(decision.must), asked);
  const may = decisions.reduce((all, decision) => all.intersect(decision.may), asked);
  const because = must.equals(may) ? [] : decisions.flatMap((decision) => decision.because);
  return { must, may, because, parts: decisions.flatMap(({ parts }) => parts) };
}

function admitting(parts: Decision["parts"]): readonly Evidence[] {
  return parts.filter(({ access }) => access === "allow").map(({ rule }) => rule.at);
}

/** Public addresses at interfaces that no group stands before: a Basic one is open to everybody, a Standard one to nobody. */
export function unguardedAddresses({ interfaces }: Place, snapshot: Snapshot): readonly UnguardedAddress[] {
  return interfaces.flatMap(({ ipConfigurations: list, id: nic }) => {
    if (list.kind === "unknown") return [{ isOpen: undefined, because: [list.because], evidence: [] }];
    return list.value.flatMap((one, index) => {
      if (one.publicIPAddress === undefined) return [];
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
