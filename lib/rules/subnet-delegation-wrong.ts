import type { SubnetFact } from "../model/fact.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { fail, notApplicable, undetermined, type Verdict } from "../model/verdict.ts";
import {
  delegationNeedsOf,
  delegationsOf,
  evidenceOfDelegation,
  isAmong,
  reasonsLeftOpen,
  whatIsNeeded,
} from "../reach/delegation-needs.ts";
import { undeterminedBy, unseenServicesIn } from "../reach/unseen-services.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const subnetDelegationWrong: Rule = {
  id: "NI402",
  name: "subnet-delegation-wrong",
  severity: "high",
  title: "Subnet is delegated to another service",
  why: "The delegation is what lets one service manage the subnet. Delegated to another one, the subnet is refused to the service that was meant to have it, and open to one that was not.",
  remedy:
    "Delegate the subnet to the service that it is for, to none where that service takes no delegated subnet, or give that service a subnet of its own.",
  link: "https://learn.microsoft.com/azure/virtual-network/manage-subnet-delegation",
  controls: { mcsb: ["NS-1", "NS-2"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    const { id, delegations } = subnet;
    const needs = delegationNeedsOf(subnet, snapshot, policy);
    if (needs.length === 0) return unseenStranger(subnet, snapshot);
    if (delegations.kind === "unknown") {
      const evidence = [...evidenceOf(id, delegations), ...needs.flatMap((need) => need.evidence)];
      return undetermined([delegations.because], evidence);
    }
    if (delegations.value.length === 0) return notApplicable;
    const unmet = needs.filter((need) => !isAmong(delegations.value, need.serviceNames));
    const own = delegations.value.map((delegation) => evidenceOfDelegation(subnet, delegation));
    if (unmet.length === 0) {
      const open = needs.filter(({ serviceNames, undelegated, unsettled }) => {
        const isMet = undelegated === undefined && serviceNames.every((one) => isAmong(delegations.value, [one]));
        return unsettled !== undefined && !isMet;
      });
      if (open.length === 0) return unseenStranger(subnet, snapshot);
      return undetermined(reasonsLeftOpen(open), [...own, ...open.flatMap((need) => need.evidence)]);
    }
    const evidence = [...own, ...unmet.flatMap((need) => need.evidence)];
    if (delegations.value.some(({ serviceName }) => serviceName === undefined)) {
      return undetermined([`a delegation of \`${id.text}\` cannot be understood`], evidence);
    }
    const services = listed([...new Set(unmet.map(whatIsNeeded))]);
    const others = listed(own.map(({ value }) => String(value)));
    return fail(`is delegated to ${others}, and needs ${services} for ${listed(unmet.map(({ by }) => by))}`, evidence);
  },
};

/** Of a service that has left a trace in a delegated subnet, and that goes with none of its delegations. */
function unseenStranger(subnet: SubnetFact, snapshot: Snapshot): Verdict {
  const own = delegationsOf(subnet);
  if (own.length === 0) return notApplicable;
  return undeterminedBy(unseenServicesIn(subnet, snapshot).filter(({ accepted }) => !isAmong(own, accepted)));
}
