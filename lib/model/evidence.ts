import type { ResourceId } from "./resource-id.ts";

/** One value that a verdict rests on, and where anyone can look it up. */
export interface Evidence {
  readonly resource: ResourceId;
  /** JSON pointer (RFC 6901) into the body that ARM returns for `resource`; of a site, into its entry in the policy. */
  readonly pointer: string;
  /** As ARM returned it; `undefined` where the property is absent. */
  readonly value: unknown;
  /** What had to be taken for granted for the value to mean what the verdict says. */
  readonly assumptions?: readonly string[];
}

/** That a resource is gone, whole. */
export function notThere(resource: ResourceId): Evidence {
  return { resource, pointer: "", value: undefined };
}

/** Each value once, in the order in which it came first, with everything that was assumed of it. */
export function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length < 2) return evidence;
  const all: Evidence[] = [];
  const places = new Map<string, Map<string, number>>();
  for (const one of evidence) {
    const { key } = one.resource;
    const pointers = places.get(key) ?? new Map<string, number>();
    if (pointers.size === 0) places.set(key, pointers);
    const at = pointers.get(one.pointer);
    const known = at === undefined ? undefined : all[at];
    if (at === undefined || known === undefined) pointers.set(one.pointer, all.push(one) - 1);
    else if (one.assumptions !== undefined) all[at] = { ...known, assumptions: assumptionsIn([known, one]) };
  }
  return all;
}

export function assumptionsIn(evidence: readonly Evidence[]): readonly string[] {
  return [...new Set(evidence.flatMap((one) => one.assumptions ?? []))];
}
