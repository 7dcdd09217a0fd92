import type { CircuitFact } from "../model/fact.ts";
import type { ArmResource } from "./arm-resource.ts";

/** Projects an ExpressRoute circuit. */
export function circuit({ id }: ArmResource): CircuitFact {
  return { kind: "circuit", id, names: [] };
}
