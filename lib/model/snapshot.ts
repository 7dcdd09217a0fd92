import type { Fact, FactKind, FactOf } from "./fact.ts";
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

/** The facts of a scope at one moment. */
export interface Snapshot {
  get(id: ResourceId): Found;
  /** `type` is the type of the children, in any case: `Microsoft.Sql/servers/firewallRules`. */
  list(parent: ResourceId, type: string): Listing;
  /** All read facts that name this resource. */
  naming(id: ResourceId): readonly Fact[];
  /** All read facts of a kind; whether there are more, `everywhere` knows. */
  ofKind<K extends FactKind>(kind: K): readonly FactOf<K>[];
  /** What `work` gives, worked out once as long as nothing changes; it may ask the snapshot anything. */
  once<T>(name: string, work: () => T): T;
  /** Not noted: another list makes everything be evaluated again. */
  readonly serviceTags: ServiceTags;
  /** Whether every resource of a (folded) type is known, with its properties, in every subscription that was read. */
  everywhere(type: string): Completeness;
}

/** A question that was put to a snapshot; a subject is evaluated again when the answer changes. */
export type Key =
  | { readonly kind: "resource"; readonly id: ResourceId }
  | { readonly kind: "list"; readonly parent: ResourceId; readonly type: string }
  | { readonly kind: "naming"; readonly id: ResourceId }
  | { readonly kind: "kind"; readonly of: FactKind }
  | { readonly kind: "everywhere"; readonly type: string };

export function textOfKey(key: Key): string {
  switch (key.kind) {
    case "resource":
      return `resource ${key.id.key}`;
    case "list":
      return `list ${key.parent.key} ${fold(key.type)}`;
    case "naming":
      return `naming ${key.id.key}`;
    case "kind":
      return `kind ${key.of}`;
    case "everywhere":
      return `everywhere ${key.type}`;
  }
}

/** The keys that one evaluation read, and those of them that nobody has read from Azure yet. */
export interface NotedKeys {
  readonly all: ReadonlyMap<string, Key>;
  readonly notRead: ReadonlyMap<string, Key>;
}

/** A view of a snapshot that notes every question put to it. */
export function noting(snapshot: Snapshot): { readonly view: Snapshot; readonly keys: NotedKeys } {
  const all = new Map<string, Key>();
  const notRead = new Map<string, Key>();
  const note = (key: Key, isNotRead: boolean) => {
    const text = textOfKey(key);
    all.set(text, key);
    if (isNotRead) notRead.set(text, key);
  };
  const view: Snapshot = {
    serviceTags: snapshot.serviceTags,
    once: (_, work) => work(), // so that every question is noted
    get(id) {
      const found = snapshot.get(id);
      note({ kind: "resource", id }, found.kind === "notRead");
      return found;
    },
    list(parent, type) {
      const listing = snapshot.list(parent, type);
      note({ kind: "list", parent, type }, listing.completeness.kind === "notRead");
      return listing;
    },
    naming(id) {
      note({ kind: "naming", id }, false);
      return snapshot.naming(id);
    },
    ofKind(kind) {
      note({ kind: "kind", of: kind }, false);
      return snapshot.ofKind(kind);
    },
    everywhere(type) {
      const completeness = snapshot.everywhere(type);
      note({ kind: "everywhere", type }, completeness.kind === "notRead");
      return completeness;
    },
  };
  return { view, keys: { all, notRead } };
}
