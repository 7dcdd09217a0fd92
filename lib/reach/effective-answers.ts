import type { Evidence } from "../model/evidence.ts";
import type { EffectiveRoutesFact, SubnetFact } from "../model/fact.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { referencesTo } from "./places.ts";

/** The routes of an interface in a subnet, as Azure answered. */
export interface AnswerInSubnet {
  readonly answer: EffectiveRoutesFact;
  /** That the interface is in the subnet. */
  readonly shown: readonly Evidence[];
}

export function answersIn({ id }: SubnetFact, snapshot: Snapshot): readonly AnswerInSubnet[] {
  return snapshot.namers(id, "networkInterface").flatMap((nic) => {
    return snapshot.naming(nic.id, "effectiveRoutes").map((answer): AnswerInSubnet => {
      const fact = factAt(nic.id, "networkInterface", snapshot);
      const shown = fact === undefined ? [] : referencesTo(id, fact);
      return { answer, shown };
    });
  });
}
