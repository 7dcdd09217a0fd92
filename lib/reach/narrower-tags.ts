import { serviceOfType } from "../catalog/index.ts";
import { hasParts, regionalTag, type TaggedType, taggedTypes } from "../catalog/regional-tags.ts";
import type { Evidence } from "../model/evidence.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { publicSpace } from "./spaces.ts";
import type { TaggedRule } from "./tagged-rules.ts";
import { whyUnread } from "./unread.ts";

/** Tags that would do in the place of a broad one. */
export interface Narrowing {
  readonly tags: readonly string[];
  /** They would. */
  readonly isEnough: Truth;
  /** What had to be taken for granted. */
  readonly assumption: string;
  /** Of each type of service that says so, the region of one. */
  readonly evidence: readonly Evidence[];
}

/** Where the rule is in force: folded regions, undefined for one that is not known. */
export type OwnRegions = ReadonlySet<string | undefined>;

/** Nothing else than web servers in general answers on these. */
const web = PortSet.ofEach(80, 443);

/**
 * What would do in the place of a tag, as far as it is known what is behind the rule: the tags of the services that
 * answer on its ports, else the part of the tag in the one region in which all services of its kind are, or, while there is
 * none, in the region of the rule's own network. Undefined where nothing narrower is known: for a tag without parts, for
 * services in several regions, for `Internet` on ports that no service of the estate has for itself, and for callers.
 */
export function narrowerThan(rule: TaggedRule, own: OwnRegions, snapshot: Snapshot): Narrowing | undefined {
  const tag = fold(rule.tag);
  if (tag === "azurecloud" || tag === "internet") {
    if (rule.direction === "inbound") return tag === "internet" ? undefined : ofCallers(rule, own, snapshot);
    return ofServices(rule, own, snapshot) ?? (tag === "internet" ? undefined : ofCloud(rule, own, snapshot));
  }
  const types = taggedTypes.filter((one) => fold(one.tag) === tag);
  if (rule.direction === "inbound" || types.length === 0) return undefined;
  const part = partOf(rule.tag, types, own, snapshot);
  const assumption = `nothing in another region is reached over \`${rule.tag}\` that was not read`;
  return part === undefined ? undefined : { ...part, assumption, evidence: shownBy(types, snapshot) };
}

/** The documents advise against it, as it is every customer of Azure: whoever calls, his region would be narrower. */
function ofCallers({ tag }: TaggedRule, own: OwnRegions, snapshot: Snapshot): Narrowing | undefined {
  const part = inRegion(tag, own, snapshot);
  return part === undefined
    ? undefined
    : { ...part, assumption: "the callers are in the region of the network", evidence: [] };
}

/** Services of the estate whose ports hold all ports of the rule, where these are not those of any web server. */
function ofServices(rule: TaggedRule, own: OwnRegions, snapshot: Snapshot): Narrowing | undefined {
  const { must, may } = rule.ports;
  if (must !== may || must.isEmpty || must.overlaps(web)) return undefined;
  const types = taggedTypes.filter(({ type }) => {
    const ports = serviceOfType(type)?.ports;
    return ports !== undefined && must.isSubsetOf(ports) && servicesOf(type, snapshot).regions.size > 0;
  });
  if (types.length === 0) return undefined;
  const parts = types.map((one) => {
    const part = partOf(one.tag, [one], own, snapshot);
    return part?.isEnough.must ? part.tags : [one.tag];
  });
  const assumption = "nothing but these services is reached on the rule's ports";
  return { tags: parts.flat(), isEnough: certainly(true), assumption, evidence: shownBy(types, snapshot) };
}

/** The region of all services, else the tags of those that there are. */
function ofCloud({ tag }: TaggedRule, own: OwnRegions, snapshot: Snapshot): Narrowing | undefined {
  const assumption = "nothing else in Azure is reached from here";
  const present = taggedTypes.filter(({ type }) => servicesOf(type, snapshot).regions.size > 0);
  const evidence = shownBy(present, snapshot);
  const regions = regionsOf(present, snapshot);
  if (regions.size > 1) {
    const tags = [...new Set(present.map((one) => one.tag))];
    return { tags, isEnough: certainly(true), assumption, evidence };
  }
  const part = inRegion(tag, regions.size > 0 ? regions : own, snapshot);
  return part === undefined ? undefined : { ...part, assumption, evidence };
}

type Part = Pick<Narrowing, "tags" | "isEnough">;

function partOf(tag: string, types: readonly TaggedType[], own: OwnRegions, snapshot: Snapshot): Part | undefined {
  const regions = regionsOf(types, snapshot);
  if (regions.size > 1) return undefined;
  const part = inRegion(tag, regions.size > 0 ? regions : own, snapshot);
  const because = types.flatMap(({ type }) => {
    const all = snapshot.everywhere(type);
    const unread = all.kind === "complete" ? [] : [whyUnread(all, `the list of all \`${type}\``)];
    return [...unread, ...servicesOf(type, snapshot).mayBeElsewhere];
  });
  return part === undefined || because.length === 0 ? part : { ...part, isEnough: perhaps(because) };
}

/** Undefined for several regions, and where the list of service tags has no such part. */
function inRegion(tag: string, own: OwnRegions, snapshot: Snapshot): Part | undefined {
  const [region, ...others] = own;
  if (others.length > 0 || !hasParts(tag)) return undefined;
  if (region === undefined) return { tags: [tag], isEnough: perhaps(["the region of the network is not known"]) };
  const name = regionalTag(tag, region);
  const { serviceTags } = snapshot;
  const isListed = serviceTags.nameOf(tag) !== undefined;
  if (isListed && serviceTags.nameOf(name) === undefined) return undefined;
  return { tags: [serviceTags.nameOf(name) ?? name], isEnough: certainly(true) };
}

function regionsOf(types: readonly TaggedType[], snapshot: Snapshot): ReadonlySet<string> {
  return new Set(types.flatMap(({ type }) => [...servicesOf(type, snapshot).regions]));
}

function shownBy(types: readonly TaggedType[], snapshot: Snapshot): readonly Evidence[] {
  return types.flatMap(({ type }) => servicesOf(type, snapshot).shownBy);
}

interface ServicesOfType {
  /** Folded; a service that does not say its region counts as one of its own. */
  readonly regions: ReadonlySet<string>;
  /** The first of them. */
  readonly shownBy: readonly Evidence[];
  /** Why they may be in other regions as well. */
  readonly mayBeElsewhere: readonly string[];
}

function servicesOf(type: string, snapshot: Snapshot): ServicesOfType {
  return snapshot.once(`services of ${type}`, () => {
    const { facts } = snapshot.ofType(fold(type));
    const services = facts.filter((fact) => fact.kind === "service");
    const placed = facts.filter((fact) => fact.kind === "placed");
    const regions = new Set([
      ...services.flatMap(({ id, regions }) => (regions.length > 0 ? regions : [id.key])),
      ...placed.map(({ id, location }) => regionOf(location) ?? id.key),
    ]);
    const first = services[0] ?? placed[0];
    const shownBy = first === undefined ? [] : [{ resource: first.id, pointer: "/location", value: first.location }];
    const mayBeElsewhere = services
      .filter(({ mayHaveMoreRegions }) => mayHaveMoreRegions)
      .map(({ id }) => `in which other regions \`${id.text}\` has replicas is not in its body`);
    return { regions, shownBy, mayBeElsewhere };
  });
}

/** How many IPv4 addresses tags hold together; undefined where one of them is in no list. */
export function countOf(tags: readonly string[], snapshot: Snapshot): number | undefined {
  const sets = tags.map((tag) => (fold(tag) === "internet" ? publicSpace : snapshot.serviceTags.addressesOf(tag)));
  if (sets.includes(undefined)) return undefined;
  return IpSet.union(sets.filter((set) => set !== undefined)).countIpv4;
}
