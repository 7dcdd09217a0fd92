import type { Evidence } from "../model/evidence.ts";
import type { Delegation, SubnetFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { delegationsOfPlaced, type Unsettled } from "./placed-delegations.ts";
import { placedIn } from "./placed-services.ts";

/** Why a subnet must be delegated: a service that is in it, or a reservation of the policy. */
export interface DelegationNeed {
  /** The name of the service, or "the policy". */
  readonly by: string;
  /** As Azure or the policy spells them, one at least; one of them will do, the usual one first. */
  readonly serviceNames: readonly [string, ...(readonly string[])];
  /** Set where it is one of them, and it is not known which. */
  readonly unsettled?: Unsettled;
  readonly evidence: readonly Evidence[];
}

export function delegationNeedsOf(subnet: SubnetFact, snapshot: Snapshot, policy: Policy): readonly DelegationNeed[] {
  const reserved = policy.reservationsOf(subnet.id).map((serviceName): DelegationNeed => {
    return { by: "the policy", serviceNames: [serviceName], evidence: [] };
  });
  return [...needsOfServices(subnet, snapshot), ...reserved];
}

/** Only of services that were read: what else may be in the subnet is not known to need anything. */
export function needsOfServices(subnet: SubnetFact, snapshot: Snapshot): readonly DelegationNeed[] {
  return placedIn(subnet, snapshot).flatMap((fact): readonly DelegationNeed[] => {
    const { accepted, evidence, unsettled } = delegationsOfPlaced(fact, snapshot);
    const [first, ...others] = accepted;
    if (fact.subnets.kind === "unknown" || first === undefined) return [];
    const references = fact.subnets.value.filter((reference) => reference.subnet?.key === subnet.id.key);
    const places = references.map(({ pointer, raw }) => ({ resource: fact.id, pointer, value: raw }));
    return [
      {
        by: fact.id.name,
        serviceNames: [first, ...others],
        evidence: [...places, ...evidence],
        ...(unsettled && { unsettled }),
      },
    ];
  });
}

/** "Microsoft.Web/serverFarms or Microsoft.App/environments" */
export function whatIsNeeded({ serviceNames }: DelegationNeed): string {
  return serviceNames.join(" or ");
}

/** In whatever case the names are spelled. */
export function isAmong(delegations: readonly Delegation[], accepted: readonly string[]): boolean {
  const folded = accepted.map(fold);
  return delegations.some(({ serviceName }) => serviceName !== undefined && folded.includes(serviceName));
}

/** None, too, where they are not known. */
export function delegationsOf({ delegations }: SubnetFact): readonly Delegation[] {
  return delegations.kind === "known" ? delegations.value : [];
}

export function evidenceOfDelegation({ id }: SubnetFact, { pointer, raw }: Delegation): Evidence {
  return { resource: id, pointer, value: raw };
}
