import { apiVersionOf } from "../../lib/catalog/api-versions.ts";
import { childReads } from "../../lib/catalog/child-reads.ts";
import { resourceGraphTables } from "../../lib/catalog/resource-graph.ts";
import { fold, ResourceId } from "../../lib/model/resource-id.ts";
import { type Key, textOfKey } from "../../lib/model/snapshot.ts";
import type { Reader, Reading } from "../../lib/readers/reader.ts";
import { type Body, complete, idOf, refused } from "./builders.ts";
import type { Edit, EditedEstate } from "./edit-script.ts";

/** What Azure tells of one change. */
export interface Told {
  readonly id: string;
  readonly kind: "Write" | "Delete";
}

/** Does one step of a reading: others may come between two of them. */
export type Step = <T>(effect: () => Promise<T>) => Promise<T>;

/**
 * Azure, as edits change it and readers see it: bodies are as they are at the moment of reading, nothing outlives what it
 * stands in, and all that is asked for can be read.
 */
export class ChangingAzure {
  readonly #estate: EditedEstate;
  readonly #tags: readonly Reading[];
  #view: ReadonlyMap<string, Body> = new Map();
  /** The keys of what nobody may read by its id. */
  readonly refused = new Set<string>();
  /** What readers asked for, in the order in which they did. */
  readonly asked: string[] = [];
  readonly #past: ReadonlyMap<string, Body>[] = [];

  constructor(estate: EditedEstate, tags: readonly Reading[]) {
    this.#estate = estate;
    this.#tags = tags;
    this.#look();
  }

  /** By folded id: all that has an id, and stands in nothing that is gone. */
  get bodies(): ReadonlyMap<string, Body> {
    return this.#view;
  }

  /** Tells of what has come, gone or changed: of what went with its parent nobody tells. */
  do(edit: Edit | "undo"): readonly Told[] {
    const before = this.#view;
    if (edit === "undo") {
      this.#goBackTo(this.#past.pop() ?? before);
      return this.#toldSince(before, false);
    }
    this.#past.push(before);
    this.#estate.do(edit);
    this.#look();
    return this.#toldSince(before, /child$/.test(edit.kind));
  }

  /** Both tell what Azure tells. */
  put(...bodies: readonly Body[]): readonly Told[] {
    const before = this.#view;
    for (const body of bodies) this.#estate.put(body);
    this.#look();
    return this.#toldSince(before, false);
  }

  remove(...ids: readonly string[]): readonly Told[] {
    const before = this.#view;
    for (const id of ids) this.#estate.remove(id);
    this.#look();
    return this.#toldSince(before, false);
  }

  #goBackTo(view: ReadonlyMap<string, Body>): void {
    for (const [key, { id }] of this.#view) if (!view.has(key)) this.#estate.remove(id);
    this.#look();
    for (const [key, body] of view) if (this.#view.get(key) !== body) this.#estate.put(body);
    this.#look();
  }

  /** `areChildrenTold` where Azure names the subnet that was written rather than its network. */
  #toldSince(before: ReadonlyMap<string, Body>, areChildrenTold: boolean): readonly Told[] {
    const isChanged = ([key, body]: readonly [string, Body]) => this.#view.get(key) !== body;
    const keys = new Set([...[...before].filter(isChanged).map(([key]) => key), ...this.#view.keys()]);
    const changed = [...keys].filter((key) => before.get(key) !== this.#view.get(key));
    const gone = new Set(changed.filter((key) => !this.#view.has(key)));
    const isAlong = (key: string) => gone.has(idOf(key).parent?.key ?? "");
    return changed.flatMap((key): readonly Told[] => {
      const [was, is] = [before.get(key), this.#view.get(key)];
      if (is === undefined) return isAlong(key) ? [] : [{ id: was?.id ?? key, kind: "Delete" }];
      if (was === undefined || !areChildrenTold) return [{ id: is.id, kind: "Write" }];
      return childrenThatDiffer(was, is);
    });
  }

  #look(): void {
    const all = this.#estate.everything.flatMap((reading) =>
      reading.kind === "resource" ? [reading.body as Body] : [],
    );
    const known = new Map(all.map((body) => [fold(body.id), body]));
    const isThere = (id: ResourceId | undefined): boolean => {
      if (id === undefined || !id.key.includes("/providers/")) return true;
      return known.has(id.key) && isThere(id.parent);
    };
    this.#view = new Map([...known].filter(([key]) => isThere(idOf(key))));
  }

  /** Of one subscription, and of single things wherever they are. */
  reader(own: readonly string[], all: readonly string[], purpose: "scheduled" | "change", step: Step): Reader {
    return {
      readAll: () => this.#readAll(purpose === "change" ? [] : own, step),
      read: (key) => this.#read(key, all, step),
    };
  }

  async *#readAll(subscriptions: readonly string[], step: Step) {
    yield this.#tags;
    for (const subscription of subscriptions) {
      yield await step(async () => listedTypes.flatMap((type) => this.#everywhere(type, [subscription])));
      const parents = [...this.#view.values()].map(({ id }) => idOf(id));
      for (const parent of parents.filter((id) => id.subscription === subscription)) {
        for (const { type: child } of childReads.get(parent.type) ?? []) {
          yield await step(async () => this.#list(parent, fold(`${parent.type}/${child}`)));
        }
      }
    }
  }

  async *#read(key: Key, all: readonly string[], step: Step) {
    this.asked.push(textOfKey(key));
    switch (key.kind) {
      case "resource":
        yield await step(async () => [all.includes(key.id.subscription) ? this.#resource(key.id) : outside(key.id)]);
        break;
      case "list":
        yield await step(async () => this.#list(key.parent, fold(key.type)));
        break;
      case "everywhere":
        if (!listedTypes.includes(key.type)) return;
        for (const one of all) yield await step(async () => this.#everywhere(key.type, [one]));
        break;
      case "type":
      case "naming":
      case "kind":
        break;
    }
  }

  #resource(id: ResourceId): Reading {
    if (this.refused.has(id.key)) return refused(id.text);
    const body = this.#view.get(id.key) ?? this.#embedded(id);
    return body === undefined ? { kind: "absent", id } : { kind: "resource", body, where: "test" };
  }

  #embedded(id: ResourceId): Body | undefined {
    const parent = id.parent === undefined ? undefined : this.#view.get(id.parent.key);
    // a child that has a body of its own is there only by its id: see `bodies`
    const isWhole = (child: Body) => child.properties !== undefined && fold(child.id) === id.key;
    return parent === undefined ? undefined : childrenIn(parent).find(isWhole);
  }

  #list(parent: ResourceId, type: string): readonly Reading[] {
    if (!parent.key.includes("/providers/")) return this.#everywhere(type, [parent.subscription]);
    const holder = this.#resource(parent);
    if (holder.kind !== "resource") return [holder];
    const own = this.#where((id) => id.type === type && id.parent?.key === parent.key);
    return [...own, complete(parent.text, type)];
  }

  #everywhere(type: string, subscriptions: readonly string[]): readonly Reading[] {
    const own = this.#where((id) => id.type === type && subscriptions.includes(id.subscription));
    return [...own, ...subscriptions.map((one) => complete(`/subscriptions/${one}`, type))];
  }

  #where(isMeant: (id: ResourceId) => boolean): readonly Reading[] {
    const bodies = [...this.#view].filter(([key]) => isMeant(idOf(key)));
    return bodies.map(([, body]) => ({ kind: "resource", body, where: "test" }));
  }
}

function outside(id: ResourceId): Reading {
  const because = `\`${id.text}\` is outside of what may be asked about`;
  return { kind: "unreadable", id, unreadable: { kind: "unreadable", why: "outOfScope", because } };
}

/** Of which all can be listed; others are found by their ids, or in their parents. */
const listedTypes = [...resourceGraphTables.values()].flat();

/** Whether every audit of everything brings it, also one in which nobody asks for it. */
export function isAlwaysRead(id: string): boolean {
  const { type, parent } = idOf(id);
  const children = childReads.get(parent?.type ?? "") ?? [];
  return listedTypes.includes(type) || children.some((child) => fold(`${parent?.type}/${child.type}`) === type);
}

/** Whether events tell of it, and readers bring it. */
export function isRead(id: string): boolean {
  return apiVersionOf(idOf(id).type) !== undefined;
}

function childrenIn({ properties }: Body): readonly Body[] {
  const lists = Object.values(Object(properties)).filter((value) => Array.isArray(value));
  return lists.flat().filter((child) => ResourceId.parse(Object(child).id) !== undefined && isChildId(child));
}

function isChildId({ id }: Body): boolean {
  return idOf(id).type.split("/").length > 2;
}

/** As Azure tells of subnets. */
function childrenThatDiffer(was: Body, is: Body): readonly Told[] {
  const [before, after] = [was, is].map((body) => new Map(childrenIn(body).map((one) => [fold(one.id), one])));
  const keys = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...keys].flatMap((key): Told[] => {
    const [one, other] = [before?.get(key), after?.get(key)];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    return [{ id: other?.id ?? one?.id ?? key, kind: other === undefined ? "Delete" : "Write" }];
  });
}
