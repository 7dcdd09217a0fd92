import type { Evidence } from "../model/evidence.ts";
import type { EvidenceRecord } from "../model/finding-record.ts";
import type { FlowRecord, StoryStep, WitnessRecord } from "../model/witness-record.ts";
import type { Step, Witness } from "./witness.ts";

export function witnessRecordOf(witness: Witness): WitnessRecord {
  const { set, steps } = witness;
  return {
    ...flowRecordOf(witness),
    set: set.toPrefixes(),
    steps: steps.map((step) => ({
      ...storyStep(step),
      incoming: step.incoming.toPrefixes(),
      passing: step.passing.toPrefixes(),
    })),
  };
}

export function flowRecordOf({ flow, steps, assumptions }: Witness): FlowRecord {
  const { source, destination, protocol, port } = flow;
  return {
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    protocol,
    port,
    steps: steps.map(storyStep),
    assumptions: [...assumptions],
  };
}

function storyStep({ says, outcome, evidence }: Step): StoryStep {
  return { says, outcome, evidence: evidence.map(evidenceRecordOf) };
}

function evidenceRecordOf({ resource, pointer, value = null }: Evidence): EvidenceRecord {
  return { resource: resource.text, pointer, value };
}
