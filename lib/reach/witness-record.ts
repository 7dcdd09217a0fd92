import type { Evidence } from "../model/evidence.ts";
import type { EvidenceRecord } from "../model/finding-record.ts";
import type { WitnessRecord } from "../model/witness-record.ts";
import type { Witness } from "./witness.ts";

export function witnessRecordOf({ flow, set, steps, assumptions }: Witness): WitnessRecord {
  const { source, destination, protocol, port } = flow;
  return {
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    protocol,
    port,
    set: set.toPrefixes(),
    steps: steps.map(({ says, outcome, evidence, incoming, passing }) => ({
      says,
      outcome,
      evidence: evidence.map(evidenceRecordOf),
      incoming: incoming.toPrefixes(),
      passing: passing.toPrefixes(),
    })),
    assumptions: [...assumptions],
  };
}

function evidenceRecordOf({ resource, pointer, value = null }: Evidence): EvidenceRecord {
  return { resource: resource.text, pointer, value };
}
