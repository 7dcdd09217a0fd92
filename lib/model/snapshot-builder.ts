import { knownEverywhere, toldByParent } from "./absence.ts";
import type { Fact, FactKind, FactOf } from "./fact.ts";
import { fingerprint } from "./fingerprint.ts";
import { containerOf, type Entry, isChild, type Place, Places } from "./places.ts";
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

const noFacts: readonly never[] = [];
const absent: Found = { kind: "absent" };

/** Collects what readers bring, in any order, and answers as a snapshot at every moment. */
export class SnapshotBuilder implements Snapshot {
  /** Ids for which bodies of equal fullness gave different facts. */
  readonly conflicts = new Map<string, ResourceId>();

  readonly #places = new Places();
  /** Folded types of the complete lists that have a time. */
  readonly #timedTypes = new Set<string>();
  readonly #subscriptions = new Set<string>();
  readonly #givenUp = new Map<string, Unreadable>();
  readonly #everywhere = new Map<string, Completeness>();
  readonly #tagLists: ServiceTagList[] = [];
  readonly #remembered = new Map<string, object>();
  #serviceTags = ServiceTags.none;
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
    const place = this.#places.at(id.key);
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
    const known = this.#remembered.get(name);
    if (known !== undefined) return Object(known).value;
    const value = work();
    this.#remembered.set(name, { value });
    return value;
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
    this.#places.at(id.key).unreadable = unreadable;
    this.#touch({ kind: "resource", id });
  }

  /** `scope` is a subscription, a resource group or the parent resource; `type` is folded. */
  addList(scope: ResourceId, type: string, completeness: Completeness, at?: number): void {
    this.#subscriptions.add(scope.subscription);
    const place = this.#places.at(scope.key);
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
    return this.#places.ofKind(kind).filter((fact) => isOfKind(fact, kind));
  }

  /** Nothing is "not read", and whoever looks at it does not need to be told what else there is to read. */
  get isClosed(): boolean {
    return this.#closedBecause !== undefined;
  }

  get size(): number {
    return this.#places.size;
  }

  get(id: ResourceId): Found {
    const place = this.#places.find(id.key);
    if (place?.entry !== undefined) return place.entry;
    if (place?.isAbsent === true) return absent;
    return (
      place?.unreadable ??
      toldByParent(this.#places, id, (parent) => this.get(parent)) ??
      this.#neverRead({ kind: "resource", id }, () => `\`${id.text}\``)
    );
  }

  list(parent: ResourceId, type: string): Listing {
    const folded = fold(type);
    const place = this.#places.find(parent.key);
    const facts = place?.children?.get(folded)?.facts ?? noFacts;
    const listed = this.#places.listed(parent.key, folded);
    if (listed !== undefined) return { facts, completeness: listed };
    const what = () => `the list \`${parent.text}/${type.split("/").at(-1)}\``;
    return { facts, completeness: this.#neverRead({ kind: "list", parent, type }, what) };
  }

  naming(id: ResourceId): readonly Fact[] {
    return this.#places.find(id.key)?.naming?.facts ?? noFacts;
  }

  everywhere(type: string): Completeness {
    const known = this.#everywhere.get(type);
    if (known !== undefined) return known;
    const found = this.#lookEverywhere(type);
    this.#everywhere.set(type, found);
    return found;
  }

  #lookEverywhere(type: string): Completeness {
    const key: Key = { kind: "everywhere", type };
    if (this.#subscriptions.size === 0) return this.#neverRead(key, () => `any list of \`${type}\``);
    const known = knownEverywhere(this.#places, type, this.#subscriptions);
    const isMissing = known.kind === "missing" || (known.kind === "unreadable" && known.why === "notRecorded");
    if (!isMissing) return known;
    const where = known.kind === "missing" ? ` in subscription \`${known.subscription}\`` : "";
    return this.#neverRead(key, () => `the list of all \`${type}\`${where}`);
  }

  #neverRead(key: Key, what: () => string): Unreadable | { readonly kind: "notRead" } {
    const givenUp = this.#givenUp.size === 0 ? undefined : this.#givenUp.get(textOfKey(key));
    if (givenUp !== undefined) return givenUp;
    if (this.#closedBecause === undefined) return { kind: "notRead" };
    return { kind: "unreadable", why: "notRecorded", because: `${what()} ${this.#closedBecause}` };
  }

  /** False where what is already known beats the new entry. */
  #put(entry: Entry): boolean {
    const { fact } = entry;
    const place = this.#places.at(fact.id.key);
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
    const container = this.#places.find(containerOf(fact.id));
    if (container?.entry === undefined) return isEarlier(at, container?.absentAt);
    return container.entry.embeds.includes(type) && isEarlier(at, container.entry.at) && place.entry === undefined;
  }

  /** Of the children that are meant: those that came with the container's body, or were read before `at`. */
  #dropChildren(container: string, at: number | undefined, isMeant: (child: ResourceId) => boolean): void {
    const groups = this.#places.find(container)?.children?.values() ?? [];
    for (const { id } of [...groups].flatMap((group) => group.facts)) {
      const place = this.#places.at(id.key);
      const { entry } = place;
      if (entry === undefined || !isMeant(id)) continue;
      if (entry.from === container || isEarlier(entry.at, at)) this.#drop(place, entry);
    }
  }

  /** What was last seen before the complete list was read that should hold it is gone. */
  #dropUnlisted(): void {
    const timed = [...this.#timedTypes].flatMap((type) => this.#places.ofType(type));
    for (const { id } of timed) {
      const seenAt = this.#places.find(id.key)?.entry?.seenAt;
      const scopes = isChild(id) ? [containerOf(id)] : [id.parent?.key ?? "", `/subscriptions/${id.subscription}`];
      const isGone = scopes.some((scope) => isEarlier(seenAt, this.#places.find(scope)?.lists?.get(id.type)?.at));
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
    this.#touched?.add(`list ${containerOf(id)} ${id.type}`);
    this.#touch({ kind: "kind", of: kind });
    for (const named of names) this.#touch({ kind: "naming", id: named });
  }

  #index(fact: Fact): void {
    if (this.#touched !== undefined) this.#touchFact(fact);
    this.#forgetEverywhere();
    this.#places.index(fact);
  }

  #drop(place: Place, { fact }: Entry): void {
    if (this.#touched !== undefined) this.#touchFact(fact);
    this.#forgetEverywhere();
    place.entry = undefined;
    this.#places.unindex(fact);
  }
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

function isOfKind<K extends FactKind>(fact: Fact, kind: K): fact is FactOf<K> {
  return fact.kind === kind;
}
