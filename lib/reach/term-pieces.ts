import type { Evidence } from "../model/evidence.ts";
import type { AddressTerm, SecurityGroupFact, SubnetFact } from "../model/fact.ts";
import { distinctIds, fold } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { networkViewOf } from "./network-view.ts";
import { termOf } from "./security-terms.ts";
import { host, privateSpace, publicSpace } from "./spaces.ts";
import { evidenceOfTags } from "./tag-evidence.ts";

/** A part of one side of a rule: addresses, or those of a tag or a group, which may be any of these. */
export interface Piece {
  /** Folded; undefined for plain addresses. */
  readonly symbol: string | undefined;
  readonly most: IpSet;
}

/** How the terms of a group's rules are compared, wherever the group is used. */
export interface Terms {
  /** All that a side could mean. */
  piecesOf(term: AddressTerm): readonly Piece[];
  /** What a side means for certain of a piece; `most` where it may mean more. */
  coverOf(term: AddressTerm, piece: Piece, how: How): IpSet;
  isDoubtful(term: AddressTerm): boolean;
  /** What the meaning of a side hangs on besides: the list of service tags, or where the group is used, one place of several. */
  meantBy(term: AddressTerm): readonly Evidence[];
}

export type How = "least" | "most";

/** Whether `0.0.0.0/0` is for IPv6 as well is not documented: it is what it is in each rule that has it. */
const everyIpv6 = "0.0.0.0/0";

/**
 * A tag or an application security group covers itself, and a tag those of its regions. Beyond that a tag is the addresses
 * of the published list, and `VirtualNetwork` and `Internet` what they are in every subnet that the group is used in; what
 * is not known of them covers nothing.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview
 */
export function termsOf(group: SecurityGroupFact, snapshot: Snapshot): Terms {
  let views: Views | undefined;
  const viewed = () => {
    views ??= viewsOf(group, snapshot);
    return views;
  };
  const tag = (name: string, how: How): IpSet => {
    if (name === "virtualnetwork") return viewed().network;
    if (name === "internet") return how === "least" ? viewed().internetAtLeast : publicSpace;
    if (name === "azureloadbalancer") return host;
    return snapshot.serviceTags.addressesOf(name) ?? IpSet.empty;
  };
  const known = { least: new Map<AddressTerm, IpSet>(), most: new Map<AddressTerm, IpSet>() };
  const pieces = new Map<AddressTerm, readonly Piece[]>();
  const withTags = (term: AddressTerm, how: How) => {
    const tags = term.isClear || how === "most" ? term.tags.map((name) => tag(fold(name), how)) : [];
    const all = IpSet.union([how === "least" ? term.must : term.may, ...tags]);
    known[how].set(term, all);
    return all;
  };
  const addressesOf = (term: AddressTerm, how: How) => {
    if (term.tags.length === 0) return how === "least" ? term.must : term.may;
    return known[how].get(term) ?? withTags(term, how);
  };
  return {
    piecesOf(term) {
      if (isPlain(term)) return pieceOf(term.may);
      const found = pieces.get(term) ?? piecesOf(term, snapshot);
      pieces.set(term, found);
      return found;
    },
    coverOf(term, { symbol, most }, how) {
      return symbol !== undefined && term.isClear && names(term, symbol) ? most : addressesOf(term, how);
    },
    meantBy({ tags }) {
      if (tags.length === 0) return none;
      const listed = evidenceOfTags(group.id, tags, snapshot);
      return tags.some((name) => ofNetwork.includes(fold(name))) ? [...listed, ...viewed().usedIn] : listed;
    },
    isDoubtful: (term) => term.because !== undefined || term.tags.some((name) => fold(name) === "internet"),
  };
}

const none: readonly never[] = [];

function names(term: AddressTerm, symbol: string): boolean {
  if (symbol === everyIpv6) return isEveryIpv4(term);
  for (const name of term.tags) if (isTagOrRegionOf(symbol, fold(name))) return true;
  for (const { key } of term.applicationSecurityGroups) if (key === symbol) return true;
  return false;
}

function isTagOrRegionOf(symbol: string, tag: string): boolean {
  if (!symbol.startsWith(tag)) return false;
  return symbol.length === tag.length || (symbol[tag.length] === "." && !symbol.startsWith("/"));
}

function isEveryIpv4({ must, may, tags, applicationSecurityGroups: groups }: AddressTerm): boolean {
  return tags.length === 0 && groups.length === 0 && must.equals(IpSet.ipv4) && may.equals(IpSet.all);
}

/** Addresses alone, and it is clear which. */
function isPlain({ must, may, tags, applicationSecurityGroups: groups }: AddressTerm): boolean {
  return must === may && tags.length === 0 && groups.length === 0;
}

function pieceOf(addresses: IpSet): readonly Piece[] {
  return addresses.isEmpty ? [] : [{ symbol: undefined, most: addresses }];
}

function piecesOf(term: AddressTerm, snapshot: Snapshot): readonly Piece[] {
  if (isEveryIpv4(term)) return [...pieceOf(term.must), { symbol: everyIpv6, most: IpSet.ipv6 }];
  return [
    ...pieceOf(term.may),
    ...term.tags.map((name) => ({ symbol: fold(name), most: mostOf(fold(name), snapshot) })),
    ...term.applicationSecurityGroups.map(({ key }) => ({ symbol: key, most: IpSet.all })),
  ];
}

/** Those of Azure's own DNS and metadata are in no list, and not on the internet. */
function mostOf(tag: string, snapshot: Snapshot): IpSet {
  if (tag === "virtualnetwork" || tag.startsWith("azureplatform")) return IpSet.all;
  if (tag === "internet") return IpSet.all.minus(privateSpace);
  if (tag === "azureloadbalancer") return host;
  return snapshot.serviceTags.addressesOf(tag) ?? publicSpace;
}

/** What these hold is another thing in every network. */
const ofNetwork: readonly string[] = ["virtualnetwork", "internet"];

interface Views {
  readonly usedIn: readonly Evidence[];
  /** What `VirtualNetwork` holds for certain. */
  readonly network: IpSet;
  readonly internetAtLeast: IpSet;
}

const network = termOf(IpSet.empty, "VirtualNetwork");
const internet = termOf(IpSet.empty, "Internet");

function viewsOf({ id }: SecurityGroupFact, snapshot: Snapshot): Views {
  const subnets = subnetsOf(id, snapshot);
  const readings = subnets.flatMap((subnet) => networkViewOf(subnet, snapshot).readings);
  const [first] = readings;
  if (first === undefined) return { network: host, internetAtLeast: IpSet.empty, usedIn: [] };
  const usedIn = subnets.slice(0, 1).flatMap((subnet) => evidenceOf(subnet.id, subnet.networkSecurityGroup));
  const least = (term: AddressTerm) =>
    readings.reduce((all, reading) => all.intersect(reading.meaningOf(term).must), first.meaningOf(term).must);
  return { network: least(network), internetAtLeast: least(internet), usedIn };
}

/** Those that a group is attached to, and those of the interfaces that it is attached to. */
function subnetsOf(group: SecurityGroupFact["id"], snapshot: Snapshot): readonly SubnetFact[] {
  const ids = snapshot.naming(group).flatMap((fact) => {
    if (fact.kind === "subnet") return [fact.id];
    if (fact.kind !== "networkInterface" || fact.ipConfigurations.kind === "unknown") return [];
    return fact.ipConfigurations.value.flatMap(({ subnet }) => subnet ?? []);
  });
  return distinctIds(ids).flatMap((id) => factAt(id, "subnet", snapshot) ?? []);
}
