import { evidenceOf } from "../model/setting.ts";
import { fail, notApplicable, pass, undetermined } from "../model/verdict.ts";
import { delegationNeedsOf, reasonsLeftOpen, whatIsNeeded } from "../reach/delegation-needs.ts";
import { undeterminedBy, unseenServicesIn } from "../reach/unseen-services.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const subnetUndelegated: Rule = {
  id: "NI401",
  name: "subnet-undelegated",
  severity: "high",
  title: "Subnet of a dedicated service is not delegated",
  why: "A service that puts itself into a subnet needs the subnet delegated to it: without that it cannot set up or keep the network rules that it works by, and anything else can be put beside it.",
  remedy: "Delegate the subnet to the service; move what else is in it to another subnet first.",
  link: "https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview",
  controls: { mcsb: ["NS-1", "NS-2"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    const { delegations } = subnet;
    const needs = delegationNeedsOf(subnet, snapshot, policy).filter(({ serviceNames }) => serviceNames.length > 0);
    if (needs.length === 0) {
      const isDelegated = delegations.kind === "unknown" || delegations.value.length > 0;
      return isDelegated ? notApplicable : undeterminedBy(unseenServicesIn(subnet, snapshot));
    }
    const evidence = [...evidenceOf(subnet.id, delegations), ...needs.flatMap((need) => need.evidence)];
    if (delegations.kind === "unknown") return undetermined([delegations.because], evidence);
    if (delegations.value.length > 0) return pass;
    const certain = needs.filter(({ undelegated }) => undelegated === undefined);
    if (certain.length === 0) return undetermined(reasonsLeftOpen(needs), evidence);
    const services = listed([...new Set(certain.map(whatIsNeeded))]);
    return fail(
      `needs to be delegated to ${services} for ${listed(certain.map((need) => need.by))}, and is not`,
      evidence,
    );
  },
};
