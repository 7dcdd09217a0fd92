import { type PlacedKind, placementOfType } from "../catalog/placements.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Delegation, SubnetFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { delegationsOfPlaced, type Unsettled } from "./placed-delegations.ts";
import { placedIn, placesOf } from "./placed-services.ts";

/** Why a subnet must be delegated, or must not be: a service that is in it, or a reservation of the policy. */
export interface DelegationNeed {
  /** The name of the service, or "the policy". */
  readonly by: string;
  /** As Azure or the policy spells them: one of them will do, the usual one first. */
  readonly serviceNames: readonly string[];
  /** What asks for the delegation, where the delegation does not tell all that it asks of the subnet. */
  readonly delegated?: PlacedKind;
  /** Set where no delegation is what is needed, or may be: certain where there are no names. */
  readonly undelegated?: PlacedKind;
  /** Set where it is one of these, and not known which: then not any of them will do. */
  readonly unsettled?: Unsettled;
  readonly evidence: readonly Evidence[];
}

export function delegationNeedsOf(subnet: SubnetFact, snapshot: Snapshot, policy: Policy): readonly DelegationNeed[] {
  const reserved = policy.reservationsOf(subnet.id).map((serviceName): DelegationNeed => {
    return { by: "the policy", serviceNames: [serviceName], evidence: [] };
  });
  const needs = needsOfServices(subnet, snapshot);
  return reserved.length === 0 ? needs : [...needs, ...reserved];
}

/** Only of services that were read: what else may be in the subnet is not known to need anything. */
export function needsOfServices(subnet: SubnetFact, snapshot: Snapshot): readonly DelegationNeed[] {
  return placedIn(subnet, snapshot).flatMap((fact): readonly DelegationNeed[] => {
    const { accepted, undelegated, evidence, unsettled } = delegationsOfPlaced(fact, snapshot);
    if (accepted.length === 0 && undelegated === undefined) return [];
    const delegated = accepted.length === 0 ? undefined : placementOfType(fact.id.type)?.delegated;
    return [
      {
        by: fact.id.name,
        serviceNames: accepted,
        evidence: [...placesOf(fact, subnet), ...evidence],
        ...(delegated && { delegated }),
        ...(undelegated && { undelegated }),
        ...(unsettled && { unsettled }),
      },
    ];
  });
}

/** "Microsoft.Web/serverFarms or Microsoft.App/environments", "no delegation" */
export function whatIsNeeded({ serviceNames, undelegated }: DelegationNeed): string {
  return [...serviceNames, ...(undelegated === undefined ? [] : ["no delegation"])].join(" or ");
}

/** Why it is not known which of several is needed. */
export function reasonsLeftOpen(needs: readonly DelegationNeed[]): readonly string[] {
  return [...new Set(needs.flatMap(({ unsettled }) => unsettled?.because ?? []))];
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
