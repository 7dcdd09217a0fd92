import { delegatedService } from "../catalog/delegations.ts";
import type { Delegation, SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, notApplicable, pass, undetermined } from "../model/verdict.ts";
import { evidenceOfDelegation } from "../reach/delegation-needs.ts";
import { isInUse, mayBeUsedUnseen } from "../reach/subnet-usage.ts";
import { whyUntold } from "../reach/unlisted-delegation.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const subnetDelegationUnused: Rule = {
  id: "NI403",
  name: "subnet-delegation-unused",
  severity: "low",
  title: "Subnet is delegated, and nothing uses it",
  why: "A delegation that outlived its service keeps the subnet, and the right to manage it, for a service that nobody runs there any more: whoever may create one can put it into the network.",
  remedy:
    "Remove the delegation, or the subnet; where it is kept ready for a service, say so in reservedSubnets of the policy.",
  link: "https://learn.microsoft.com/azure/virtual-network/manage-subnet-delegation",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    const { id, delegations } = subnet;
    if (delegations.kind === "known" && delegations.value.length === 0) return notApplicable;
    const isUsed = isInUse(subnet, snapshot);
    if (isUsed.must) return pass;
    if (delegations.kind === "unknown") return undetermined([delegations.because], evidenceOf(id, delegations));
    const reserved = policy.reservationsOf(id).map(fold);
    const idle = delegations.value
      .filter(({ serviceName = "" }) => !reserved.includes(serviceName))
      .map((delegation) => ({ name: String(delegation.raw), truth: isIdle(subnet, delegation, snapshot) }));
    const names = () => listed(idle.filter(({ truth }) => truth.must).map(({ name }) => name));
    return failWhere(
      allOf([anyOf(idle.map(({ truth }) => truth)), not(isUsed)]),
      () => `is delegated to ${names()}, and nothing uses it`,
    );
  },
};

const assumption = "nothing in a subscription that was not read uses the subnet";

/** Nothing that goes with this delegation is in the subnet unseen. */
function isIdle(subnet: SubnetFact, delegation: Delegation, snapshot: Snapshot): Truth {
  const evidence = [{ ...evidenceOfDelegation(subnet, delegation), assumptions: [assumption] }];
  if (delegation.serviceName === undefined) {
    return perhaps([`a delegation of \`${subnet.id.text}\` cannot be understood`], evidence);
  }
  const service = delegatedService(delegation.serviceName);
  if (service === undefined) return perhaps([whyUntold(subnet, delegation, snapshot)], evidence);
  return allOf([certainly(true, evidence), not(mayBeUsedUnseen(service, snapshot))]);
}
