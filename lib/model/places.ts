import type { Fact, FactKind } from "./fact.ts";
import { FactGroup } from "./fact-group.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Completeness, Unreadable } from "./snapshot.ts";

/** The answer to whoever asks for a resource, and what decides whether it stays the answer. */
export interface Entry {
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
export interface Place {
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

export interface List {
  readonly completeness: Completeness;
  /** When it was read, of a complete list that has a time. */
  readonly at: number | undefined;
}

const noFacts: readonly never[] = [];
const complete: Completeness = { kind: "complete" };

/** The places of a snapshot, found by key, kind and type. */
export class Places {
  readonly #byKey = new Map<string, Place>();
  readonly #byKind = new Map<FactKind, FactGroup>();
  readonly #byType = new Map<string, FactGroup>();
  #size = 0;

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
    const place: Place = {
      entry: undefined,
      isAbsent: false,
      absentAt: undefined,
      unreadable: undefined,
      naming: undefined,
      children: undefined,
      lists: undefined,
    };
    this.#byKey.set(key, place);
    return place;
  }

  ofKind(kind: FactKind): readonly Fact[] {
    return this.#byKind.get(kind)?.facts ?? noFacts;
  }

  /** `type` is folded. */
  ofType(type: string): readonly Fact[] {
    return this.#byType.get(type)?.facts ?? noFacts;
  }

  /** Puts a fact where it is found by what it is and what it names. */
  index(fact: Fact): void {
    this.#size += 1;
    const { id, kind, names } = fact;
    groupAt(this.#byKind, kind).add(fact);
    groupAt(this.#byType, id.type).add(fact);
    if (isChild(id)) {
      const container = this.at(containerOf(id));
      container.children ??= new Map();
      groupAt(container.children, id.type).add(fact);
    }
    for (const named of names) {
      const place = this.at(named.key);
      place.naming ??= new FactGroup();
      place.naming.add(fact);
    }
  }

  unindex(fact: Fact): void {
    this.#size -= 1;
    const { id, kind, names } = fact;
    this.#byKind.get(kind)?.delete(fact);
    this.#byType.get(id.type)?.delete(fact);
    this.find(containerOf(id))?.children?.get(id.type)?.delete(fact);
    for (const named of names) this.find(named.key)?.naming?.delete(fact);
  }

  /** Whether a list is known: `scope` is a key and `type` folded; undefined where nobody read it, nor what holds it. */
  listed(scope: string, type: string): Completeness | undefined {
    const place = this.find(scope);
    if (place === undefined) return undefined;
    const isSettled = place.entry === undefined ? place.isAbsent : place.entry.embeds.includes(type);
    return isSettled ? complete : place.lists?.get(type)?.completeness;
  }
}

export function isChild({ type }: ResourceId): boolean {
  return type.indexOf("/", type.indexOf("/") + 1) >= 0;
}

/** The key of the resource that holds a child. */
export function containerOf({ parent }: ResourceId): string {
  return parent?.key ?? "";
}

function groupAt<K>(groups: Map<K, FactGroup>, at: K): FactGroup {
  const known = groups.get(at);
  if (known !== undefined) return known;
  const group = new FactGroup();
  groups.set(at, group);
  return group;
}
