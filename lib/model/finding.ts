import type { Evidence } from "./evidence.ts";
import type { Severity, Waiver } from "./policy.ts";
import { fold, type ResourceId } from "./resource-id.ts";

/** A failed or undetermined verdict on one subject, or on one part of it. */
export interface Finding {
  /** `NI501:<subject id>[#part]`, folded: the same fault has the same id in every audit. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly status: "fail" | "undetermined";
  readonly resource: ResourceId;
  readonly part?: string | undefined;
  /** The services whose isolation it concerns. */
  readonly services: readonly ResourceId[];
  readonly title: string;
  /** What is wrong here, for a failed verdict. */
  readonly message?: string | undefined;
  /** What could not be known, for an undetermined one. */
  readonly because: readonly string[];
  readonly cause?: Evidence | undefined;
  readonly evidence: readonly Evidence[];
  readonly assumptions: readonly string[];
  readonly remedy: string;
  readonly waived?: Waiver;
  /** A waiver that would apply, had it not expired. */
  readonly expiredWaiver?: Waiver;
}

export function findingId(rule: string, subject: ResourceId, part: string | undefined): string {
  return part === undefined ? `${rule}:${subject.key}` : `${rule}:${subject.key}#${fold(part)}`;
}

/** The key of the subject that a finding is about. */
export function subjectKeyOf(findingId: string): string {
  const [before = ""] = findingId.split("#");
  return before.slice(before.indexOf(":") + 1);
}
