import type { ResourceId } from "./resource-id.ts";

/** One value that a verdict rests on, and where anyone can look it up. */
export interface Evidence {
  readonly resource: ResourceId;
  /** JSON pointer (RFC 6901) into the body that ARM returns for `resource`. */
  readonly pointer: string;
  /** As ARM returned it; `undefined` where the property is absent. */
  readonly value: unknown;
  /** What had to be taken for granted for the value to mean what the verdict says. */
  readonly assumption?: string;
}

/** Each value once, in the order in which it came first. */
export function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((one) => [`${one.resource.key} ${one.pointer}`, one])).values()];
}

export function assumptionsIn(evidence: readonly Evidence[]): readonly string[] {
  const assumptions = evidence.map((one) => one.assumption).filter((one) => one !== undefined);
  return [...new Set(assumptions)];
}
