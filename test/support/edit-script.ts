import fc from "fast-check";
import type { Reading } from "../../lib/readers/reader.ts";
import { type Body, idOf } from "./builders.ts";

/** What one edit does, to what, and how: numbers are taken modulo how many there are to choose from. */
export interface Edit {
  readonly kind: (typeof kinds)[number];
  readonly pick: number;
  readonly how: number;
}

const kinds = [
  ...(["put", "put", "put", "remove", "recase", "reorder", "drop", "tell child", "forget child"] as const),
  ...(["refuse", "list", "list again", "tags"] as const),
];

export const anyEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...kinds),
  pick: fc.nat({ max: 999 }),
  how: fc.nat({ max: 999 }),
});

/** Everything that edits choose from. */
export interface Material {
  /** Bodies; those with the same id are what one resource may become. */
  readonly bodies: readonly Body[];
  /** What is said of lists, and of what nobody may read. */
  readonly lists: readonly Extract<Reading, { kind: "list" }>[];
  readonly refusals: readonly Extract<Reading, { kind: "unreadable" }>[];
  readonly tags: readonly Extract<Reading, { kind: "serviceTags" }>[];
}

/** An estate as Azure has it: edits change it, and tell what a reader would bring of the change. */
export class EditedEstate {
  readonly #material: Material;
  readonly #variants: ReadonlyMap<string, readonly Body[]>;
  readonly #bodies = new Map<string, Body>();
  readonly #gone = new Map<string, Reading>();
  /** What else was said, in the order in which it was. */
  #said: Reading[] = [];
  /** What is gone, as something else has shown that holds it. */
  readonly #unlisted = new Set<string>();
  #clock = 0;

  /** `said` is what is known at first, besides bodies. */
  constructor(material: Material, said: readonly Reading[]) {
    this.#material = material;
    this.#said.push(...said);
    this.#variants = Map.groupBy(material.bodies, ({ id }) => id.toLowerCase());
  }

  /** What a reader of everything brings. */
  get everything(): readonly Reading[] {
    const bodies = [...this.#bodies.values()].map((body): Reading => ({ kind: "resource", body, where: "test" }));
    return [...bodies, ...this.#gone.values(), ...this.#said];
  }

  put(body: Body): readonly Reading[] {
    const key = body.id.toLowerCase();
    this.#bodies.set(key, body);
    this.#gone.delete(key);
    return [this.#tell(body)];
  }

  do({ kind, pick, how }: Edit): readonly Reading[] {
    const [key, body] = chosen([...this.#bodies], pick) ?? [];
    switch (kind) {
      case "put": {
        const variants = chosen([...this.#variants.values()], pick) ?? [];
        const variant = chosen(variants, how);
        return variant === undefined ? [] : this.put(variant);
      }
      case "remove":
        return key === undefined || body === undefined ? [] : this.remove(body.id);
      case "recase":
        return body === undefined ? [] : this.put(recased(body, how % 2 === 0));
      case "reorder":
        return body === undefined ? [] : this.put(Object(reversed(body)));
      case "drop":
        return body === undefined ? [] : this.put(Object(without(body, how)));
      case "tell child":
      case "forget child":
        return this.#changeSubnet(kind, pick, how);
      case "refuse":
        return this.#refuse(pick);
      case "list":
        return this.#say(chosen(this.#material.lists, pick));
      case "list again":
        return body === undefined ? [] : this.#listAgain(body, how);
      case "tags":
        return this.#say(chosen(this.#material.tags, pick));
    }
  }

  #tell(body: Body): Reading {
    this.#clock += 1;
    return { kind: "resource", body, where: "test", at: this.#clock };
  }

  #say(reading: Reading | undefined): readonly Reading[] {
    if (reading === undefined) return [];
    this.#said.push(reading);
    return [reading];
  }

  remove(id: string): readonly Reading[] {
    this.#clock += 1;
    const gone: Reading = { kind: "absent", id: idOf(id) };
    this.#forget(id);
    this.#gone.set(id.toLowerCase(), gone);
    return [{ ...gone, at: this.#clock }];
  }

  /** With whatever is in it, and with the refusal: by now it is known to be gone. */
  #forget(id: string): void {
    const isIn = (key: string) => `${key}/`.startsWith(`${id.toLowerCase()}/`);
    for (const key of this.#bodies.keys()) if (isIn(key)) this.#bodies.delete(key);
    this.#said = this.#said.filter((reading) => reading.kind !== "unreadable" || reading.id.key !== id.toLowerCase());
  }

  /** Of something that nobody has read, and no list has shown to be gone: a refusal is not taken for news. */
  #refuse(pick: number): readonly Reading[] {
    const refusal = chosen(this.#material.refusals, pick);
    const isKnown = refusal === undefined || this.#bodies.has(refusal.id.key) || this.#unlisted.has(refusal.id.key);
    return isKnown ? [] : this.#say(refusal);
  }

  /** Some of one type are gone, which shows only in the list that should hold them. */
  #listAgain({ id }: Body, how: number): readonly Reading[] {
    const { type, parent, subscription } = idOf(id);
    const isChild = type.split("/").length > 2;
    const scope = isChild ? parent : idOf(`/subscriptions/${subscription}`);
    if (scope === undefined) return [];
    const inIt = [...this.#bodies.values()].filter((one) => idOf(one.id).type === type && idOf(one.id).isWithin(scope));
    const [left, gone] = [inIt.filter((_, at) => (how >> at) % 2 === 0), inIt.filter((_, at) => (how >> at) % 2 === 1)];
    for (const one of gone) {
      this.#unlisted.add(one.id.toLowerCase());
      this.#forget(one.id);
    }
    this.#clock += 1;
    const told = left.map((body): Reading => ({ kind: "resource", body, where: "test", at: this.#clock }));
    const list: Reading = { kind: "list", scope, type, completeness: { kind: "complete" } };
    this.#say(list);
    return [...told, { ...list, at: this.#clock }];
  }

  /** A subnet changes, or goes, and only it is read. */
  #changeSubnet(kind: Edit["kind"], pick: number, how: number): readonly Reading[] {
    const networks = [...this.#bodies.values()].filter(({ id }) => /\/virtualNetworks\/[^/]+$/i.test(id));
    const network = chosen(networks, pick);
    const subnets = network === undefined ? [] : subnetsOf(network);
    const subnet = chosen(subnets, how);
    if (network === undefined || subnet === undefined) return [];
    const isSubnet = ({ id }: Body) => id.toLowerCase() === subnet.id.toLowerCase();
    const others = (this.#variants.get(network.id.toLowerCase()) ?? []).flatMap(subnetsOf).filter(isSubnet);
    const other = kind === "tell child" ? chosen(others, how) : undefined;
    const changed = subnets.flatMap((one) => (isSubnet(one) ? (other ?? []) : one));
    this.#bodies.set(network.id.toLowerCase(), {
      ...network,
      properties: { ...Object(network.properties), subnets: changed },
    });
    this.#clock += 1;
    if (other === undefined) {
      this.#unlisted.add(subnet.id.toLowerCase());
      this.#forget(subnet.id);
    }
    if (other === undefined) return [{ kind: "absent", id: idOf(subnet.id), at: this.#clock }];
    return [{ kind: "resource", body: other, where: "test", at: this.#clock }];
  }
}

function subnetsOf({ properties }: Body): readonly Body[] {
  const { subnets } = Object(properties);
  return Array.isArray(subnets) ? subnets : [];
}

function chosen<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

/** Its own id and all that it refers to, in capitals or in lower case. */
function recased(body: Body, isUpper: boolean): Body {
  const change = (value: unknown): unknown => {
    if (typeof value === "string" && value.startsWith("/subscriptions/")) {
      return isUpper ? value.toUpperCase() : value.toLowerCase();
    }
    return mapped(value, change);
  };
  return Object(change(body));
}

/** Every list the other way round, and the properties too. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, reversed(one)]),
  );
}

/** One element of one of the lists that the properties hold is left out. */
function without({ properties, ...envelope }: Body, how: number): Body {
  let left = how % 12;
  const drop = (value: unknown): unknown => {
    if (!Array.isArray(value)) return mapped(value, drop);
    const kept = value.filter(() => left-- !== 0);
    return kept.length < value.length ? kept : mapped(kept, drop);
  };
  return { ...envelope, id: envelope.id, properties: drop(properties) };
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
}
