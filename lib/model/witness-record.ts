import type { EvidenceRecord } from "./finding-record.ts";

/** One flow and what decided about it, step by step, as JSON. */
export interface FlowRecord {
  /** Absent where it is known who calls, and from which addresses is not. */
  readonly source?: string;
  /** Absent where only the service's name is known. */
  readonly destination?: string;
  readonly protocol: string;
  readonly port: number;
  readonly steps: readonly StoryStep[];
  readonly assumptions: readonly string[];
}

export interface StoryStep {
  readonly says: string;
  readonly outcome: "passes" | "stops" | "unknown";
  readonly evidence: readonly EvidenceRecord[];
}

/** The same with the addresses at each step. */
export interface WitnessRecord extends FlowRecord {
  /** All sources of which the same is true. */
  readonly set: readonly string[];
  readonly steps: readonly StepRecord[];
}

export interface StepRecord extends StoryStep {
  readonly incoming: readonly string[];
  readonly passing: readonly string[];
}
