import { toldByParent } from "./absence.ts";
import { Everywhere } from "./everywhere.ts";
import { type Fact, type FactKind, type FactOf, isOfKind } from "./fact.ts";
import type { Entry, Place } from "./place.ts";
import { containerOf, isChild, Places } from "./places.ts";
import { type Asker, type Question, Questions } from "./questions.ts";
import { fold, type ResourceId } from "./resource-id.ts";
import { isSameFact } from "./same-fact.ts";
import { type ServiceTagList, ServiceTags } from "./service-tags.ts";
import {
  type Completeness,
  type Found,
  type Key,
  type Listing,
  type Namer,
  type Snapshot,
  textOfKey,
  type Unreadable,
} from "./snapshot.ts";

/** The facts that one body gave: one of the resource, and those of the children that ARM embeds in it. */
export interface Projected extends ProjectedFact {
  readonly children: readonly ProjectedFact[];
  /** Folded types of the children that a full body holds all of. */
  readonly embeds: readonly string[];
  /** No other child of the type matters: with this one all of them are known. */
  readonly isAllOfType?: boolean;
}

export interface ProjectedFact {
  readonly fact: Fact;
  /** False for a body without properties, such as an entry of a thin list. */
  readonly isFull: boolean;
}

const noFacts: readonly never[] = [];
const absent: Found = { kind: "absent" };
const complete: Completeness = { kind: "complete" };

/** Collects what readers bring, in any order, and answers as a snapshot at every moment. */
export class SnapshotBuilder implements Snapshot {
  /** Ids for which bodies of equal fullness gave different facts. */
  readonly conflicts = new Map<string, ResourceId>();

  readonly #questions = new Questions();
  readonly #places = new Places(this.#questions);
  readonly #everywhere = new Everywhere(this.#places, this.#questions, (type, what, isPartial) =>
    this.#neverRead({ kind: "everywhere", type }, () => what, isPartial),
  );
  /** Folded types of the complete lists that came with a time, since somebody last looked for what is in none of them. */
  readonly #timedTypes = new Set<string>();
  readonly #givenUp = new Map<string, Unreadable>();
  readonly #tagLists: ServiceTagList[] = [];
  readonly #appeared: Fact[] = [];
  #serviceTags = ServiceTags.none;
  #closedBecause: string | undefined;
  readonly #isFilledOnDemand: ((about: ResourceId) => boolean) | undefined;

  /**
   * About what is filled on demand, also the question of what names it is unanswered until somebody reads for it; so is then
   * what there is of a type.
   */
  constructor(isFilledOnDemand?: (about: ResourceId) => boolean) {
    this.#isFilledOnDemand = isFilledOnDemand;
  }

  /** Fuller bodies beat thinner ones, then the later `at` (milliseconds since 1970) wins, then the later call. */
  add({ fact, isFull, children, embeds, isAllOfType }: Projected, at?: number): void {
    const from = fact.id.key;
    this.addSubscription(fact.id);
    const own = { embeds: isFull ? embeds : noFacts, ...(isAllOfType ? { isAllOfType } : {}) };
    const isNewest = this.#put({ kind: "fact", fact, from, isFull, at, seenAt: at, ...own });
    if (!isNewest || !isFull) return;
    if (embeds.length > 0) this.#dropMissing(fact.id, at, children, embeds);
    for (const child of children) this.#put({ kind: "fact", ...child, from, at, seenAt: at, embeds: noFacts });
  }

  /** A full body that no longer has a child of a type that it embeds proves that there is none. */
  #dropMissing(id: ResourceId, at: number | undefined, children: readonly ProjectedFact[], embeds: readonly string[]) {
    const kept = new Set(children.map((child) => child.fact.id.key));
    for (const type of embeds) {
      this.#dropChildren(id.key, at, (child) => child.type === type && !kept.has(child.key));
    }
  }

  /** Azure said at `at` that there is no such resource. */
  addAbsent(id: ResourceId, at?: number): void {
    this.addSubscription(id);
    const place = this.#places.at(id.key);
    const { entry, isAbsent, absentAt } = place;
    if (entry !== undefined && isEarlier(at, entry.at)) return;
    if (isAbsent && isEarlier(at, absentAt)) return;
    place.setAbsent(at);
    if (entry !== undefined) this.#set(place, undefined);
    else if (!isAbsent) this.#settle(place, id.type);
    this.#dropChildren(id.key, at, () => true);
  }

  once<T>(name: string, work: () => T): T {
    return this.#questions.once(name, work);
  }

  addServiceTags(list: ServiceTagList): void {
    this.#tagLists.push(list);
    this.#serviceTags = new ServiceTags(this.#tagLists);
    this.#questions.touchAll();
  }

  get serviceTags(): ServiceTags {
    return this.#serviceTags;
  }

  /** Those who asked for something in it were told so, too. */
  addUnreadable(id: ResourceId, unreadable: Unreadable): void {
    const place = this.#places.at(id.key);
    place.unreadable = unreadable;
    this.#questions.touch(place.question);
    this.#questions.forget();
  }

  /** `scope` is a subscription, a resource group or the parent resource; `type` is folded. */
  addList(scope: ResourceId, type: string, completeness: Completeness, at?: number): void {
    this.addSubscription(scope);
    const place = this.#places.at(scope.key);
    const known = place.lists?.get(type);
    const isTimed = completeness.kind === "complete" && at !== undefined;
    if (isTimed) this.#timedTypes.add(type);
    place.setList(type, {
      completeness: known?.completeness.kind === "complete" ? known.completeness : completeness,
      at: isTimed ? Math.max(at, known?.at ?? at) : known?.at,
    });
    this.#settle(place, type);
  }

  /** Nobody can answer this question: from now on it is unreadable rather than not read. */
  giveUp(key: Key, unreadable: Unreadable): void {
    this.#givenUp.set(textOfKey(key), unreadable);
    if (key.kind === "resource") this.#questions.touch(this.#places.find(key.id.key)?.question);
    if (key.kind === "list") this.#places.touchList(key.parent.key, fold(key.type));
    if (key.kind === "everywhere") this.#everywhere.open(key.type);
  }

  /** From now on nothing is "not read": of what nobody brought the snapshot says that it "`x` `because`". */
  close(because: string): void {
    this.#closedBecause = because;
    this.#dropUnlisted();
    this.#everywhere.openAll();
    this.#questions.touchAll();
  }

  /** Does `work`, which may ask the snapshot anything; `asker` is told when one of the answers changes. */
  look<T>(asker: Asker, work: () => T): T {
    return this.#questions.look(asker, work);
  }

  /** Nobody needs to tell the asker any more. */
  leave(asker: Asker): void {
    this.#questions.leave(asker);
  }

  /** Tells whom it may concern what has changed; gives the facts that came since the last call. */
  settle(): readonly Fact[] {
    if (this.isClosed) this.#dropUnlisted();
    this.#everywhere.settle();
    return this.#appeared.splice(0);
  }

  /** What the last look of the asker rests on. */
  rootsOf(asker: Asker): ReadonlySet<Question> {
    return this.#questions.rootsOf(asker);
  }

  /** How often everything has changed at once, so that nobody needs to be told. */
  get upheavals(): number {
    return this.#questions.upheavals;
  }

  /** What was asked since the last call, and nobody has read. */
  takeUnanswered(): readonly Key[] {
    return this.#questions.takeUnanswered();
  }

  ofType(type: string): Listing {
    this.#want({ kind: "type", type });
    return { facts: this.#places.askType(type), completeness: this.everywhere(type) };
  }

  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    this.#want({ kind: "kind", of: kind });
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
    const found = this.#find(id);
    if (found.kind === "notRead") this.#questions.noteUnanswered({ kind: "resource", id });
    return found;
  }

  #find(id: ResourceId): Found {
    const place = this.#places.ask(id.key);
    if (place?.entry !== undefined) return place.entry;
    if (place?.isAbsent === true) return absent;
    return (
      place?.unreadable ??
      toldByParent(this.#places, id, this.#isOnDemand(id), (parent) => this.#find(parent)) ??
      this.#neverRead({ kind: "resource", id }, () => `\`${id.text}\``)
    );
  }

  /** No longer once it is closed: then everything that there is was brought, whatever was asked for. */
  #isOnDemand(id: ResourceId): boolean {
    return !this.isClosed && this.#isFilledOnDemand?.(id) === true;
  }

  list(parent: ResourceId, type: string): Listing {
    const folded = fold(type);
    const facts = this.#places.children(parent.key, folded);
    const key: Key = { kind: "list", parent, type };
    const what = () => `the list \`${parent.text}/${type.split("/").at(-1)}\``;
    const listed = this.#places.listed(parent.key, folded);
    const isGone = listed === undefined && this.#find(parent).kind === "absent"; // with all that was in it
    const completeness = isGone ? complete : (listed ?? this.#neverRead(key, what, facts.length > 0));
    if (completeness.kind === "notRead") this.#questions.noteUnanswered(key);
    return { facts, completeness };
  }

  naming<K extends FactKind = FactKind>(id: ResourceId, ...kinds: readonly K[]): readonly FactOf<K>[] {
    this.#wantNaming(id, kinds);
    return this.#places.naming(id.key, kinds, false);
  }

  namers(id: ResourceId, ...kinds: readonly FactKind[]): readonly Namer[] {
    this.#wantNaming(id, kinds);
    return this.#places.naming(id.key, kinds, true);
  }

  #wantNaming(id: ResourceId, kinds: readonly FactKind[]): void {
    if (!this.#isOnDemand(id)) return;
    if (kinds.length === 0) this.#want({ kind: "naming", id });
    for (const of of kinds) this.#want({ kind: "naming", id, of });
  }

  /** The answer is not complete before somebody has read for it. */
  #want(key: Key): void {
    if (this.#isFilledOnDemand === undefined || this.isClosed || this.#givenUp.has(textOfKey(key))) return;
    this.#questions.noteUnanswered(key);
  }

  /** Whether every resource of a (folded) type in one subscription is known. */
  everywhereIn(type: string, subscription: string): Completeness {
    return this.#everywhere.in(type, subscription);
  }

  /** What is there, in no order. */
  entries(): Iterable<Entry> {
    return this.#places.entries();
  }

  /** The keys of what Azure said is not there. */
  absences(): Iterable<string> {
    return this.#places.absences();
  }

  everywhere(type: string): Completeness {
    const answer = this.#everywhere.of(type);
    if (answer.kind === "notRead") this.#questions.noteUnanswered({ kind: "everywhere", type });
    return answer;
  }

  /** A part of it may have been read without a word on whether that is all. */
  #neverRead(key: Key, what: () => string, isPartial = false): Unreadable | { readonly kind: "notRead" } {
    const givenUp = this.#givenUp.size === 0 ? undefined : this.#givenUp.get(textOfKey(key));
    if (givenUp !== undefined) return givenUp;
    if (this.#closedBecause === undefined) return { kind: "notRead" };
    const because = isPartial ? "is not known to be complete" : this.#closedBecause;
    return { kind: "unreadable", why: "notRecorded", because: `${what()} ${because}` };
  }

  /** False where what is already known beats the new entry. */
  #put(entry: Entry): boolean {
    const { fact } = entry;
    const place = this.#places.at(fact.id.key);
    if (this.#isOutdated(place, entry)) return false;
    if (this.isClosed && this.#timedTypes.has(fact.id.type)) this.#dropReplaced(place, entry);
    const known = place.entry;
    if (known === undefined) {
      this.#set(place, entry);
      return true;
    }
    const isSame = isSameFact(known.fact, fact);
    if (known.isFull === entry.isFull && !isSame) this.conflicts.set(fact.id.key, fact.id);
    const seenAt = isEarlier(known.seenAt, entry.seenAt) ? entry.seenAt : known.seenAt;
    const isBeaten = beats(known, entry);
    // Whoever looked at the known fact need not look again at one that says the same.
    this.#set(place, isBeaten ? { ...known, seenAt } : { ...entry, fact: isSame ? known.fact : fact, seenAt });
    return !isBeaten;
  }

  /** What was gone in the meantime, as a list shows, is made anew: nothing that was in it is there any more. */
  #dropReplaced({ entry }: Place, { fact, at }: Entry): void {
    const goneAt = entry === undefined ? undefined : this.#goneAt(fact.id, entry.seenAt);
    if (isEarlier(goneAt, at)) this.addAbsent(fact.id, goneAt);
  }

  #set(place: Place, entry: Entry | undefined): void {
    const before = place.entry;
    const fact = entry?.fact ?? before?.fact;
    if (fact === undefined) return;
    place.entry = entry;
    const { type } = fact.id;
    if (before?.fact !== entry?.fact) {
      if (entry === undefined) this.#places.unindex(fact);
      else if (before === undefined) this.#places.index(fact);
      else this.#places.reindex(before.fact, fact);
      if (before === undefined && this.#questions.isFollowed) this.#appeared.push(fact);
      this.#questions.touch(place.question);
    }
    this.#everywhere.change(type, before, entry);
    this.#places.settle(place);
    this.#questions.forget();
  }

  #settle(place: Place, type: string): void {
    if (place.entry === undefined) this.#questions.touch(place.question);
    this.#places.settle(place);
    this.#everywhere.open(type);
    this.#questions.forget();
  }

  /** One in which there may be resources, whether or not any were read. */
  addSubscription({ subscription }: ResourceId): void {
    this.#everywhere.addSubscription(subscription);
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
      if (entry.from === container || isEarlier(entry.at, at)) this.#set(place, undefined);
    }
  }

  /** What was last seen before the complete list was read that should hold it is gone. */
  #dropUnlisted(): void {
    const timed = [...this.#timedTypes].flatMap((type) => this.#places.ofType(type));
    this.#timedTypes.clear();
    for (const { id } of timed) {
      const goneAt = this.#goneAt(id, this.#places.find(id.key)?.entry?.seenAt);
      if (goneAt !== undefined) this.addAbsent(id, goneAt);
    }
  }

  /** When a complete list was read that should hold what was seen before. */
  #goneAt(id: ResourceId, seenAt: number | undefined): number | undefined {
    const scopes = isChild(id) ? [containerOf(id)] : [id.parent?.key ?? "", `/subscriptions/${id.subscription}`];
    const lists = scopes.map((scope) => this.#places.find(scope)?.lists?.get(id.type)?.at);
    return lists.find((at) => isEarlier(seenAt, at));
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
