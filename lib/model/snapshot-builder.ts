import type { Fact, FactKind, FactOf } from "./fact.ts";
import { fold, type ResourceId } from "./resource-id.ts";
import {
  type Completeness,
  type Found,
  type Key,
  type Listing,
  type Snapshot,
  textOfKey,
  type Unreadable,
} from "./snapshot.ts";

/** The facts that one body gave: the resource first, then the children that ARM embeds in it. */
export interface Projected {
  readonly facts: readonly [Fact, ...Fact[]];
  /** False for a body without properties, such as an entry of a thin list. */
  readonly isFull: boolean;
  /** Folded types of the children that a full body holds all of. */
  readonly embeds: readonly string[];
}

interface Entry {
  readonly fact: Fact;
  /** The key of the resource whose body this fact came from: its own, or that of its container. */
  readonly from: string;
  readonly isFull: boolean;
  readonly at: number | undefined;
}

/** Collects what readers bring, in any order, and answers as a snapshot at every moment. */
export class SnapshotBuilder implements Snapshot {
  /** Ids for which bodies of equal fullness gave different facts. */
  readonly conflicts = new Map<string, ResourceId>();

  readonly #entries = new Map<string, Entry>();
  readonly #byKind = new Map<FactKind, Set<string>>();
  readonly #naming = new Map<string, Set<string>>();
  readonly #children = new Map<string, Set<string>>();
  readonly #embedded = new Set<string>();
  readonly #absent = new Map<string, number | undefined>();
  readonly #unreadable = new Map<string, Unreadable>();
  readonly #lists = new Map<string, Completeness>();
  readonly #subscriptions = new Set<string>();
  readonly #givenUp = new Map<string, Unreadable>();
  readonly #everywhere = new Map<string, Completeness>();
  #touched: Set<string> | undefined;
  #closedBecause: string | undefined;

  /** Fuller bodies beat thinner ones, then the later `at` (milliseconds since 1970) wins, then the later call. */
  add(projected: Projected, at?: number): void {
    const [container, ...children] = projected.facts;
    const from = container.id.key;
    if (!this.#put({ fact: container, from, isFull: projected.isFull, at })) return;
    if (!projected.isFull) return;
    for (const type of projected.embeds) this.#embedded.add(childrenKey(from, type));
    const kept = new Set(children.map((child) => child.id.key));
    for (const type of projected.embeds) this.#dropOutdated(from, type, kept, at);
    for (const fact of children) this.#put({ fact, from, isFull: true, at });
  }

  /** Azure said at `at` that there is no such resource. */
  addAbsent(id: ResourceId, at?: number): void {
    const entry = this.#entries.get(id.key);
    if (entry !== undefined && isEarlier(at, entry.at)) return;
    if (entry !== undefined) this.#drop(id.key, entry);
    this.#absent.set(id.key, at);
    this.#touch({ kind: "resource", id });
  }

  addUnreadable(id: ResourceId, unreadable: Unreadable): void {
    this.#unreadable.set(id.key, unreadable);
    this.#touch({ kind: "resource", id });
  }

  /** `scope` is a subscription, a resource group or the parent resource; `type` is folded. */
  addList(scope: ResourceId, type: string, completeness: Completeness): void {
    const key = childrenKey(scope.key, type);
    this.#subscriptions.add(scope.subscription);
    if (this.#lists.get(key)?.kind !== "complete") this.#lists.set(key, completeness);
    this.#touch({ kind: "list", parent: scope, type });
    this.#touch({ kind: "everywhere", type });
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
    this.#everywhere.clear();
    this.#closedBecause = because;
  }

  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    const keys = this.#byKind.get(kind) ?? [];
    return [...keys].map((key) => this.#entries.get(key)?.fact).filter((fact) => isOfKind(fact, kind));
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: ResourceId): Found {
    const entry = this.#entries.get(id.key);
    if (entry !== undefined) return { kind: "fact", fact: entry.fact };
    if (this.#absent.has(id.key)) return { kind: "absent" };
    return (
      this.#unreadable.get(id.key) ??
      this.#fromParent(id) ??
      this.#neverRead({ kind: "resource", id }, `\`${id.text}\``)
    );
  }

  list(parent: ResourceId, type: string): Listing {
    const key = childrenKey(parent.key, fold(type));
    const what = `the list \`${parent.text}/${type.split("/").at(-1)}\``;
    const completeness = this.#listed(key) ?? this.#neverRead({ kind: "list", parent, type }, what);
    return { facts: this.#factsOf(this.#children.get(key)), completeness };
  }

  naming(id: ResourceId): readonly Fact[] {
    return this.#factsOf(this.#naming.get(id.key));
  }

  /** In the order of their keys: answers do not depend on the order of reading. */
  #factsOf(keys: Iterable<string> = []): readonly Fact[] {
    return [...keys]
      .sort()
      .map((key) => this.#entries.get(key)?.fact)
      .filter((fact) => fact !== undefined);
  }

  everywhere(type: string): Completeness {
    const known = this.#everywhere.get(type) ?? this.#lookEverywhere(type);
    this.#everywhere.set(type, known);
    return known;
  }

  /** A child type is known everywhere, too, where all parents are known and the children of each. */
  #lookEverywhere(type: string): Completeness {
    const parentType = type.slice(0, type.lastIndexOf("/"));
    const parents = new Map<string, string[]>();
    for (const [key, { fact }] of this.#entries) {
      if (fact.id.type === parentType) append(parents, fact.id.subscription, key);
    }
    for (const subscription of this.#subscriptions) {
      const scope = `/subscriptions/${subscription}`;
      if (this.#isComplete(scope, type)) continue;
      const ofParents = parents.get(subscription) ?? [];
      const isSettled = this.#isComplete(scope, parentType) && ofParents.every((key) => this.#isComplete(key, type));
      const what = `the list of all \`${type}\` in subscription \`${subscription}\``;
      if (!isSettled) return this.#neverRead({ kind: "everywhere", type }, what);
    }
    return { kind: "complete" };
  }

  #isComplete(scope: string, type: string): boolean {
    return this.#listed(childrenKey(scope, type))?.kind === "complete";
  }

  #listed(key: string): Completeness | undefined {
    return this.#embedded.has(key) ? { kind: "complete" } : this.#lists.get(key);
  }

  /** What the lists that should hold a resource, and its parent, say of one that nobody brought. */
  #fromParent(id: ResourceId): Found | undefined {
    const parent = id.parent;
    if (parent === undefined) return undefined;
    const scopes = isGroup(parent) ? [parent.key, `/subscriptions/${id.subscription}`] : [parent.key];
    const lists = scopes.map((scope) => this.#listed(childrenKey(scope, id.type))).filter((one) => one !== undefined);
    if (lists.some((list) => list.kind === "complete")) return { kind: "absent" };
    const unreadable = lists.find((list) => list.kind === "unreadable");
    if (unreadable !== undefined) return unreadable;
    const unreadableParent = this.#unreadable.get(parent.key);
    if (unreadableParent !== undefined) return unreadableParent;
    const isGone = isGroup(parent) ? this.#absent.has(parent.key) : this.get(parent).kind === "absent";
    return isGone ? { kind: "absent" } : undefined;
  }

  #neverRead(key: Key, what: string): Unreadable | { readonly kind: "notRead" } {
    const givenUp = this.#givenUp.get(textOfKey(key));
    if (givenUp !== undefined) return givenUp;
    if (this.#closedBecause === undefined) return { kind: "notRead" };
    return { kind: "unreadable", why: "notRecorded", because: `${what} ${this.#closedBecause}` };
  }

  /** False where what is already known beats the new entry. */
  #put(entry: Entry): boolean {
    const { key } = entry.fact.id;
    const known = this.#entries.get(key);
    if (known === undefined && this.#absent.has(key) && isEarlier(entry.at, this.#absent.get(key))) return false;
    if (known !== undefined) {
      if (known.isFull === entry.isFull && !isSame(known.fact, entry.fact)) this.conflicts.set(key, entry.fact.id);
      if (beats(known, entry)) return false;
      this.#drop(key, known);
    }
    this.#absent.delete(key);
    this.#entries.set(key, entry);
    this.#index(entry.fact);
    return true;
  }

  /** A child that its container's new body lacks is gone, unless it was read on its own since. */
  #dropOutdated(container: string, type: string, kept: ReadonlySet<string>, at: number | undefined): void {
    for (const key of [...(this.#children.get(childrenKey(container, type)) ?? [])]) {
      const entry = this.#entries.get(key);
      if (entry === undefined || kept.has(key)) continue;
      if (entry.from === container || isEarlier(entry.at, at)) this.#drop(key, entry);
    }
  }

  /** Remembers what changed, once somebody has begun to ask. */
  #touch(key: Key): void {
    this.#everywhere.clear();
    this.#touched?.add(textOfKey(key));
  }

  #touchFact({ id, names }: Fact): void {
    this.#everywhere.clear();
    if (this.#touched === undefined) return;
    this.#touch({ kind: "resource", id });
    this.#touch({ kind: "everywhere", type: id.type });
    this.#touched.add(`list ${childrenKey(containerOf(id.key), id.type)}`);
    for (const named of names) this.#touch({ kind: "naming", id: named });
  }

  #index(fact: Fact): void {
    this.#touchFact(fact);
    const { id, kind, names } = fact;
    this.#subscriptions.add(id.subscription);
    if (kind !== "other") addTo(this.#byKind, kind, id.key);
    if (isChild(id)) addTo(this.#children, childrenKey(containerOf(id.key), id.type), id.key);
    for (const named of names) addTo(this.#naming, named.key, id.key);
  }

  #drop(key: string, { fact }: Entry): void {
    this.#touchFact(fact);
    this.#entries.delete(key);
    this.#byKind.get(fact.kind)?.delete(key);
    this.#children.get(childrenKey(containerOf(key), fact.id.type))?.delete(key);
    for (const named of fact.names) this.#naming.get(named.key)?.delete(key);
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

function isGroup(id: ResourceId): boolean {
  return id.type === "microsoft.resources/resourcegroups" || id.type === "microsoft.resources/subscriptions";
}

function isOfKind<K extends FactKind>(fact: Fact | undefined, kind: K): fact is FactOf<K> {
  return fact?.kind === kind;
}

function isSame(fact: Fact, other: Fact): boolean {
  return textOf(fact) === textOf(other);
}

function textOf(fact: Fact): string {
  return JSON.stringify(fact, (_, value) => (typeof value === "bigint" ? `${value}` : value));
}

function isChild({ type }: ResourceId): boolean {
  return type.indexOf("/", type.indexOf("/") + 1) >= 0;
}

/** The key without its last type and name. */
function containerOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/", key.lastIndexOf("/") - 1));
}

function childrenKey(scope: string, type: string): string {
  return `${scope} ${type}`;
}

function addTo<K>(index: Map<K, Set<string>>, at: K, key: string): void {
  const keys = index.get(at);
  if (keys === undefined) index.set(at, new Set([key]));
  else keys.add(key);
}

function append(lists: Map<string, string[]>, at: string, key: string): void {
  const list = lists.get(at);
  if (list === undefined) lists.set(at, [key]);
  else list.push(key);
}
