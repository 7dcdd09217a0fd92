import type { FactKind, FactOf } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { type ArmResource, isObject, type JsonObject } from "./arm-resource.ts";

/** How each property of a fact follows from the resource. */
export type Judges<K extends FactKind> = {
  readonly [P in Exclude<keyof FactOf<K>, "kind" | "id">]: (resource: ArmResource) => FactOf<K>[P];
};

/**
 * Makes the facts of one kind. A fact keeps of the body only what the pointers in `keeps` lead to, and judges it each
 * time it is asked: most of what a fact could be asked never is, and what it would have answered takes more memory than
 * what it answers from. Where many ask the same, `remembered` names the properties that are judged but once.
 */
export function factMaker<K extends FactKind>(
  kind: K,
  keeps: readonly string[],
  judges: Judges<K>,
  remembered: readonly (keyof Judges<K>)[] = [],
): (resource: ArmResource) => FactOf<K> {
  const kept = treeOf(keeps);
  class LazyFact {
    readonly kind = kind;
    readonly id: ResourceId;
    readonly resource: ArmResource;
    #known: Map<string, unknown> | undefined;

    constructor(resource: ArmResource) {
      this.id = resource.id;
      this.resource = resource;
    }

    remember(name: string, judge: (resource: ArmResource) => unknown): unknown {
      this.#known ??= new Map();
      const known = this.#known.get(name) ?? judge(this.resource);
      this.#known.set(name, known);
      return known;
    }
  }
  const names: readonly PropertyKey[] = remembered;
  for (const [name, judge] of Object.entries<(resource: ArmResource) => unknown>(judges)) {
    const isRemembered = names.includes(name);
    Object.defineProperty(LazyFact.prototype, name, {
      get(this: LazyFact) {
        return isRemembered ? this.remember(name, judge) : judge(this.resource);
      },
    });
  }
  return ({ id, body, thinBecause }) => {
    const slim = { id, body: prune(body, kept), ...(thinBecause === undefined ? {} : { thinBecause }) };
    return Object(new LazyFact(slim));
  };
}

/** Name → what to keep below it; without anything below, all of it. `*` stands for each element of an array. */
type Kept = ReadonlyMap<string, Kept>;

function treeOf(pointers: readonly string[]): Kept {
  const paths = pointers.map((pointer) => pointer.split("/").slice(1));
  const byName = Map.groupBy(paths, ([name]) => name ?? "");
  return new Map(
    [...byName].map(([name, below]) => {
      const rest = below.map((path) => path.slice(1));
      const isWhole = rest.some((path) => path.length === 0);
      return [name, isWhole ? new Map() : treeOf(rest.map((path) => `/${path.join("/")}`))];
    }),
  );
}

/** What stands in the place of an object stays, so that it is judged as what it is. */
function prune(body: JsonObject, kept: Kept): JsonObject {
  const slim: Record<string, unknown> = {};
  for (const [name, below] of kept) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    slim[name] = pruneValue(value, below);
  }
  return slim;
}

function pruneValue(value: unknown, kept: Kept): unknown {
  const ofElements = kept.get("*");
  if (ofElements !== undefined && Array.isArray(value)) return value.map((element) => pruneValue(element, ofElements));
  return kept.size > 0 && isObject(value) ? prune(value, kept) : value;
}
