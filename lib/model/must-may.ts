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
  if (truths.some((truth) => !truth.may))
    return certainly(
      false,
      evidenceOf(truths, (truth) => !truth.may),
    );
  const isCertain = truths.every((truth) => truth.must);
  return isCertain ? certainly(true, evidenceOf(truths, all)) : perhaps(reasonsOfAll(truths), evidenceOf(truths, all));
}

/** Holds where at least one part holds. */
export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.some((truth) => truth.must))
    return certainly(
      true,
      evidenceOf(truths, (truth) => truth.must),
    );
  const isRefuted = truths.every((truth) => !truth.may);
  return isRefuted ? certainly(false, evidenceOf(truths, all)) : perhaps(reasonsOfAll(truths), evidenceOf(truths, all));
}

export function reasonsOfAll(parts: readonly { readonly because: readonly string[] }[]): readonly string[] {
  const uncertain = parts.filter((part) => part.because.length > 0);
  if (uncertain.length < 2) return uncertain[0]?.because ?? [];
  return [...new Set(uncertain.flatMap((part) => part.because))];
}

function evidenceOf(truths: readonly Truth[], isMeant: (truth: Truth) => boolean): readonly Evidence[] {
  const lists = truths.filter((truth) => truth.evidence.length > 0 && isMeant(truth));
  if (lists.length < 2) return lists[0]?.evidence ?? [];
  return [...new Set(lists.flatMap((truth) => truth.evidence))];
}

function all(): boolean {
  return true;
}
