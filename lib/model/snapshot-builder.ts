import type { Fact, FactKind, FactOf } from "./fact.ts";
import { fold, ResourceId } from "./resource-id.ts";
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

interface Entry {
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

/** Collects what readers bring, in any order, and answers as a snapshot at every moment. */
export class SnapshotBuilder implements Snapshot {
  /** Ids for which bodies of equal fullness gave different facts. */
  readonly conflicts = new Map<string, ResourceId>();

  readonly #entries = new Map<string, Entry>();
  readonly #byKind = new Map<FactKind, Set<string>>();
  readonly #byType = new Map<string, Set<string>>();
  readonly #naming = new Map<string, Set<string>>();
  /** The key of the parent → the folded type of the children → their keys. */
  readonly #children = new Map<string, Map<string, Set<string>>>();
  readonly #absent = new Map<string, number | undefined>();
  readonly #unreadable = new Map<string, Unreadable>();
  readonly #lists = new Map<string, Completeness>();
  /** When the complete lists were read that have a time. */
  readonly #listedAt = new Map<string, number>();
  readonly #subscriptions = new Set<string>();
  readonly #givenUp = new Map<string, Unreadable>();
  readonly #everywhere = new Map<string, Completeness>();
  #touched: Set<string> | undefined;
  #closedBecause: string | undefined;

  /** Fuller bodies beat thinner ones, then the later `at` (milliseconds since 1970) wins, then the later call. */
  add({ fact, isFull, children, embeds }: Projected, at?: number): void {
    const from = fact.id.key;
    this.#subscriptions.add(fact.id.subscription);
    const isNewest = this.#put({ fact, from, isFull, at, seenAt: at, embeds: isFull ? embeds : [] });
    if (!isNewest || !isFull) return;
    const kept = new Set(children.map((child) => child.fact.id.key));
    for (const type of embeds) {
      this.#touch({ kind: "list", parent: fact.id, type });
      this.#dropChildren(from, at, (child) => child.type === type && !kept.has(child.key));
    }
    for (const child of children) this.#put({ ...child, from, at, seenAt: at, embeds: [] });
  }

  /** Azure said at `at` that there is no such resource. */
  addAbsent(id: ResourceId, at?: number): void {
    this.#subscriptions.add(id.subscription);
    const entry = this.#entries.get(id.key);
    if (entry !== undefined && isEarlier(at, entry.at)) return;
    if (this.#absent.has(id.key) && isEarlier(at, this.#absent.get(id.key))) return;
    if (entry !== undefined) this.#drop(id.key, entry);
    this.#dropChildren(id.key, at, () => true);
    this.#absent.set(id.key, at);
    this.#touch({ kind: "resource", id });
  }

  addUnreadable(id: ResourceId, unreadable: Unreadable): void {
    this.#unreadable.set(id.key, unreadable);
    this.#touch({ kind: "resource", id });
  }

  /** `scope` is a subscription, a resource group or the parent resource; `type` is folded. */
  addList(scope: ResourceId, type: string, completeness: Completeness, at?: number): void {
    const key = childrenKey(scope.key, type);
    if (completeness.kind === "complete" && at !== undefined) {
      this.#listedAt.set(key, Math.max(at, this.#listedAt.get(key) ?? at));
    }
    this.#subscriptions.add(scope.subscription);
    if (this.#lists.get(key)?.kind !== "complete") this.#lists.set(key, completeness);
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
    this.#dropUnlisted();
    this.#forgetEverywhere();
    this.#closedBecause = because;
  }

  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    return this.#factsOf(this.#byKind.get(kind)).filter((fact) => isOfKind(fact, kind));
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
    const folded = fold(type);
    const facts = this.#factsOf(this.#children.get(parent.key)?.get(folded));
    const listed = this.#listed(parent.key, folded);
    if (listed !== undefined) return { facts, completeness: listed };
    const what = `the list \`${parent.text}/${type.split("/").at(-1)}\``;
    return { facts, completeness: this.#neverRead({ kind: "list", parent, type }, what) };
  }

  naming(id: ResourceId): readonly Fact[] {
    return this.#factsOf(this.#naming.get(id.key));
  }

  /** In the order of their keys: answers do not depend on the order of reading. */
  #factsOf(keys: ReadonlySet<string> | undefined): readonly Fact[] {
    if (keys === undefined || keys.size === 0) return [];
    return [...keys]
      .sort()
      .map((key) => this.#entries.get(key)?.fact)
      .filter((fact) => fact !== undefined);
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
    if (this.#subscriptions.size === 0) return this.#neverRead({ kind: "everywhere", type }, `any list of \`${type}\``);
    for (const key of this.#byType.get(type) ?? []) {
      const entry = this.#entries.get(key);
      if (entry?.isFull === false) return withoutProperties(entry.fact.id);
    }
    for (const subscription of [...this.#subscriptions].sort()) {
      const missing = this.#missingIn(subscription, type);
      if (missing !== undefined) return missing;
    }
    return { kind: "complete" };
  }

  /** Undefined where the list of a subscription is complete, or the parents are known there and the list of each is. */
  #missingIn(subscription: string, type: string): Completeness | undefined {
    const scope = `/subscriptions/${subscription}`;
    const own = this.#listed(scope, type);
    if (own?.kind === "complete") return undefined;
    const parentType = type.slice(0, type.lastIndexOf("/"));
    const isOfChildren = parentType.includes("/");
    const parents = [...(this.#byType.get(parentType) ?? [])].filter((key) => key.startsWith(`${scope}/`));
    const lists = parents.map((key) => this.#listed(key, type));
    const missingParents = isOfChildren ? this.#missingIn(subscription, parentType) : own;
    const isSettled = isOfChildren && missingParents === undefined;
    if (isSettled && lists.every((list) => list?.kind === "complete")) return undefined;
    const unreadable = [own, missingParents, ...lists].find((list) => list?.kind === "unreadable");
    if (unreadable !== undefined && !isNeverRead(unreadable)) return unreadable;
    return this.#neverRead(
      { kind: "everywhere", type },
      `the list of all \`${type}\` in subscription \`${subscription}\``,
    );
  }

  /** `scope` is a key and `type` is folded; undefined where nobody read the list, nor anything that holds it. */
  #listed(scope: string, type: string): Completeness | undefined {
    const entry = this.#entries.get(scope);
    const isSettled = entry === undefined ? this.#absent.has(scope) : entry.embeds.includes(type);
    return isSettled ? { kind: "complete" } : this.#lists.get(childrenKey(scope, type));
  }

  /** What the lists that should hold a resource, and its parent, say of one that nobody brought. */
  #fromParent(id: ResourceId): Found | undefined {
    const parent = id.parent;
    if (parent === undefined) return undefined;
    const scopes = isGroup(parent) ? [parent.key, `/subscriptions/${id.subscription}`] : [parent.key];
    const lists = scopes.map((scope) => this.#listed(scope, id.type)).filter((one) => one !== undefined);
    if (lists.some((list) => list.kind === "complete")) return { kind: "absent" };
    const unreadable = lists.find((list) => list.kind === "unreadable");
    if (unreadable !== undefined) return unreadable;
    const unreadableParent = this.#unreadable.get(parent.key);
    if (unreadableParent !== undefined) return unreadableParent;
    if (isGroup(parent)) return this.#absent.has(parent.key) ? { kind: "absent" } : undefined;
    const found = this.get(parent);
    if (found.kind === "absent") return found;
    return found.kind === "unreadable" && found.why !== "notRecorded" ? found : undefined;
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
    if (this.#isOutdated(entry)) return false;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      if (known.isFull === entry.isFull && !isSame(known.fact, entry.fact)) this.conflicts.set(key, entry.fact.id);
      const seenAt = isEarlier(known.seenAt, entry.seenAt) ? entry.seenAt : known.seenAt;
      if (beats(known, entry)) {
        this.#entries.set(key, { ...known, seenAt });
        return false;
      }
      this.#drop(key, known);
      this.#entries.set(key, { ...entry, seenAt });
    } else this.#entries.set(key, entry);
    this.#index(entry.fact);
    return true;
  }

  /** Since the entry was read, the resource was seen to be gone: itself, its container, or from its container's body. */
  #isOutdated({ fact, from, at }: Entry): boolean {
    const { key, type } = fact.id;
    if (isEarlier(at, this.#absent.get(key))) return true;
    if (from !== key || !isChild(fact.id)) return false;
    const containerKey = containerOf(key);
    const container = this.#entries.get(containerKey);
    if (container === undefined) return isEarlier(at, this.#absent.get(containerKey));
    return container.embeds.includes(type) && isEarlier(at, container.at) && !this.#entries.has(key);
  }

  /** Of the children that are meant: those that came with the container's body, or were read before `at`. */
  #dropChildren(container: string, at: number | undefined, isMeant: (child: ResourceId) => boolean): void {
    const children = [...(this.#children.get(container)?.values() ?? [])].flatMap((keys) => [...keys]);
    for (const key of children) {
      const entry = this.#entries.get(key);
      if (entry === undefined || !isMeant(entry.fact.id)) continue;
      if (entry.from === container || isEarlier(entry.at, at)) this.#drop(key, entry);
    }
  }

  /** What was last seen before the complete list was read that should hold it is gone. */
  #dropUnlisted(): void {
    if (this.#listedAt.size === 0) return;
    for (const [key, entry] of [...this.#entries]) {
      const { id } = entry.fact;
      const scopes = isChild(id) ? [containerOf(key)] : [id.parent?.key ?? "", `/subscriptions/${id.subscription}`];
      const isGone = scopes.some((scope) => isEarlier(entry.seenAt, this.#listedAt.get(childrenKey(scope, id.type))));
      if (isGone) this.addAbsent(id, entry.seenAt);
    }
  }

  /** Remembers what changed, once somebody has begun to ask. */
  #touch(key: Key): void {
    this.#forgetEverywhere();
    this.#touched?.add(textOfKey(key));
  }

  /** What is known everywhere may depend on anything: whoever asked asks again. */
  #forgetEverywhere(): void {
    for (const type of this.#everywhere.keys()) this.#touched?.add(textOfKey({ kind: "everywhere", type }));
    this.#everywhere.clear();
  }

  #touchFact({ id, kind, names }: Fact): void {
    this.#forgetEverywhere();
    if (this.#touched === undefined) return;
    this.#touch({ kind: "resource", id });
    this.#touched.add(`list ${childrenKey(containerOf(id.key), id.type)}`);
    this.#touch({ kind: "kind", of: kind });
    for (const named of names) this.#touch({ kind: "naming", id: named });
  }

  #index(fact: Fact): void {
    this.#touchFact(fact);
    const { id, kind, names } = fact;
    if (kind !== "other") addTo(this.#byKind, kind, id.key);
    addTo(this.#byType, id.type, id.key);
    if (isChild(id)) this.#addChild(id);
    for (const named of names) addTo(this.#naming, named.key, id.key);
  }

  #addChild({ key, type }: ResourceId): void {
    const container = containerOf(key);
    const ofContainer = this.#children.get(container) ?? new Map<string, Set<string>>();
    this.#children.set(container, ofContainer);
    addTo(ofContainer, type, key);
  }

  #drop(key: string, { fact }: Entry): void {
    this.#touchFact(fact);
    this.#entries.delete(key);
    this.#byKind.get(fact.kind)?.delete(key);
    this.#byType.get(fact.id.type)?.delete(key);
    this.#children.get(containerOf(key))?.get(fact.id.type)?.delete(key);
    for (const named of fact.names) this.#naming.get(named.key)?.delete(key);
  }
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

function isSame(fact: Fact, other: Fact): boolean {
  return textOf(fact) === textOf(other);
}

/** The spelling of ids makes no difference. */
function textOf(fact: Fact): string {
  return JSON.stringify(fact, (_, value) => {
    if (value instanceof ResourceId) return value.key;
    return typeof value === "bigint" ? `${value}` : value;
  });
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
