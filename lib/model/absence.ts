import type { Fact } from "./fact.ts";
import type { Places } from "./places.ts";
import type { ResourceId } from "./resource-id.ts";
import type { Completeness, Found, Unreadable } from "./snapshot.ts";

/** Whether every resource of a (folded) type is known in these subscriptions, though perhaps without its properties. */
export function knownEverywhere(
  places: Places,
  type: string,
  subscriptions: Iterable<string>,
): Completeness | { readonly kind: "missing"; readonly subscription: string } {
  const parents = parentsOf(places, type);
  for (const subscription of [...subscriptions].sort()) {
    const known = knownIn(places, type, subscription, parents);
    if (known.kind === "unreadable") return known;
    if (known.kind === "notRead") return { kind: "missing", subscription };
  }
  return { kind: "complete" };
}

/** By subscription and type: those of the parents of a child type, and of theirs. */
type Parents = ReadonlyMap<string, ReadonlyMap<string, readonly Fact[]>>;

function parentsOf(places: Places, type: string): Parents {
  const parentType = parentTypeOf(type);
  if (parentType === undefined) return new Map();
  const bySubscription = Map.groupBy(places.ofType(parentType), ({ id }) => id.subscription);
  return new Map([...parentsOf(places, parentType), [parentType, bySubscription]]);
}

function parentTypeOf(type: string): string | undefined {
  const parent = type.slice(0, type.lastIndexOf("/"));
  return parent.includes("/") ? parent : undefined;
}

/** The list of the subscription is complete, or its parents are known and the list of each is: a child type is known then, too. */
function knownIn(places: Places, type: string, subscription: string, parents: Parents): Completeness {
  const own = places.listed(`/subscriptions/${subscription}`, type);
  if (own?.kind === "complete") return own;
  const parentType = parentTypeOf(type);
  const ofParents = parentType === undefined ? undefined : knownIn(places, parentType, subscription, parents);
  const here = parentType === undefined ? [] : (parents.get(parentType)?.get(subscription) ?? []);
  const lists = here.map(({ id }) => (hasAllOfType(places, id, type) ? complete : places.listed(id.key, type)));
  const isSettled = ofParents?.kind === "complete" && lists.every((list) => list?.kind === "complete");
  if (isSettled) return ofParents;
  const unreadable = [own, ofParents, ...lists].find((list) => list?.kind === "unreadable");
  return unreadable ?? { kind: "notRead" };
}

const complete: Completeness = { kind: "complete" };

/** The one child of the type that matters was read. */
function hasAllOfType(places: Places, { key }: ResourceId, type: string): boolean {
  return places.children(key, type).some(({ id }) => places.find(id.key)?.entry?.isAllOfType === true);
}

/** The first that was read without its properties; `count` says how many there are. */
export function readThin(places: Places, type: string, count: number): Unreadable | undefined {
  if (count === 0) return undefined;
  const thin = places.ofType(type).find(({ id }) => places.find(id.key)?.entry?.isFull === false);
  if (thin === undefined) return undefined;
  const { text } = thin.id;
  return { kind: "unreadable", why: "failed", because: `\`${text}\` was read without the properties that matter` };
}

/**
 * What the lists that should hold a resource, and its parent, say of one that nobody brought. Where a snapshot is filled on
 * demand, that a list of a subscription is known does not mean that what is in it was brought.
 */
export function toldByParent(
  places: Places,
  id: ResourceId,
  isFilledOnDemand: boolean,
  get: (parent: ResourceId) => Found,
): Found | undefined {
  const parent = id.parent;
  if (parent === undefined) return undefined;
  const scopes = scopesAround(id, parent, isFilledOnDemand);
  const lists = scopes.map((scope) => places.listed(scope, id.type)).filter((one) => one !== undefined);
  if (lists.some((list) => list.kind === "complete")) return { kind: "absent" };
  const unreadable = lists.find((list) => list.kind === "unreadable");
  if (unreadable !== undefined) return unreadable;
  const place = places.ask(parent.key);
  if (place?.unreadable !== undefined) return place.unreadable;
  if (parent.isContainer) return place?.isAbsent === true ? { kind: "absent" } : undefined;
  const found = get(parent);
  if (found.kind === "absent") return found;
  return found.kind === "unreadable" && found.why !== "notRecorded" ? found : undefined;
}

function scopesAround({ subscription }: ResourceId, parent: ResourceId, isFilledOnDemand: boolean): readonly string[] {
  if (!parent.isContainer) return [parent.key];
  return isFilledOnDemand ? [] : [parent.key, `/subscriptions/${subscription}`];
}
