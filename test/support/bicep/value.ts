import type { Reference } from "./reference.ts";

/** What the source does not settle, as it is written there: `storage.bicep: identity.properties.principalId`. */
export class Unknown {
  readonly expression: string;

  constructor(expression: string) {
    this.expression = expression;
  }
}

export type Closure = (...given: readonly Value[]) => Value;

export interface ObjectValue {
  readonly [name: string]: Value;
}

export type Value = string | number | boolean | null | readonly Value[] | ObjectValue | Unknown | Reference | Closure;
