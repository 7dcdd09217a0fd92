import type { EvidenceRecord } from "./finding-record.ts";

/** One flow and what decided about it, as JSON. */
export interface WitnessRecord {
  /** Absent where it is known who calls, and from which addresses is not. */
  readonly source?: string;
  /** Absent where only the service's name is known. */
  readonly destination?: string;
  readonly protocol: string;
  readonly port: number;
  /** All sources of which the same is true. */
  readonly set: readonly string[];
  readonly steps: readonly StepRecord[];
  readonly assumptions: readonly string[];
}

export interface StepRecord {
  readonly says: string;
  readonly outcome: "passes" | "stops" | "unknown";
  readonly evidence: readonly EvidenceRecord[];
  readonly incoming: readonly string[];
  readonly passing: readonly string[];
}
