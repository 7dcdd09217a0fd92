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

const none: readonly never[] = [];

const yes: Truth = { must: true, may: true, because: none, evidence: none };
const no: Truth = { must: false, may: false, because: none, evidence: none };

export function certainly(holds: boolean, evidence: readonly Evidence[] = none): Truth {
  if (evidence.length === 0) return holds ? yes : no;
  return { must: holds, may: holds, because: none, evidence };
}

export function perhaps(because: readonly string[], evidence: readonly Evidence[] = none): Truth {
  return { must: false, may: true, because, evidence };
}

export function not(truth: Truth): Truth {
  return new Derived(!truth.may, !truth.must, [truth], all);
}

/** Holds where every part holds; the evidence is of the parts that decide. */
export function allOf(truths: readonly Truth[]): Truth {
  const [first = yes] = truths;
  if (truths.length < 2) return first;
  let must = true;
  for (const truth of truths) {
    if (!truth.may) return new Derived(false, false, truths, isRefuted);
    must &&= truth.must;
  }
  return new Derived(must, true, truths, all);
}

/** Holds where at least one part holds. */
export function anyOf(truths: readonly Truth[]): Truth {
  const [first = no] = truths;
  if (truths.length < 2) return first;
  let may = false;
  for (const truth of truths) {
    if (truth.must) return new Derived(true, true, truths, isCertain);
    may ||= truth.may;
  }
  return may ? new Derived(false, true, truths, isPossible) : new Derived(false, false, truths, all);
}

/** The same statement, with this in the place of its evidence. */
export function onEvidence({ must, may, because }: Truth, evidence: readonly Evidence[]): Truth {
  return { must, may, because, evidence };
}

/** A truth that follows from others; reasons and evidence are put together when somebody asks, which is rare. */
class Derived implements Truth {
  readonly must: boolean;
  readonly may: boolean;
  private readonly from: readonly Truth[];
  private readonly decides: (truth: Truth) => boolean;

  constructor(must: boolean, may: boolean, from: readonly Truth[], decides: (truth: Truth) => boolean) {
    this.must = must;
    this.may = may;
    this.from = from;
    this.decides = decides;
  }

  get because(): readonly string[] {
    return this.must === this.may ? none : reasonsOfAll(this.from);
  }

  get evidence(): readonly Evidence[] {
    const lists = this.from.filter((truth) => this.decides(truth)).map(({ evidence }) => evidence);
    const some = lists.filter((list) => list.length > 0);
    return some.length < 2 ? (some[0] ?? none) : [...new Set(some.flat())];
  }
}

function all(): boolean {
  return true;
}

function isCertain({ must }: Truth): boolean {
  return must;
}

function isPossible({ may }: Truth): boolean {
  return may;
}

function isRefuted({ may }: Truth): boolean {
  return !may;
}

export function reasonsOfAll(parts: readonly { readonly because: readonly string[] }[]): readonly string[] {
  const uncertain = parts.map(({ because }) => because).filter((because) => because.length > 0);
  return uncertain.length < 2 ? (uncertain[0] ?? none) : [...new Set(uncertain.flat())];
}
