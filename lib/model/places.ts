import type { Fact, FactKind, FactOf } from "./fact.ts";
import { FactGroup, groupAt } from "./fact-group.ts";
import { type Entry, Place } from "./place.ts";
import { Question, type Questions } from "./questions.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Completeness } from "./snapshot.ts";

const noFacts: readonly never[] = [];

/** So few are gone through faster than looked up. */
const few = 16;

const complete: Completeness = { kind: "complete" };

/** The places of a snapshot, found by key, kind and type. */
export class Places {
  readonly #questions: Questions;
  readonly #byKey = new Map<string, Place>();
  readonly #byKind = new Map<FactKind, FactGroup>();
  readonly #byType = new Map<string, FactGroup>();
  #size = 0;

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  /** How many facts there are. */
  get size(): number {
    return this.#size;
  }

  find(key: string): Place | undefined {
    return this.#byKey.get(key);
  }

  /** A place that nothing was told of yet is made. */
  at(key: string): Place {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const place = new Place();
    this.#byKey.set(key, place);
    return place;
  }

  /** The place with this key, for whoever asks what is there. */
  ask(key: string): Place | undefined {
    if (!this.#questions.areNoted) return this.find(key);
    const place = this.at(key);
    place.question ??= new Question("resource", key);
    this.#questions.note(place.question);
    return place;
  }

  ofKind(kind: FactKind): readonly Fact[] {
    if (!this.#questions.areNoted) return this.#byKind.get(kind)?.facts ?? noFacts;
    return this.#askGroup(groupAt(this.#byKind, kind), "kind", kind);
  }

  /** The facts that name it; who asks cares only for some kinds, or for all where there is none. */
  naming<K extends FactKind>(key: string, kinds: readonly K[], isOfMembers: boolean): readonly FactOf<K>[] {
    if (!this.#questions.areNoted) return this.find(key)?.naming?.ofKinds(kinds) ?? noFacts;
    const place = this.at(key);
    place.naming ??= new FactGroup();
    const what = isOfMembers ? "namers" : "naming";
    if (kinds.length === 0) this.#askGroup(place.naming, what, key, undefined, isOfMembers);
    for (const kind of kinds) this.#askGroup(place.naming, what, key, kind, isOfMembers);
    return place.naming.ofKinds(kinds);
  }

  /** The facts of its children of one (folded) type. */
  children(key: string, type: string): readonly Fact[] {
    if (!this.#questions.areNoted) return this.find(key)?.children?.get(type)?.facts ?? noFacts;
    return this.#askGroup(this.at(key).childrenOf(type), type, key);
  }

  #askGroup(group: FactGroup, what: string, about: string, of?: FactKind, isOfMembers = false): readonly Fact[] {
    const known = group.questions.find((one) => one.of === of && one.isOfMembers === isOfMembers);
    const question = known?.question ?? new Question(of === undefined ? what : `${what} ${of}`, about);
    if (known === undefined) group.questions = [...group.questions, { question, of, isOfMembers }];
    this.#questions.note(question);
    return group.facts;
  }

  /** A fact came into a group, or left it; or it `isStill` there and says something else. */
  #touchGroup({ questions }: FactGroup, kind: FactKind, isStill: boolean): void {
    for (const { question, of, isOfMembers } of questions) {
      if ((of === undefined || of === kind) && !(isStill && isOfMembers)) this.#questions.touch(question);
    }
  }

  /** The same, for whoever wants to be told of changes. */
  askType(type: string): readonly Fact[] {
    if (!this.#questions.areNoted) return this.ofType(type);
    return this.#askGroup(groupAt(this.#byType, type), "type", type);
  }

  /** What is there, in no order. */
  *entries(): Generator<Entry> {
    for (const { entry } of this.#byKey.values()) if (entry !== undefined) yield entry;
  }

  *absences(): Generator<string> {
    for (const [key, { entry, isAbsent }] of this.#byKey) if (isAbsent && entry === undefined) yield key;
  }

  /** `type` is folded. */
  ofType(type: string): readonly Fact[] {
    return this.#byType.get(type)?.facts ?? noFacts;
  }

  /** Puts a fact where it is found by what it is and what it names. */
  index(fact: Fact): void {
    this.#size += 1;
    for (const group of this.#groupsOf(fact)) {
      group.add(fact);
      this.#touchGroup(group, fact.kind, false);
    }
  }

  unindex(fact: Fact): void {
    this.#size -= 1;
    for (const group of this.#groupsOf(fact)) {
      group.delete(fact);
      this.#touchGroup(group, fact.kind, false);
    }
  }

  /** Both facts are of the same resource. */
  reindex(before: Fact, after: Fact): void {
    const left = new Set(this.#groupsOf(before));
    for (const group of this.#groupsOf(after)) {
      const isStill = left.delete(group);
      if (isStill) group.replace(before, after);
      else group.add(after);
      this.#touchGroup(group, after.kind, isStill);
    }
    for (const group of left) {
      group.delete(before);
      this.#touchGroup(group, before.kind, false);
    }
  }

  /** Each once. */
  #groupsOf({ id, kind, names }: Fact): readonly FactGroup[] {
    const groups = [groupAt(this.#byKind, kind), groupAt(this.#byType, id.type)];
    if (isChild(id)) {
      groups.push(this.at(containerOf(id)).childrenOf(id.type));
    }
    for (const named of names) {
      const place = this.at(named.key);
      place.naming ??= new FactGroup();
      if (names.length > few || !groups.includes(place.naming)) groups.push(place.naming);
    }
    return names.length > few ? [...new Set(groups)] : groups;
  }

  /** Whether a list is known: `scope` is a key and `type` folded; undefined where nobody read it, nor what holds it. */
  listed(scope: string, type: string): Completeness | undefined {
    if (!this.#questions.areNoted) {
      const place = this.find(scope);
      return place === undefined ? undefined : listedAt(place, type);
    }
    const place = this.at(scope);
    const known = place.listed?.get(type);
    const listed = known ?? { question: new Question(`list of ${type}`, scope), answer: listedAt(place, type) };
    if (known === undefined) place.setListed(type, listed);
    this.#questions.note(listed.question);
    return listed.answer;
  }

  touchList(scope: string, type: string): void {
    this.#questions.touch(this.find(scope)?.listed?.get(type)?.question);
  }

  /** Something changed that may settle, or unsettle, the lists in a place. */
  settle(place: Place): void {
    for (const [type, listed] of place.listed ?? []) {
      const { answer } = listed;
      listed.answer = listedAt(place, type);
      if (!isSameAnswer(answer, listed.answer)) this.#questions.touch(listed.question);
    }
  }
}

function listedAt(place: Place, type: string): Completeness | undefined {
  const isSettled = place.entry === undefined ? place.isAbsent : place.entry.embeds.includes(type);
  return isSettled ? complete : place.lists?.get(type)?.completeness;
}

export function isSameAnswer(one: Completeness | undefined, other: Completeness | undefined): boolean {
  if (one?.kind !== other?.kind) return false;
  if (one?.kind !== "unreadable" || other?.kind !== "unreadable") return true;
  return one.why === other.why && one.because === other.because;
}

export function isChild({ type }: ResourceId): boolean {
  return type.indexOf("/", type.indexOf("/") + 1) >= 0;
}

/** The key of the resource that holds a child. */
export function containerOf({ parent }: ResourceId): string {
  return parent?.key ?? "";
}
