import type { Evidence } from "../model/evidence.ts";
import type { AddressTerm, NetworkInterfaceFact, SecurityRule, SubnetFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { cellsOf } from "./cells.ts";
import { shareOfInternet } from "./internet.ts";
import { internetView, privateSpace, publicSpace } from "./network-view.ts";
import { throughGroup } from "./security-groups.ts";
import type { Decision, Question } from "./security-rules.ts";
import { whyUnread } from "./unread.ts";

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

/** Network interfaces that the same groups stand before, or whatever is in the subnet where none was read. */
export interface Place {
  readonly groups: readonly ResourceId[];
  readonly addresses: IpSet;
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
  const others = othersIn(subnet, interfaces, snapshot);
  const shared = { groups, because };
  return [
    ...(special.length === 0 || plain.length > 0
      ? [{ ...shared, addresses: plain.length > 0 ? addressesIn(subnet, plain) : spaceOf(subnet), interfaces: plain }]
      : []),
    ...special.map(({ networkSecurityGroup: own }, index) => ({
      groups: own.kind === "known" && own.value !== undefined ? [...groups, own.value] : groups,
      addresses: addressesIn(subnet, special.slice(index, index + 1)),
      interfaces: special.slice(index, index + 1),
      because: own.kind === "unknown" ? [...because, own.because] : because,
    })),
    ...(others === undefined || plain.length > 0 || special.length === 0
      ? []
      : [{ groups, addresses: spaceOf(subnet), interfaces: [], because: [...because, others] }]),
  ];
}

function interfacesIn({ id }: SubnetFact, snapshot: Snapshot): readonly NetworkInterfaceFact[] {
  const named = snapshot.naming(id);
  if (named.length === 0) return [];
  return named.filter((fact) => fact.kind === "networkInterface").filter((nic) => nic.privateEndpoint === undefined);
}

/** Why there may be something in the subnet that its own group alone stands before, although every interface seen has another. */
function othersIn(
  { ipConfigurations: list, id }: SubnetFact,
  seen: readonly NetworkInterfaceFact[],
  snapshot: Snapshot,
): string | undefined {
  if (seen.length === 0) return undefined;
  if (list.kind === "unknown") return list.because;
  const keys = seen.map((nic) => `${nic.id.key}/`);
  const unseen = list.value.find((text) => {
    const key = text.toLowerCase();
    return key.includes("/networkinterfaces/") && !keys.some((start) => key.startsWith(start));
  });
  if (unseen === undefined) return undefined;
  const isEndpoint = snapshot.naming(id).some((fact) => unseen.toLowerCase().startsWith(`${fact.id.key}/`));
  return isEndpoint ? undefined : `the interface of \`${unseen}\` was not read`;
}

function addressesIn(subnet: SubnetFact, interfaces: readonly NetworkInterfaceFact[]): IpSet {
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

/** What the groups, all of which must allow, let in from at least this share of the internet. */
export function openingsOf({ groups, addresses }: Place, share: number, snapshot: Snapshot): readonly Opening[] {
  if (groups.length === 0 || groups.some((group) => mostAdmitted(group, snapshot) < share)) return [];
  const rules = groups.flatMap((group) => customRules(group, snapshot) ?? []);
  const isUniform = rules.every(({ destinations }) => destinations.must === IpSet.all);
  const asked = isUniform ? `${addresses.countIpv4 > 0} ${addresses.countIpv6 > 0n}` : addresses.toPrefixes().join();
  const name = `openings ${groups.map(({ key }) => key).join()} ${share} ${asked}`;
  return addresses.overlaps(publicSpace)
    ? work(groups, rules, addresses, share, snapshot)
    : snapshot.once(name, () => work(groups, rules, addresses, share, snapshot));
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
  return found.fact.inbound.value.filter(({ protocol }) => protocol === undefined || protocols.includes(protocol));
}

const protocols: readonly string[] = ["any", "tcp", "udp"];

function work(
  groups: readonly ResourceId[],
  rules: readonly SecurityRule[],
  addresses: IpSet,
  share: number,
  snapshot: Snapshot,
): readonly Opening[] {
  const families = [IpSet.ipv4, IpSet.ipv6].filter((family) => addresses.overlaps(family));
  return (["tcp", "udp"] as const).flatMap((protocol) => {
    const ofProtocol = rules.filter((rule) => rule.protocol !== (protocol === "tcp" ? "udp" : "tcp"));
    const ports = cellsOf(PortSet.all, ofProtocol.flatMap(portsOf));
    return ports.flatMap((cell) => {
      const allowing = ofProtocol.filter(
        ({ access, destinationPorts }) => access === "allow" && destinationPorts.may.overlaps(cell),
      );
      const sources = allowing.map((rule) => rule.sources);
      const isKnown = groups.every((group) => customRules(group, snapshot) !== undefined);
      if (isKnown && shareOfInternet(mostOf(sources, snapshot)) < share) return [];
      return families.flatMap((family) => {
        const destinations = addresses.intersect(family);
        const opening = openingOf(groups, { protocol, cell, destinations, family }, snapshot);
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
  readonly destinations: IpSet;
  readonly family: IpSet;
}

function openingOf(
  groups: readonly ResourceId[],
  { protocol, cell, destinations, family }: Cell,
  snapshot: Snapshot,
): Opening {
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
  const decisions = groups.map((group) => throughGroup(group, view, question, snapshot));
  const must = decisions.reduce((all, decision) => all.intersect(decision.must), question.sources);
  const may = decisions.reduce((all, decision) => all.intersect(decision.may), question.sources);
  return {
    protocol,
    ports: cell,
    must,
    may,
    because: must.equals(may) ? [] : decisions.flatMap(({ because }) => because),
    evidence: decisions.flatMap(({ parts }) => admitting(parts)),
  };
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
