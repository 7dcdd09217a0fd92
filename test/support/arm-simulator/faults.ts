/** A request as far as faults look at it. */
export interface Asked {
  readonly method: string;
  /** In lower case, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** What goes wrong. */
export type Misbehaviour =
  | { readonly kind: "status"; readonly status: number; readonly code: string; readonly retryAfterSeconds?: number }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: "cut" }
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** The link to the next page leads back to the page it is on. */
  | { readonly kind: "loop" }
  /** Ids in the answer come in upper case. */
  | { readonly kind: "upperCase" }
  /** What Resource Graph says when it leaves rows out. */
  | { readonly kind: "truncated" };

export interface Fault {
  readonly when: (asked: Asked) => boolean;
  readonly what: Misbehaviour;
  /** How often; for ever unless it is given. */
  readonly times?: number;
}

/** Faults on order; the first that fits counts. */
export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  for(asked: Asked): Misbehaviour | undefined {
    const found = this.#faults.find(({ fault, left }) => left > 0 && fault.when(asked));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault.what;
  }
}
