import type { Fact } from "../../lib/model/fact.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import { IpSet } from "../../lib/net/ip-set.ts";

const countedOperations = ["union", "intersect", "minus", "isSubsetOf", "overlaps", "equals"] as const;

/** Counts operations on sets of addresses from now on, in this process only: each test file has a process of its own. */
export function countOperations(): { readonly count: number } {
  const seen = { count: 0 };
  for (const name of countedOperations) {
    const original = IpSet.prototype[name];
    const counting = function (this: IpSet, other: IpSet) {
      seen.count += 1;
      return Reflect.apply(original, this, [other]);
    };
    Object.defineProperty(IpSet.prototype, name, { value: counting });
  }
  return seen;
}

/** A view of a snapshot that counts the facts that it hands out, and the questions. */
export function counting(snapshot: Snapshot, once: Snapshot["once"]) {
  const seen = { facts: 0, questions: 0 };
  const handOut = <F extends Fact>(facts: readonly F[]): readonly F[] => {
    seen.questions += 1;
    seen.facts += facts.length;
    return facts;
  };
  const view: Snapshot = {
    serviceTags: snapshot.serviceTags,
    once,
    get(id) {
      seen.questions += 1;
      return snapshot.get(id);
    },
    list(parent, type) {
      const listing = snapshot.list(parent, type);
      handOut(listing.facts);
      return listing;
    },
    ofType(type) {
      const listing = snapshot.ofType(type);
      handOut(listing.facts);
      return listing;
    },
    naming: (id, ...kinds) => handOut(snapshot.naming(id, ...kinds)),
    namers(id, ...kinds) {
      const namers = snapshot.namers(id, ...kinds);
      seen.questions += 1;
      seen.facts += namers.length;
      return namers;
    },
    ofKind: (kind) => handOut(snapshot.ofKind(kind)),
    everywhere(type) {
      seen.questions += 1;
      return snapshot.everywhere(type);
    },
  };
  return { view, seen };
}
