import { placementOfType } from "../catalog/placements.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Delegation, SubnetFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { placedIn } from "./placed-services.ts";

/** Why a subnet must be delegated: a service that is in it, or a reservation of the policy. */
export interface DelegationNeed {
  /** The name of the service, or "the policy". */
  readonly by: string;
  /** As Azure or the policy spells it; where several will do, the one that the subnet has, else the usual one. */
  readonly serviceName: string;
  /** Folded; one of them will do. */
  readonly accepted: readonly string[];
  readonly evidence: readonly Evidence[];
}

export function delegationNeedsOf(subnet: SubnetFact, snapshot: Snapshot, policy: Policy): readonly DelegationNeed[] {
  const reserved = policy.reservationsOf(subnet.id).map((serviceName) => {
    return { by: "the policy", serviceName, accepted: [fold(serviceName)], evidence: [] };
  });
  return [...needsOfServices(subnet, snapshot), ...reserved];
}

/** Only of services that were read: what else may be in the subnet is not known to need anything. */
export function needsOfServices(subnet: SubnetFact, snapshot: Snapshot): readonly DelegationNeed[] {
  return placedIn(subnet, snapshot).flatMap((fact) => {
    if (fact.subnets.kind === "unknown") return [];
    const delegations = placementOfType(fact.id.type)?.delegations ?? [];
    const serviceName = delegations.find((one) => isAmong(delegationsOf(subnet), [fold(one)])) ?? delegations[0];
    if (serviceName === undefined) return [];
    const references = fact.subnets.value.filter((reference) => reference.subnet?.key === subnet.id.key);
    const evidence = references.map(({ pointer, raw }) => ({ resource: fact.id, pointer, value: raw }));
    return [{ by: fact.id.name, serviceName, accepted: delegations.map(fold), evidence }];
  });
}

export function isAmong(delegations: readonly Delegation[], accepted: readonly string[]): boolean {
  return delegations.some(({ serviceName }) => serviceName !== undefined && accepted.includes(serviceName));
}

/** None, too, where they are not known. */
export function delegationsOf({ delegations }: SubnetFact): readonly Delegation[] {
  return delegations.kind === "known" ? delegations.value : [];
}

export function evidenceOfDelegation({ id }: SubnetFact, { pointer, raw }: Delegation): Evidence {
  return { resource: id, pointer, value: raw };
}
