import { type Fact, type FactKind, type FactOf, isOfKind } from "./fact.ts";
import { fold, type ResourceId } from "./resource-id.ts";
import type { ServiceTags } from "./service-tags.ts";

/** Azure was asked, or can no longer be asked, and there is no answer to go by. */
export interface Unreadable {
  readonly kind: "unreadable";
  /** Passing: 429, 5xx, a connection cut; asking again later may bring an answer. Failed: it would not. */
  readonly why: "refused" | "passing" | "failed" | "notRecorded" | "outOfScope";
  /** A sentence without a final period that names what is missing. */
  readonly because: string;
}

/** What is known of one resource. */
export type Found =
  | { readonly kind: "fact"; readonly fact: Fact }
  | { readonly kind: "absent" }
  | Unreadable
  | { readonly kind: "notRead" };

/** Whether all members of a list are known. Only a complete list proves that something is absent. */
export type Completeness = { readonly kind: "complete" } | Unreadable | { readonly kind: "notRead" };

/** The children of one type that one resource has, as far as they were read. */
export interface Listing {
  readonly facts: readonly Fact[];
  readonly completeness: Completeness;
}

export type Namer = Pick<Fact, "id" | "kind">;

/** The facts of a scope at one moment. */
export interface Snapshot {
  get(id: ResourceId): Found;
  /** `type` is the type of the children, in any case: `Microsoft.Sql/servers/firewallRules`. */
  list(parent: ResourceId, type: string): Listing;
  /** All read facts that name this resource, or those of some kinds: who wants one kind is not told of changes of another. */
  naming<K extends FactKind = FactKind>(id: ResourceId, ...kinds: readonly K[]): readonly FactOf<K>[];
  /** Which facts these are, for whoever looks at nothing in them. */
  namers(id: ResourceId, ...kinds: readonly FactKind[]): readonly Namer[];
  /** All read facts of a kind; whether there are more, `everywhere` knows. */
  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[];
  /** Those of a (folded) type, in every subscription that was read. */
  ofType(type: string): Listing;
  /** What `work` gives, worked out once as long as no answer changes that it asks for: a fact that it rests on, too. */
  once<T>(name: string, work: () => T): T;
  /** Another list makes everything be evaluated again. */
  readonly serviceTags: ServiceTags;
  /** Whether every resource of a (folded) type is known, with its properties, in every subscription that was read. */
  everywhere(type: string): Completeness;
}

/** What was read of this kind under an id; undefined where nothing was, where something else is there, or for no id. */
export function factAt<K extends FactKind>(id: ResourceId | undefined, kind: K, snapshot: Snapshot) {
  return id === undefined ? undefined : factIn(snapshot.get(id), kind);
}

export function factIn<K extends FactKind>(found: Found, kind: K): FactOf<K> | undefined {
  return found.kind === "fact" && isOfKind(found.fact, kind) ? found.fact : undefined;
}

/** What somebody who looks at a snapshot may ask. */
export type Key =
  | { readonly kind: "resource"; readonly id: ResourceId }
  | { readonly kind: "list"; readonly parent: ResourceId; readonly type: string }
  /** `of` where only facts of one kind matter. */
  | { readonly kind: "naming"; readonly id: ResourceId; readonly of?: FactKind }
  | { readonly kind: "kind"; readonly of: FactKind }
  | { readonly kind: "type"; readonly type: string }
  | { readonly kind: "everywhere"; readonly type: string };

export function textOfKey(key: Key): string {
  switch (key.kind) {
    case "resource":
      return `resource ${key.id.key}`;
    case "list":
      return `list ${key.parent.key} ${fold(key.type)}`;
    case "naming":
      return key.of === undefined ? `naming ${key.id.key}` : `naming ${key.of} ${key.id.key}`;
    case "kind":
      return `kind ${key.of}`;
    case "type":
      return `type ${key.type}`;
    case "everywhere":
      return `everywhere ${key.type}`;
  }
}
