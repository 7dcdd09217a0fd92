import type { Fact } from "./fact.ts";
import { type FactGroup, groupAt } from "./fact-group.ts";
import type { Question } from "./questions.ts";
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
  /** No other child of its type matters. */
  readonly isAllOfType?: boolean;
}

/** What was learned of one id, be it of a resource, of one that is gone, or of the scope of lists. */
export class Place {
  entry: Entry | undefined;
  /** The facts that name it. */
  naming: FactGroup | undefined;
  /** What it is, once somebody has asked. */
  question: Question | undefined;
  #rest: Rest | undefined;

  /** Azure said that there is no such resource; `absentAt` is when, as far as that is known. */
  get isAbsent(): boolean {
    return this.#rest?.isAbsent === true;
  }

  get absentAt(): number | undefined {
    return this.#rest?.absentAt;
  }

  setAbsent(at: number | undefined): void {
    const { own } = this;
    own.isAbsent = true;
    own.absentAt = at;
  }

  get unreadable(): Unreadable | undefined {
    return this.#rest?.unreadable;
  }

  set unreadable(unreadable: Unreadable | undefined) {
    this.own.unreadable = unreadable;
  }

  /** Folded type → the facts of its children. */
  get children(): ReadonlyMap<string, FactGroup> | undefined {
    return this.#rest?.children;
  }

  /** Folded type → the list of that type in this scope. */
  get lists(): ReadonlyMap<string, List> | undefined {
    return this.#rest?.lists;
  }

  /** Folded type → whether the list of that type is known, once somebody has asked. */
  get listed(): ReadonlyMap<string, Listed> | undefined {
    return this.#rest?.listed;
  }

  childrenOf(type: string): FactGroup {
    const { own } = this;
    own.children ??= new Map();
    return groupAt(own.children, type);
  }

  setList(type: string, list: List): void {
    const { own } = this;
    own.lists ??= new Map();
    own.lists.set(type, list);
  }

  setListed(type: string, listed: Listed): void {
    const { own } = this;
    own.listed ??= new Map();
    own.listed.set(type, listed);
  }

  private get own(): Rest {
    this.#rest ??= new Rest();
    return this.#rest;
  }
}

/** What most places have nothing of. */
class Rest {
  isAbsent = false;
  absentAt: number | undefined;
  unreadable: Unreadable | undefined;
  children: Map<string, FactGroup> | undefined;
  lists: Map<string, List> | undefined;
  listed: Map<string, Listed> | undefined;
}

export interface List {
  readonly completeness: Completeness;
  /** When it was read, of a complete list that has a time. */
  readonly at: number | undefined;
}

export interface Listed {
  readonly question: Question;
  answer: Completeness | undefined;
}
