import { placementOfType } from "../catalog/placements.ts";
import type { Evidence } from "../model/evidence.ts";
import type { PlacedFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";

/** The services that were read and say that they are in the subnet, of those that may admit it as well. */
export function placedIn({ id }: SubnetFact, snapshot: Snapshot): readonly (PlacedFact | ServiceFact)[] {
  const placed = snapshot.naming(id, "placed");
  const naming = snapshot.namers(id, "service");
  if (placed.length === 0 && naming.length === 0) return none;
  const audited = naming
    .filter((one) => placementOfType(one.id.type) !== undefined)
    .flatMap(({ id: other }) => factAt(other, "service", snapshot) ?? []);
  return [...placed, ...audited].filter(
    ({ subnets }) => subnets.kind === "known" && subnets.value.some(({ subnet }) => subnet?.key === id.key),
  );
}

const none: readonly never[] = [];

/** Where the service says that it is in the subnet. */
export function placesOf({ id, subnets }: PlacedFact | ServiceFact, subnet: SubnetFact): readonly Evidence[] {
  if (subnets.kind === "unknown") return [];
  const here = subnets.value.filter((reference) => reference.subnet?.key === subnet.id.key);
  return here.map(({ pointer, raw }) => ({ resource: id, pointer, value: raw }));
}
