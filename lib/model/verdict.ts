import { assumptionsIn, distinct, type Evidence } from "./evidence.ts";
import type { Truth } from "./must-may.ts";
import type { Severity } from "./policy.ts";

/** A rule's answer for one subject, or for one part of it. */
export type Verdict =
  | { readonly kind: "notApplicable" }
  | { readonly kind: "pass" }
  | {
      readonly kind: "fail";
      /** What is wrong with this subject, in one sentence without a final period. */
      readonly message: string;
      readonly evidence: readonly Evidence[];
      readonly assumptions: readonly string[];
      /** The one value to look at first; findings with equal causes are one fault. */
      readonly cause?: Evidence;
      /** Where it differs from the rule's. */
      readonly severity?: Severity;
    }
  | { readonly kind: "undetermined"; readonly because: readonly string[]; readonly evidence: readonly Evidence[] };

/** What is asked about inside a subject: a private endpoint connection, a site, a service endpoint. */
export interface PartVerdict {
  readonly part: string;
  readonly verdict: Verdict;
}

export const pass: Verdict = { kind: "pass" };

export const notApplicable: Verdict = { kind: "notApplicable" };

/** The first evidence is the cause. */
export function fail(message: string, found: readonly Evidence[]): Verdict {
  const [cause] = found;
  const evidence = distinct(found);
  const verdict = { kind: "fail", message, evidence, assumptions: assumptionsIn(evidence) } as const;
  return cause === undefined ? verdict : { ...verdict, cause };
}

export function undetermined(because: readonly string[], evidence: readonly Evidence[] = []): Verdict {
  return { kind: "undetermined", because: [...new Set(because)], evidence: distinct(evidence) };
}

/** Fails where a fault is certain, and is undetermined where it cannot be ruled out. */
export function failWhere(truth: Truth, message: string | (() => string)): Verdict {
  if (!truth.may) return pass;
  if (!truth.must) return undetermined(truth.because, truth.evidence);
  return fail(typeof message === "string" ? message : message(), truth.evidence);
}
