import type { Evidence } from "./evidence.ts";

/**
 * What is certainly so (`must`) and what cannot be ruled out (`may`).
 *
 * INVARIANT: `must` implies `may`, and `because` has a reason exactly where the two differ.
 */
export interface MustMay<T> {
  readonly must: T;
  readonly may: T;
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A statement that holds, does not hold, or is not known to hold. */
export type Truth = MustMay<boolean>;

export function certainly(holds: boolean, evidence: readonly Evidence[] = []): Truth {
  return { must: holds, may: holds, because: [], evidence };
}

export function perhaps(because: readonly string[], evidence: readonly Evidence[] = []): Truth {
  return { must: false, may: true, because, evidence };
}

export function not(truth: Truth): Truth {
  return { ...truth, must: !truth.may, may: !truth.must };
}

/** Holds where every part holds; the evidence is of the parts that decide. */
export function allOf(truths: readonly Truth[]): Truth {
  const refuting = truths.filter((truth) => !truth.may);
  if (refuting.length > 0) return certainly(false, evidenceOfAll(refuting));
  const open = truths.filter((truth) => !truth.must);
  if (open.length === 0) return certainly(true, evidenceOfAll(truths));
  return perhaps(reasonsOfAll(open), evidenceOfAll(truths));
}

/** Holds where at least one part holds. */
export function anyOf(truths: readonly Truth[]): Truth {
  return not(allOf(truths.map(not)));
}

export function reasonsOfAll(parts: readonly { readonly because: readonly string[] }[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => part.because))];
}

function evidenceOfAll(truths: readonly Truth[]): readonly Evidence[] {
  return [...new Set(truths.flatMap((truth) => truth.evidence))];
}
