import { type PlacedRequirement, placementOfType } from "../catalog/placements.ts";
import { requirementsByName, type SubnetRequirement } from "../catalog/subnet-requirements.ts";
import type { PlacedFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { delegationsOf } from "./delegation-needs.ts";
import { delegationsOfPlaced } from "./placed-delegations.ts";
import { placedIn, placesOf } from "./placed-services.ts";
import { unreadBecause } from "./unread.ts";
import { unseenServicesIn } from "./unseen-services.ts";

/** Something that is asked of a subnet. */
export interface AskedOfSubnet {
  /** The name of the service, of the kind of service, or of the subnet, where that decides. */
  readonly by: string;
  readonly requirement: SubnetRequirement;
  readonly isAsked: Truth;
}

/** Of the subnet by its own name, and by what is in it or may be. */
export function askedOfSubnet(subnet: SubnetFact, snapshot: Snapshot): readonly AskedOfSubnet[] {
  const { id } = subnet;
  const isNamed = certainly(true, [{ resource: id, pointer: "/name", value: id.name }]);
  const byName = requirementsByName(id.name).parts.map((requirement) => ({
    by: id.name,
    requirement,
    isAsked: isNamed,
  }));
  const placed = placedIn(subnet, snapshot);
  const byServices = placed.flatMap((fact) =>
    requirementsOfType(fact.id.type).map((requirement) => ({
      by: fact.id.name,
      requirement,
      isAsked: isAskedBy(fact, requirement, subnet, placed, snapshot),
    })),
  );
  return [...byName, ...byServices, ...askedUnseen(subnet, snapshot)];
}

function requirementsOfType(type: string): readonly PlacedRequirement[] {
  return placementOfType(type)?.requirements ?? [];
}

function isAskedBy(
  fact: PlacedFact | ServiceFact,
  { onlyOf }: PlacedRequirement,
  subnet: SubnetFact,
  placed: readonly (PlacedFact | ServiceFact)[],
  snapshot: Snapshot,
): Truth {
  const isThere = certainly(true, placesOf(fact, subnet));
  if (onlyOf === undefined) return isThere;
  if (onlyOf === "undelegated") return allOf([isThere, isUndelegated(fact, subnet, snapshot)]);
  const alike = placed.filter((one) => one.id.type === fact.id.type);
  const apart = alike.flatMap((one) => (one.kind === "placed" ? isSetTo(one.id, one.isApart, true) : []));
  return allOf([isThere, ...apart, not(hasUnseen(fact, snapshot))]);
}

/** Where its own body does not tell, the delegation of the subnet does: those that must not have one cannot be there. */
function isUndelegated(fact: PlacedFact | ServiceFact, subnet: SubnetFact, snapshot: Snapshot): Truth {
  const { undelegated, evidence, unsettled } = delegationsOfPlaced(fact, snapshot);
  if (undelegated === undefined) return certainly(false, evidence);
  if (unsettled === undefined) return certainly(true, evidence);
  return delegationsOf(subnet).length > 0 ? certainly(false) : perhaps([unsettled.because], evidence);
}

/** Others of the type may be anywhere as long as not all were read. */
function hasUnseen({ id: { type } }: PlacedFact | ServiceFact, snapshot: Snapshot): Truth {
  const because = unreadBecause(snapshot.everywhere(type), `the list of all \`${type}\``);
  return because === undefined ? certainly(false) : perhaps([because]);
}

/** What a service that left a trace in the subnet would ask of it. */
function askedUnseen(subnet: SubnetFact, snapshot: Snapshot): readonly AskedOfSubnet[] {
  const isDelegated = delegationsOf(subnet).length > 0;
  return unseenServicesIn(subnet, snapshot).flatMap(({ name, requirements, isThere }) =>
    requirements
      .filter(({ onlyOf }) => !(isDelegated && onlyOf === "undelegated"))
      .map((requirement) => ({ by: name, requirement, isAsked: isThere })),
  );
}

/** Whether a subnet has what it must not, or lacks what it must have. */
export function isUnmet(subnet: SubnetFact, { part, is }: SubnetRequirement): Truth {
  const setting = subnet[part];
  const evidence = evidenceOf(subnet.id, setting);
  if (setting.kind === "unknown") return perhaps([setting.because], evidence);
  const isThere = setting.value !== undefined;
  return certainly(is === "needed" ? !isThere : isThere, evidence);
}
