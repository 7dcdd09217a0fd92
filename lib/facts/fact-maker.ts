import type { FactKind, FactOf } from "../model/fact.ts";
import type { JsonObject } from "../model/json-object.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { AskedLast, type Forgetful } from "./asked-last.ts";
import { keeper } from "./kept-parts.ts";
import { valueAt } from "./settings.ts";

/** How each property of a fact follows from the resource. */
export type Judges<K extends FactKind> = {
  readonly [P in Exclude<keyof FactOf<K>, "kind" | "id">]: (resource: ArmResource) => FactOf<K>[P];
};

/**
 * Makes the facts of one kind. A fact keeps of the body only what the pointers in `keeps` lead to, and judges it when it
 * is asked: most of what a fact could be asked never is, and what it would have answered takes more memory than what it
 * answers from. Who asks one thing soon asks others, so that the facts that were asked last know what they answered; `longList` leads
 * to what may be so long that fewer of them can.
 */
export function factMaker<K extends FactKind>(
  kind: K,
  keeps: readonly string[],
  judges: Judges<K>,
  longList?: string,
): (resource: ArmResource) => FactOf<K> {
  const keep = keeper(keeps);
  class LazyFact implements ArmResource, Forgetful {
    readonly kind = kind;
    readonly id: ResourceId;
    readonly body: JsonObject;
    readonly thinBecause?: string;
    #judged: unknown[] | undefined;

    constructor({ id, body, thinBecause }: ArmResource) {
      this.id = id;
      this.body = keep(body);
      if (thinBecause !== undefined) this.thinBecause = thinBecause;
    }

    judge(index: number, judge: (resource: ArmResource) => unknown): unknown {
      const known = this.#judged?.[index];
      if (known !== undefined) return known;
      const value = judge(this);
      if (this.#judged === undefined) {
        this.#judged = [];
        remembered.add(this);
      }
      this.#judged[index] = value;
      return value;
    }

    get elements(): number {
      const list = longList === undefined ? undefined : valueAt(this.body, longList);
      return Array.isArray(list) ? list.length : 0;
    }

    forget(): void {
      this.#judged = undefined;
    }
  }
  for (const [index, [name, judge]] of Object.entries<(resource: ArmResource) => unknown>(judges).entries()) {
    Object.defineProperty(LazyFact.prototype, name, {
      get(this: LazyFact) {
        return this.judge(index, judge);
      },
    });
  }
  return (resource) => Object(new LazyFact(resource));
}

const remembered = new AskedLast();
