import type { Finding } from "./finding.ts";
import type { Severity } from "./policy.ts";
import type { ReachRecord } from "./reach-record.ts";

/** Changes that close a finding, and what else they change, as JSON. */
export interface ClosingRecord {
  /** How many changes it takes; one can be of several edits. */
  readonly changes: number;
  readonly edits: readonly EditRecord[];
  /** What Azure changes along with them. */
  readonly follows: readonly EditRecord[];
  /** The same as command lines of the Azure CLI, quoted for bash. */
  readonly commands: readonly string[];
  /** What a person has to know or decide. */
  readonly caveats: readonly string[];
  readonly goes: readonly ToldRecord[];
  readonly comes: readonly ToldRecord[];
  /** Findings that fail where they were undetermined, or the other way round. */
  readonly turns: readonly ToldRecord[];
  readonly access: readonly AccessRecord[];
}

/** The smallest change that Cordon found. */
export interface FixRecord extends ClosingRecord {
  /** Every smaller set of the changes that Cordon knows of, from what was read, was tried, and does not close the finding. */
  readonly isMinimal: boolean;
}

/** Null stands for what is not there. */
export interface EditRecord {
  readonly resource: string;
  readonly apiVersion?: string;
  /** JSON pointer into the body that ARM returns. */
  readonly path: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** A finding in brief. */
export interface ToldRecord {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly status: Finding["status"];
  readonly resource: string;
  readonly says: string;
}

/** Who reaches a service no longer, or reaches it now. */
export interface AccessRecord {
  readonly service: string;
  readonly part?: string;
  readonly from: ReachRecord["widest"];
  readonly to: ReachRecord["widest"];
  /** Those who lose access although the policy, or the service's own list of subnets, wants them to have it. */
  readonly wanted: readonly CallerRecord[];
  readonly lost: readonly CallerRecord[];
  readonly gained: readonly CallerRecord[];
}

export interface CallerRecord {
  readonly kind: "addresses" | "subnet" | "privateEndpoint" | "exception";
  readonly who: readonly string[];
  /** Why the policy wants them in. */
  readonly because?: string;
}
