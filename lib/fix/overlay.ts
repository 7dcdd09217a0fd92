import { project } from "../facts/project.ts";
import { type Fact, type FactKind, type FactOf, isOfKind } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Completeness, Found, Listing, Namer, Snapshot } from "../model/snapshot.ts";
import type { EditedBody } from "./edit.ts";

/** A snapshot in which some resources have other bodies, are new, or are gone; the one beneath stays as it is. */
export function overlaid(base: Snapshot, edited: ReadonlyMap<string, EditedBody>): Snapshot {
  return new Overlay(base, [...edited.values()]);
}

class Overlay implements Snapshot {
  readonly #base: Snapshot;
  /** What became of each edited resource, and of the children in its body; undefined where it is gone. */
  readonly #facts = new Map<string, Fact | undefined>();
  readonly #isNew = new Set<string>();
  readonly #remembered = new Map<string, object>();

  constructor(base: Snapshot, edited: readonly EditedBody[]) {
    this.#base = base;
    for (const { id, body } of edited) {
      if (base.get(id).kind !== "fact") this.#isNew.add(id.key);
      const projected = body === undefined ? undefined : project(body).projected;
      this.#facts.set(id.key, projected?.fact);
      for (const { fact } of projected?.children ?? []) this.#facts.set(fact.id.key, fact);
    }
  }

  get serviceTags() {
    return this.#base.serviceTags;
  }

  get(id: ResourceId): Found {
    const own = this.#facts.get(id.key);
    if (own !== undefined) return { kind: "fact", fact: own };
    if (this.#facts.has(id.key)) return { kind: "absent" };
    const found = this.#base.get(id);
    if (found.kind !== "unreadable") return found;
    return this.#isOfNew(id.parent) ? { kind: "absent" } : found;
  }

  list(parent: ResourceId, type: string): Listing {
    const { facts, completeness } = this.#base.list(parent, type);
    const isAmong = (fact: Fact) => fact.id.type === fold(type) && fact.id.parent?.key === parent.key;
    const isSettled = this.#isOfNew(parent);
    return { facts: this.#with(facts, isAmong), completeness: isSettled ? { kind: "complete" } : completeness };
  }

  naming<K extends FactKind = FactKind>(id: ResourceId, ...kinds: readonly K[]): readonly FactOf<K>[] {
    const isMeant = (fact: Fact): fact is FactOf<K> => kinds.length === 0 || kinds.some((kind) => kind === fact.kind);
    return this.#with(this.#base.naming(id, ...kinds), ({ names }) => names.some(({ key }) => key === id.key)).filter(
      isMeant,
    );
  }

  namers(id: ResourceId, ...kinds: readonly FactKind[]): readonly Namer[] {
    return this.naming(id, ...kinds);
  }

  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    const isMeant = (fact: Fact) => isOfKind(fact, kind);
    return this.#with(this.#base.ofKind(kind), isMeant).filter(isMeant);
  }

  ofType(type: string): Listing {
    const { facts, completeness } = this.#base.ofType(type);
    return { facts: this.#with(facts, (fact) => fact.id.type === type), completeness };
  }

  once<T>(name: string, work: () => T): T {
    const known: { readonly value: T } = Object(this.#remembered.get(name) ?? { value: work() });
    this.#remembered.set(name, known);
    return known.value;
  }

  everywhere(type: string): Completeness {
    return this.#base.everywhere(type);
  }

  /** Nobody else has put anything into what was made just now. */
  #isOfNew(parent: ResourceId | undefined): boolean {
    return parent !== undefined && this.#isNew.has(parent.key) && this.#facts.get(parent.key) !== undefined;
  }

  /** In the order of their keys, which is the snapshot's own. */
  #with(facts: readonly Fact[], isAmong: (fact: Fact) => boolean): readonly Fact[] {
    const kept = facts.filter(({ id }) => !this.#facts.has(id.key));
    const own = [...this.#facts.values()].filter((fact) => fact !== undefined && isAmong(fact));
    if (own.length === 0) return kept.length === facts.length ? facts : kept;
    return [...kept, ...own.filter((fact) => fact !== undefined)].sort(byKey);
  }
}

function byKey(a: Fact, b: Fact): number {
  return a.id.key < b.id.key ? -1 : Number(a.id.key > b.id.key);
}
