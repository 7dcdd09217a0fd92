import { isObject, type JsonObject } from "../model/json-object.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Reader } from "./reader.ts";

/**
 * The bodies of these resources as ARM sent them, by key: each read by its id where the source is live, else found among
 * everything there is. A child that its parent's body embeds is taken from there. What is not there is left out.
 */
export async function readBodies(ids: readonly ResourceId[], reader: Reader): Promise<ReadonlyMap<string, JsonObject>> {
  const found = new Bodies(ids);
  for (const id of ids) await found.take(reader.read({ kind: "resource", id }));
  if (found.isIncomplete) await found.take(reader.readAll());
  return found.bodies;
}

class Bodies {
  readonly #wanted: ReadonlySet<string>;
  readonly #parents: ReadonlySet<string>;
  /** What the source said that there is none of, or that it does not give. */
  readonly #without = new Set<string>();
  readonly #best = new Map<string, { readonly body: JsonObject; readonly at: number | undefined }>();

  constructor(ids: readonly ResourceId[]) {
    this.#wanted = new Set(ids.map(({ key }) => key));
    this.#parents = new Set(ids.flatMap(({ parent }) => parent?.key ?? []));
  }

  get isIncomplete(): boolean {
    return [...this.#wanted].some((key) => !this.#best.has(key) && !this.#without.has(key));
  }

  get bodies(): ReadonlyMap<string, JsonObject> {
    return new Map([...this.#best].map(([key, { body }]) => [key, body]));
  }

  async take(portions: ReturnType<Reader["readAll"]>): Promise<void> {
    for await (const portion of portions) {
      for (const reading of portion) {
        if (reading.kind === "resource") this.#look(reading.body, reading.at);
        else if (reading.kind === "absent" || reading.kind === "unreadable") this.#without.add(reading.id.key);
      }
    }
  }

  #look(body: unknown, at: number | undefined): void {
    if (!isObject(body) || typeof body.id !== "string") return;
    const key = fold(body.id.endsWith("/") ? body.id.slice(0, -1) : body.id);
    if (this.#wanted.has(key)) this.#keep(key, body, at);
    if (!this.#parents.has(key) || !isObject(body.properties)) return;
    for (const list of Object.values(body.properties)) {
      if (Array.isArray(list)) for (const child of list) this.#look(child, at);
    }
  }

  /** As a snapshot chooses: fuller bodies beat thinner ones, then the later time, then the later call. */
  #keep(key: string, body: JsonObject, at: number | undefined): void {
    const known = this.#best.get(key);
    if (known !== undefined) {
      const [wasFull, isFull] = [isObject(known.body.properties), isObject(body.properties)];
      if (wasFull !== isFull ? wasFull : at !== undefined && known.at !== undefined && at < known.at) return;
    }
    this.#best.set(key, { body, at });
  }
}
