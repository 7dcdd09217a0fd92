import type { Fact, FactKind, FactOf } from "./fact.ts";
import { FactGroup } from "./fact-group.ts";
import { fingerprint } from "./fingerprint.ts";
import { fold, type ResourceId } from "./resource-id.ts";
import { type ServiceTagList, ServiceTags } from "./service-tags.ts";
import {
  type Completeness,
  type Found,
  type Key,
  type Listing,
  type Snapshot,
  textOfKey,
  type Unreadable,
} from "./snapshot.ts";

/** The facts that one body gave: one of the resource, and those of the children that ARM embeds in it. */
export interface Projected extends ProjectedFact {
  readonly children: readonly ProjectedFact[];
  /** Folded types of the children that a full body holds all of. */
  readonly embeds: readonly string[];
}

export interface ProjectedFact {
  readonly fact: Fact;
  /** False for a body without properties, such as an entry of a thin list. */
  readonly isFull: boolean;
}

/** The answer to whoever asks for a resource, and what decides whether it stays the answer. */
interface Entry {
  readonly kind: "fact";
  readonly fact: Fact;
  /** The key of the resource whose body this fact came from: its own, or that of its container. */
  readonly from: string;
  readonly isFull: boolean;
  readonly at: number | undefined;
  /** The last time at which anything told of the resource, if only a thin body. */
  readonly seenAt: number | undefined;
  /** Folded types of the children that the body this fact came from holds all of. */
  readonly embeds: readonly string[];
}

/** What was learned of one id, be it of a resource, of one that is gone, or of the scope of lists. */
interface Place {
  entry: Entry | undefined;
  /** Azure said that there is no such resource; `absentAt` is when, as far as that is known. */
  isAbsent: boolean;
  absentAt: number | undefined;
  unreadable: Unreadable | undefined;
  /** The facts that name it. */
  naming: FactGroup | undefined;
  /** Folded type → the facts of its children. */
  children: Map<string, FactGroup> | undefined;
  /** Folded type → the list of that type in this scope. */
  lists: Map<string, List> | undefined;
}

interface List {
  readonly completeness: Completeness;
  /** When it was read, of a complete list that has a time. */
  readonly at: number | undefined;
}

const noFacts: readonly never[] = [];
const complete: Completeness = { kind: "complete" };
const absent: Found = { kind: "absent" };

/** Collects what readers bring, in any order, and answers as a snapshot at every moment. */
export class SnapshotBuilder implements Snapshot {
  /** Ids for which bodies of equal fullness gave different facts. */
  readonly conflicts = new Map<string, ResourceId>();

  readonly #places = new Map<string, Place>();
  readonly #byKind = new Map<FactKind, FactGroup>();
  readonly #byType = new Map<string, FactGroup>();
  /** Folded types of the complete lists that have a time. */
  readonly #timedTypes = new Set<string>();
  readonly #subscriptions = new Set<string>();
  readonly #givenUp = new Map<string, Unreadable>();
  readonly #everywhere = new Map<string, Completeness>();
  readonly #tagLists: ServiceTagList[] = [];
  readonly #remembered = new Map<string, object>();
  #serviceTags = ServiceTags.none;
  #size = 0;
  #touched: Set<string> | undefined;
  #closedBecause: string | undefined;

  /** Fuller bodies beat thinner ones, then the later `at` (milliseconds since 1970) wins, then the later call. */
  add({ fact, isFull, children, embeds }: Projected, at?: number): void {
    const from = fact.id.key;
    this.#subscriptions.add(fact.id.subscription);
    const isNewest = this.#put({ kind: "fact", fact, from, isFull, at, seenAt: at, embeds: isFull ? embeds : noFacts });
    if (!isNewest || !isFull) return;
    if (embeds.length > 0) this.#dropMissing(fact.id, at, children, embeds);
    for (const child of children) this.#put({ kind: "fact", ...child, from, at, seenAt: at, embeds: noFacts });
  }

  /** A full body that no longer has a child of a type that it embeds proves that there is none. */
  #dropMissing(id: ResourceId, at: number | undefined, children: readonly ProjectedFact[], embeds: readonly string[]) {
    const kept = new Set(children.map((child) => child.fact.id.key));
    for (const type of embeds) {
      this.#touch({ kind: "list", parent: id, type });
      this.#dropChildren(id.key, at, (child) => child.type === type && !kept.has(child.key));
    }
  }

  /** Azure said at `at` that there is no such resource. */
  addAbsent(id: ResourceId, at?: number): void {
    this.#subscriptions.add(id.subscription);
    const place = this.#place(id.key);
    const { entry } = place;
    if (entry !== undefined && isEarlier(at, entry.at)) return;
    if (place.isAbsent && isEarlier(at, place.absentAt)) return;
    if (entry !== undefined) this.#drop(place, entry);
    this.#dropChildren(id.key, at, () => true);
    place.isAbsent = true;
    place.absentAt = at;
    this.#touch({ kind: "resource", id });
  }

  once<T>(name: string, work: () => T): T {
    const known: { readonly value: T } = Object(this.#remembered.get(name) ?? { value: work() });
    this.#remembered.set(name, known);
    return known.value;
  }

  addServiceTags(list: ServiceTagList): void {
    this.#remembered.clear();
    this.#tagLists.push(list);
    this.#serviceTags = new ServiceTags(this.#tagLists);
  }

  get serviceTags(): ServiceTags {
    return this.#serviceTags;
  }

  addUnreadable(id: ResourceId, unreadable: Unreadable): void {
    this.#place(id.key).unreadable = unreadable;
    this.#touch({ kind: "resource", id });
  }

  /** `scope` is a subscription, a resource group or the parent resource; `type` is folded. */
  addList(scope: ResourceId, type: string, completeness: Completeness, at?: number): void {
    this.#subscriptions.add(scope.subscription);
    const place = this.#place(scope.key);
    place.lists ??= new Map();
    const known = place.lists.get(type);
    const isTimed = completeness.kind === "complete" && at !== undefined;
    if (isTimed) this.#timedTypes.add(type);
    place.lists.set(type, {
      completeness: known?.completeness.kind === "complete" ? known.completeness : completeness,
      at: isTimed ? Math.max(at, known?.at ?? at) : known?.at,
    });
    this.#touch({ kind: "list", parent: scope, type });
  }

  /** Nobody can answer this question: from now on it is unreadable rather than not read. */
  giveUp(key: Key, unreadable: Unreadable): void {
    this.#givenUp.set(textOfKey(key), unreadable);
    this.#touch(key);
  }

  /** The questions whose answers may have changed since the last call; nothing is kept before the first. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched ?? new Set();
    this.#touched = new Set();
    return touched;
  }

  /** From now on nothing is "not read": of what nobody brought the snapshot says that it "`x` `because`". */
  close(because: string): void {
    this.#remembered.clear();
    this.#dropUnlisted();
    this.#forgetEverywhere();
    this.#closedBecause = because;
  }

  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    return (this.#byKind.get(kind)?.facts ?? noFacts).filter((fact) => isOfKind(fact, kind));
  }

  /** Nothing is "not read", and whoever looks at it does not need to be told what else there is to read. */
  get isClosed(): boolean {
    return this.#closedBecause !== undefined;
  }

  get size(): number {
    return this.#size;
  }

  get(id: ResourceId): Found {
    const place = this.#places.get(id.key);
    if (place?.entry !== undefined) return place.entry;
    if (place?.isAbsent === true) return absent;
    return (
      place?.unreadable ?? this.#fromParent(id) ?? this.#neverRead({ kind: "resource", id }, () => `\`${id.text}\``)
    );
  }

  list(parent: ResourceId, type: string): Listing {
    const folded = fold(type);
    const place = this.#places.get(parent.key);
    const facts = place?.children?.get(folded)?.facts ?? noFacts;
    const listed = listedIn(place, folded);
    if (listed !== undefined) return { facts, completeness: listed };
    const what = () => `the list \`${parent.text}/${type.split("/").at(-1)}\``;
    return { facts, completeness: this.#neverRead({ kind: "list", parent, type }, what) };
  }

  naming(id: ResourceId): readonly Fact[] {
    return this.#places.get(id.key)?.naming?.facts ?? noFacts;
  }

  everywhere(type: string): Completeness {
    const known = this.#everywhere.get(type);
    if (known !== undefined) return known;
    const found = this.#lookEverywhere(type);
    this.#everywhere.set(type, found);
    return found;
  }

  /** A child type is known everywhere, too, where all parents are known and the children of each. */
  #lookEverywhere(type: string): Completeness {
    if (this.#subscriptions.size === 0) {
      return this.#neverRead({ kind: "everywhere", type }, () => `any list of \`${type}\``);
    }
    for (const { id } of this.#byType.get(type)?.facts ?? []) {
      if (this.#places.get(id.key)?.entry?.isFull === false) return withoutProperties(id);
    }
    for (const subscription of [...this.#subscriptions].sort()) {
      const missing = this.#missingIn(subscription, type);
      if (missing !== undefined) return missing;
    }
    return complete;
  }

  /** Undefined where the list of a subscription is complete, or the parents are known there and the list of each is. */
  #missingIn(subscription: string, type: string): Completeness | undefined {
    const scope = `/subscriptions/${subscription}`;
    const own = this.#listed(scope, type);
    if (own?.kind === "complete") return undefined;
    const parentType = type.slice(0, type.lastIndexOf("/"));
    const isOfChildren = parentType.includes("/");
    const parents = (this.#byType.get(parentType)?.facts ?? noFacts).filter(({ id }) => id.key.startsWith(`${scope}/`));
    const lists = parents.map(({ id }) => this.#listed(id.key, type));
    const missingParents = isOfChildren ? this.#missingIn(subscription, parentType) : own;
    const isSettled = isOfChildren && missingParents === undefined;
    if (isSettled && lists.every((list) => list?.kind === "complete")) return undefined;
    const unreadable = [own, missingParents, ...lists].find((list) => list?.kind === "unreadable");
    if (unreadable !== undefined && !isNeverRead(unreadable)) return unreadable;
    return this.#neverRead(
      { kind: "everywhere", type },
      () => `the list of all \`${type}\` in subscription \`${subscription}\``,
    );
  }

  /** `scope` is a key and `type` is folded; undefined where nobody read the list, nor anything that holds it. */
  #listed(scope: string, type: string): Completeness | undefined {
    return listedIn(this.#places.get(scope), type);
  }

  /** What the lists that should hold a resource, and its parent, say of one that nobody brought. */
  #fromParent(id: ResourceId): Found | undefined {
    const parent = id.parent;
    if (parent === undefined) return undefined;
    const scopes = isGroup(parent) ? [parent.key, `/subscriptions/${id.subscription}`] : [parent.key];
    const lists = scopes.map((scope) => this.#listed(scope, id.type)).filter((one) => one !== undefined);
    if (lists.some((list) => list.kind === "complete")) return absent;
    const unreadable = lists.find((list) => list.kind === "unreadable");
    if (unreadable !== undefined) return unreadable;
    const place = this.#places.get(parent.key);
    if (place?.unreadable !== undefined) return place.unreadable;
    if (isGroup(parent)) return place?.isAbsent === true ? absent : undefined;
    const found = this.get(parent);
    if (found.kind === "absent") return found;
    return found.kind === "unreadable" && found.why !== "notRecorded" ? found : undefined;
  }

  #neverRead(key: Key, what: () => string): Unreadable | { readonly kind: "notRead" } {
    const givenUp = this.#givenUp.size === 0 ? undefined : this.#givenUp.get(textOfKey(key));
    if (givenUp !== undefined) return givenUp;
    if (this.#closedBecause === undefined) return { kind: "notRead" };
    return { kind: "unreadable", why: "notRecorded", because: `${what()} ${this.#closedBecause}` };
  }

  #place(key: string): Place {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place: Place = {
      entry: undefined,
      isAbsent: false,
      absentAt: undefined,
      unreadable: undefined,
      naming: undefined,
      children: undefined,
      lists: undefined,
    };
    this.#places.set(key, place);
    return place;
  }

  /** False where what is already known beats the new entry. */
  #put(entry: Entry): boolean {
    const { fact } = entry;
    const place = this.#place(fact.id.key);
    if (this.#isOutdated(place, entry)) return false;
    const known = place.entry;
    if (known !== undefined) {
      if (known.isFull === entry.isFull && fingerprint(known.fact) !== fingerprint(fact)) {
        this.conflicts.set(fact.id.key, fact.id);
      }
      const seenAt = isEarlier(known.seenAt, entry.seenAt) ? entry.seenAt : known.seenAt;
      if (beats(known, entry)) {
        place.entry = { ...known, seenAt };
        return false;
      }
      this.#drop(place, known);
      place.entry = { ...entry, seenAt };
    } else place.entry = entry;
    this.#index(fact);
    return true;
  }

  /** Since the entry was read, the resource was seen to be gone: itself, its container, or from its container's body. */
  #isOutdated(place: Place, { fact, from, at }: Entry): boolean {
    if (at === undefined) return false;
    const { key, type } = fact.id;
    if (place.isAbsent && isEarlier(at, place.absentAt)) return true;
    if (from !== key || !isChild(fact.id)) return false;
    const container = this.#places.get(containerOf(key));
    if (container?.entry === undefined) return isEarlier(at, container?.absentAt);
    return container.entry.embeds.includes(type) && isEarlier(at, container.entry.at) && place.entry === undefined;
  }

  /** Of the children that are meant: those that came with the container's body, or were read before `at`. */
  #dropChildren(container: string, at: number | undefined, isMeant: (child: ResourceId) => boolean): void {
    const groups = this.#places.get(container)?.children?.values() ?? [];
    for (const { id } of [...groups].flatMap((group) => group.facts)) {
      const place = this.#place(id.key);
      const { entry } = place;
      if (entry === undefined || !isMeant(id)) continue;
      if (entry.from === container || isEarlier(entry.at, at)) this.#drop(place, entry);
    }
  }

  /** What was last seen before the complete list was read that should hold it is gone. */
  #dropUnlisted(): void {
    const timed = [...this.#timedTypes].flatMap((type) => this.#byType.get(type)?.facts ?? noFacts);
    for (const { id } of timed) {
      const seenAt = this.#places.get(id.key)?.entry?.seenAt;
      const scopes = isChild(id) ? [containerOf(id.key)] : [id.parent?.key ?? "", `/subscriptions/${id.subscription}`];
      const isGone = scopes.some((scope) => isEarlier(seenAt, this.#places.get(scope)?.lists?.get(id.type)?.at));
      if (isGone) this.addAbsent(id, seenAt);
    }
  }

  /** Remembers what changed, once somebody has begun to ask. */
  #touch(key: Key): void {
    this.#forgetEverywhere();
    this.#touched?.add(textOfKey(key));
  }

  /** What is known everywhere may depend on anything: whoever asked asks again. */
  #forgetEverywhere(): void {
    if (this.#remembered.size > 0) this.#remembered.clear();
    if (this.#everywhere.size === 0) return;
    for (const type of this.#everywhere.keys()) this.#touched?.add(textOfKey({ kind: "everywhere", type }));
    this.#everywhere.clear();
  }

  #touchFact({ id, kind, names }: Fact): void {
    this.#touch({ kind: "resource", id });
    this.#touched?.add(`list ${containerOf(id.key)} ${id.type}`);
    this.#touch({ kind: "kind", of: kind });
    for (const named of names) this.#touch({ kind: "naming", id: named });
  }

  #index(fact: Fact): void {
    if (this.#touched !== undefined) this.#touchFact(fact);
    this.#forgetEverywhere();
    this.#size += 1;
    const { id, kind, names } = fact;
    groupAt(this.#byKind, kind).add(fact);
    groupAt(this.#byType, id.type).add(fact);
    if (isChild(id)) {
      const container = this.#place(containerOf(id.key));
      container.children ??= new Map();
      groupAt(container.children, id.type).add(fact);
    }
    for (const named of names) {
      const place = this.#place(named.key);
      place.naming ??= new FactGroup();
      place.naming.add(fact);
    }
  }

  #drop(place: Place, { fact }: Entry): void {
    if (this.#touched !== undefined) this.#touchFact(fact);
    this.#forgetEverywhere();
    this.#size -= 1;
    place.entry = undefined;
    this.#byKind.get(fact.kind)?.delete(fact);
    this.#byType.get(fact.id.type)?.delete(fact);
    this.#places.get(containerOf(fact.id.key))?.children?.get(fact.id.type)?.delete(fact);
    for (const named of fact.names) this.#places.get(named.key)?.naming?.delete(fact);
  }
}

/** Undefined where nobody read the list, nor anything that holds it. */
function listedIn(place: Place | undefined, type: string): Completeness | undefined {
  if (place === undefined) return undefined;
  const isSettled = place.entry === undefined ? place.isAbsent : place.entry.embeds.includes(type);
  return isSettled ? complete : place.lists?.get(type)?.completeness;
}

function isNeverRead(list: Completeness): boolean {
  return list.kind === "unreadable" && list.why === "notRecorded";
}

function withoutProperties({ text }: ResourceId): Unreadable {
  return { kind: "unreadable", why: "failed", because: `\`${text}\` was read without the properties that matter` };
}

/** Whether `known` stays although `entry` came later. */
function beats(known: Entry, entry: Entry): boolean {
  if (known.isFull !== entry.isFull) return known.isFull;
  return isEarlier(entry.at, known.at);
}

/** False where either time is not known: then the order of the calls decides. */
function isEarlier(at: number | undefined, other: number | undefined): boolean {
  return at !== undefined && other !== undefined && at < other;
}

function isGroup(id: ResourceId): boolean {
  return id.type === "microsoft.resources/resourcegroups" || id.type === "microsoft.resources/subscriptions";
}

function isOfKind<K extends FactKind>(fact: Fact, kind: K): fact is FactOf<K> {
  return fact.kind === kind;
}

function isChild({ type }: ResourceId): boolean {
  return type.indexOf("/", type.indexOf("/") + 1) >= 0;
}

/** The key without its last type and name. */
function containerOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/", key.lastIndexOf("/") - 1));
}

function groupAt<K>(groups: Map<K, FactGroup>, at: K): FactGroup {
  const known = groups.get(at);
  if (known !== undefined) return known;
  const group = new FactGroup();
  groups.set(at, group);
  return group;
}
